import io

import pytest
import xlsxwriter

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.workbook.judging import RowState
from khuyencong.establishments import imports
from khuyencong.establishments.enums import LegalForm
from khuyencong.establishments.imports import writing
from khuyencong.establishments.models import Establishment, Recognition
from khuyencong.establishments.operations import write_batch
from khuyencong.organisations.models import Organisation
from khuyencong.places import queries as places
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db

HEAD = ["TT", "Tên cơ sở", "Mã số thuế", "Xã/phường", "Điện thoại", "Lao động", "Trong đó nữ", "Doanh thu (triệu đồng)"]


@pytest.fixture
def province():
    places.forget()
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province, name="Ea Kly", full_name="Xã Ea Kly")


@pytest.fixture
def clerk(province):
    return person("centre_officer", place=province)


def book(*rows, head=HEAD, above=(), sheet="DS"):
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    page = workbook.add_worksheet(sheet)
    for number, row in enumerate([*above, head, *rows]):
        for column, value in enumerate(row):
            if value not in (None, ""):
                page.write(number, column, value)
    workbook.close()
    return out.getvalue()


def check(province, *rows, **options):
    return imports.check_establishments(book(*rows, **options), name="ds.xlsx", province=province)


def states(checked):
    return [row.verdict.value for row in checked.rows]


NGOC_TU = [1, "Cơ sở Ngọc Tứ", "", "Xã Ea Kly", "0912345678", 12, 7, "1.438,5"]


def test_a_list_is_read_by_the_meaning_of_its_heads_and_written_whole(province, commune, clerk):
    checked = check(province, NGOC_TU, above=[["DANH SÁCH CƠ SỞ NĂM 2024"], [], ["ĐVT: triệu đồng"]])

    assert (checked.errors, checked.warnings, states(checked)) == ([], [], ["new"])
    counts = imports.write(checked, by=clerk)

    made = Establishment.objects.get()
    facts = made.years.get()
    assert counts["written"] == 1
    assert (made.name, made.key, made.legal_form, made.commune, made.province) == (
        "Cơ sở Ngọc Tứ",
        "ngoc tu",
        "household",
        commune,
        province,
    )
    assert (made.place_text, made.phone, made.organisation.name) == ("Xã Ea Kly", "0912345678", "Cơ sở Ngọc Tứ")
    assert (facts.year, facts.workers, facts.women, facts.revenue) == (2024, 12, 7, 1_438_500_000)


def test_one_import_is_one_line_of_the_journal(province, commune, clerk):
    checked = check(province, NGOC_TU, [2, "Cơ sở Mộc Lan", "", "Xã Ea Kly"])

    imports.write(checked, by=clerk)

    event = Event.objects.get()
    assert (event.action, event.data["digest"], event.data["counts"]["written"]) == (
        "establishment.import",
        checked.digest,
        2,
    )


def test_the_same_file_twice_adds_nothing(province, commune, clerk):
    rows = (NGOC_TU, [2, "Công ty TNHH Ban Mê", "0100233488", "Xã Ea Kly"], [3, "HTX Ea Tul", "", "nơi nào đó"])
    imports.write(check(province, *rows), by=clerk)

    again = check(province, *rows)
    imports.write(again, by=clerk)

    assert states(again) == ["same"] * 3
    assert Establishment.objects.count() == Organisation.objects.count() == 3


def test_a_row_left_in_doubt_is_in_doubt_again_and_fills_nothing(province, commune, clerk):
    rows = (NGOC_TU, [2, "Cơ sở Ngọc Tứ", "0100233488", "Xã Ea Kly"])
    imports.write(check(province, *rows), by=clerk)

    again = check(province, *rows)
    imports.write(again, by=clerk)

    assert states(again) == ["same", "doubtful"]
    assert Establishment.objects.get().tax_code == ""


def test_checking_writes_nothing(province, commune):
    check(province, NGOC_TU)

    assert (Establishment.objects.count(), Event.objects.count()) == (0, 0)


