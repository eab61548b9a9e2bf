import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from khuyencong.contracts import queries
from khuyencong.contracts.models import (
    Advance,
    BeneficiaryUpdate,
    Liquidation,
    ProgressReport,
    SupportContract,
    Voucher,
)
from tests.contracts.conftest import MILLION, Case, case, day, land, law, people  # noqa: F401
from tests.factories.contracts import (
    AcceptanceSeatFactory,
    AdvanceFactory,
    AssignmentFactory,
    BeneficiaryUpdateFactory,
    ContractAppendixFactory,
    LiquidationFactory,
    ProgressReportFactory,
    PurchaseFactory,
    RecoveryReceiptFactory,
    SettlementFactory,
    SupportContractFactory,
    TenderFactory,
    VoucherFactory,
)
from tests.factories.establishments import SupportedItemFactory
from tests.factories.norms import SupportNormFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ClearanceFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def url(name, project, *args):
    return reverse(f"contracts:{name}", args=[project.pk, *args])


def signed(on, **more):
    return {
        "number": f"{on.month}{on.day}/VB",
        "signed_on": f"{on:%d/%m/%Y}",
        "signer": "Lê Minh",
        "signer_title": "Giám đốc",
    } | more


def text_of(response):
    return " ".join(response.content.decode().split())


# ---- list ----


def test_the_list_costs_the_same_for_one_and_three(client, case, django_assert_max_num_queries):  # noqa: F811
    c = case()
    client.force_login(c.people.officer)
    counts = []
    for _round in range(2):
        AssignmentFactory(project__province=c.land.province)
        client.get(reverse("contracts:list"))
        with django_assert_max_num_queries(12) as seen:
            assert client.get(reverse("contracts:list")).status_code == 200
        counts.append(len(seen))
        AssignmentFactory(project__province=c.land.province)

    assert counts[0] == counts[1]


def test_the_list_tells_what_was_given_paid_and_is_next(client, case, law):  # noqa: F811
    c = case()
    c.accepted(advanced=200 * MILLION)
    ProjectFactory(province=c.land.province)  # a draft is not here
    client.force_login(c.people.officer)

    page = text_of(client.get(reverse("contracts:list")))

    assert "1 đề án" in page
    assert "Quyết toán" in page
    assert "25/07/2026" in page  # 15 days after the acceptance of 10 July
    assert ">300<" in page
    assert ">200<" in page


def test_the_list_begins_with_what_is_under_way_and_finds_the_ended_when_asked(client, case):  # noqa: F811
    c = case()
    for state in ("running", "liquidated"):
        ProjectFactory(province=c.land.province, title=f"Đề án {state}", state=state, year=2026)
    client.force_login(c.people.officer)

    def titles(**asked):
        page = text_of(client.get(reverse("contracts:list"), asked))
        return [state for state in ("running", "liquidated") if f"Đề án {state}" in page]

    assert titles() == ["running"]
    assert titles(state="liquidated") == ["liquidated"]
    assert titles(state="tat-ca") == titles(year="2026") == titles(q="de an") == ["running", "liquidated"]
    assert titles(state="chua-ket-thuc", year="2026") == ["running"]


def test_the_list_can_be_narrowed_to_what_waits(client, case, law):  # noqa: F811
    c = case()
    c.running()
    c.request(10 * MILLION)
    client.force_login(c.people.accountant)

    assert "1 đề án" in text_of(client.get(reverse("contracts:list"), {"waits": "requested"}))
    assert "1 đề án" not in text_of(client.get(reverse("contracts:list"), {"waits": "confirmed"}))


# ---- who sees ----

ROUTES = [
    "page",
    "tender",
    "assign",
    "begin",
    "report",
    "accept",
    "vouchers",
    "add_voucher",
    "paste_vouchers",
    "settle",
    "liquidate",
]


@pytest.mark.parametrize("name", ROUTES)
def test_strangers_find_nothing(client, case, name):  # noqa: F811
    c = case()
    client.force_login(c.people.stranger)

    assert client.get(url(name, c.project)).status_code == 404


@pytest.mark.parametrize("name", ROUTES[1:])
def test_who_may_only_look_gets_no_step(client, case, name):  # noqa: F811
    c = case()
    client.force_login(c.people.commune)

    assert client.get(url(name, c.project)).status_code == (200 if name == "vouchers" else 403)


