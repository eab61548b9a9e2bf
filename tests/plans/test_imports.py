"""Tables of plans in the shapes in which offices keep them."""

import datetime as dt
import io

import pytest
import xlsxwriter

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets.queries import available
from khuyencong.people.operations import system_account
from khuyencong.places import queries as places
from khuyencong.plans import imports, operations
from khuyencong.plans.models import Decision, Plan
from khuyencong.projects.models import Project, StepTaken
from tests.factories.budgets import EnvelopeFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db

M = 1_000_000
SIGNED = dt.date(2026, 3, 2)
ISSUE = (
    ["TT", "Tên đề án", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Nội dung", "Tổng kinh phí", "KCQG", "KCĐP"]
    + ["Đối ứng", "Nguồn khác", "Thời gian", "Ghi chú"]
)  # fmt: skip
TWO_ROWS = (
    [
        "TT",
        "Tên đề án",
        "Đơn vị thực hiện",
        "Đơn vị thụ hưởng",
        "Địa điểm",
        "Nội dung",
        "Kinh phí (triệu đồng)",
        None,
        None,
    ]
    + [None, None, "Thời gian", "Ghi chú"],
    [None] * 6 + ["Tổng số", "KCQG", "KCĐP", "Đối ứng", "Khác", None, None],
)
CENTRE = "Trung tâm Khuyến công Đắk Lắk"


@pytest.fixture
def province():
    places.forget()
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def commune(province):
    CommuneFactory(province=province, name="Ea Kar", full_name="Xã Ea Kar")
    return CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")


@pytest.fixture
def centre(province):
    return OrganisationFactory(centre=True, name=CENTRE, place=province)


@pytest.fixture
def clerk(province):
    return person("appraiser", place=province)


@pytest.fixture
def envelope(province):
    return EnvelopeFactory(province=province, name="KCĐP 2026", given=5_000 * M)


def book(*rows, sheet="Biểu 1", merges=()):
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet(sheet)
    merged = {(first[0], first[1]) for first, _last in merges}
    for first, last in merges:
        value = rows[first[0]][first[1]] if len(rows[first[0]]) > first[1] else ""
        page.merge_range(*first, *last, value if value is not None else "")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value not in (None, "") and (number, column) not in merged:
                page.write(number, column, value)
    workbook.close()
    return out.getvalue()


def project(number=1, title="Hỗ trợ ứng dụng máy sấy cà phê", *, total=620, national=None, local=300, own=320, other=None,
            implementer=CENTRE, beneficiary="Công ty TNHH Cà phê Ban Mê", place="Xã Ea Kly", content="01 máy sấy",
            time="Năm 2026", note=None):  # fmt: skip
    return [number, title, implementer, beneficiary, place, content, total, national, local, own, other, time, note]


UNIT = [
    ["KẾ HOẠCH KHUYẾN CÔNG ĐỊA PHƯƠNG NĂM 2026"],
    ["(Kèm theo Quyết định số 12/QĐ-UBND của Ủy ban nhân dân tỉnh)"],
    [],
    [*[None] * 6, "ĐVT: triệu đồng"],
]


def check(province, *rows, name="kh.xlsx", level="provincial", year=2026, **options):
    merges = options.pop("merges", ())
    return imports.check_plan(
        book(*rows, merges=merges), name=name, province=province, year=year, level=level, **options
    )


def verdicts(checked):
    return [row.verdict.value for row in checked.rows]


def reasons(faults):
    return [(fault.as_json()["row"], fault.as_json()["column"], fault.reason) for fault in faults]


def test_the_columns_of_the_issue_are_read_with_groups_sums_titles_and_signatures(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        [f"({n})" for n in range(1, 14)],
        ["I", "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến", *[None] * 4, "1.438,5", None, 700, "738,5"],
        project(1, total="818,5", local=400, own="418,5"),
        project(2, "Ứng dụng lò sấy tiêu", beneficiary="HTX Ea Kar", place="xã Ea Kar"),
        ["II", "Đào tạo nghề, truyền nghề", *[None] * 4, 100, None, 100],
        project(1, "Dệt thổ cẩm", total=100, local=100, own=None, beneficiary="30 lao động", content="Lớp dệt"),
        [None, "TỔNG CỘNG (I+II)", *[None] * 4, "1.538,5", None, 800, "738,5"],
        [],
        [None, None, "Đắk Lắk, ngày 02 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, None, "KT. GIÁM ĐỐC"],
        [None, "Nguyễn Văn A", None, None, None, None, "Trần Thị B"],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.totals == {
        "total": 1_538_500_000,
        "national": 0,
        "local": 800 * M,
        "counterpart": 738_500_000,
        "other": 0,
    }
    assert [(row.name, row.kind, row.place["commune"] and row.place["commune"].name) for row in checked.rows] == [
        ("Hỗ trợ ứng dụng máy sấy cà phê", "machinery", "Ea Kly"),
        ("Ứng dụng lò sấy tiêu", "machinery", "Ea Kar"),
        ("Dệt thổ cẩm", "vocational_training", "Ea Kly"),
    ]
    assert [row.implementer for row in checked.rows] == [centre.pk] * 3
    assert [[one.name for one in row.helped] for row in checked.rows] == [
        ["Công ty TNHH Cà phê Ban Mê"],
        ["HTX Ea Kar"],
        [],
    ]


def test_a_head_of_two_rows_with_the_money_merged_over_its_sources_is_read(province, commune, centre):
    checked = check(
        province,
        ["BIỂU TỔNG HỢP"],
        *TWO_ROWS,
        project(total=700, national=300, local=80),
        merges=[((1, 6), (1, 10)), *(((1, n), (2, n)) for n in (0, 1, 2, 3, 4, 5, 11, 12))],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.totals == {
        "total": 700 * M,
        "national": 300 * M,
        "local": 80 * M,
        "counterpart": 320 * M,
        "other": 0,
    }


def test_heads_of_groups_in_one_merged_cell_and_places_as_heads_are_told_from_projects(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["A. Đề án chuyển tiếp"],
        ["I. Hỗ trợ xây dựng mô hình trình diễn kỹ thuật"],
        ["Xã Ea Kar"],
        project(1, "Sản xuất gạch không nung", place=None),
        ["Xã Ea Kly"],
        project(2, "Sản xuất viên nén", place=None),
        merges=[((5, 0), (5, 12)), ((6, 0), (6, 12))],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert [(row.name, row.kind, row.place["commune"].name) for row in checked.rows] == [
        ("Sản xuất gạch không nung", "demonstration", "Ea Kar"),
        ("Sản xuất viên nén", "demonstration", "Ea Kly"),
    ]


def test_a_group_numbered_by_figures_with_dotted_projects_is_a_group(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["1", "Máy móc thiết bị", *[None] * 4, 1240, None, 600, 640],
        project("1.1", "Máy rang cà phê"),
        project("1.2", "Máy bóc vỏ tiêu"),
        ["Cộng", None, *[None] * 4, 1240],
    )

    assert (checked.errors, checked.warnings) == ([], [])
    assert [row.name for row in checked.rows] == ["Máy rang cà phê", "Máy bóc vỏ tiêu"]


def test_beneficiaries_below_a_merged_title_belong_to_one_group_project(province, commune, centre):
    rows = [
        project(1, "Đề án nhóm: máy sấy nông sản", beneficiary="HTX Một", total=500, local=200, own=300),
        project(None, None, implementer=None, beneficiary="HTX Hai", place="Xã Ea Kar", total=400, local=100, own=300),
        project(2, "Máy rang", beneficiary="Cơ sở Ba"),
    ]
    checked = check(province, *UNIT, ISSUE, *rows, merges=[((5, 0), (6, 0)), ((5, 1), (6, 1)), ((5, 2), (6, 2))])

    assert (checked.errors, checked.warnings) == ([], [])
    group, single = checked.rows
    assert (group.total, group.facts["form"], group.place["commune"]) == (900 * M, "group", None)
    assert [(one.name, one.commune.name, one.support["local"]) for one in group.helped] == [
        ("HTX Một", "Ea Kly", 200 * M),
        ("HTX Hai", "Ea Kar", 100 * M),
    ]
    assert (single.total, single.facts["form"]) == (620 * M, "single")


def test_money_in_dong_is_told_by_the_line_above_or_by_the_head(province, commune, centre):
    dong = project(total="620.000.000", local=300_000_000, own="320.000.000 đ")
    heads = [f"{head} (đồng)" if head in ("Tổng kinh phí", "KCĐP", "Đối ứng") else head for head in ISSUE]

    thousand = project(total="620.000", local=300_000, own="320.000")
    for rows in (
        [["ĐVT: đồng"], ISSUE, dong],
        [heads, dong],
        [["Đơn vị tính: 1.000 đồng"], ISSUE, thousand],
        [["ĐVT: 1.000đ"], ISSUE, thousand],
    ):
        checked = check(province, *rows)
        assert (checked.errors, checked.warnings, checked.totals["total"]) == ([], [], 620 * M)


@pytest.mark.parametrize(("times", "unit"), [(1, "triệu đồng"), (M, "đồng")])
def test_a_unit_that_is_not_written_is_taken_from_the_size_and_said(province, commune, centre, times, unit):
    checked = check(province, ISSUE, project(total=620 * times, local=300 * times, own=320 * times))

    told = f"Tệp không ghi đơn vị tiền; theo độ lớn của các con số, hiểu là {unit}."
    assert (checked.totals["total"], reasons(checked.warnings)) == (620 * M, [(1, "G", told)])


def test_a_unit_that_cannot_be_told_is_refused_and_may_be_chosen(province, commune, centre):
    rows = [ISSUE, project(total=620_000, local=300_000, own=320_000)]

    with pytest.raises(Invalid) as refusal:
        check(province, *rows)
    assert "không ghi đơn vị tiền" in str(refusal.value)
    assert check(province, *rows, unit=1_000).totals["total"] == 620 * M


def test_two_units_in_one_table_are_refused(province, commune, centre):
    heads = [
        "Tổng kinh phí (triệu đồng)" if h == "Tổng kinh phí" else "KCĐP (đồng)" if h == "KCĐP" else h for h in ISSUE
    ]

    with pytest.raises(Invalid) as refusal:
        check(province, heads, project())

    assert "nhiều đơn vị tiền khác nhau" in str(refusal.value)


def test_a_subtotal_that_is_wrong_by_one_is_named_with_both_numbers(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        ["I", "Máy móc", *[None] * 4, 1240, None, 601],
        project(1),
        project(2, "Máy rang"),
    )

    assert (checked.errors, checked.totals["total"]) == ([], 1240 * M)
    assert reasons(checked.warnings) == [
        (6, "I", "“Máy móc” ghi 601.000.000 đồng, các dòng cộng lại 600.000.000 đồng, lệch 1.000.000 đồng."),
    ]


def test_a_total_that_is_wrong_by_one_dong_is_named(province, commune, centre):
    checked = check(
        province,
        ["ĐVT: đồng"],
        ISSUE,
        project(1, total=620 * M, local=300 * M, own=320 * M),
        [None, "Tổng cộng", *[None] * 4, 620 * M, None, 300 * M, "319.999.999"],
    )

    assert reasons(checked.warnings) == [
        (4, "J", "“Tổng cộng” ghi 319.999.999 đồng, các dòng cộng lại 320.000.000 đồng, lệch -1 đồng."),
    ]


def test_sources_that_do_not_make_the_total_are_a_fault_naming_the_difference(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, total=621),
        project(2, "Máy rang", own=None),
        project(3, "Máy nghiền", total=None),
    )

    assert verdicts(checked) == ["faulty", "faulty", "new"]
    assert reasons(checked.errors) == [
        (6, "G", "Tổng kinh phí ghi 621.000.000 đồng, các nguồn cộng lại 620.000.000 đồng, lệch 1.000.000 đồng."),
        (7, "J", "Tổng kinh phí ghi 620.000.000 đồng, các nguồn cộng lại 300.000.000 đồng, lệch 320.000.000 đồng. Ô này để trống."),
    ]  # fmt: skip
    assert reasons(checked.warnings) == [(8, "G", "Ô tổng để trống; các nguồn cộng lại 620.000.000 đồng.")]
    assert checked.totals["total"] == 620 * M


def test_each_faulty_cell_is_named(province, commune, centre):
    elsewhere = ProvinceFactory(code="68", name="Lâm Đồng", full_name="Tỉnh Lâm Đồng")
    CommuneFactory(province=elsewhere, name="Hòa Thắng", full_name="Xã Hòa Thắng")
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, None),
        project(2, "Máy A", implementer=None),
        project(3, "Máy B", total="ba trăm"),
        project(4, "Máy C", place="Xã Hòa Thắng, tỉnh Lâm Đồng"),
        project(5, "Máy D", total=None, local=None, own=None),
        project(6, "Máy E", local=-300, total=20),
        project(7, "Máy F", total=620_000_000, local=300_000_000, own=320_000_000),
    )

    assert verdicts(checked) == ["faulty"] * 7
    assert [(row, column) for row, column, _reason in reasons(checked.errors)] == [
        (6, "B"), (7, "C"), (8, "G"), (9, "E"), (10, "G"), (11, "I"), (12, "G"), (12, "I"), (12, "J")
    ]  # fmt: skip
    assert checked.totals == dict.fromkeys(("total", "national", "local", "counterpart", "other"), 0)


def test_what_kind_a_project_is_is_never_guessed(province, commune, centre):
    checked = check(
        province,
        *UNIT,
        ISSUE,
        project(1, "Đề án số 1", content=None),
        project(2, "May công nghiệp", content="lớp 30 người"),
        project(3, "Tham gia hội chợ tại Hà Nội", content=None),
    )

    assert [row.kind for row in checked.rows] == [None, None, "fair_participation"]
    assert [(row, column) for row, column, _reason in reasons(checked.warnings)] == [(6, "B"), (7, "B")]


def write(checked, by, **options):
    return imports.write_plan(checked, by=by, number="12/QĐ-UBND", signed_on=SIGNED, **options)


def test_confirmed_rows_land_approved_under_their_decision_with_their_commitments(
    province, commune, centre, clerk, envelope
):
    known = EstablishmentFactory(name="Công ty TNHH Cà phê Ban Mê", province=province, commune=commune)
    checked = check(
        province, *UNIT, ISSUE, project(1), project(2, "Máy rang", implementer="Hội Nông dân", beneficiary="HTX Mới")
    )

    counts = write(checked, clerk, signer="Nguyễn Văn An", signer_title="Phó Chủ tịch")

    first, second = Project.objects.order_by("pk")
    decision = Decision.objects.get()
    assert counts["written"] == 2
    assert (first.state, first.granted_local, first.granted_counterpart, first.commune, first.implementer) == (
        "approved",
        300 * M,
        320 * M,
        commune,
        centre,
    )
    assert (second.implementer.name, second.implementer.kind) == ("Hội Nông dân", "union")
    assert [b.establishment.name for b in first.beneficiaries.all()] == [known.name]
    assert [b.establishment.name for b in second.beneficiaries.all()] == ["HTX Mới"]
    assert (decision.state, decision.paper.number, decision.paper.signer, decision.on) == (
        "approved",
        "12/QĐ-UBND",
        "Nguyễn Văn An",
        SIGNED,
    )
    assert [(item.project, item.local) for item in decision.items.all()] == [(first, 300 * M), (second, 300 * M)]
    assert available(envelope) == 4_400 * M
    event = Event.objects.get(action="project.bring_in")
    assert (event.data["digest"], event.data["count"], event.data["counts"]["written"]) == (checked.digest, 2, 2)
    assert set(StepTaken.objects.values_list("project", "line")) == {(first.pk, event.pk), (second.pk, event.pk)}


def test_the_same_file_twice_adds_nothing(province, commune, centre, clerk, envelope):
    rows = [*UNIT, ISSUE, project(1), project(2, "Máy rang", implementer="Hội Nông dân")]
    write(check(province, *rows), clerk)
    again = check(province, *rows)

    counts = write(again, clerk)

    assert (verdicts(again), counts["written"], Project.objects.count()) == (["same", "same"], 0, 2)
    assert available(envelope) == 4_400 * M


def test_a_row_that_differs_from_what_is_kept_is_said_and_never_overwritten(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1)), clerk)

    again = check(province, *UNIT, ISSUE, project(1, total=640, local=320))
    write(again, clerk)

    assert verdicts(again) == ["changed"]
    assert "KCĐP 300.000.000 → 320.000.000 đồng" in again.warnings[0].reason
    assert Project.objects.get().granted_local == 300 * M


