"""Records in a real browser: what is edited in place, what is printed, what is kept while it is typed."""

import base64
import re

import pypdfium2
import pytest
from django.test import Client
from playwright.sync_api import expect

from khuyencong.base import clock
from khuyencong.documents import typeset
from khuyencong.documents.operations import record_print
from khuyencong.establishments.models import Establishment
from khuyencong.work import papers
from tests.browser.conftest import DESK, PHONE
from tests.documents.test_prints import photograph
from tests.factories.needs import CallFactory, LinkFactory
from tests.factories.projects import ProjectFactory
from tests.journeys import steps
from tests.journeys.conftest import at, day, land, people  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(people, land):  # noqa: F811
    """A whole file that the director has not signed yet."""
    return steps.machine_file(people, land)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_facts_of_an_establishment_are_edited_where_they_stand(visitor, people, file, size):  # noqa: F811
    one = Establishment.objects.first()
    window = visitor(people.centre_officer.user, size=size)
    page = window.open(at("establishments:page", one.pk))
    here = page.url

    page.get_by_role("link", name="Sửa Thông tin cơ sở").click()
    field = page.get_by_label("Tên cơ sở")
    field.wait_for()
    expect(field).to_be_focused()
    window.check()

    page.get_by_label("Mã số thuế").fill("123")
    page.get_by_role("button", name="Lưu thông tin").click()
    page.get_by_text("Mã số thuế có 3 chữ số").wait_for()
    page.get_by_label("Mã số thuế").fill("")
    page.get_by_label("Sản phẩm chính").fill("Cà phê bột rang mộc")
    page.get_by_role("button", name="Lưu thông tin").click()

    page.get_by_text("Đã lưu thông tin cơ sở.").wait_for()
    assert page.locator("#thong-tin").get_by_text("Cà phê bột rang mộc").is_visible()
    expect(page.get_by_role("link", name="Sửa Thông tin cơ sở")).to_be_focused()
    assert page.url == here
    assert Establishment.objects.get(pk=one.pk).main_product == "Cà phê bột rang mộc"
    window.check()


def test_leaving_the_edited_panel_puts_the_facts_back(visitor, people, file):  # noqa: F811
    one = Establishment.objects.first()
    page = visitor(people.centre_officer.user).open(at("establishments:page", one.pk))

    page.get_by_role("link", name="Sửa Thông tin cơ sở").click()
    page.get_by_label("Tên cơ sở").fill("Tên gõ nhầm")
    page.get_by_role("link", name="Để sau").click()

    page.get_by_role("link", name="Sửa Thông tin cơ sở").wait_for()
    expect(page.locator(".kc-inside")).to_have_count(0)
    assert Establishment.objects.get(pk=one.pk).name == one.name


def test_facts_of_a_project_are_edited_where_they_stand(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page = window.open(at("projects:page", file.pk))

    page.locator("#thong-tin header a").click()
    page.get_by_label("Tên đề án").fill("Máy sấy cà phê, sửa tại chỗ")
    page.get_by_role("button", name="Lưu thông tin chung").click()

    page.get_by_role("heading", level=1, name="Máy sấy cà phê, sửa tại chỗ").wait_for()
    file.refresh_from_db()
    assert file.title == "Máy sấy cà phê, sửa tại chỗ"
    window.check()


def test_without_a_script_the_same_facts_are_edited_on_a_page(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user, javascript=False)
    page = window.page
    page.goto(window.address + at("projects:page", file.pk))

    page.locator("#thong-tin header a").click()
    page.wait_for_url("**" + at("projects:change", file.pk))
    page.get_by_label("Tên đề án").fill("Máy sấy cà phê, sửa trên trang")
    page.get_by_role("button", name="Lưu thông tin chung").click()
    page.wait_for_url("**" + at("projects:page", file.pk))

    file.refresh_from_db()
    assert file.title == "Máy sấy cà phê, sửa trên trang"


def test_a_record_is_printed_on_a4_without_the_frame_and_without_buttons(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page = window.open(at("projects:page", file.pk))
    page.get_by_role("link", name="Bản in", exact=True).click()
    page.wait_for_url("**" + at("projects:print", file.pk))
    window.check()
    assert page.get_by_role("button", name="In", exact=True).is_visible()

    for address in (
        at("projects:print", file.pk),
        at("projects:page", file.pk),
        at("establishments:page", Establishment.objects.first().pk),
    ):
        page.goto(window.address + address)
        page.emulate_media(media="print")

        for frame in (".kc-top", ".kc-side", ".kc-bottom", ".kc-crumbs", ".kc-acts", ".kc-views", ".kc-do", ".btn"):
            assert [one for one in page.locator(frame).all() if one.is_visible()] == [], (address, frame)
        assert page.locator("h1").is_visible()
        assert window.address + address in page.locator(".kc-printed").inner_text()
        paper = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="screen")

        width, height = (float(side) for side in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper).groups())
        assert (round(width), round(height)) in ((595, 842), (594, 842), (595, 841), (594, 841)), address


