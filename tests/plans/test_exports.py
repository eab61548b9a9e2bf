# ruff: noqa: F811
"""Mẫu 2 and the annex as workbooks: what is written is what is read back, to the đồng and to the letter."""

import datetime as dt
import unicodedata

import openpyxl
import pytest

from khuyencong.base.text import fold, sort_key
from khuyencong.plans import exports, imports, papers
from khuyencong.projects.models import Project
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.places import CommuneFactory
from tests.factories.plans import ChangeRequestFactory, DecisionFactory, ItemFactory, PlanFactory
from tests.factories.projects import BeneficiaryFactory, OtherSourceFactory, ProjectFactory
from tests.plans.given import M, centre, commune, province  # noqa: F401

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 6, 1)
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậđeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
AWKWARD = (
    "Máy sấy & nghiền <2 tấn/mẻ> “loại mới” \"A\" 'B'",
    "=Máy+1 @cmd|' /C calc'!A0",
    "Máy " + "dài" * 60,
    unicodedata.normalize("NFD", "Ứng dụng máy nghiền bột gạo Sa Đéc"),
    f"Máy {LETTERS} {LETTERS.upper()}",
    "Cộng đồng sản xuất mây tre: máy chẻ nan",
)


@pytest.fixture
def issued(province):
    return DecisionFactory(plan=PlanFactory(province=province), issued=True)


@pytest.fixture
def put(issued, commune, centre):
    """Puts an approved project into the decision: money in đồng, one establishment unless told otherwise."""

    def make(title="Máy sấy cà phê", *, helped=("Công ty TNHH Cà phê Ban Mê",), item=None, **values):
        money = {"national": 0, "local": 300 * M, "counterpart": 320 * M, "other": 0}
        money |= {name: values.pop(name) for name in money.keys() & values.keys()}
        facts = {"state": "approved", "province": commune.province, "commune": commune, "implementer": centre}
        folded = {"folded": fold(" ".join(title.split())), "sort_key": sort_key(title)}
        project = ProjectFactory(title=title, **folded, **facts | values, **money)
        for name in helped:
            BeneficiaryFactory(
                project=project,
                establishment=EstablishmentFactory(name=name, commune=commune, province=commune.province),
            )
        ItemFactory(decision=issued, project=project, **money | (item or {}))
        return project

    return make


def read(book, province, **options):
    return imports.check_plan(
        book.getvalue(), name="mau-2.xlsx", province=province, year=2026, level="provincial", **options
    )


def cells(book):
    return openpyxl.load_workbook(book).active, openpyxl.load_workbook(book, data_only=True).active


def at(page, text):
    return next(cell for row in page.iter_rows() for cell in row if cell.value == text)


@pytest.mark.parametrize("title", AWKWARD)
def test_every_name_comes_back_as_it_was_and_the_row_is_known(put, issued, province, title):
    project = put(title, content=f"{title}\nDòng hai: 01 máy", helped=(f"Công ty TNHH {title}"[:200],))

    checked = read(exports.annex(issued, on=TODAY), province)

    assert (checked.errors, checked.warnings) == ([], [])
    [row] = checked.rows
    told = unicodedata.normalize("NFC", " ".join(title.split()))
    assert (row.verdict, row.match, row.name) == ("same", project.pk, told)
    assert (row.facts["content"], row.helped[0].establishment) == (
        f"{told}\nDòng hai: 01 máy",
        project.beneficiaries.get().establishment_id,
    )


