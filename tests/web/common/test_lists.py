import io
import re
from operator import itemgetter

import openpyxl
import pytest
from django.urls import get_script_prefix, reverse, set_script_prefix
from django.utils import translation

from khuyencong.places.models import Unit
from khuyencong.web.common import lists
from tests.factories.places import CommuneFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def communes(province):
    return [
        CommuneFactory(province=province, code=code, name=name, full_name=f"Xã {name}", folded=folded)
        for code, name, folded in (
            ("00100", "Ea Kar", "ea kar"),
            ("00202", "Cư M’gar", "cu m’gar"),
            ("00300", "Krông Năng", "krong nang"),
        )
    ]


def rows(page) -> list[str]:
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return [part.partition("</td>")[0].rpartition(">")[2] for part in body.split("<tr>")[1:]]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_the_same_number_of_questions(desk, province, count, django_assert_num_queries):
    CommuneFactory.create_batch(count, province=province)
    # session, person; count and sums; rows
    with django_assert_num_queries(4):
        page = desk.get("/danh-sach/", headers={"HX-Request": "true"})

    assert len(rows(page)) == count


@pytest.mark.parametrize("typed", ["krong", "Krông Năng", "NĂNG krong"])
def test_text_is_found_with_and_without_accents_in_any_order(desk, communes, typed):
    assert rows(desk.get("/danh-sach/", {"q": typed})) == ["00300"]


def test_a_condition_is_a_chip_that_takes_itself_away(desk, communes):
    page = desk.get("/danh-sach/", {"q": "ea", "sap": "-code"}).content.decode()

    assert 'href="?sap=-code"><span class="visually-hidden">Bỏ điều kiện </span>Tên: ea' in page


@pytest.mark.parametrize(
    ("asked", "order"), [("code", ["00100", "00202", "00300"]), ("-code", ["00300", "00202", "00100"])]
)
def test_a_column_sorts_both_ways(desk, communes, asked, order):
    assert rows(desk.get("/danh-sach/", {"sap": asked})) == order


def test_a_column_that_cannot_sort_changes_nothing(desk, communes):
    assert rows(desk.get("/danh-sach/", {"sap": "paid"})) == ["00100", "00202", "00300"]


def test_the_head_counts_what_is_filtered(desk, communes):
    page = desk.get("/danh-sach/", {"q": "k"}).content.decode()

    assert ">2 đơn vị<" in page


def test_what_two_columns_share_is_asked_once(rf, communes):
    asked = []

    def both(units):
        asked.append(units)
        return {"number": units.count(), "last": "00300"}

    columns = tuple(lists.Column(key, key, total=lists.Shared(both, itemgetter(key))) for key in ("number", "last"))
    found = lists.Listing(rf.get("/danh-sach/"), Unit.objects.filter(pk__in=[unit.pk for unit in communes]), columns)

    assert (found.totals["total_number"], found.totals["total_last"], len(asked)) == (3, "00300", 1)


def test_a_state_is_said_in_the_language_of_its_reader():
    project = ProjectFactory.build(state="settled", province=None, commune=None, implementer=None, dossier=None)
    column = lists.Column("state", "", kind="state")

    for language in ("vi", "en", "vi"):
        with translation.override(language):
            assert column.of(project) == project.get_state_display()
    project.state = "unheard of"
    assert column.of(project) == "unheard of"


def test_missing_decimals_keep_the_commas_in_line(desk, communes):
    page = desk.get("/danh-sach/").content.decode()

    assert re.search(r'<td class="n" data-label="[^"]+">1<i class="kc-dec" aria-hidden="true">,00</i></td>', page)
    assert re.search(r'<td class="n" data-label="[^"]+">2,02</td>', page)


def test_columns_can_be_chosen(desk, communes):
    page = desk.get("/danh-sach/", {"cot": ["code", "valid_from"]}).content.decode()

    assert "01/07/2025" in page
    assert "Xã Ea Kar" not in page


def test_fifty_rows_a_page(desk, province):
    CommuneFactory.create_batch(51, province=province)

    first, last = desk.get("/danh-sach/"), desk.get("/danh-sach/", {"trang": "2"})

    assert (len(rows(first)), len(rows(last))) == (50, 1)
    assert "Dòng 51–51 trong 51." in last.content.decode()


