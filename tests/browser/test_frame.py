"""The frame in a real browser: what no test of the server can see."""

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import ProvinceFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def officer():
    user = UserFactory(username="hanh", invented=True)
    user.set_password(PASSWORD)
    user.save()
    province = ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    return MandateFactory(role="centre_officer", place=province, user=user).user


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_of_the_frame_can_be_read_by_everybody(visitor, officer, size, dark):
    window = visitor(officer, size=size, dark=dark)

    for path in ("/menu/", "/tim/?q=dak", "/tai-khoan/mat-khau/doi/", "/tai-khoan/hai-buoc/"):
        window.open(path)
    window.open("/khong-co/", status=404)


@pytest.mark.parametrize("javascript", [True, False])
def test_one_signs_in_with_and_without_a_script(visitor, officer, javascript):
    window = visitor(javascript=javascript)
    page = window.page
    page.goto(f"{window.address}/tai-khoan/dang-nhap/?next=/menu/")

    page.get_by_label("Tên đăng nhập").fill("hanh")
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()

    assert page.get_by_role("heading", name="Menu").is_visible()


def test_the_slash_goes_to_the_search(visitor, officer):
    page = visitor(officer).open("/menu/")

    page.keyboard.press("/")
    page.keyboard.type("dak lak")
    page.keyboard.press("Enter")

    page.wait_for_url("**/tim/?q=dak+lak")


def test_the_theme_is_switched_by_hand_and_kept(visitor, officer):
    page = visitor(officer).open("/menu/")

    page.get_by_role("button", name="Tối").last.click()

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_a_menu_closes_when_one_leaves_it(visitor, officer):
    page = visitor(officer).open("/menu/")
    menu = page.locator(".kc-person")

    page.locator(".kc-person > summary").click()
    assert menu.get_attribute("open") is not None
    page.get_by_role("heading", name="Menu").click()

    assert menu.get_attribute("open") is None


def test_name_and_title_of_the_person_stay_inside_the_bar(visitor, officer):
    officer.title = "Chuyên viên Phòng Quản lý công nghiệp, kiêm nhiệm theo dõi khuyến công"
    officer.save()
    page = visitor(officer, size=DESK).open("/menu/")

    bar, shown = page.locator(".kc-top").bounding_box(), page.locator(".kc-person summary").bounding_box()

    assert bar["y"] <= shown["y"]
    assert shown["y"] + shown["height"] <= bar["y"] + bar["height"]
    assert page.locator(".kc-person small").bounding_box()["height"] < 24  # one line