def test_an_establishment_sees_its_own_contract_and_nobody_elses(client, case, law):  # noqa: F811
    c = case(group=True)
    mine = c.beneficiary(local=150 * MILLION, establishment__name="Cơ sở Ba Lành")
    other = c.beneficiary(local=150 * MILLION, establishment__name="Cơ sở Tám Thơm")
    c.assign()
    for one in (mine, other):
        c.sign(one)
    owner = MandateFactory(of_body=True, organisation=mine.establishment.organisation).user
    client.force_login(owner)

    page = text_of(client.get(url("page", c.project)))

    assert "Cơ sở Ba Lành" in page
    assert "Cơ sở Tám Thơm" not in page
    assert "Gửi số liệu tháng" in page
    assert 'btn btn-primary w-100 mb-2" href="' + url("tell", c.project, mine.pk) in page
    assert "Tạm ứng" not in page
    assert client.get(url("vouchers", c.project)).status_code == 403
    assert client.get(url("tell", c.project, other.pk)).status_code == 403


# ---- the page ----


def test_the_page_costs_the_same_for_one_and_three(client, case, django_assert_max_num_queries):  # noqa: F811
    c = case(group=True, local=600 * MILLION)
    c.assign()
    client.force_login(c.people.officer)
    counts = []
    for _round in range(2):
        for _n in range(2 if counts else 1):
            c.buy(c.sign(c.beneficiary(local=100 * MILLION), on=day(4, 1)))
        client.get(url("page", c.project))
        with django_assert_max_num_queries(20) as seen:
            assert client.get(url("page", c.project)).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("state", ["running", "accepted", "settled", "liquidated"])
@pytest.mark.parametrize("who", ["accountant", "officer", "department"])
def test_the_fullest_page_costs_the_same_for_one_row_of_each_kind_and_three(
    client,
    case,  # noqa: F811
    law,  # noqa: F811
    state,
    who,
    django_assert_max_num_queries,
):
    c = case(group=True, national=200 * MILLION, local=100 * MILLION, level="national")
    project = c.project
    task = AssignmentFactory(project=project)
    project.state, project.accepted_on, project.norm_line = state, day(7, 10), "MMTB"
    project.save()
    TenderFactory(project=project)
    SupportNormFactory(line__code="MMTB", percent=30, cap=None)
    if state in ("settled", "liquidated"):
        SettlementFactory(project=project)
    if state == "liquidated":
        LiquidationFactory(project=project)
    client.force_login(getattr(c.people, who))

    def one_more(month):
        contract = SupportContractFactory(assignment=task, beneficiary__counterpart=5 * MILLION)
        early = contract.signed_on - dt.timedelta(days=1)
        bought = PurchaseFactory(support_contract=contract, delivered=True, signed_on=early)
        if month < 8:  # two of three were let pass
            ClearanceFactory(project=project, rule="order", subject=f"purchase:{bought.pk}")
        BeneficiaryUpdateFactory(beneficiary=contract.beneficiary, month=month, done=month * MILLION)
        ProgressReportFactory(project=project, month=month, confirmed=True)
        AdvanceFactory(project=project, envelope=c.envelope, state="paid", paid_on=day(month, 28), treasury_number="KB")
        VoucherFactory(project=project)
        ContractAppendixFactory(assignment=task)
        if state != "running" or month < 8:  # two of three
            AcceptanceSeatFactory(acceptance__project=project, acceptance__beneficiary=contract.beneficiary)
        if state in ("settled", "liquidated"):
            RecoveryReceiptFactory(recovery__project=project, recovery__envelope=c.envelope)

    if state == "running":
        BeneficiaryFactory(project=project)  # waits for its contract
    counts = []
    for months in ((6,), (7, 8)):
        for month in months:
            one_more(month)
        client.get(url("page", project))
        with django_assert_max_num_queries(20) as seen:
            page = client.get(url("page", project))
        counts.append(len(seen))

    assert counts[0] == counts[1]
    assert [row["told"]["month"] for row in page.context["contracts"]] == [6, 7, 8]
    assert (
        len(page.context["orders"]) >= 3 and sum(row["it"].cleared is not None for row in page.context["orders"]) == 2
    )
    assert len(page.context["appendices"]) == 3
    assert len(page.context["recoveries"]) == (3 if state in ("settled", "liquidated") else 0)


def test_the_page_asks_nothing_that_a_new_connection_must_write_for(client, case, law):  # noqa: F811
    """Whether SQLite knows JSON is asked of it inside a transaction, once a connection: a reading page must not need to know."""
    c = case()
    c.running()
    client.force_login(c.people.officer)
    connection.features.__dict__.pop("supports_json_field", None)

    assert client.get(url("page", c.project)).status_code == 200
    assert "supports_json_field" not in connection.features.__dict__