def test_an_empty_list_says_what_to_do(desk):
    assert "Hãy nạp danh mục." in desk.get("/danh-sach/").content.decode()


def test_a_filter_that_finds_nothing_can_be_dropped(desk, communes):
    page = desk.get("/danh-sach/", {"q": "không có"}).content.decode()

    assert "Không có dòng nào đúng các điều kiện này" in page
    assert 'href="/danh-sach/"' in page


def test_the_workbook_holds_exactly_the_filtered_rows_in_dong(desk, communes):
    response = desk.get("/danh-sach/", {"q": "k", "sap": "-code", "xuat": "xlsx"})

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert list(book.active.values) == [
        ("Mã", "Tên", "Đã chi (đồng)"),
        ("00300", "Xã Krông Năng", 3_000_000),
        ("00100", "Xã Ea Kar", 1_000_000),
    ]


def test_the_csv_holds_the_same_and_no_formulas(desk, province):
    CommuneFactory(province=province, code="00100", name="x", full_name='=HYPERLINK("x")', folded="x")

    response = desk.get("/danh-sach/", {"xuat": "csv"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == ["Mã,Tên,Đã chi", '00100,"\'=HYPERLINK(""x"")",1000000']


def test_a_part_asked_for_by_htmx_is_the_part_of_the_page(desk, communes):
    page = desk.get("/danh-sach/").content.decode()
    part = desk.get("/danh-sach/", headers={"HX-Request": "true"}).content.decode()

    assert part.strip() in page
    assert "<html" not in part


def test_a_list_stands_on_a_phone_in_its_own_way(desk, communes):
    page = desk.get("/danh-sach/").content.decode()

    assert 'class="kc-rows"' in page and "kc-stack" not in page


def test_what_stands_in_a_cell_cannot_leave_it(rf, communes):
    hostile = '<b>"&'
    Unit.objects.filter(pk=communes[0].pk).update(name=hostile)
    columns = (
        lists.Column("name", hostile, url=lambda unit: f'/x/?a="{unit.pk}', small="name"),
        lists.Column("none", "Không có", value=lambda unit: None),
        lists.Column("state", "Trạng thái", kind="state", value="name", mark=lambda unit: "run"),
    )
    safe = "&lt;b&gt;&quot;&amp;"

    drawn = str(lists.Listing(rf.get("/danh-sach/"), Unit.objects.filter(pk=communes[0].pk), columns).body)

    assert drawn == (
        f'<tr><td data-label="{safe}"><a href="/x/?a=&quot;{communes[0].pk}">{safe}</a><small>{safe}</small></td>'
        '<td class="kc-none" data-label="Không có">–</td>'
        f'<td class="text-nowrap" data-label="Trạng thái"><span class="kc-state" data-s="run">{safe}</span></td></tr>'
    )


@pytest.mark.parametrize("prefix", ["/", "/khuyen-cong/"])
def test_a_row_leads_where_django_would_lead(prefix, communes):
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        for unit in communes:
            assert lists.page("places:page")(unit) == reverse("places:page", args=[unit.pk])
            assert lists.page("places:page", "province_id")(unit) == reverse("places:page", args=[unit.province_id])
    finally:
        set_script_prefix(before)


@pytest.mark.parametrize("asked", ["", "?trang=2", "?sap=-name"])
def test_rows_that_are_dear_to_find_are_found_once_and_stand_as_they_would(
    rf, communes, asked, django_assert_num_queries
):
    columns = (lists.Column("name", "Tên", sort="name"),)
    found = Unit.objects.filter(pk__in=[unit.pk for unit in communes])
    options = {"order": ("name",), "size": 2}
    plain = lists.Listing(rf.get(f"/danh-sach/{asked}"), found, columns, **options).records
    once = lists.Listing(rf.get(f"/danh-sach/{asked}"), found, columns, **options, drawn=Unit.objects.all())

    with django_assert_num_queries(2):  # its keys, which are counted too, and the rows of the page
        assert (once.count, once.records) == (3, plain)


def test_a_list_that_is_found_once_may_be_empty(rf, communes):
    listing = lists.Listing(rf.get("/danh-sach/"), Unit.objects.filter(pk=0), (), drawn=Unit.objects.all())

    assert (listing.count, listing.records) == (0, [])