def test_short_and_long_names_in_one_commune_are_proposed_not_written(province, commune, clerk):
    checked = check(province, NGOC_TU, [2, "CS Ngoc Tu", "", "Xã Ea Kly"])
    imports.write(checked, by=clerk)

    assert states(checked) == ["new", "doubtful"]
    assert Establishment.objects.count() == 1
    assert "dòng 2" in checked.rows[1].why


def test_a_name_known_in_the_commune_is_proposed(province, commune, clerk):
    known = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ")

    checked = check(province, [1, "CS Ngoc Tu", "", "Xã Ea Kly"], [2, "Cơ sở Mộc Ngọc Tứ", "", "Xã Ea Kly"])

    assert states(checked) == ["doubtful", "new"]
    assert checked.rows[0].match == known.pk


def test_a_list_that_still_tells_the_former_name_brings_no_second_record(province, commune, clerk):
    known = EstablishmentFactory(commune=commune, name="Công ty Cổ phần Ban Mê", former="Cơ sở Ngọc Tứ")

    checked = check(province, NGOC_TU)
    imports.write(checked, by=clerk)

    assert (states(checked), checked.rows[0].match) == (["changed"], known.pk)
    known.refresh_from_db()
    assert (known.name, Establishment.objects.count()) == ("Công ty Cổ phần Ban Mê", 1)


def test_a_name_that_is_only_alike_is_proposed(province, commune):
    EstablishmentFactory(commune=commune, name="Cơ sở Nước mắm Xuân Cảnh")

    checked = check(province, [1, "CS Nước mắm Xuân Canhs", "", "Xã Ea Kly"])

    assert states(checked) == ["doubtful"]


def test_the_same_name_in_another_commune_is_another_establishment(province, commune):
    EstablishmentFactory(commune=CommuneFactory(province=province), name="Cơ sở Ngọc Tứ")

    assert states(check(province, NGOC_TU)) == ["new"]


def test_two_tax_codes_are_two_establishments_however_alike(province, commune):
    EstablishmentFactory(commune=commune, company=True, name="Công ty TNHH Ban Mê")

    checked = check(province, [1, "Công ty TNHH Ban Mê", "0314409058", "Xã Ea Kly"])

    assert states(checked) == ["new"]


def test_a_known_tax_code_with_another_name_is_doubtful_and_never_a_second_record(province, commune, clerk):
    EstablishmentFactory(commune=commune, company=True, name="Công ty TNHH Ban Mê")
    checked = check(province, [1, "Công ty Sao Việt", "0100233488", "Xã Ea Kly"])

    imports.write(checked, by=clerk, accept_all=True)

    assert states(checked) == ["doubtful"]
    assert Establishment.objects.count() == 1


def test_blanks_of_a_known_record_are_filled_and_nothing_is_overwritten(province, commune, clerk):
    known = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ", phone="0987654321", main_product="")
    head = [*HEAD, "Sản phẩm"]

    checked = check(province, [*NGOC_TU, "Rượu cần"], head=head)
    imports.write(checked, by=clerk)

    known.refresh_from_db()
    assert states(checked) == ["changed"]
    assert checked.rows[0].why.startswith("Đã có: “")
    assert "; bổ sung " in checked.rows[0].why
    assert (known.phone, known.main_product, known.years.get().workers) == ("0987654321", "Rượu cần", 12)


def test_a_doubtful_row_is_written_when_a_person_says_so(province, commune, clerk):
    checked = check(province, NGOC_TU, [2, "CS Ngoc Tu", "", "Xã Ea Kly"], [3, "CSSX Ngọc Tứ", "", "Xã Ea Kly"])

    imports.write(checked, by=clerk, accept=[("DS", 3)])

    assert sorted(Establishment.objects.values_list("name", flat=True)) == ["CS Ngoc Tu", "Cơ sở Ngọc Tứ"]


