"""The year in a real browser: what people see and press, on a desk and on a phone, each page held to axe."""

import pytest

from khuyencong.budgets.models import Envelope
from khuyencong.needs.models import Need
from khuyencong.plans.models import Decision
from khuyencong.projects.models import Project
from tests.browser.conftest import DESK, PHONE
from tests.factories.needs import CallFactory, LinkFactory
from tests.factories.people import UserFactory
from tests.journeys import steps
from tests.journeys.conftest import MILLION, at, day, land, people  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""


@pytest.fixture
def file(people, land):  # noqa: F811
    """A whole file that the director has not signed yet."""
    return steps.machine_file(people, land)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_commune_answers_on_its_phone(visitor, land, javascript):  # noqa: F811
    link = LinkFactory(call=CallFactory(province=land.province), commune=land.kly, holder="H'Linh Byă")
    window = visitor(size=PHONE, javascript=javascript)
    page = window.open(at("field:answer", link.code)) if javascript else window.page
    if not javascript:
        page.goto(window.address + at("field:answer", link.code))

    page.get_by_label("Tên cơ sở hoặc chủ cơ sở").fill("HTX Thắng Lợi")
    page.get_by_label("Cần hỗ trợ gì").fill("Máy sấy cà phê")
    page.get_by_label("Khoảng bao nhiêu tiền").fill("ba trăm")
    page.get_by_role("button", name="Gửi nhu cầu").click()
    page.get_by_text("Nhập số tiền, ví dụ 1.234.567 hoặc 350 triệu.").wait_for()
    assert Need.objects.count() == 0
    assert page.get_by_label("Cần hỗ trợ gì").input_value() == "Máy sấy cà phê"  # nothing typed is lost

    page.get_by_label("Khoảng bao nhiêu tiền").fill("350 triệu")
    page.get_by_role("button", name="Gửi nhu cầu").click()
    page.wait_for_url("**/da-gui/")

    assert page.get_by_text("Máy sấy cà phê").first.is_visible()
    need = Need.objects.get()
    assert (need.commune, need.about, need.channel) == (land.kly, 350 * MILLION, "link")
    if javascript:
        window.check()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_officer_reads_her_day_and_a_record(visitor, people, file, size):  # noqa: F811
    window = visitor(people.centre_officer.user, size=size)

    page = window.open("/")
    assert page.get_by_role("heading", name="Việc cần làm").is_visible()
    page = window.open(at("projects:page", file.pk))
    assert page.get_by_role("heading", name=file.title).is_visible()
    for name in ("money", "papers", "beneficiaries", "history", "checks"):
        window.open(at(f"projects:{name}", file.pk))
    window.open(at("projects:list"))


