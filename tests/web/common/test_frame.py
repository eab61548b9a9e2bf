import re

import pytest
from django.test import Client

from khuyencong.base.text import fold, sort_key
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def pair():
    return [
        ProvinceFactory(name=name, full_name=f"Tỉnh {name}", folded=fold(name), sort_key=sort_key(name))
        for name in ("An Giang", "Đắk Lắk")
    ]


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get("/menu/")

    assert (response.status_code, response["Location"]) == (302, "/tai-khoan/dang-nhap/?next=/menu/")


def test_after_a_session_ended_a_button_leads_back_to_the_page_on_which_it_stands(client):
    response = client.post("/thong-bao/da-doc/", headers={"Referer": "http://testserver/thong-bao/?unread=1"})

    assert response["Location"].endswith("/tai-khoan/dang-nhap/?next=http%3A//testserver/thong-bao/%3Funread%3D1")


def test_a_part_asked_for_after_the_session_ended_is_refused_not_replaced_by_the_sign_in(client):
    assert client.get("/menu/", headers={"HX-Request": "true"}).status_code == 401


def test_the_address_of_a_button_says_that_it_is_one(desk):
    response = desk.get("/chuyen/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Địa chỉ này là của một nút bấm" in response.content.decode()


def test_the_frame_begins_with_this_year_and_the_province_of_the_mandate(desk, province):
    assert "Năm 2026, Đắk Lắk" in desk.get("/ket-qua/").content.decode()


def test_year_and_province_are_remembered(client, pair):
    client.force_login(MandateFactory(role="ministry_agency", country=True).user)
    assert "Năm 2026, cả nước" in client.get("/ket-qua/").content.decode()

    client.post("/chuyen/", {"year": "2025", "province": pair[1].pk, "next": "/ket-qua/"})

    assert "Năm 2025, Đắk Lắk" in client.get("/ket-qua/").content.decode()


def test_a_province_out_of_sight_cannot_be_chosen(desk, province):
    desk.post("/chuyen/", {"province": ProvinceFactory().pk})

    assert "Năm 2026, Đắk Lắk" in desk.get("/ket-qua/").content.decode()


def test_who_holds_no_mandate_sees_what_to_do(client, stranger):
    client.force_login(stranger)

    assert "Bạn chưa được phân công nhiệm vụ nào" in client.get("/menu/").content.decode()


def test_a_mandate_that_has_ended_opens_nothing(client, province):
    client.force_login(MandateFactory(role="centre_officer", place=province, ended=True).user)

    page = client.get("/menu/").content.decode()

    assert "Đề án và kinh phí" not in page


def test_invented_people_work_under_the_banner(client, province):
    client.force_login(MandateFactory(place=province, user=UserFactory(invented=True)).user)

    assert '<div class="kc-demo">Dữ liệu minh hoạ</div>' in client.get("/ket-qua/").content.decode()


def test_real_people_do_not(desk):
    assert "Dữ liệu minh hoạ" not in desk.get("/ket-qua/").content.decode()


@pytest.mark.parametrize(("chosen", "lang"), [("en", "en"), ("vi", "vi"), ("xx", "vi")])
def test_the_language_is_kept_on_the_device(desk, chosen, lang):
    desk.post("/ngon-ngu/", {"language": chosen})

    assert f'<html lang="{lang}"' in desk.get("/ket-qua/").content.decode()


def test_what_a_browser_was_installed_with_says_nothing(desk):
    response = desk.get("/ket-qua/", headers={"Accept-Language": "en-US,en"})

    assert response["Content-Language"] == "vi"
    assert '<html lang="vi"' in response.content.decode()


def test_the_theme_is_kept_on_the_device_and_can_follow_it_again(desk):
    desk.post("/giao-dien/", {"theme": "dark"})
    assert '<html lang="vi" data-bs-theme="dark">' in desk.get("/ket-qua/").content.decode()

    desk.post("/giao-dien/", {"theme": ""})
    assert '<html lang="vi">' in desk.get("/ket-qua/").content.decode()


def test_a_switch_never_leads_to_a_foreign_address(desk):
    assert desk.post("/giao-dien/", {"theme": "dark", "next": "https://example.org/"})["Location"] == "/"


def test_no_page_carries_style_or_script_of_its_own(desk):
    for address in ("/menu/", "/tim/?q=x", "/so-tien/", "/dia-diem/", "/danh-sach/", "/tai-khoan/hai-buoc/"):
        page = desk.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", page), address


def test_an_unknown_address_is_a_page_of_ours(desk):
    response = desk.get("/khong-co/")

    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_a_fault_is_shown_without_asking_the_database(rf, django_assert_num_queries):
    from khuyencong.web.common.pages import our_fault

    with django_assert_num_queries(0):
        response = our_fault(rf.get("/"))

    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.content.decode()


def test_a_request_is_logged_by_the_name_of_its_page_alone(desk, caplog, officer):
    with caplog.at_level("INFO", "khuyencong.web.request"):
        desk.get("/tim/", {"q": "Nguyễn Văn Bí Mật"})

    (line,) = [record.getMessage() for record in caplog.records if record.name == "khuyencong.web.request"]
    assert re.fullmatch(rf"GET search 200 \d+ ms by {officer.pk}", line)


def test_a_refused_form_of_another_site_says_what_to_do(officer):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)

    response = browser.post("/chuyen/", {"year": "2025"})

    assert response.status_code == 403
    assert "Hãy tải lại trang rồi gửi lại." in response.content.decode()