def test_what_was_faulty_joins_its_decision_by_a_corrected_file(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1), project(2, "Máy rang", total=9)), clerk)

    counts = write(check(province, *UNIT, ISSUE, project(1), project(2, "Máy rang")), clerk)

    decision = Decision.objects.get()
    assert (counts["same"], counts["written"]) == (1, 1)
    assert [item.order for item in decision.items.all()] == [1, 2]
    assert (Plan.objects.count(), available(envelope)) == (1, 4_400 * M)


def test_a_title_of_another_implementer_and_a_row_twice_are_doubtful(province, commune, centre, clerk, envelope):
    write(check(province, *UNIT, ISSUE, project(1)), clerk)
    checked = check(
        province, *UNIT, ISSUE, project(1, implementer="Hội Nông dân"), project(2, "Máy A"), project(3, "Máy A"),
        project(4, "máy a", total=640, own=340),
    )  # fmt: skip

    assert verdicts(checked) == ["doubtful", "new", "same", "doubtful"]
    assert write(checked, clerk, accept=[("Biểu 1", 6)])["written"] == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (None, "Chưa có dự toán Khuyến công địa phương năm 2026 nào được giao cho Tỉnh Đắk Lắk"),
        (300 * M - 1, "chỉ còn 299.999.999 đồng; tệp cần 300.000.000 đồng, thiếu 1 đồng"),
        (300 * M, ""),
    ],
)
def test_without_an_envelope_that_has_the_money_nothing_is_written(province, commune, centre, clerk, given, sentence):
    if given:
        EnvelopeFactory(province=province, given=given)
    checked = check(province, *UNIT, ISSUE, project(1))

    if not sentence:
        assert write(checked, clerk)["written"] == 1
        return
    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    assert sentence in str(refusal.value)
    assert (Project.objects.count(), Plan.objects.count(), Event.objects.filter(action="project.bring_in").count()) == (
        0,
        0,
        0,
    )