def test_the_working_table_is_filled_by_keys_and_by_paste_and_sums_itself(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page = window.open(at("projects:estimate", file.pk))
    total = page.locator("[data-kc-sum=total]")
    assert total.inner_text() == "620.000.000"

    # a block as Excel copies it, onto the second line
    page.locator("#id_dong-1-content").focus()
    block = "Vận chuyển\tchuyến\t2\t5 triệu\t\t\t10 triệu\nLắp đặt\tgói\t1\t1.500.000\t\t\t1.500.000"
    page.evaluate(PASTE, block)
    assert page.locator("#id_dong-2-content").input_value() == "Lắp đặt"
    assert total.inner_text() == "631.500.000"

    # arrows and Enter move as in a sheet
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == "id_dong-2-content"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "id_dong-2-unit"

    # more lines than there are rows: none is lost, and Enter below the last begins another
    many = (
        "\n".join(f"Mục {n}\tcái\t1\t1000000\t\t\t1000000" for n in range(8))
        + '\n"Ghi ""hai\ndòng"""\tgói\t1\t2 triệu\t\t\t2 triệu'
    )
    page.locator("#id_dong-3-content").focus()
    page.evaluate(PASTE, many)
    assert page.locator("[data-kc-row]").count() == 12
    assert page.locator("#id_dong-11-content").input_value() == 'Ghi "hai dòng"'
    assert page.locator("#id_dong-10-counterpart").input_value() == "1.000.000"
    assert total.inner_text() == "641.500.000"
    page.locator("#id_dong-11-content").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_dong-12-content"

    # it saves itself, and then leaving asks nothing
    page.locator("[data-kc-saved]", has_text="Đã lưu lúc").wait_for()
    assert Project.objects.get(pk=file.pk).counterpart == 341_500_000
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    window.open(at("projects:money", file.pk))
    window.open(at("projects:estimate", file.pk))
    assert asked == []

    page.get_by_role("button", name="Lưu dự toán").click()
    page.wait_for_url("**/kinh-phi/")
    window.check()
    saved = Project.objects.get(pk=file.pk)
    assert (saved.local, saved.counterpart) == (300 * MILLION, 341_500_000)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_director_reads_the_paper_beside_two_buttons_and_signs(visitor, people, file, size):  # noqa: F811
    window = visitor(people.centre_director.user, size=size)
    page = window.open("/")

    picture = page.locator(".kc-sign img")
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert page.locator(".kc-sign").get_by_role("link", name="Trả lại, ghi ý kiến").is_visible()
    page.locator(".kc-sign").get_by_role("link", name="Đồng ý").click()
    page.wait_for_url("**/gui-tham-dinh/")
    window.check()

    page.get_by_label("Số, ký hiệu").fill("12/TTKC")
    page.get_by_label("Ngày ký").fill(day(11, 20))
    page.get_by_role("button", name="Ký, gửi thẩm định").click()
    page.wait_for_url(f"**/de-an/{file.pk}/")

    window.check()
    assert Project.objects.get(pk=file.pk).state == "submitted"


def test_a_refused_step_keeps_what_was_typed(visitor, people, file):  # noqa: F811
    window = visitor(people.centre_director.user)
    page = window.open(at("projects:submit", file.pk))

    page.get_by_label("Số, ký hiệu").fill("12/TTKC")
    page.get_by_label("Ngày ký").fill("23/11/2026")
    page.get_by_role("button", name="Ký, gửi thẩm định").click()

    page.get_by_text("Ngày này ở tương lai. Hãy kiểm tra lại.").wait_for()
    assert page.get_by_label("Số, ký hiệu").input_value() == "12/TTKC"
    assert Project.objects.get(pk=file.pk).state == "draft"
    window.check()


def test_the_interface_speaks_english_when_asked(visitor, people):  # noqa: F811
    window = visitor(people.centre_officer.user)
    page = window.open(at("projects:list"))
    assert page.locator("html").get_attribute("lang") == "vi"

    page.locator(".kc-person > summary").click()
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("heading", level=1).inner_text() == "Projects"
    window.check()


def test_who_has_no_mandate_is_told_so(visitor, file):
    window = visitor(UserFactory(), size=PHONE)

    window.open("/")
    window.open(at("projects:page", file.pk), status=404)


@pytest.fixture
def assigned(people, land, file):  # noqa: F811
    """The same file, in the plan by the chairman's decision and given to the Centre."""
    appraiser, leader, clerk = people.appraiser, people.department_director, people.registry_clerk
    steps.appraised(people, file)
    steps.given(people.accountant, land, amount="900 triệu")
    plan = steps.plan_of(appraiser, land)
    decision = steps.drafted(appraiser, plan)
    appraiser.does(at("plans:arrange", decision.pk), **steps.rank((file, {"local": "300"})))
    leader.does(at("plans:submit", decision.pk), **leader.signed(2, 16, no="41/TTr-SCT"))
    clerk.does(at("plans:approve", decision.pk), **clerk.signed(3, 2, no="512/QĐ-UBND", total="300 triệu"))
    giving = {"form": "decision", "giver": land.department.pk, **leader.signed(3, 10, no="64/QĐ-SCT")}
    leader.does(at("contracts:assign", file.pk), **giving)
    return file


LISTS = {
    "department_director": ("plans:list", "plans:requests", "budgets:list", "contracts:list", "councils:list", "norms:list",
                            "norms:rows", "reporting:list", "work:calendar", "programmes:list"),
    "centre_officer": ("needs:list", "needs:register", "needs:calls", "surveys:list", "establishments:list", "projects:draft",
                       "documents:list", "imports:list", "notices:list", "organisations:list", "organisations:experts"),
    "auditor": ("audit:list", "audit:journal", "audit:sample", "audit:envelopes", "audit:verify"),
    "administrator": ("people:list", "people:mandates", "people:register"),
}  # fmt: skip


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("role", LISTS)
def test_each_desk_can_be_read_by_everybody(visitor, people, assigned, role, size):  # noqa: F811
    window = visitor(getattr(people, role).user, size=size)

    for name in LISTS[role]:
        window.open(at(name))


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_money_and_papers_of_one_project_can_be_read_by_everybody(visitor, people, assigned, size):  # noqa: F811
    pk, helped = assigned.pk, assigned.beneficiaries.get().pk
    decision, envelope = Decision.objects.get(), Envelope.objects.get()
    pages = {
        "centre_director": [at("contracts:page", pk), at("contracts:sign", pk, helped), at("plans:ask_change", pk)],
        "department_director": [at("plans:page", decision.plan_id), at("plans:decision", decision.pk)],
        "auditor": [at("budgets:page", envelope.pk), at("budgets:flow", pk), at("audit:trail", pk)],
    }

    for role, addresses in pages.items():
        window = visitor(getattr(people, role).user, size=size)
        for address in addresses:
            window.open(address)