def test_each_sees_his_own_buttons(client, case, law):  # noqa: F811
    c = case()
    c.running()

    def page(who):
        client.force_login(getattr(c.people, who))
        return text_of(client.get(url("page", c.project)))

    accept, report = (
        url("accept_one", c.project, SupportContract.objects.get().beneficiary_id),
        url("report", c.project),
    )
    assert (accept in page("department"), report in page("department")) == (True, False)
    assert (accept in page("officer"), report in page("officer")) == (False, True)
    assert "Thuộc thẩm quyền: Lãnh đạo Sở Công Thương" in page("officer")
    assert (accept in page("commune"), report in page("commune")) == (False, False)


def test_a_shut_step_says_why_and_by_which_article(client, case, law):  # noqa: F811
    c = case(level="national", national=300 * MILLION, local=0)
    beneficiary = c.beneficiary(local=0)
    c.assign()
    c.buy(c.sign(beneficiary), delivered=None)
    client.force_login(c.people.department)

    page = text_of(client.get(url("page", c.project)))
    assert "Chưa bàn giao: Máy sấy." in page
    assert "Mở khi đã nghiệm thu cơ sở xong (Điều 18, Điều 19 TT 36/2013/TT-BCT)." in page

    client.force_login(c.people.accountant)
    page = text_of(client.get(url("page", c.project)))
    assert "Khối lượng đã thực hiện phải trên 70% tổng vốn đầu tư" in page


def test_the_arithmetic_of_an_advance_stands_beside_its_form(client, case, law):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.accountant)

    page = text_of(client.get(url("request_advance", c.project, c.envelope.pk)))

    assert "70% × 300 = 210 triệu đồng" in page
    assert "210.000.000" in page


# ---- refusals come back filled ----


def test_an_advance_beyond_the_limit_comes_back_filled(client, case, law):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.accountant)

    answer = client.post(
        url("request_advance", c.project, c.envelope.pk), signed(day(6, 28), amount="210.000.001", report="")
    )

    assert answer.status_code == 422
    assert "Chỉ được tạm ứng tối đa 210.000.000 đồng." in text_of(answer)
    assert "210.000.001" in text_of(answer)
    assert Advance.objects.count() == 0


def test_the_implementer_cannot_be_put_in_the_chair(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    client.force_login(c.people.department)
    sent = acceptance(c, beneficiary) | {"body_chair": c.land.centre.pk}

    answer = client.post(url("accept_one", c.project, beneficiary.pk), sent)

    assert answer.status_code == 422
    assert "Xưởng của cơ sở" in text_of(answer)
    assert c.fresh().state == "running"


def test_an_assignment_in_the_future_is_refused(client, case):  # noqa: F811
    c = case()
    client.force_login(c.people.department)

    answer = client.post(
        url("assign", c.project), signed(dt.date(2026, 11, 23), form="decision", giver=c.land.department.pk)
    )

    assert answer.status_code == 422
    assert c.fresh().state == "approved"


# ---- days in an order that cannot be ----


@pytest.fixture
def early(case):  # noqa: F811
    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    purchase = c.buy(c.sign(beneficiary), signed_on=day(3, 31))
    return c, beneficiary, url("clear_order", c.project, f"purchase:{purchase.pk}")


def test_an_impossible_order_shuts_the_acceptance_until_the_department_lets_it_pass(client, early):
    c, beneficiary, clear = early
    client.force_login(c.people.department)

    page = text_of(client.get(url("page", c.project)))
    assert "Hợp đồng mua “Máy sấy” ký ngày 31/03/2026 trước hợp đồng hỗ trợ ngày 01/04/2026." in page
    assert f'href="{clear}"' in page
    assert f'href="{url("accept_one", c.project, beneficiary.pk)}"' not in page

    answer = client.post(clear, {"reason": "Cơ sở mua trước để kịp mùa vụ", "on": "01/07/2026"})
    assert answer.status_code == 302

    page = text_of(client.get(url("page", c.project)))
    assert "Cơ sở mua trước để kịp mùa vụ" in page
    assert f'href="{clear}"' not in page
    assert f'href="{url("accept_one", c.project, beneficiary.pk)}"' in page
    assert client.get(clear).status_code == 404


def test_an_order_is_not_let_pass_without_a_reason(client, early):
    c, _beneficiary, clear = early
    client.force_login(c.people.appraiser)

    answer = client.post(clear, {"reason": "vội", "on": "01/07/2026"})

    assert answer.status_code == 422
    assert "Hãy ghi rõ lý do chấp nhận ngoại lệ" in text_of(answer)


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("accountant", 403), ("stranger", 404)])
def test_others_see_the_order_and_no_way_past_it(client, early, who, status):
    c, _beneficiary, clear = early
    client.force_login(getattr(c.people, who))

    assert client.get(clear).status_code == status
    if status == 403:
        assert "Chờ Sở xem xét" in text_of(client.get(url("page", c.project)))


