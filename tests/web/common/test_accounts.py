import re

import pytest

from khuyencong.tools import startup
from tests.factories.people import MandateFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def person():
    user = UserFactory(username="hanh", email="hanh@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client, password=PASSWORD, **more):
    return client.post("/tai-khoan/dang-nhap/", {"login": "hanh", "password": password, **more})


def test_a_person_signs_in_and_out(client, person):
    assert enter(client, next="/menu/")["Location"] == "/menu/"
    assert client.get("/menu/").status_code == 200

    client.post("/tai-khoan/dang-xuat/")

    assert client.get("/menu/").status_code == 302


def test_a_wrong_password_says_so_in_vietnamese(client, person):
    page = enter(client, "sai").content.decode()

    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page


def test_nobody_signs_up(client):
    page = client.get("/tai-khoan/dang-ky/").content.decode()

    assert "Không mở đăng ký" in page
    assert (
        client.post("/tai-khoan/dang-ky/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD}).status_code
        == 200
    )


def test_a_demonstration_lists_one_person_for_each_role(client, settings, province):
    settings.DEMO = True
    for number in (1, 2):
        MandateFactory(place=province, user=UserFactory(username=f"mau{number}", invented=True, password="x"))

    page = client.get("/tai-khoan/dang-nhap/").content.decode()

    assert "mau1" in page
    assert "mau2" not in page
    assert startup.DEMO_PASSWORD in page


def test_outside_a_demonstration_nobody_is_listed(client, province):
    MandateFactory(place=province, user=UserFactory(username="mau", invented=True, password="x"))

    page = client.get("/tai-khoan/dang-nhap/").content.decode()

    assert "mau" not in re.sub(r"<[^>]+>", "", page).split()
    assert startup.DEMO_PASSWORD not in page


# One English word that allauth would show: a page that still says it has not been translated.
ENGLISH = re.compile(
    r"\b(the|your|you|password|sign|login|code|codes|key|keys|enter|email|add|remove|cancel|confirm|account|forgot|authenticat\w+)\b",
    re.IGNORECASE,
)
PAGES = [
    "dang-nhap/",
    "dang-ky/",
    "dang-xuat/",
    "ngung-hoat-dong/",
    "xac-nhan-lai/",
    "thu-dien-tu/",
    "thu-dien-tu/xac-nhan/",
    "mat-khau/doi/",
    "mat-khau/quen/",
    "mat-khau/quen/da-gui/",
    "mat-khau/moi/1-x/",
    "mat-khau/moi/xong/",
    "hai-buoc/",
    "hai-buoc/ung-dung/bat/",
    "hai-buoc/khoa/",
    "hai-buoc/khoa/them/",
]


def words(page: str) -> str:
    page = re.sub(r"(?s)<(script|textarea)\b.*?</\1>", " ", page.partition("<main")[2].partition("</main>")[0])
    shown = re.findall(r'(?:placeholder|aria-label|alt|title)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]+>", " ", page), *shown]).replace("English", "")


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("address", PAGES)
def test_no_english_is_left_on_the_pages_of_an_account(client, person, address, signed_in):
    if signed_in:
        enter(client)

    response = client.get(f"/tai-khoan/{address}", follow=True)

    found = ENGLISH.findall(words(response.content.decode()).replace("hanh@example.org", ""))
    assert response.status_code == 200
    assert found == []