def test_every_fact_of_a_record_comes_back(put, issued, province, commune, centre):
    put("Máy sấy", kind="demonstration", activity=3, content="01 máy sấy 5 tấn/mẻ", national=7, local=123_456_789)

    [row] = read(exports.annex(issued, on=TODAY), province).rows

    assert row.amounts == {"national": 7, "local": 123_456_789, "counterpart": 320 * M, "other": 0}
    assert (row.kind, row.implementer, row.place["commune"]) == ("demonstration", centre.pk, commune)
    assert row.facts == {
        "form": "single",
        "content": "01 máy sấy 5 tấn/mẻ",
        "starts_on": dt.date(2026, 3, 15),
        "ends_on": dt.date(2026, 11, 30),
    }


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (dt.date(2026, 3, 1), dt.date(2026, 11, 30)),
        (dt.date(2026, 3, 1), dt.date(2026, 11, 29)),
        (dt.date(2026, 3, 2), None),
        (None, dt.date(2026, 12, 15)),
        (None, None),
    ],
)
def test_the_time_comes_back_to_the_day(put, issued, province, starts_on, ends_on):
    put(starts_on=starts_on, ends_on=ends_on, content="")

    [row] = read(exports.annex(issued, on=TODAY), province).rows

    assert (row.facts["starts_on"], row.facts["ends_on"], row.facts["content"]) == (starts_on, ends_on, "")


def test_four_sources_and_the_giver_of_the_fourth_come_back_without_a_warning(put, issued, province):
    project = put(national=200 * M + 1, local=100 * M + 2, counterpart=300 * M + 3, other=50 * M + 4)
    OtherSourceFactory(project=project, giver="Quỹ hỗ trợ & phát triển HTX", amount=50 * M + 4)

    checked = read(exports.annex(issued, on=TODAY), province)

    assert (checked.errors, checked.warnings) == ([], [])
    [row] = checked.rows
    assert (row.verdict, row.total, row.facts["other_giver"]) == ("same", 650 * M + 10, "Quỹ hỗ trợ & phát triển HTX")


def test_a_group_project_comes_back_with_each_establishment_its_place_and_its_money(put, issued, province, commune):
    other = CommuneFactory(province=province, name="Krông Búk", full_name="Xã Krông Búk")
    project = put("Máy chế biến nông sản", helped=(), form="group", machine_type="Máy sấy", local=301 * M)
    for name, place, local in (("HTX Một", commune, 100 * M + 1), ("HTX Hai", other, 200 * M - 1)):
        made = EstablishmentFactory(name=name, commune=place, province=province)
        BeneficiaryFactory(project=project, establishment=made, local=local, counterpart=160 * M, total=0)
    put("Máy rang")

    checked = read(exports.annex(issued, on=TODAY), province)

    assert (checked.errors, checked.warnings) == ([], [])
    group, single = checked.rows
    assert (group.verdict, group.total, group.facts["form"]) == ("same", 621 * M, "group")
    assert [(one.name, one.commune, one.support["local"], one.establishment is not None) for one in group.helped] == [
        ("HTX Một", commune, 100 * M + 1, True),
        ("HTX Hai", other, 200 * M - 1, True),
    ]
    assert (single.verdict, single.name, len(single.helped)) == ("same", "Máy rang", 1)


def test_establishments_that_have_more_than_the_decision_gives_stand_without_money(put, issued, province, commune):
    project = put("Máy chế biến", helped=("HTX Một",), form="group", machine_type="Máy", local=10 * M)
    BeneficiaryFactory(
        project=project, establishment=EstablishmentFactory(name="HTX Hai", province=province, commune=commune)
    )

    [row] = read(exports.annex(issued, on=TODAY), province).rows

    assert (row.verdict, row.amounts["local"], [one.support for one in row.helped]) == ("same", 10 * M, [{}, {}])


def test_an_establishment_of_another_commune_than_the_project_is_found_again(put, issued, province, commune):
    other = CommuneFactory(province=province, name="Krông Búk", full_name="Xã Krông Búk")
    project = put("Máy sấy", helped=())
    lone = EstablishmentFactory(name="Nguyễn Văn Ba", commune=other, province=province)
    BeneficiaryFactory(project=project, establishment=lone)

    checked = read(exports.annex(issued, on=TODAY), province)

    assert (checked.errors, checked.warnings) == ([], [])
    assert [one.establishment for one in checked.rows[0].helped] == [lone.pk]


def test_two_projects_of_one_name_and_one_body_are_each_themselves(put, issued, province):
    first, second = put("Máy sấy", local=100 * M), put("Máy sấy", local=200 * M)
    third = put("Máy sấy", local=200 * M, helped=("HTX Ba",))

    rows = read(exports.annex(issued, on=TODAY), province).rows

    assert [(row.verdict, row.match) for row in rows] == [("same", first.pk), ("same", second.pk), ("same", third.pk)]


