"""A voucher list sent as a file, in a real browser."""

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.contracts.conftest import alone
from tests.journeys.conftest import at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_what_a_faulty_file_says_stands_in_the_form_to_be_mended(visitor, size):
    """What was typed before the file was sent (nothing) does not take its place."""
    c = alone()
    c.running()
    window = visitor(c.people.officer, size=size)
    page = window.open(at("contracts:paste_vouchers", c.project.pk))
    listed = "Ngày;Nội dung;Ký hiệu;Số;MST;KCĐP\n25/06/2026;Máy sấy;1C26TTN;118;0100233489;300000000"

    file = {"name": "bang-ke.csv", "mimeType": "text/csv", "buffer": listed.encode()}
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_text("không đúng số kiểm tra").first.wait_for()
    page.wait_for_load_state("networkidle")

    pasted = page.locator("[name=pasted]")
    assert "1C26TTN" in pasted.input_value()
    window.check()
    pasted.fill(pasted.input_value().replace("0100233489", "0100233488"))
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi 1 dòng").click()
    page.get_by_text("Đã ghi 1 chứng từ.").wait_for()