def test_a_printed_report_ends_with_its_signature_beside_the_last_rows_of_its_table(visitor, people, land):  # noqa: F811
    ProjectFactory(province=land.province, approved=True)
    page = visitor(people.department_director.user).open("/bao-cao/")
    more = """count => { const row = document.querySelector(".kc-sheet-table:last-of-type tbody tr");
        for (let n = 0; n < count; n++) row.before(row.cloneNode(true)); }"""

    for _length in range(12):  # some of these fill a page to its last line
        page.evaluate(more, 3)
        with pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)) as paper:
            last = paper[len(paper) - 1].get_textpage().get_text_bounded()
        assert "Nơi nhận" in last and "Trang lập lúc" not in last
        assert len(last.split("Nơi nhận")[0].split()) > 5


def test_what_was_typed_is_there_again_after_a_reload_until_it_is_sent(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page, here = window.page, window.address + at("projects:change", file.pk)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(here)
    page.get_by_label("Tên đề án").fill("Máy sấy cà phê gõ dở")
    page.wait_for_timeout(600)

    page.reload()
    page.get_by_text("Đã lấy lại những gì bạn gõ dở lúc").wait_for()
    assert page.get_by_label("Tên đề án").input_value() == "Máy sấy cà phê gõ dở"
    window.check()

    page.get_by_role("button", name="Bỏ, dùng nội dung đã lưu").click()
    assert page.get_by_label("Tên đề án").input_value() == file.title
    page.reload()
    assert page.locator(".kc-kept").count() == 0

    page.get_by_label("Tên đề án").fill("Máy sấy cà phê đã gửi")
    page.get_by_role("button", name="Lưu thông tin chung").click()
    page.wait_for_url("**" + at("projects:page", file.pk))
    page.goto(here)
    assert page.get_by_label("Tên đề án").input_value() == "Máy sấy cà phê đã gửi"
    assert page.locator(".kc-kept").count() == 0


def test_a_session_that_ended_loses_nothing_and_another_person_sees_nothing(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page, here = window.page, window.address + at("projects:change", file.pk)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(here)
    page.get_by_label("Tên đề án").fill("Gõ trước khi phiên hết")
    page.wait_for_timeout(600)
    cookies = page.context.cookies()

    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lưu thông tin chung").click()
    page.get_by_label("Mật khẩu").wait_for()
    page.context.add_cookies(cookies)
    page.goto(here)
    assert page.get_by_label("Tên đề án").input_value() == "Gõ trước khi phiên hết"

    director = Client()
    director.force_login(people.centre_director.user)
    page.context.add_cookies(
        [{**one, "value": director.cookies["sessionid"].value} for one in cookies if one["name"] == "sessionid"]
    )
    page.goto(here)
    assert page.locator(".kc-kept").count() == 0
    assert page.get_by_label("Tên đề án").input_value() == file.title


def test_the_phone_form_keeps_what_was_typed_and_begins_anew_once_sent(visitor, land):  # noqa: F811
    link = LinkFactory(call=CallFactory(province=land.province), commune=land.kly, holder="H'Linh Byă")
    window = visitor(size=PHONE)
    page, here = window.page, window.address + at("field:answer", link.code)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(here)
    page.get_by_label("Tên cơ sở hoặc chủ cơ sở").fill("HTX Thắng Lợi")
    page.wait_for_timeout(600)

    page.reload()
    assert page.get_by_label("Tên cơ sở hoặc chủ cơ sở").input_value() == "HTX Thắng Lợi"
    window.check()
    page.get_by_label("Cần hỗ trợ gì").fill("Máy sấy cà phê")
    page.get_by_role("button", name="Gửi nhu cầu").click()
    page.wait_for_url("**/da-gui/")

    page.goto(here)
    assert page.get_by_label("Tên cơ sở hoặc chủ cơ sở").input_value() == ""


def test_signing_out_takes_what_was_typed_along(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page = window.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(window.address + at("projects:change", file.pk))
    page.get_by_label("Tên đề án").fill("Gõ dở rồi đăng xuất")
    mine = "Object.keys(sessionStorage).filter(key => key.startsWith('kc'))"
    page.wait_for_timeout(600)
    assert len(page.evaluate(mine)) == 1
    page.get_by_label("Nội dung, quy mô").fill("Gõ ngay trước khi đăng xuất")

    page.locator(".kc-person summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_label("Mật khẩu").wait_for()

    page.wait_for_timeout(500)
    assert page.evaluate(mine) == []


def test_a_scan_dropped_on_any_page_goes_home_by_its_code(visitor, people, file):  # noqa: F811
    officer = people.centre_officer.user
    filled = papers.fill("mau-1-du-toan", subject=file, on=clock.today())
    one, told = record_print(
        filled.form,
        context=filled.context,
        subject_kind="project",
        subject_uid=file.uid,
        subject=str(file),
        by=officer,
        province=file.province,
    )
    page = visitor(officer).open(at("projects:list"))
    sent = base64.b64encode(photograph(typeset.form_pdf(told))).decode()

    page.evaluate(
        """sent => {
          const bytes = Uint8Array.from(atob(sent), letter => letter.charCodeAt(0)), carried = new DataTransfer();
          carried.items.add(new File([bytes], "anh.jpg", { type: "image/jpeg" }));
          const told = { dataTransfer: carried, bubbles: true, cancelable: true };
          document.querySelector("h1").dispatchEvent(new DragEvent("dragover", told));
          document.querySelector("h1").dispatchEvent(new DragEvent("drop", told));
        }""",
        sent,
    )

    page.get_by_text("Đã nhận diện 1 bản quét và đưa về hồ sơ.").wait_for()
    assert page.url.endswith(at("documents:print", one.pk))
