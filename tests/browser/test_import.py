"""Old dossiers come in by the browser: one workbook of 214 projects in an old font, looked at, then written at once."""

import pytest

from khuyencong.budgets.models import Entry
from khuyencong.files.models import ImportRun
from khuyencong.places import queries as places
from khuyencong.projects.models import Project
from khuyencong.web.common import imports
from tests.browser.conftest import DESK, PHONE
from tests.journeys.conftest import at, land, people  # noqa: F401
from tests.plans.test_import_history import HEAD, old, tcvn3_book

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 214


@pytest.fixture
def workbook(land):  # noqa: F811
    """As a province kept it: .xls, TCVN3, one faulty year among 215 lines."""
    places.forget()
    lines = [
        old(n, f"Hỗ trợ máy sấy cà phê số {n}", beneficiary=f"Cơ sở Ngọc Tứ {n}", place="xã Ea Kly", year=2012 + n % 12,
            implementer="Trung tâm Khuyến công tỉnh Đắk Lắk")
        for n in range(1, NUMBER + 1)
    ]  # fmt: skip
    lines.append(old(NUMBER + 1, "Hỗ trợ máy sấy cà phê năm sau", year=2036))
    return tcvn3_book([HEAD, *lines])


def worked(page, does):
    """What the worker does with the newest file, while nobody polls: the tests' database in memory knows no waiting."""
    address = page.url
    page.goto("about:blank")
    does(ImportRun.objects.order_by("pk").last())
    page.goto(address)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_old_dossiers_are_looked_at_and_written_at_once(visitor, people, workbook, size):  # noqa: F811
    window = visitor(people.centre_officer.user, size=size)
    page = window.open(at("imports:upload", "history"))

    # the field says its words in the language of the page, and what was chosen
    assert page.get_by_text("Chưa chọn tệp nào").is_visible()
    page.locator("[name=file]").set_input_files(
        {"name": "de-an-cu.xls", "mimeType": "application/vnd.ms-excel", "buffer": workbook}
    )
    page.get_by_text("de-an-cu.xls (").wait_for()
    page.get_by_role("button", name="Gửi tệp và xem trước").click()
    page.wait_for_url("**/nhap-du-lieu/*-*/")
    assert page.get_by_text("Đang chờ đọc tệp").is_visible()

    worked(page, imports.read)
    window.check()
    assert Project.objects.count() == 0
    assert page.get_by_text("2036").first.is_visible()
    page.get_by_role("button", name=f"Ghi {NUMBER} đề án").click()
    page.wait_for_load_state()
    worked(page, imports.write)
    window.check()

    assert page.get_by_text(f"Đã ghi {NUMBER} dòng trong một lần.").is_visible()
    assert (Project.objects.count(), Entry.objects.count()) == (NUMBER, 0)
    assert set(Project.objects.values_list("historical", "originals_missing")) == {(True, True)}
    page.get_by_role("link", name="Xem danh sách").click()
    page.wait_for_load_state()
    window.check()
    assert page.get_by_text("Hỗ trợ máy sấy cà phê số 214").first.is_visible()  # not Hç trî m¸y sÊy

    # the same file again adds nothing
    window.open(at("imports:upload", "history"))
    page.locator("[name=file]").set_input_files(
        {"name": "de-an-cu.xls", "mimeType": "application/vnd.ms-excel", "buffer": workbook}
    )
    page.get_by_role("button", name="Gửi tệp và xem trước").click()
    page.wait_for_url("**/nhap-du-lieu/*-*/")
    worked(page, imports.read)
    assert page.get_by_text("Không có dòng nào để ghi.").is_visible()