def test_each_fault_names_sheet_row_column_and_reason(province, commune, clerk):
    checked = check(
        province,
        [1, "Cơ sở A Bê", "0100233489", "Xã Ea Kly"],
        [2, "Cơ sở Xê", "", "Xã Ea Kly", "", "mười"],
        [3, "Cơ sở Giê", "", "Xã Ea Kly", "", 4, 5],
        [4, "Cơ sở Tốt", "", "Xã Ea Kly"],
    )
    imports.write(checked, by=clerk)

    told = [fault.as_json() for fault in checked.errors]
    assert [(one["sheet"], one["row"], one["column"]) for one in told] == [
        ("DS", 2, "C"),
        ("DS", 3, "F"),
        ("DS", 4, "G"),
    ]
    assert all(one["reason"] for one in told)
    assert states(checked) == ["faulty", "faulty", "faulty", "new"]
    assert Establishment.objects.get().name == "Cơ sở Tốt"


def test_a_wrong_telephone_and_an_unknown_place_are_warned_of(province, commune, clerk):
    checked = check(province, [1, "Cơ sở A Bê", "", "Xã Không Có", "12"])
    imports.write(checked, by=clerk)

    made = Establishment.objects.get()
    assert sorted(fault.as_json()["column"] for fault in checked.warnings) == ["D", "E"]
    assert (made.commune, made.province, made.phone, made.place_text) == (None, province, "", "Xã Không Có")


def test_a_place_in_another_province_is_a_fault(province, commune):
    other = ProvinceFactory(code="52", name="Gia Lai", full_name="Tỉnh Gia Lai")
    CommuneFactory(province=other, name="Ân Hảo", full_name="Xã Ân Hảo")
    places.forget()

    checked = check(province, [1, "Cơ sở A Bê", "", "Xã Ân Hảo, tỉnh Gia Lai"])

    assert states(checked) == ["faulty"]


def test_totals_headings_and_empty_rows_are_no_establishments(province, commune):
    checked = check(province, ["I", "Nhóm chế biến"], NGOC_TU, [], ["", "Tổng cộng", "", "", "", 12])

    assert [row.name for row in checked.rows] == ["Cơ sở Ngọc Tứ"]
    assert [fault.as_json()["row"] for fault in checked.warnings] == [2]


def test_a_formula_that_came_to_nothing_is_a_fault_in_every_column(province, commune):
    checked = check(province, [1, "Cơ sở A Bê", "", "Xã Ea Kly", "#REF!", 12], [2, "#N/A", "", "#N/A", "", 12])

    assert states(checked) == ["faulty", "faulty"]
    assert [(fault.as_json()["column"], fault.reason) for fault in checked.errors] == [
        ("E", "Ô chứa lỗi của Excel: #REF!."),
        ("B", "Thiếu tên cơ sở."),
        ("D", "Ô chứa lỗi của Excel: #N/A."),
    ]


def test_a_general_corporation_is_no_total(province, commune):
    checked = check(province, [1, "Tổng công ty Cà phê", "", "Xã Ea Kly"], [2, "Cộng Hoà Xanh", "", "Xã Ea Kly"])

    assert len(checked.rows) == 2


def test_a_heading_that_names_a_place_places_the_rows_below(province, commune):
    head = ["TT", "Tên cơ sở", "Mã số thuế", "Điện thoại"]

    checked = check(province, ["I", "Xã Ea Kly"], [1, "Cơ sở Ngọc Tứ", "", "0912345678"], head=head)

    assert [(row.name, row.place[1]) for row in checked.rows] == [("Cơ sở Ngọc Tứ", commune)]


def test_noughts_that_excel_took_come_back(province, commune, clerk):
    checked = check(province, [1, "Công ty Ban Mê", 100233488, "Xã Ea Kly", 912345678])
    imports.write(checked, by=clerk)

    made = Establishment.objects.get()
    assert (made.tax_code, made.phone) == ("0100233488", "0912345678")


