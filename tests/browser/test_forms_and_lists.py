"""Forms and lists in a real browser, on the pages of the frame's own tests."""

import pytest

from khuyencong.places.models import Unit
from tests.browser.conftest import DESK, PHONE
from tests.factories.people import MandateFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.web.common.conftest import pages_of_the_tests  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agency():
    one, two = ProvinceFactory(full_name="Tỉnh Đắk Lắk"), ProvinceFactory(full_name="Tỉnh Gia Lai")
    CommuneFactory.create_batch(2, province=one, folded="xa cu")
    CommuneFactory(province=two, full_name="Xã Ân Hảo", folded="xa an hao")
    return MandateFactory(role="ministry_agency", country=True).user


@pytest.mark.parametrize("javascript", [True, False])
def test_the_communes_follow_the_province_and_nothing_typed_is_lost(visitor, agency, javascript):
    window = visitor(agency, javascript=javascript)
    page = window.page
    page.goto(f"{window.address}/dia-diem/")
    page.get_by_label("Tên", exact=True).fill("HTX")

    page.locator("#id_province").select_option(label="Tỉnh Gia Lai")
    if not javascript:
        page.get_by_role("button", name="Lấy danh sách xã, phường").click()
    page.get_by_label("Xã, phường, đặc khu").select_option(label="Xã Ân Hảo")

    assert page.get_by_label("Tên", exact=True).input_value() == "HTX"


def test_a_filter_swaps_the_rows_and_the_address(visitor, agency):
    window = visitor(agency)
    page = window.open("/danh-sach/")

    page.get_by_role("searchbox", name="Tên").fill("Ân Hảo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/danh-sach/?q=*")

    page.get_by_text("1 đơn vị", exact=True).wait_for()
    window.check()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_form_says_amounts_in_words_and_a_refusal_where_it_belongs(visitor, agency, size):
    window = visitor(agency, size=size)
    page = window.open("/so-tien/")

    page.get_by_label("Số tiền").fill("3215000000")
    assert page.get_by_text("Ba tỷ hai trăm mười lăm triệu đồng").is_visible()
    page.get_by_label("Số tiền").fill("2")
    page.get_by_role("button", name="Ghi", exact=True).click()

    page.get_by_text("Vượt mức hỗ trợ.").wait_for()
    assert page.get_by_label("Số tiền").input_value() == "2"
    window.check()


def test_a_double_click_acts_once(visitor, agency):
    page = visitor(agency).open("/so-tien/")

    page.get_by_label("Số tiền").fill("1.234")
    page.get_by_role("button", name="Ghi", exact=True).dblclick()
    page.wait_for_url("**/ket-qua/")

    assert Unit.objects.filter(code="00001").count() == 1


def test_leaving_a_form_with_something_typed_asks_first(visitor, agency):
    page = visitor(agency).open("/so-tien/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.get_by_label("Số tiền").fill("5")
    page.locator(".kc-brand").click()
    page.wait_for_url("**/")

    assert asked == ["beforeunload"]


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (PHONE, True), (DESK, False)])
def test_a_view_of_a_list_is_saved_opened_counted_and_dropped(visitor, agency, size, javascript):
    window = visitor(agency, size=size, javascript=javascript)
    page = window.page
    page.goto(f"{window.address}/danh-sach/?q=xa+cu&sap=-code&cot=code")

    page.get_by_role("link", name="Lưu cách xem này").click()
    page.get_by_label("Tên cách xem").fill("Xã cũ")
    page.get_by_role("button", name="Lưu cách xem này").click()
    page.wait_for_url("**/danh-sach/?cot=code&q=xa*cu&sap=-code")
    page.goto(f"{window.address}/danh-sach/")
    if not javascript:
        page.get_by_role("link", name="Đếm số dòng").click()

    page.get_by_role("link", name="Xã cũ 2").click()
    page.wait_for_url("**/danh-sach/?cot=code&q=xa*cu&sap=-code")
    assert page.locator(".kc-views [aria-current]").inner_text().startswith("Xã cũ")
    assert page.locator("thead tr").first.inner_text().strip().startswith("Mã")
    if javascript:
        window.check()
        page.get_by_role("searchbox", name="Tên").fill("an hao")
        page.keyboard.press("Enter")
        page.get_by_text("1 đơn vị", exact=True).wait_for()
        page.locator(".kc-views [aria-current]").wait_for(state="detached")  # it says something else now

    page.get_by_role("link", name="Sửa cách xem").click()
    page.get_by_text("Bỏ", exact=True).first.click()
    page.get_by_role("button", name="Bỏ", exact=True).click()
    page.get_by_text("Chưa lưu cách xem nào").wait_for()