def test_of_several_envelopes_a_person_chooses(province, commune, centre, clerk, envelope):
    other = EnvelopeFactory(province=province, name="KCĐP đợt 2", given=1_000 * M)
    checked = check(province, *UNIT, ISSUE, project(1))

    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    write(checked, clerk, envelopes={"local": other})

    assert "Có nhiều dự toán" in str(refusal.value)
    assert (available(envelope), available(other)) == (5_000 * M, 700 * M)


def test_rows_without_a_kind_are_refused_until_somebody_chooses(province, commune, centre, clerk, envelope):
    checked = check(province, *UNIT, ISSUE, project(1), project(2, "Đề án số 2", content=None))

    with pytest.raises(NotPossible) as refusal:
        write(checked, clerk)
    written = write(checked, clerk, kind="consulting")["written"]

    assert "Chưa rõ dạng của 1 đề án (dòng 7)" in str(refusal.value)
    assert (written, Project.objects.get(title="Đề án số 2").activity) == (2, 5)


@pytest.mark.parametrize(
    ("signed", "number"), [(dt.date(2026, 11, 23), "12/QĐ-UBND"), (dt.date(2026, 1, 4), "12/QĐ-UBND"), (SIGNED, " ")]
)
def test_a_decision_of_the_future_before_its_money_or_without_a_number_is_refused(
    province, commune, centre, clerk, envelope, signed, number
):
    checked = check(province, *UNIT, ISSUE, project(1))

    with pytest.raises((NotPossible, Invalid)):
        imports.write_plan(checked, by=clerk, number=number, signed_on=signed)

    assert Project.objects.count() == 0