@pytest.mark.parametrize("written", ["", "thôn 3", "Xã Ea Kly, huyện Krông Pắc", "một nơi nào đó"])
def test_a_place_as_it_was_written_still_leads_to_its_commune(put, issued, province, commune, written):
    put(place_text=written)

    [row] = read(exports.annex(issued, on=TODAY), province).rows

    assert (row.verdict, row.place["commune"]) == ("same", commune)


def test_a_project_of_the_whole_province_and_of_a_body_that_is_gone_is_known(put, issued, province):
    gone = OrganisationFactory(kind="other_department", name="Phòng Kinh tế huyện Krông Pắc", place=province)
    gone.ended_on = dt.date(2025, 7, 1)
    gone.save()
    put("Hội chợ hàng CNNT", kind="fair", activity=5, commune=None, helped=(), implementer=gone)

    checked = read(exports.annex(issued, on=TODAY), province)

    assert (checked.errors, checked.warnings, [row.verdict for row in checked.rows]) == ([], [], ["same"])


def test_sums_are_formulas_that_carry_their_values_by_activity_and_in_all(put, issued):
    put("Máy sấy", local=1_438_500_000, counterpart=0)
    project = put("Máy nghiền", local=500_000, counterpart=1, form="group", machine_type="Máy", helped=("HTX Một",))
    project.beneficiaries.update(local=300_000, counterpart=0)
    BeneficiaryFactory(project=project, local=200_000, counterpart=0)
    put("Dạy nghề", kind="vocational_training", activity=1, local=3_000_000, counterpart=0, helped=())

    written, valued = cells(exports.annex(issued, on=TODAY))

    head = at(written, "KCĐP")
    heads = [
        at(written, name).row
        for name in (Project(activity=1).get_activity_display(), Project(activity=3).get_activity_display())
    ]
    whole = at(written, "Tổng cộng").row
    column = head.column_letter
    assert [written[f"{column}{row}"].value for row in (*heads, whole)] == [
        f"=SUM({column}{heads[0] + 1}:{column}{heads[0] + 1})",
        f'=SUMIF($A{heads[1] + 1}:$A{whole - 1},">0",{column}{heads[1] + 1}:{column}{whole - 1})',
        f"={column}{heads[0]}+{column}{heads[1]}",
    ]
    assert [valued[f"{column}{row}"].value for row in (*heads, whole)] == [3, 1439, 1442]
    assert valued[f"{at(written, 'Tổng số').column_letter}{whole}"].value == 1442.000001


@pytest.mark.parametrize(
    ("local", "shown", "told"),
    [
        (1_438_000_000, "[$-42A]#,##0", False),
        (1_438_500_000, "[$-42A]#,##0.0", False),
        (1_438_501_000, "[$-42A]#,##0.000", False),
        (1_438_500_001, "[$-42A]#,##0.000", True),
    ],
)
def test_the_cell_holds_every_dong_and_shows_three_decimals_at_most(put, issued, local, shown, told):
    put(local=local)

    page, _valued = cells(exports.annex(issued, on=TODAY))

    cell = page[f"{at(page, 'KCĐP').column_letter}{at(page, 'Máy sấy cà phê').row}"]
    said = any("làm tròn đến nghìn đồng" in str(one.value) for row in page.iter_rows() for one in row)
    assert (round(cell.value * M), cell.number_format, said) == (local, shown, told)


def test_the_sheet_is_a4_lying_one_page_wide_with_its_heads_on_every_page(put, issued):
    put()

    page, _valued = cells(exports.annex(issued, on=TODAY))

    top = at(page, "Tên đề án").row
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.fitToHeight, page.print_title_rows) == (0, f"${top}:${top + 1}")
    assert f"B{top}:B{top + 1}" in {str(span) for span in page.merged_cells.ranges}