# ---- vouchers from Excel ----

LIST = "Ngày\tNội dung\tKý hiệu\tSố\tMST\tKCĐP\tĐối ứng\n25/06/2026\tMáy sấy\t1C26TTN\t118\t0100233488\t300000000\t320000000"


def test_a_pasted_list_is_previewed_then_written(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": LIST})
    assert (preview.status_code, Voucher.objects.count()) == (200, 0)
    assert "2 dòng chứng từ, cộng 620.000.000 đồng." in text_of(preview)
    assert 'name="ghi"' in text_of(preview)

    sent = {"source": "local", "pasted": preview.context["form"]["pasted"].value(), "ghi": "1"}
    assert client.post(url("paste_vouchers", c.project), sent).status_code == 302
    assert sorted(Voucher.objects.values_list("source", "amount")) == [
        ("counterpart", 320 * MILLION),
        ("local", 300 * MILLION),
    ]


def test_a_faulty_list_names_its_cells_and_cannot_be_confirmed(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    faulty = LIST.replace("25/06/2026", "31/12/2025")

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty})
    assert preview.status_code == 422
    assert '<td class="kc-num">A2</td>' in text_of(preview)
    assert 'name="ghi"' not in text_of(preview)

    forced = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty, "ghi": "1"})
    assert (forced.status_code, Voucher.objects.count()) == (422, 0)


def test_the_marked_list_is_fetched_by_who_sent_it_and_nobody_else(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    faulty = LIST.replace("0100233488", "0100233489")

    preview = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": faulty})
    marked = preview.context["marked"]

    assert f'href="{marked}"' in text_of(preview)
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(marked).streaming_content))).active
    assert [cell.coordinate for row in sheet for cell in row if cell.comment] == ["E2"]
    for other, status in ((c.people.accountant, 404), (c.people.appraiser, 403), (c.people.stranger, 404)):
        client.force_login(other)
        assert client.get(marked).status_code == status


def test_a_list_without_a_head_says_what_it_needs(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)

    answer = client.post(url("paste_vouchers", c.project), {"source": "local", "pasted": "a\tb\n1\t2"})

    assert answer.status_code == 422
    assert "không có dòng tiêu đề với các cột" in text_of(answer)


# ---- the whole life, in the browser ----


def acceptance(c, beneficiary):
    sent = signed(day(7, 10), form="5a", place="Xưởng của cơ sở", verdict="passed")
    sent |= {"state_volume": "300 triệu", "counterpart_volume": "320 triệu"}
    sitting = {
        "chair": c.land.department,
        "centre": c.land.centre,
        "commune": c.land.committee,
        "beneficiary": beneficiary.establishment.organisation,
    }
    for role, body in sitting.items():
        sent |= {f"body_{role}": body.pk, f"name_{role}": f"Ông {role}"}
    return sent