def test_only_who_may_import_here_writes(province, commune, centre, envelope):
    checked = check(province, *UNIT, ISSUE, project(1))

    for stranger in (person("appraiser"), person("auditor", place=province)):
        with pytest.raises(NotAllowed):
            write(checked, stranger)

    assert Project.objects.count() == 0


def test_national_rows_are_paid_by_the_national_envelope_of_the_province(province, commune, centre, clerk):
    national = EnvelopeFactory(province=province, of_nation=True, given=1_000 * M)
    checked = check(province, *UNIT, ISSUE, project(1, national=300, local=None), level="national")

    write(checked, clerk)

    assert (Plan.objects.get().level, available(national)) == ("national", 700 * M)


def test_a_communal_plan_belongs_to_one_commune(province, commune, centre, clerk):
    EnvelopeFactory(province=province, of_commune=True, commune=commune, given=1_000 * M)
    one = check(province, *UNIT, ISSUE, project(1), level="communal")
    two = check(
        province, *UNIT, ISSUE, project(2, "Máy rang"), project(3, "Máy A", place="Xã Ea Kar"), level="communal"
    )
    none = check(province, *UNIT, ISSUE, project(4, "Máy B", place=None), level="communal")

    write(one, clerk)
    with pytest.raises(NotPossible) as refusal:
        write(two, clerk)

    assert (Plan.objects.get().commune, verdicts(none)) == (commune, ["faulty"])
    assert "Xã Ea Kly, Xã Ea Kar" in str(refusal.value)


def test_a_decision_made_in_this_system_takes_no_rows_from_a_file(house, appraised, issued):
    decision = issued(appraised())

    with pytest.raises(NotPossible):
        operations.extend_issued(decision, members=[], by=house.appraiser, envelopes={})
    CommuneFactory(province=house.province, name="Ea Kly", full_name="Xã Ea Kly")
    checked = check(house.province, *UNIT, ISSUE, project(1, implementer=house.centre.name))
    with pytest.raises(NotPossible) as refusal:
        imports.write_plan(checked, by=house.appraiser, number=decision.paper.number, signed_on=decision.on)

    assert "đã được ghi nhận" in str(refusal.value)
    assert decision.items.count() == 1


def test_whoever_imports_opens_the_plan_and_others_do_not(province, clerk):
    plan = operations.open_plan(level="provincial", year=2026, province=province, by=system_account())

    with pytest.raises(NotAllowed):
        operations.open_plan(level="national", year=2026, province=province, by=person("accountant", place=province))

    assert Plan.objects.get() == plan