def test_a_body_in_the_directory_becomes_the_legal_person(province, commune, clerk):
    known = OrganisationFactory(tax_code="0100233488")
    FormerNameFactory(organisation=known, name="Công ty Sao Mai")

    imports.write(check(province, [1, "Công ty Ban Mê", "0100233488", "Xã Ea Kly"]), by=clerk)

    made = Establishment.objects.get()
    assert (made.organisation, made.former, made.folded) == (known, "Công ty Sao Mai", "cong ty ban me cong ty sao mai")


def test_a_code_taken_meanwhile_stops_the_whole_import(province, commune, clerk):
    checked = check(province, NGOC_TU, [2, "Công ty Ban Mê", "0100233488", "Xã Ea Kly"])
    prepared = writing.prepared(checked, checked.rows)
    OrganisationFactory(tax_code="0100233488")

    with pytest.raises(NotPossible):
        write_batch(prepared, by=clerk, province=province, action="establishment.import", digest="x", counts={})

    assert Establishment.objects.count() == 0


def test_whoever_may_not_import_writes_nothing(province, commune):
    checked = check(province, NGOC_TU)

    for nobody in (person("centre_officer"), person("commune_officer", place=commune)):
        with pytest.raises(NotAllowed):
            imports.write(checked, by=nobody)
    assert Establishment.objects.count() == 0


def test_a_file_without_such_a_table_is_refused_in_a_sentence(province):
    with pytest.raises(Invalid) as refusal:
        imports.check_establishments(book(head=["a", "b"]), name="x.xlsx", province=province)

    assert list(refusal.value.fields) == ["file"]


def test_old_fonts_are_read(province, commune):
    checked = imports.check_establishments(
        "TT;Tên cơ sở;Xã\n1;C¬ së s¶n xuÊt n­íc m¾m;Ea Kly\n".encode(), name="ds.csv", province=province
    )

    assert checked.rows[0].name == "Cơ sở sản xuất nước mắm"


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("HTX", "Ea Tul", LegalForm.COOPERATIVE),
        ("", "HTX Nông nghiệp", LegalForm.COOPERATIVE),
        ("", "Liên hiệp HTX Tây Nguyên", LegalForm.COOPERATIVE_UNION),
        ("", "Tổ hợp tác dệt", LegalForm.COOPERATIVE_GROUP),
        ("Công ty TNHH", "Ban Mê", LegalForm.ENTERPRISE),
        ("", "DNTN Ban Mê", LegalForm.ENTERPRISE),
        ("Hộ KD", "Ban Mê", LegalForm.HOUSEHOLD),
        ("", "Ban Mê", None),
    ],
)
def test_the_legal_form_is_told_by_the_column_or_the_name(text, name, form):
    assert imports.legal_form_of(text, name) is form


@pytest.mark.parametrize(("text", "sector"), [("a", "a"), ("Điểm đ", "đ"), ("Tiểu thủ công nghiệp", "đ"), ("Gỗ", "")])
def test_the_sector_is_a_letter_of_the_decree(text, sector):
    assert imports.sector_of(text) == sector


def test_the_preview_counts_every_row_once(province, commune):
    checked = check(
        province, NGOC_TU, NGOC_TU, [2, "CS Ngoc Tu", "", "Xã Ea Kly"], [3, "", "0100233488", "Xã Ea Kly", "x"]
    )

    counts = checked.counts
    assert counts["rows"] == len(checked.rows) == sum(counts[state.value] for state in RowState)
    assert (counts["new"], counts["same"], counts["doubtful"], counts["faulty"]) == (1, 1, 1, 1)


# --- recognised products

PRODUCT_HEAD = ["TT", "Tên sản phẩm", "Tên cơ sở", "Xã", "Cấp", "Năm", "Quyết định"]


def products(province, *rows, **options):
    return imports.check_products(book(*rows, head=PRODUCT_HEAD), name="sp.xlsx", province=province, **options)