def test_a_contracts_whole_life_in_the_browser(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.beneficiary()
    owner = MandateFactory(of_body=True, organisation=beneficiary.establishment.organisation).user

    def take(who, name, *args, **sent):
        client.force_login(getattr(c.people, who, None) or owner)
        assert client.get(url(name, c.project, *args)).status_code == 200
        answer = client.post(url(name, c.project, *args), sent)
        assert answer.status_code == 302, text_of(answer)[-3000:]

    take("department", "assign", **signed(day(3, 20), form="decision", giver=c.land.department.pk))
    take("director", "sign", beneficiary.pk, **signed(day(4, 1), local="300 triệu", counterpart="320 triệu"))
    contract = SupportContract.objects.get()
    take(
        "owner",
        "purchase",
        contract.pk,
        item="Máy sấy",
        value="620 triệu",
        seller="Cơ khí",
        bought_on="10/04/2026",
        is_new="on",
    )
    take("owner", "tell", beneficiary.pk, month="2026-6", done="500 triệu", note="Đã lắp xong")
    take("owner", "deliver", contract.purchases.get().pk, on="20/06/2026", serial="TQ-118")
    take(
        "officer",
        "report",
        month="2026-6",
        done="500 triệu",
        state_spent="0",
        counterpart_spent="0",
        sent_on="24/06/2026",
    )
    report = ProgressReport.objects.get()
    take("appraiser", "confirm_volume", report.pk, **signed(day(6, 25)))
    take("accountant", "request_advance", c.envelope.pk, **signed(day(6, 28), amount="210 triệu", report=report.pk))
    advance = Advance.objects.get()
    take("appraiser", "confirm_advance", advance.pk, **signed(day(6, 29)))
    take("accountant", "pay_advance", advance.pk, **signed(day(6, 30), treasury_number="KB-118"))
    take("department", "accept_one", beneficiary.pk, **acceptance(c, beneficiary))
    take("officer", "paste_vouchers", source="local", pasted=LIST, ghi="1")
    take("accountant", "settle", **signed(day(7, 20)))
    take("accountant", "request_advance", c.envelope.pk, **signed(day(7, 21), amount="90 triệu", report=""))
    rest = Advance.objects.get(number=2)
    take("appraiser", "confirm_advance", rest.pk, **signed(day(7, 22)))
    take("accountant", "pay_advance", rest.pk, **signed(day(7, 23), treasury_number="KB-119"))
    take("department", "liquidate", **signed(day(8, 10), reconciled_on="09/08/2026"))

    assert c.fresh().state == "liquidated"
    assert Liquidation.objects.get().reconciliation.signed_on == day(8, 9)
    assert BeneficiaryUpdate.objects.get().by == owner
    client.force_login(c.people.officer)
    page = text_of(client.get(url("page", c.project)))
    assert "KB-118" in page
    assert "Đã thanh lý" in page


def test_a_surplus_is_given_back_and_a_request_sent_back(client, case, law):  # noqa: F811
    c = case()
    beneficiary = c.running()
    c.advance(200 * MILLION, report=c.report())
    waiting = c.request(10 * MILLION, on=day(7, 1))
    client.force_login(c.people.appraiser)
    refused = client.post(url("refuse_advance", c.project, waiting.pk), {"reason": "Thiếu ảnh", "on": "02/07/2026"})
    assert refused.status_code == 302
    c.accept(beneficiary)
    c.vouch(c.row(100 * MILLION), c.row(100 * MILLION, "counterpart"))
    c.settle()
    client.force_login(c.people.accountant)

    page = client.get(url("return_surplus", c.project, c.envelope.pk))
    assert "Đã tạm ứng 200.000.000 − quyết toán" in text_of(page)
    surplus = page.context["form"].initial["amount"]
    answer = client.post(url("return_surplus", c.project, c.envelope.pk), signed(day(7, 25), amount=str(surplus)))

    assert answer.status_code == 302
    client.force_login(c.people.department)
    assert url("liquidate", c.project) in text_of(client.get(url("page", c.project)))


def test_one_voucher_is_added_and_taken_off(client, case):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.officer)
    sent = {"kind": "invoice", "source": "local", "number": "118", "seller_tax_code": "0100233488", "on": "25/06/2026"}

    assert (
        client.post(url("add_voucher", c.project), sent | {"content": "Máy", "amount": "300 triệu"}).status_code == 302
    )
    again = client.post(url("add_voucher", c.project), sent | {"content": "Máy", "amount": "300 triệu"})
    assert again.status_code == 422
    assert "đã có trong đề án" in text_of(again)
    voucher = Voucher.objects.get()
    for which in ("8a", "8b"):
        assert "300.000.000" in text_of(client.get(url("vouchers", c.project), {"bang": which}))
    assert client.post(url("remove_voucher", c.project, voucher.pk), {"reason": "Nhập nhầm"}).status_code == 302
    assert "Chưa có chứng từ nào" in text_of(client.get(url("vouchers", c.project)))


def test_a_class_begins_and_a_tender_is_recorded(client, case, law):  # noqa: F811
    c = case(training=True)
    client.force_login(c.people.officer)
    tender = {"package": "In tài liệu", "winner": "Nhà in", "value": "5 triệu"}
    assert client.post(url("tender", c.project), signed(day(3, 10), **tender)).status_code == 302
    c.assign()
    client.force_login(c.people.director)

    assert url("begin", c.project) in text_of(client.get(url("page", c.project)))
    assert client.post(url("begin", c.project), {"on": "01/04/2026"}).status_code == 302
    assert c.fresh().state == "running"