def test_the_annex_names_its_decision_and_the_open_draft_leaves_number_and_day_open(put, issued, province):
    put()
    draft = DecisionFactory(plan=issued.plan)
    ItemFactory(decision=draft)

    def titles(decision):
        page, _valued = cells(exports.annex(decision, on=TODAY))
        return [row[0].value for row in page.iter_rows(max_row=3)]

    assert titles(issued)[0] == "PHỤ LỤC"
    assert f"Quyết định số {issued.paper.number} ngày 02 tháng 3 năm 2026 của Chủ tịch" in titles(issued)[2]
    assert "Quyết định số ……/QĐ-UBND ngày …… tháng …… năm 2026" in titles(draft)[2]


def test_mau_2_of_a_plan_holds_what_stands_on_the_day(put, issued, province):
    put("Máy sấy")

    now = read(exports.plan_table(issued.plan, day=dt.date(2026, 3, 2)), province)
    page, _valued = cells(exports.plan_table(issued.plan, day=dt.date(2026, 3, 1)))

    assert (now.errors, now.warnings, [row.verdict for row in now.rows]) == ([], [], ["same"])
    assert page[f"{at(page, 'Tổng số').column_letter}{at(page, 'Tổng cộng').row}"].value == "=0"


def test_mau_2_of_a_draft_names_the_selection_and_its_rows_are_not_yet_decided(commune, centre, province):
    draft = DecisionFactory(plan=PlanFactory(province=province))
    project = ProjectFactory(state="appraised", province=province, commune=commune, implementer=centre)
    ItemFactory(decision=draft, project=project)

    [row] = read(exports.decision_table(draft, on=TODAY), province).rows

    assert (row.match, row.verdict) == (project.pk, "changed")
    assert "phê duyệt bằng quyết định trong hệ thống" in row.why


def test_the_annex_of_a_change_tells_before_and_after_and_its_rows_are_known(put, issued, province):
    project = put(local=300 * M)
    change = DecisionFactory(plan=issued.plan, kind="adjust", issued=True, on=dt.date(2026, 7, 1))
    ItemFactory(
        decision=change, project=project, action="money", local=250 * M, before_local=300 * M, reason="Giá máy giảm"
    )
    Project.objects.filter(pk=project.pk).update(granted_local=250 * M)

    book = exports.annex(change, on=TODAY)
    page, _valued = cells(book)
    checked = read(book, province)

    line = at(page, "Máy sấy cà phê").row
    assert page[f"{at(page, 'Hỗ trợ trước thay đổi').column_letter}{line}"].value == 300
    assert at(page, "Giá máy giảm").row == line
    assert [row.verdict for row in checked.rows] == ["same"]
    assert {fault.reason.split(" nên ")[0] for fault in checked.warnings} == {
        "Không hiểu cột “Thay đổi”", "Không hiểu cột “Lý do”", "Không hiểu cột “Hỗ trợ trước thay đổi”",
    }  # fmt: skip


def test_the_annex_of_an_extension_says_until_when(put, issued):
    project = put(local=300 * M)
    change = DecisionFactory(plan=issued.plan, kind="adjust", issued=True, on=dt.date(2026, 7, 1))
    asked = ChangeRequestFactory(project=project, kind="extend_next_year", ends_on=dt.date(2027, 6, 15))
    ItemFactory(decision=change, project=project, action="extend_next_year", request=asked, local=300 * M)

    page, _valued = cells(exports.annex(change, on=TODAY))

    assert at(page, "Gia hạn sang năm sau: thời hạn đến 15/06/2027")
    [row] = [row for row in papers.decision_paper(change, on=TODAY)["rows"] if row.get("action")]
    assert row["action"] == "Gia hạn sang năm sau: thời hạn đến 15/06/2027"


@pytest.mark.parametrize("count", [1, 3])
def test_a_table_asks_the_same_number_of_queries(put, issued, django_assert_max_num_queries, count):
    for number in range(count):
        put(f"Máy số {number}", helped=(f"HTX {number}",))

    with django_assert_max_num_queries(14) as asked:
        exports.plan_table(issued.plan, day=TODAY)

    assert len(asked) <= 12, len(asked)
