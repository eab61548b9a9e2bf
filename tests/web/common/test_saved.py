"""Views of lists that a person saves: kept as they are, opened again, counted, his alone."""

import io

import openpyxl
import pytest

from khuyencong.people.models import SavedView
from tests.factories.people import SavedViewFactory
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db
SAVE = "/cach-xem/luu/?danh-sach=units&xem=cot%3Dcode%26q%3Dk%26sap%3D-code"


@pytest.fixture
def communes(province):
    for code, name, folded in (
        ("00100", "Ea Kar", "ea kar"),
        ("00202", "Hoà Sơn", "hoa son"),
        ("00300", "Krông", "krong"),
    ):
        CommuneFactory(province=province, code=code, full_name=f"Xã {name}", folded=folded)


def text(page) -> str:
    return page.content.decode()


def test_what_is_in_use_is_offered_to_be_saved_without_page_and_empty_conditions(desk, communes):
    page = desk.get("/danh-sach/", {"sap": "-code", "q": "k", "cot": "code", "trang": "1", "dem": "1"})
    assert f'href="{SAVE.replace("&", "&amp;")}"' in text(page)

    assert "Lưu cách xem này" not in text(desk.get("/danh-sach/", {"q": "", "trang": "1"}))


def test_a_saved_view_opens_with_its_conditions_columns_and_order(desk, communes, officer):
    answer = desk.post(SAVE, {"name": "Có chữ k"})

    assert (answer.status_code, answer["Location"]) == (302, "/danh-sach/?cot=code&q=k&sap=-code")
    assert list(SavedView.objects.values_list("user", "page", "name", "query")) == [
        (officer.pk, "units", "Có chữ k", "cot=code&q=k&sap=-code")
    ]
    page = text(desk.get(answer["Location"]))
    assert '<a href="/danh-sach/?cot=code&amp;q=k&amp;sap=-code" aria-current="page">Có chữ k</a>' in page
    assert '<a href="/danh-sach/">Tất cả</a>' in page


def test_the_export_of_a_saved_view_holds_its_rows_columns_and_order(desk, communes):
    response = desk.get("/danh-sach/?cot=code&cot=valid_from&q=k&sap=-code&xuat=xlsx")

    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    head, *rows = book.active.values
    assert head == ("Mã", "Từ ngày")
    assert [row[0] for row in rows] == ["00300", "00100"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_pays_one_question_for_its_views_and_counts_them_afterwards(
    desk, communes, officer, count, django_assert_num_queries
):
    for number in range(count):
        SavedViewFactory(user=officer, page="units", name=f"Xem {number}", query="sap=-code")
    plain = desk.get("/danh-sach/")  # the session and the frame are there
    assert 'hx-get="?dem=1" hx-trigger="load"' in text(plain)

    with django_assert_num_queries(4):  # session, person; count and sums; rows: a part asks nothing of views
        desk.get("/danh-sach/", headers={"HX-Request": "true"})
    with django_assert_num_queries(3 + count):  # session, person, views; each view counted
        row = text(desk.get("/danh-sach/", {"dem": "1"}, headers={"HX-Request": "true"}))

    assert row.count("<span>3</span>") == count
    assert "<table" not in row
    assert "hx-get" not in row


def test_without_a_script_the_counts_are_a_link(desk, communes, officer):
    SavedViewFactory(user=officer, page="units", name="Có chữ k", query="q=k")

    assert '<noscript><a href="?dem=1">Đếm số dòng</a></noscript>' in text(desk.get("/danh-sach/"))
    page = text(desk.get("/danh-sach/?dem=1"))
    assert ">Có chữ k <span>2</span></a>" in page
    assert "dem=1" not in page.partition("kc-views")[2].partition("<footer")[0]


def test_views_belong_to_one_person_and_one_list(desk, communes, officer):
    SavedViewFactory(page="units", name="Của người khác")
    SavedViewFactory(user=officer, page="projects:list", name="Của danh sách khác")

    page = text(desk.get("/danh-sach/"))
    mine = text(desk.get("/cach-xem/?danh-sach=units"))

    assert "Của người khác" not in page + mine
    assert "Của danh sách khác" not in page + mine
    assert "kc-views" not in page


def test_a_view_is_renamed_and_dropped(desk, communes, officer):
    view = SavedViewFactory(user=officer, page="units", name="Cũ", query="q=k")

    answer = desk.post(f"/cach-xem/{view.pk}/doi-ten/", {"name": "Mới"})
    assert (answer.status_code, answer["Location"]) == (302, "/cach-xem/?danh-sach=units")
    assert ">Mới</a>" in text(desk.get(answer["Location"]))

    desk.post(f"/cach-xem/{view.pk}/bo/")
    assert not SavedView.objects.exists()


def test_a_name_that_is_taken_is_refused_on_its_field(desk, communes, officer):
    SavedViewFactory(user=officer, page="units", name="Một")
    view = SavedViewFactory(user=officer, page="units", name="Hai")

    answer = desk.post(f"/cach-xem/{view.pk}/doi-ten/", {"name": "Một"})

    assert answer.status_code == 422
    assert "Đã có cách xem tên này." in text(answer)
    assert SavedView.objects.get(pk=view.pk).name == "Hai"


def test_views_of_others_and_lists_that_are_none_are_not_there(desk, communes):
    view = SavedViewFactory(page="units")

    for url in (
        f"/cach-xem/{view.pk}/doi-ten/",
        "/cach-xem/?danh-sach=khong-co",
        "/cach-xem/luu/?danh-sach=units&xem=trang%3D2",
    ):
        assert desk.get(url).status_code == 404, url
    assert desk.post(f"/cach-xem/{view.pk}/bo/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()
