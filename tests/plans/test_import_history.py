# ruff: noqa: F811
"""Projects that were closed before this system, as old lists tell them."""

import datetime as dt
import io

import pytest
import xlwt

from khuyencong.audit.models import Event
from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.budgets.models import Entry
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.establishments.queries import given_to, records_of
from khuyencong.places.models import REFORM
from khuyencong.plans import imports
from khuyencong.projects.models import Project
from khuyencong.reporting.queries import yearly
from tests.base.test_text import as_tcvn3
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitFactory, UnitSuccessionFactory
from tests.plans.given import CENTRE, M, book, centre, commune, province, reasons, verdicts  # noqa: F401

pytestmark = pytest.mark.django_db

HEAD = ["TT", "Tên đề án", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm", "Năm", "Tổng kinh phí", "KCQG", "KCĐP"]
HEAD = [*HEAD, "Đối ứng", "Kết quả"]


@pytest.fixture
def clerk(province):
    return person("centre_officer", place=province)


@pytest.fixture
def old_places(commune, province):
    """Xã Ea Kly of before, in huyện Krông Pắc of Đắk Lắk of before, which became today's commune."""
    before = ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk", ended=True)
    district = UnitFactory(
        level="district",
        kind="district",
        name="Krông Pắc",
        full_name="Huyện Krông Pắc",
        province=before,
        parent=before,
        ended=True,
    )
    old = CommuneFactory(name="Ea Kly", full_name="Xã Ea Kly", province=before, parent=district, ended=True)
    UnitSuccessionFactory(old=before, new=province)
    UnitSuccessionFactory(old=old, new=commune)
    return old


def old(number=1, title="Hỗ trợ máy sấy cà phê", *, beneficiary="Cơ sở Ngọc Tứ", place="xã Ea Kly, huyện Krông Pắc",
        year=2015, total=300, national=None, local=100, own=200, outcome="Đã thanh lý", implementer=CENTRE):  # fmt: skip
    return [number, title, implementer, beneficiary, place, year, total, national, local, own, outcome]


def check(province, *rows, head=HEAD, above=(["ĐVT: triệu đồng"],), **options):
    return imports.check_history(book(*above, head, *rows), name="cu.xlsx", province=province, **options)


def test_a_closed_project_lands_at_its_end_without_papers_and_outside_the_checks(
    province, old_places, commune, centre, clerk
):
    checked = check(province, old())

    counts = imports.write_history(checked, by=clerk)

    made = Project.objects.get()
    assert (checked.errors, checked.warnings, counts["written"], counts["supported"]) == ([], [], 1, 1)
    assert (made.state, made.historical, made.originals_missing, made.year, made.level) == (
        "liquidated",
        True,
        True,
        2015,
        "provincial",
    )
    assert (made.granted_local, made.granted_counterpart, Entry.objects.count()) == (100 * M, 200 * M, 0)
    assert (made.commune, made.place_unit, made.place_text) == (commune, old_places, "xã Ea Kly, huyện Krông Pắc")
    assert Event.objects.get(action="project.record_historical").data["digest"] == checked.digest


def test_what_a_beneficiary_was_given_answers_the_question_of_earlier_support(province, commune, centre, clerk):
    imports.write_history(check(province, old(place="Xã Ea Kly")), by=clerk)

    item = SupportedItem.objects.get()
    assert (item.amount, item.on, item.project_uid) == (100 * M, dt.date(2015, 12, 31), Project.objects.get().uid)
    assert list(given_to(records_of(Establishment.objects.all())).values()) == [[item]]


def test_what_was_stopped_withdrawn_or_failed_gave_nothing_and_what_runs_is_no_history(
    province, commune, centre, clerk
):
    checked = check(
        province,
        old(1, "Máy A", outcome="Ngừng thực hiện"),
        old(2, "Máy B", outcome="Xin rút"),
        old(3, "Máy C", outcome="Không đạt thẩm định"),
        old(4, "Máy D", outcome="Đang thực hiện"),
        old(5, "Máy E", outcome="Tăng năng suất 20%"),
        old(6, "Máy F", outcome=None),
    )

    imports.write_history(checked, by=clerk)

    assert [(project.title, project.state) for project in Project.objects.order_by("pk")] == [
        ("Máy A", "stopped"),
        ("Máy B", "withdrawn"),
        ("Máy C", "failed"),
        ("Máy E", "liquidated"),
        ("Máy F", "liquidated"),
    ]
    assert [(row, column) for row, column, _reason in reasons(checked.errors)] == [(6, "K")]
    assert (7, "K") in [(row, column) for row, column, _reason in reasons(checked.warnings)]
    assert SupportedItem.objects.count() == 2


def test_a_project_of_two_years_is_of_its_first_and_what_is_no_year_is_said_to_be_none(province, old_places, centre):
    spanning, wrong = check(province, old(year="2012 - 2013")), check(province, old(year="nhiều năm"))

    assert [row.year for row in spanning.rows] == [2012]
    assert "“2012 - 2013” là nhiều năm: ghi theo năm đầu, 2012." in [warning.reason for warning in spanning.warnings]
    assert [fault.reason for fault in wrong.errors] == ["“nhiều năm” không phải là năm."]


def test_the_year_is_that_of_the_row_the_head_above_or_the_title(province, commune, centre):
    head = [name for name in HEAD if name != "Năm"]

    def row(number, title):
        line = old(number, title)
        return [*line[:5], *line[6:]]

    under_heads = check(province, ["I", "Năm 2012"], row(1, "Máy A"), ["II", "Năm 2013"], row(1, "Máy A"), head=head)
    by_title = check(province, row(1, "Máy A"), head=head, above=[["ĐỀ ÁN NĂM 2010"], ["ĐVT: triệu đồng"]])
    chosen = check(province, row(1, "Máy A"), head=head, year=2009)
    unknown = check(province, row(1, "Máy A"), head=head, above=[["Giai đoạn 2012-2023"], ["ĐVT: triệu đồng"]])
    future = check(province, old(year=2027))

    assert [[one.year for one in found.rows] for found in (under_heads, by_title, chosen)] == [
        [2012, 2013],
        [2010],
        [2009],
    ]
    assert verdicts(under_heads) == ["new", "new"]
    assert [fault.reason for fault in unknown.errors] == [
        "Không rõ năm của đề án. Hãy ghi cột “Năm”, hoặc chọn năm khi gửi tệp."
    ]
    assert [fault.as_json()["column"] for fault in future.errors] == ["F"]


def test_sums_that_differ_are_told_and_never_repaired(province, commune, centre, clerk):
    checked = check(province, old(total=301))

    imports.write_history(checked, by=clerk)

    assert (verdicts(checked), [fault.as_json()["column"] for fault in checked.warnings if fault.column == 6]) == (
        ["new"],
        ["G"],
    )
    assert Project.objects.get().granted_total == 300 * M


def test_an_old_body_carries_out_what_it_did_then(province, commune, centre, clerk):
    gone = OrganisationFactory(
        kind="other_department", name="Phòng Kinh tế huyện Krông Pắc", place=province, ended_on=REFORM
    )

    imports.write_history(check(province, old(implementer="Phòng kinh tế huyện Krông Pắc")), by=clerk)

    assert Project.objects.get().implementer == gone


def test_national_money_alone_makes_a_national_project(province, commune, centre):
    checked = check(province, old(1, national=100, local=None), old(2, "Máy rang"), level="provincial")

    assert [row.level for row in checked.rows] == ["national", "provincial"]


def tcvn3_book(rows):
    """An old .xls whose texts were typed in a TCVN3 font."""
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("DS")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                page.write(number, column, as_tcvn3(value) if isinstance(value, str) else value)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.slow
def test_214_old_projects_without_papers_in_old_places_and_an_old_font_are_brought_in(
    province,
    old_places,
    commune,
    centre,
    clerk,
):
    rows = [["Danh sách đề án khuyến công đã thực hiện giai đoạn 2012-2023"], ["Đơn vị tính: triệu đồng"], HEAD]
    rows += [
        old(n, f"Hỗ trợ máy chế biến nông sản số {n}", year=2012 + n % 12, beneficiary=f"Cơ sở Hoà Bình {n % 50}")
        for n in range(1, 215)
    ]
    data = tcvn3_book(rows)

    checked = imports.check_history(data, name="cu.xls", province=province)
    counts = imports.write_history(checked, by=clerk)
    again = imports.check_history(data, name="cu.xls", province=province)

    assert (checked.errors, checked.warnings) == ([], [])
    assert (counts["rows"], counts["written"], counts["supported"], again.counts["same"]) == (214, 214, 214, 214)
    assert Project.objects.filter(commune=commune, historical=True, originals_missing=True).count() == 214
    assert Project.objects.order_by("pk")[0].title == "Hỗ trợ máy chế biến nông sản số 1"
    assert (Establishment.objects.count(), imports.write_history(again, by=clerk)["written"]) == (50, 0)


def test_only_who_may_import_here_writes_history_and_kinds_are_chosen(province, commune, centre, clerk):
    checked = check(province, old(title="Đề án số 1"))

    with pytest.raises(NotPossible):
        imports.write_history(checked, by=clerk)
    with pytest.raises(NotAllowed):
        imports.write_history(checked, by=person("centre_officer"), kind="machinery")

    assert Project.objects.count() == 0


def test_an_old_table_with_years_as_heads_ditto_marks_and_dashes_is_read_whole(province, commune, centre):
    head = ["STT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Kinh phí hỗ trợ", "Kết quả"]
    rows = [
        ["I", "Năm 2012", None, None, 300],
        [1, "Hỗ trợ máy sấy cà phê", "Cơ sở Ngọc Tứ", "Xã Ea Kly", 100, "Đã nghiệm thu"],
        [],
        [2, "Hỗ trợ máy ép gạch", "HTX Bình Minh", "nt", "200", "nt"],
        [None, "Cộng năm 2012", None, None, 300],
        ["II", "Năm 2013"],
        [1, "Đào tạo nghề may công nghiệp", "-", "-", "150", "-"],
        [None, "TỔNG CỘNG", None, None, 450],
    ]

    checked = check(province, *rows, head=head)

    assert [(row.year, row.place["commune"], row.facts["state"]) for row in checked.rows] == [
        (2012, commune, "accepted"),
        (2012, commune, "accepted"),
        (2013, None, "liquidated"),
    ]
    assert [reason for reason in reasons(checked.warnings) if "lệch" in reason[2] or "trạng thái" in reason[2]] == []


def test_a_column_of_districts_tells_where_an_old_commune_lay(province, commune, centre, old_places):
    head = ["TT", "Tên đề án", "Xã, phường", "Huyện", "Năm", "KCĐP"]

    checked = check(province, [1, "Hỗ trợ máy sấy", "Ea Kly", "Krông Pắc", 2015, 100], head=head)

    [row] = checked.rows
    assert (row.place["place_text"], row.place["commune"]) == ("Ea Kly, Krông Pắc", commune)


def test_a_fair_in_another_province_is_told_and_kept(province, commune, centre):
    ProvinceFactory(code="79", name="Hồ Chí Minh", full_name="Thành phố Hồ Chí Minh", kind="city")
    fair = old(1, "Tham gia hội chợ hàng công nghiệp nông thôn", beneficiary="", place="TP. Hồ Chí Minh")
    machine = old(2, "Hỗ trợ máy sấy", place="TP. Hồ Chí Minh")

    checked = check(province, fair, machine)

    assert verdicts(checked) == ["new", "faulty"]
    assert checked.rows[0].place == {
        "province": province,
        "commune": None,
        "place_text": "TP. Hồ Chí Minh",
        "place_unit": None,
    }
    assert (3, "E", "“TP. Hồ Chí Minh” thuộc Thành phố Hồ Chí Minh; nơi tổ chức giữ như trong tệp, đề án tính cho Tỉnh Đắk Lắk.") in (
        reasons(checked.warnings)
    )  # fmt: skip


WHOLE = [
    "TT",
    "Tên đề án",
    "Đơn vị thực hiện",
    "Đơn vị thụ hưởng",
    "Địa điểm",
    "Thời gian",
    "Tổng kinh phí (triệu đồng)",
]


def whole(number=1, title="Hỗ trợ máy sấy", *, time="2013 - 2014", total=250, helped="HTX Sấy Ea Kly"):
    return [number, title, CENTRE, helped, "Xã Ea Kly", time, total]


def test_a_project_of_which_only_the_whole_is_told_stands_with_it_and_without_sources(province, commune, centre, clerk):
    checked = check(province, whole(), head=WHOLE)
    imports.write_history(checked, by=clerk)

    made = Project.objects.with_money().get()
    assert checked.errors == []
    assert (made.unsplit, made.granted, made.granted_total, made.total) == (250 * M, 0, 250 * M, 250 * M)
    assert (made.money_total, made.money_unsplit) == (250 * M, 250 * M)
    assert "Chỉ có tổng kinh phí 250.000.000 đồng, không rõ từng nguồn; ghi là chưa tách nguồn." in [
        warning.reason for warning in checked.warnings
    ]
    assert (checked.totals["total"], checked.totals["unsplit"], checked.totals["local"]) == (250 * M, 250 * M, 0)


def test_who_was_helped_by_a_project_without_sources_was_helped_before(province, commune, centre, clerk):
    """How much of it was the State's is not known; that the establishment was helped is."""
    imports.write_history(check(province, whole(), head=WHOLE), by=clerk)

    item = SupportedItem.objects.get()
    assert (item.amount, item.amount_told) == (None, "chưa rõ số tiền")


def test_who_was_helped_before_counts_in_the_report_of_that_year_also_without_a_closing_day(
    province, commune, centre, clerk
):
    imports.write_history(check(province, whole(), head=WHOLE), by=clerk)

    found = yearly.yearly(yearly.frame_for(clerk, year=2013, province=province))

    assert (found.total.projects, found.total.unsplit, found.times, found.establishments) == (1, 250 * M, 1, 1)


def test_time_of_several_years_counts_for_the_first_unless_the_decision_or_the_sender_names_one(
    province, commune, centre
):
    by_time = check(province, whole(), head=WHOLE)
    by_decision = check(province, [*whole(), "12/QĐ-UBND ngày 05/3/2014"], head=[*WHOLE, "Quyết định phê duyệt"])
    by_sender = check(province, whole(), head=WHOLE, year=2014)

    assert [found.rows[0].year for found in (by_time, by_decision, by_sender)] == [2013, 2014, 2014]
    assert "Thời gian “2013 - 2014” qua nhiều năm: ghi theo năm đầu, 2013." in [w.reason for w in by_time.warnings]
    assert by_decision.rows[0].facts["content"] == "Quyết định phê duyệt: 12/QĐ-UBND ngày 05/3/2014"
    assert (by_time.rows[0].facts["starts_on"], by_time.rows[0].facts["ends_on"]) == (
        dt.date(2013, 1, 1),
        dt.date(2014, 12, 31),
    )


@pytest.mark.parametrize("time", ["2013-2014", "Năm 2013 – 2014", "từ năm 2013 đến năm 2014", "2013, 2014"])
def test_years_from_to_are_understood_as_they_are_written(province, commune, centre, time):
    row = check(province, whole(time=time), head=WHOLE).rows[0]

    assert (row.year, row.facts["starts_on"], row.facts["ends_on"]) == (
        2013,
        dt.date(2013, 1, 1),
        dt.date(2014, 12, 31),
    )


def test_what_was_spent_of_a_whole_is_its_end(province, commune, centre):
    row = check(province, [*whole(), 240], head=[*WHOLE, "Kinh phí quyết toán"]).rows[0]

    assert (row.unsplit, row.amounts["local"]) == (240 * M, 0)
    assert row.facts["content"] == "Tổng kinh phí được duyệt: 250.000.000 đồng."


def test_the_same_list_of_wholes_twice_adds_nothing(province, commune, centre, clerk):
    imports.write_history(check(province, whole(), head=WHOLE), by=clerk)

    again = check(province, whole(), head=WHOLE)

    assert [row.verdict.value for row in again.rows] == ["same"]


def test_a_plan_without_sources_stays_a_fault(province, commune, centre):
    """What is approved is paid out of envelopes: there the source must be known."""
    found = imports.check_plan(book(WHOLE, whole()), name="k.xlsx", province=province, year=2026, level="provincial")

    assert [fault.reason for fault in found.errors] == ["Chỉ có tổng kinh phí, không có số tiền của từng nguồn."]