def test_a_contract_is_found_by_the_number_of_its_paper(client, case):  # noqa: F811
    from khuyencong.web.desk.contracts import search
    from tests.contracts.conftest import paper

    c = case()
    beneficiary = c.beneficiary()
    c.assign()
    c.sign(beneficiary, paper=paper("support_contract", day(4, 1), number="17/HĐHT", folded="17/hdht"))

    [hit] = search.find(c.people.officer, "17/hdht", 8)
    assert (hit.title, hit.url) == ("Hợp đồng hỗ trợ: 17/HĐHT (01/04/2026)", url("page", c.project))
    assert search.find(c.people.stranger, "17/hdht", 8) == []
    client.force_login(person("auditor", place=None, whole_country=True))
    found = text_of(client.get("/tim/", {"q": "17/HĐHT"}))
    assert "Hợp đồng hỗ trợ: 17/HĐHT (01/04/2026)" in found
    assert url("page", c.project) in found


def test_acceptance_leads_to_the_one_that_is_left_or_to_the_choice(client, case):  # noqa: F811
    c = case(group=True)
    first, second = (c.beneficiary(local=150 * MILLION) for _ in range(2))
    c.assign()
    for one in (first, second):
        c.buy(c.sign(one))
    client.force_login(c.people.department)

    assert client.get(url("accept", c.project)).url == url("page", c.project)
    c.accept(first, state_volume=150 * MILLION)
    assert client.get(url("accept", c.project)).url == url("accept_one", c.project, second.pk)


def test_a_group_is_not_accepted_as_a_whole_while_a_contract_is_missing(client, case):  # noqa: F811
    c = case(group=True)
    first = c.beneficiary(local=150 * MILLION)
    c.beneficiary(local=150 * MILLION, establishment__name="Cơ sở Tám Thơm")
    c.assign()
    c.buy(c.sign(first))
    c.accept(first, state_volume=150 * MILLION)
    client.force_login(c.people.department)

    page = text_of(client.get(url("page", c.project)))

    assert "Chưa ký hợp đồng hỗ trợ: Cơ sở Tám Thơm." in page
    assert url("accept", c.project) not in page


def test_an_officer_of_another_area_of_the_centre_looks_at_the_whole_file(client, case, law):  # noqa: F811
    from tests.factories.organisations import AreaFactory

    c = case()
    c.running()
    area = AreaFactory(organisation=c.land.centre)
    client.force_login(MandateFactory(role="centre_officer", place=None, area=area, employer=c.land.centre).user)

    page = text_of(client.get(url("page", c.project)))

    assert "Kinh phí khuyến công địa phương" in page


# ---- machines and invoices supported before ----


@pytest.mark.parametrize(("who", "clears"), [("appraiser", True), ("officer", False)])
def test_a_machine_supported_elsewhere_is_shown_and_let_pass_by_the_department(client, case, who, clears):  # noqa: F811
    c = case()
    c.running()
    SupportedItemFactory(
        serial="TQ-118", establishment__name="Cơ sở Tân Phát", establishment__province=ProvinceFactory()
    )
    [twin] = queries.twins_of(c.project)
    clear = url("clear_twin", c.project, twin.key)
    client.force_login(getattr(c.people, who))

    page = text_of(client.get(url("twins", c.project)))
    assert "Số máy “TQ-118” đã được Nhà nước hỗ trợ" in page and "Tân Phát" not in page
    assert (f'href="{clear}"' in page) is clears
    assert client.get(clear).status_code == (200 if clears else 403)
    if clears:
        assert client.post(clear, {"reason": "Đã đối chiếu, hãng đánh số trùng", "on": "01/07/2026"}).status_code == 302
        assert "Đã đối chiếu, hãng đánh số trùng" in text_of(client.get(url("twins", c.project)))
        assert client.get(clear).status_code == 404


def test_the_page_of_duplicates_costs_the_same_for_one_and_three(client, case, django_assert_max_num_queries):  # noqa: F811
    c = case()
    c.running()
    client.force_login(c.people.appraiser)
    counts = []
    for several in (1, 2):
        SupportedItemFactory.create_batch(several, serial="TQ-118")
        client.get(url("twins", c.project))
        with django_assert_max_num_queries(20) as seen:
            page = client.get(url("twins", c.project))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert len(page.context["rows"]) == 3
