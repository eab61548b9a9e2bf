"""A session that ends while somebody types: he is told why he must sign in, and what he typed comes to him again."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.people import MandateFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai"
HERE = {"Origin": "http://testserver", "Referer": "http://testserver/so-tien/"}
LOGIN = "/tai-khoan/dang-nhap/"


@pytest.fixture
def person(officer):
    officer.set_password(PASSWORD)
    officer.save()
    return officer


@pytest.fixture
def browser():
    """As strict as a real one: without its cookie no form of ours is taken."""
    return Client(enforce_csrf_checks=True)


def by(person, **fields) -> dict[str, str]:
    """What the form of this person sends."""
    return {"_by": str(person.pk), **fields}


def read(response) -> str:
    return html.unescape(response.content.decode())


def hidden(response) -> dict[str, str]:
    """The hidden fields of the first form of the page, as a browser sends them on."""
    form = re.search(r"(?s)<main.*?<form.*?</form>", response.content.decode()).group()
    found = [(tag, re.search(r'name="([^"]+)"', tag)) for tag in re.findall(r"<input[^>]*hidden[^>]*>", form)]
    return {name[1]: html.unescape(re.search(r'value="([^"]*)"', tag)[1]) for tag, name in found}


def enter(browser, person, page, password=PASSWORD):
    return browser.post(
        LOGIN, {**hidden(page), "login": person.username, "password": password}, headers={"Origin": "http://testserver"}
    )


@pytest.mark.parametrize("cookies_gone", [True, False])
def test_what_was_typed_when_the_session_ended_stands_in_its_form_after_signing_in(browser, person, cookies_gone):
    if not cookies_gone:
        browser = Client()  # the token is still the right one
    asked = browser.post("/so-tien/?tu=1", by(person, amount="12 triệu", on="1/11/2026", _once="mot-lan"), headers=HERE)
    assert asked.status_code == 401
    assert "Những gì đã nhập còn nguyên" in read(asked)

    entered = enter(browser, person, asked)
    page = browser.get(entered["Location"])

    assert entered["Location"] == "/so-tien/?tu=1"
    assert page.status_code == 200
    assert "hãy xem lại rồi gửi" in read(page)
    assert 'value="12 triệu"' in read(page)
    assert 'value="1/11/2026"' in read(page)
    assert hidden(page)["_once"] == "mot-lan"  # sent after all before: once


def test_a_wrong_password_loses_nothing_typed(browser, person):
    asked = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=HERE)

    again = enter(browser, person, asked, "sai")
    page = browser.get(enter(browser, person, again)["Location"])

    assert 'value="12 triệu"' in read(page)


def test_what_waits_is_shown_until_its_form_is_sent(browser, person):
    asked = browser.post("/so-tien/", by(person, amount="chữ"), headers=HERE)
    enter(browser, person, asked)
    page = browser.get("/so-tien/")
    assert 'value="chữ"' in read(browser.get("/so-tien/"))
    assert "Chưa gửi được" not in read(browser.get("/trong-trang/"))  # another form begins empty

    sent = browser.post("/so-tien/", {**hidden(page), "amount": "9"}, headers=HERE)

    assert sent["Location"] == "/ket-qua/"
    assert "Chưa gửi được" not in read(browser.get("/so-tien/"))


def test_files_are_chosen_again(browser, person):
    file = SimpleUploadedFile("bao-gia.pdf", b"%PDF-1.4")
    asked = browser.post("/so-tien/", by(person, amount="9", paper=file), headers=HERE)
    assert "Tệp phải chọn lại: bao-gia.pdf." in read(asked)

    page = browser.get(enter(browser, person, asked)["Location"])

    assert "Tệp phải chọn lại: bao-gia.pdf." in read(page)


def test_words_beside_a_button_are_said_on_the_page_where_it_stands(browser, person):
    here = {"Origin": "http://testserver", "Referer": "http://testserver/ket-qua/"}
    asked = browser.post("/nut/", by(person, amount="9", reason="Thiếu báo giá"), headers=here)

    page = browser.get(enter(browser, person, asked)["Location"])

    assert page.request["PATH_INFO"] == "/ket-qua/"
    assert "Việc vừa bấm chưa được thực hiện" in read(page)
    assert "Bạn đã nhập: “Thiếu báo giá”." in read(page)


def test_a_page_older_than_the_sign_in_in_another_window_comes_filled(browser, person):
    browser.force_login(person)

    answer = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=HERE)
    page = browser.get(answer["Location"])

    assert answer["Location"] == "/so-tien/"
    assert 'value="12 triệu"' in read(page)


def test_a_button_on_a_page_older_than_the_sign_in_says_press_again(browser, person):
    browser.force_login(person)

    page = browser.post("/nut/", {}, headers=HERE, follow=True)

    assert page.request["PATH_INFO"] == "/so-tien/"
    assert "Hãy bấm lại." in read(page)


def test_what_another_site_wrote_is_shown_to_nobody(browser, person):
    elsewhere = {"Origin": "https://example.org", "Referer": "https://example.org/"}
    stranger = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=elsewhere)
    browser.force_login(person)
    known = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=elsewhere)

    assert (stranger.status_code, known.status_code) == (403, 403)
    assert 'value="12 triệu"' not in read(browser.get("/so-tien/"))


def test_a_password_is_not_kept(browser, person):
    asked = browser.post("/tai-khoan/mat-khau/doi/", {"oldpassword": PASSWORD}, headers=HERE)

    assert "typed" not in hidden(asked)


def test_a_part_sent_without_a_session_is_refused_not_replaced(browser):
    assert browser.post("/trong-trang/", {"amount": "9"}, headers={**HERE, "HX-Request": "true"}).status_code == 401


def test_a_panel_edited_in_place_says_in_the_panel_that_it_was_not_sent(browser, person):
    browser.force_login(person)
    inside = {"Origin": "http://testserver", "HX-Request": "true", "X-Kc-Panel": "so-tien"}

    answer = browser.post("/trong-trang/", by(person, amount="12 triệu"), headers=inside)
    panel = browser.get(answer["Location"], headers=inside)

    assert answer["Location"] == "/trong-trang/"
    assert panel["HX-Retarget"] == "#so-tien"
    shown = re.search(r'(?s)<section[^>]*id="so-tien".*</section>', read(panel)).group()
    assert ("hãy xem lại rồi gửi" in shown, 'value="12 triệu"' in shown) == (True, True)


def test_who_is_sent_to_sign_in_is_told_why(client):
    sent = client.get("/ket-qua/", follow=True)
    came = client.get("/", follow=True)

    assert "Bạn chưa đăng nhập hoặc phiên đăng nhập đã hết." in read(sent)
    assert "Bạn chưa đăng nhập" not in read(came)


def test_a_page_of_signing_in_that_stood_open_too_long_asks_again_or_lets_in(browser, person):
    headers = {"Origin": "http://testserver", "Referer": f"http://testserver{LOGIN}"}
    again = browser.post(LOGIN, {"login": "x", "password": "x", "next": "/ket-qua/"}, headers=headers)
    assert "Chưa đăng nhập được" in read(again)
    assert enter(browser, person, again)["Location"] == "/ket-qua/"

    inside = browser.post(
        LOGIN, {"login": "x", "password": "x"}, headers=headers
    )  # entered in another window meanwhile

    assert inside["Location"] == "/"


def test_another_person_who_signs_in_on_that_page_sees_nothing_of_it(browser, person, province):
    other = MandateFactory(role="centre_officer", place=province).user
    other.set_password(PASSWORD)
    other.save()
    asked = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=HERE)

    entered = enter(browser, other, asked)

    assert entered["Location"] == "/"
    assert "12 triệu" not in read(browser.get("/so-tien/"))


def test_the_form_of_another_person_is_not_shown_to_who_signed_in_in_another_window(browser, person, province):
    browser.force_login(person)
    other = MandateFactory(role="centre_officer", place=province).user

    answer = browser.post("/so-tien/", by(other, amount="12 triệu"), headers=HERE)

    assert answer["Location"] == "/"
    assert "12 triệu" not in read(browser.get("/so-tien/"))


def test_a_form_names_who_fills_it(desk, officer):
    assert hidden(desk.get("/so-tien/"))["_by"] == str(officer.pk)


def test_what_one_typed_waits_in_his_session_alone(browser, person, province):
    asked = browser.post("/so-tien/", by(person, amount="12 triệu"), headers=HERE)
    enter(browser, person, asked)
    other = Client()
    other.force_login(MandateFactory(role="centre_officer", place=province).user)

    assert "12 triệu" not in read(other.get("/so-tien/"))