@pytest.mark.parametrize(
    ("address", "came_from", "way"),
    [
        ("/khong-co/", "http://testserver/so-tien/?so=1", "http://testserver/so-tien/?so=1"),
        ("/so-tien/khong-co/", None, "/so-tien/"),  # the page above
        ("/so-tien/khong-co/", "http://testserver/so-tien/khong-co/", "/so-tien/"),
        ("/so-tien/khong-co/", "https://example.org/", "/so-tien/"),
        ("/khong-co/", None, None),
    ],
)
def test_a_refusal_leads_back_to_the_page_before_or_the_one_above_and_to_the_search(address, came_from, way, desk):
    page = desk.get(address, headers={"Referer": came_from} if came_from else {}).content.decode()

    ways = re.findall(r'<a class="btn btn-(?:primary|quiet)" href="([^"]+)"', page)
    assert ways == ([way, "/"] if way else ["/"])
    assert 'action="/tim/"' in page


def test_a_refused_act_leads_back_to_its_page(desk):
    response = desk.post("/nut/", {"amount": "3"}, headers={"Referer": "http://testserver/ket-qua/"})

    page = response.content.decode()
    assert response.status_code == 403
    assert "Việc này thuộc Sở Công Thương." in page
    assert 'btn-primary" href="http://testserver/ket-qua/"' in page


def menu_of(browser, address) -> tuple[list[str], list[str]]:
    """The words of the menu on the left, and of those in it and in the bar of a phone that are marked as this page."""
    page = browser.get(address).content.decode()
    side = page.partition('<nav class="kc-side"')[2].partition("</nav>")[0]
    bar = page.partition('<nav class="kc-bottom"')[2].partition("</nav>")[0]
    marked = [re.sub(r"<.*?>", "", word) for word in re.findall(r'aria-current="page">(.*?)</a>', side + bar)]
    return re.findall(r"<a [^>]*>(.*?)</a>", side), marked


def test_a_menu_drawn_once_is_not_shown_to_who_holds_something_else_on_another_page_or_in_another_language(
    desk, province
):
    other = Client()
    other.force_login(MandateFactory(role="auditor", place=province).user)
    desk.get("/de-an/"), other.get("/kiem-toan/")

    mine, marked = menu_of(desk, "/de-an/")
    theirs, marked_theirs = menu_of(other, "/kiem-toan/")
    assert ("Kiểm toán" in mine, "Kiểm toán" in theirs) == (False, True)
    assert (marked, marked_theirs) == (["Đề án", "Đề án"], ["Kiểm toán"])
    assert menu_of(desk, "/tim/")[1] == ["Tìm"]
    assert menu_of(desk, "/menu/")[1] == ["Menu"]
    assert menu_of(desk, "/")[1] == ["Việc cần làm", "Việc"]

    desk.post("/ngon-ngu/", {"language": "en"})
    english, marked = menu_of(desk, "/de-an/")
    assert (len(english), "Đề án" in english, marked == ["Đề án", "Đề án"]) == (len(mine), False, False)
    MandateFactory(user=desk.get("/menu/").context["user"], role="auditor", place=province)
    assert len(menu_of(desk, "/de-an/")[0]) > len(mine)