def test_recognised_products_bring_their_establishments(province, commune, clerk):
    known = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ")
    rows = (
        [1, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly", "Cấp tỉnh", 2024, "QĐ 5"],
        [2, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly", "Quốc gia", 2025, ""],
        [3, "Rượu cần", "Cơ sở Mộc Lan", "Ea Kly", "Tỉnh", 2024, ""],
    )
    imports.write(products(province, *rows), by=clerk)
    again = products(province, *rows)
    imports.write(again, by=clerk)

    assert states(again) == ["same"] * 3
    assert [(r.level, r.year, r.decision) for r in known.products.get().recognitions.order_by("year")] == [
        ("province", 2024, "QĐ 5"),
        ("national", 2025, ""),
    ]
    assert (Establishment.objects.count(), Recognition.objects.count()) == (2, 3)


def test_a_recognition_without_level_or_year_is_a_fault(province, commune):
    checked = products(
        province,
        [1, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly", "", 2024],
        [2, "Mắm", "Cơ sở Mộc Lan", "Ea Kly", "Tỉnh", ""],
    )

    assert states(checked) == ["faulty", "faulty"]


def test_level_and_year_may_be_told_for_the_whole_file(province, commune):
    checked = products(province, [1, "Nước mắm", "Cơ sở Ngọc Tứ", "Ea Kly"], level="province", year=2024)

    assert states(checked) == ["new"]


def test_who_carries_out_a_project_is_no_establishment(province, commune):
    head = ["TT", "Tên đề án", "Đơn vị thực hiện", "Đơn vị thụ hưởng", "Địa điểm"]
    row = [1, "Hỗ trợ máy sấy", "Trung tâm Khuyến công", "Cơ sở Ngọc Tứ", "Xã Ea Kly"]

    with pytest.raises(Invalid) as refusal:
        check(province, row[:3] + row[4:], head=head[:3] + head[4:])

    assert "“Tên cơ sở”" in refusal.value.fields["file"]
    assert [one.name for one in check(province, row, head=head).rows] == ["Cơ sở Ngọc Tứ"]


@pytest.mark.parametrize(
    ("title", "above", "told"),
    [
        ("Doanh thu", [], True),
        ("Doanh thu (đồng)", [], False),
        ("Doanh thu (triệu đồng)", [], False),
        ("Doanh thu", [["ĐVT: triệu đồng"]], False),
        ("Doanh thu", [["ĐVT: đồng"]], False),
    ],
)
def test_a_column_of_money_without_a_unit_is_told_to_be_read_in_dong(province, commune, title, above, told):
    checked = check(province, NGOC_TU[:7] + [1438], head=[*HEAD[:7], title], above=above)

    assert [(fault.row, fault.column, fault.reason) for fault in checked.warnings] == (
        [
            (
                0,
                7,
                "Tệp không ghi đơn vị tiền của cột này; hiểu là đồng. Nếu khác, hãy ghi “(triệu đồng)” vào tiêu đề cột.",
            )
        ]
        if told
        else []
    )


def test_the_sums_of_a_file_are_the_same_when_it_comes_again_and_what_differs_is_said(province, commune, clerk):
    """Sums are those of the rows without errors, known or not; facts of a year that is there are not written over in silence."""
    rows = (
        [1, "Cơ sở Ngọc Tứ", "", "Xã Ea Kly", "", 12, 5, "1.438,5"],
        [2, "HTX Sầu riêng", "", "Xã Ea Kly", "", 25, 10, "3.000"],
    )
    first = check(province, *rows)
    imports.write(first, by=clerk)

    again = check(province, *rows)
    other = check(province, [1, "Cơ sở Ngọc Tứ", "", "Xã Ea Kly", "", 15, 5, "1.438,5"])

    assert (first.totals["workers"], first.totals["revenue"]) == (37, 4_438_500_000)
    assert again.totals == first.totals
    assert states(again) == states(other)[:1] * 2 == ["same", "same"]
    assert not again.warnings
    assert [(fault.row, str(fault.reason)) for fault in other.warnings] == [
        (1, "Số liệu năm 2025 đã có và khác tệp (lao động: hồ sơ 12, tệp 15); không ghi đè.")
    ]
