import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.contracts import queries
from khuyencong.contracts.models import (
    SupportContract,
)
from khuyencong.web.desk.contracts import parts
from tests.contracts.conftest import MILLION, Case, alone, beginning, case, day, here, land, law, people  # noqa: F401
from tests.factories.budgets import EntryFactory
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
from tests.factories.documents import PaperFactory
from tests.factories.norms import DeadlineRowFactory, GroundRowFactory, InstrumentFactory, SupportNormFactory
from tests.factories.organisations import FormerNameFactory
from tests.factories.people import MandateFactory
from tests.factories.projects import BeneficiaryFactory, ClearanceFactory, ProjectFactory
from tests.web.desk.given_contracts import text_of, url

pytestmark = pytest.mark.django_db


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


def test_the_list_tells_the_day_of_the_page_by_the_rows_of_its_province(case, law):  # noqa: F811
    c = case()
    c.accepted()
    own = {"instrument": law.circular, "level": "provincial", "province": c.land.province, "valid_from": day(1, 1)}
    DeadlineRowFactory(**own, code="settlement_dossier", kind="days_after", days=40, month=None, day=None)

    row = queries.with_figures(queries.board(c.people.officer)).get()
    of_page = parts.due_of(c.fresh(), queries.file_of(c.project), {}, on=day(11, 22))

    assert (parts.Deadlines(day(11, 22)).of(row), of_page) == (day(8, 19), day(8, 19))


def test_the_days_of_the_list_cost_the_same_for_one_and_three_provinces(
    client,
    case,  # noqa: F811
    law,  # noqa: F811
    django_assert_num_queries,
):
    c = case()
    since = {"instrument": law.circular, "level": "provincial", "valid_from": day(1, 1)}

    def one_more():
        project = ProjectFactory(state="settled", year=2026)
        DeadlineRowFactory(**since, province=project.province, code="liquidation")

    one_more()
    client.force_login(c.people.agency)
    address = f"{reverse('contracts:list')}?state=settled"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    one_more(), one_more()
    with django_assert_num_queries(len(one)):
        assert client.get(address).context["list"].count == 3


def test_money_carried_over_has_another_year_in_the_list_too(case, law):  # noqa: F811
    c = case()
    carried = ProjectFactory(province=c.land.province, state="settled", year=2026)
    EntryFactory(envelope=c.envelope, kind="carried_out", amount=5, project=carried)
    ProjectFactory(province=c.land.province, state="settled", year=2026)

    found = queries.with_figures(queries.board(c.people.officer)).filter(state="settled").order_by("pk")

    assert [parts.Deadlines(day(11, 22)).of(project) for project in found] == [day(1, 22, 2028), day(1, 22, 2027)]


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


@pytest.mark.parametrize(("level", "status"), [("provincial", 403), ("national", 200)])
def test_the_agency_is_offered_no_form_for_money_that_is_not_of_the_nation(client, case, level, status):  # noqa: F811
    money = {"national": 300 * MILLION, "local": 0} if level == "national" else {}
    c = case(level=level, **money)
    client.force_login(c.people.agency)

    page = client.get(url("assign", c.project))

    assert page.status_code == status
    assert ("Việc này thuộc: Lãnh đạo Sở Công Thương." in page.content.decode()) == (status == 403)


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


def test_an_establishment_that_sent_its_figures_finds_what_it_sent_and_the_day_of_the_next_month(client, case, law):  # noqa: F811
    c = case()
    mine = c.beneficiary(local=150 * MILLION)
    c.assign()
    c.sign(mine)
    client.force_login(MandateFactory(of_body=True, organisation=mine.establishment.organisation).user)
    address, blue = url("tell", c.project, mine.pk), 'btn btn-primary w-100 mb-2" href="{}"'
    before = [text_of(client.get(page)) for page in (url("page", c.project), "/")]

    BeneficiaryUpdateFactory(beneficiary=mine, year=2026, month=10, done=1)
    last_month = text_of(client.get(url("page", c.project)))
    BeneficiaryUpdateFactory(beneficiary=mine, year=2026, month=11, done=90 * MILLION)
    page, home = (text_of(client.get(page)) for page in (url("page", c.project), "/"))

    assert [blue.format(address) in one for one in (before[0], last_month, page)] == [True, True, False]
    assert "Số liệu tháng 11 đã gửi: 90.000.000 đồng. Mở từ ngày 01/12/2026, hạn hết ngày 24/12/2026." in page
    assert f'btn btn-quiet w-100 mb-2" href="{address}">Gửi lại số liệu tháng 11' in page
    assert ["Số liệu tháng này đã gửi" in one for one in (before[1], home)] == [False, True]
    assert "Tháng 12 gửi từ 01/12/2026, hạn hết ngày 24/12/2026." in home


def test_the_list_tells_an_establishment_nothing_of_the_money_of_others(client, law):  # noqa: F811
    c = alone(group=True)
    mine = c.beneficiary(local=150 * MILLION)
    c.assign()
    owner = MandateFactory(of_body=True, organisation=mine.establishment.organisation).user
    implementer = MandateFactory(of_body=True, role="implementer", organisation=c.land.centre).user
    shown = {}
    for name, user in (("owner", owner), ("implementer", implementer)):
        client.force_login(user)
        shown[name] = text_of(client.get(reverse("contracts:list"), {"cot": ["advanced", "granted"]}))

    assert ("1 đề án" in shown["owner"], "1 đề án" in shown["implementer"]) == (True, True)
    assert ("Đã tạm ứng" in shown["owner"], "Đã tạm ứng" in shown["implementer"]) == (False, True)
    assert ("Sở xác nhận tạm ứng" in shown["owner"], "Sở xác nhận tạm ứng" in shown["implementer"]) == (False, True)


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
def test_the_fullest_page_costs_the_same_for_one_row_of_each_kind_and_three(
    case,  # noqa: F811
    law,  # noqa: F811
    state,
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
    desks = {who: Client() for who in ("accountant", "officer", "department")}
    for who, desk in desks.items():
        desk.force_login(getattr(c.people, who))

    def one_more(month):
        contract = SupportContractFactory(assignment=task, beneficiary__counterpart=5 * MILLION)
        FormerNameFactory(
            organisation=contract.beneficiary.establishment.organisation, name=f"Tên tháng {month}", until=day(11, 1)
        )
        early = contract.signed_on - dt.timedelta(days=1)
        bought = PurchaseFactory(support_contract=contract, delivered=True, signed_on=early)
        if month < 8:  # two of three were let pass
            ClearanceFactory(project=project, rule="order", subject=f"purchase:{bought.pk}")
        BeneficiaryUpdateFactory(beneficiary=contract.beneficiary, month=month, done=month * MILLION)
        ProgressReportFactory(project=project, month=month, confirmed=True)
        AdvanceFactory(
            project=project,
            envelope=c.envelope,
            state="paid",
            requested_on=day(month, 27),
            confirmation=PaperFactory(kind="volume_confirmation", signed_on=day(month, 27)),
            paid_on=day(month, 28),
            treasury_number="KB",
        )
        VoucherFactory(project=project)
        ContractAppendixFactory(assignment=task)
        if state != "running" or month < 8:  # two of three
            seat = AcceptanceSeatFactory(acceptance__project=project, acceptance__beneficiary=contract.beneficiary)
            FormerNameFactory(organisation=seat.organisation, until=day(11, 20))
        if state in ("settled", "liquidated"):
            RecoveryReceiptFactory(recovery__project=project, recovery__envelope=c.envelope)

    if state == "running":
        BeneficiaryFactory(project=project)  # waits for its contract
    for body in (task.giver, task.implementer):
        FormerNameFactory(organisation=body, until=day(11, 1))
    counts, pages = [], {}
    for months in ((6,), (7, 8)):
        for month in months:
            one_more(month)
        counts.append({})
        for who, desk in desks.items():
            with django_assert_max_num_queries(20) as seen:
                pages[who] = desk.get(url("page", project))
            counts[-1][who] = len(seen)

    assert counts[0] == counts[1]
    for page in pages.values():
        shown = page.context["contracts"]
        assert [row["told"]["month"] for row in shown] == [6, 7, 8]
        assert [row["party"].name for row in shown] == [f"Tên tháng {month}" for month in (6, 7, 8)]
        orders = page.context["orders"]
        assert len(orders) >= 3 and sum(row["it"].cleared is not None for row in orders) == 2
        assert len(page.context["appendices"]) == 3
        assert len(page.context["recoveries"]) == (3 if state in ("settled", "liquidated") else 0)


@pytest.mark.parametrize(("until", "then"), [(day(3, 20), False), (day(3, 21), True)])
def test_a_party_is_told_by_its_name_of_the_signing_and_by_that_of_today(client, case, law, until, then):  # noqa: F811
    c = case()
    task = c.assign()
    contract = c.sign(c.beneficiary())
    client.force_login(c.people.officer)
    for body, signed in ((task.implementer, task), (contract.beneficiary.establishment.organisation, contract)):
        type(signed).objects.filter(pk=signed.pk).update(signed_on=day(3, 20))
        FormerNameFactory(organisation=body, name=f"Tên khi ký {body.pk}", until=until)

    page = client.get(url("page", c.project))

    task_told, told = page.context["task"]["implementer"], page.context["contracts"][0]["party"]
    centre, establishment = task.implementer, contract.beneficiary.establishment
    if then:
        assert (task_told.name, task_told.now) == (f"Tên khi ký {centre.pk}", str(centre))
        assert (told.name, told.now) == (f"Tên khi ký {establishment.organisation_id}", establishment.name)
        assert f"nay là {establishment.name}" in page.content.decode()
    else:
        assert (task_told.name, task_told.now, told.name, told.now) == (str(centre), "", establishment.name, "")
        assert "nay là" not in page.content.decode()


@pytest.mark.parametrize(("until", "then"), [(day(7, 10), False), (day(7, 11), True)])
def test_who_sat_at_an_acceptance_and_who_signed_are_told_by_their_names_of_that_day(client, case, law, until, then):  # noqa: F811
    c = case()
    task = AssignmentFactory(project=c.project, implementer=c.project.implementer, signed_on=day(3, 20))
    seat = AcceptanceSeatFactory(acceptance__project=c.project, acceptance__on=day(7, 10))
    for body, name in ((seat.organisation, "Sở của ngày ấy"), (task.implementer, "Trung tâm của ngày ấy")):
        FormerNameFactory(organisation=body, name=name, until=until)
    client.force_login(c.people.officer)

    page = client.get(url("page", c.project))

    [(_acceptance, [(_seat, told)], _short)] = page.context["acceptances"]
    now = str(seat.organisation)
    assert (told.name, told.now) == (("Sở của ngày ấy", now) if then else (now, ""))
    assert "Trung tâm của ngày ấy thực hiện tại" in page.content.decode()
    assert (f"Sở của ngày ấy (nay là {now})" in page.content.decode()) == then


def test_the_page_asks_nothing_that_a_new_connection_must_write_for(client, case, law):  # noqa: F811
    """Whether SQLite knows JSON is asked of it inside a transaction, once a connection: a reading page must not need to know."""
    c = case()
    c.running()
    client.force_login(c.people.officer)
    connection.features.__dict__.pop("supports_json_field", None)

    assert client.get(url("page", c.project)).status_code == 200
    assert "supports_json_field" not in connection.features.__dict__


def test_a_report_is_late_by_the_law_of_its_own_days_in_a_short_month_too(client, case, law):  # noqa: F811
    c = case()
    c.running()
    text = InstrumentFactory(provincial=True, province=c.land.province)
    own = {"code": "monthly_report", "kind": "monthly", "month": None, "year_offset": 0}
    own |= {"level": "provincial", "province": c.land.province, "instrument": text}
    DeadlineRowFactory(**own, day=31, valid_to=day(7, 1))
    DeadlineRowFactory(**own, day=5, valid_from=day(7, 1))
    for month, sent in ((5, 31), (6, 30), (7, 6)):
        ProgressReportFactory(project=c.project, month=month, sent_on=day(month, sent))
    client.force_login(c.people.officer)

    answer = client.get(url("page", c.project))

    assert [row["late"] for row in answer.context["reports"]] == [False, False, True]


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

    GroundRowFactory(code="settlement", instrument=law.circular, article="Điều 18, Điều 19")

    page = text_of(client.get(url("page", c.project)))

    assert "Chưa bàn giao: Máy sấy." in page
    assert "Mở khi đã nghiệm thu cơ sở xong (Điều 18, Điều 19, Thông tư 36/2013/TT-BCT)." in page

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


@pytest.mark.parametrize(("own", "told"), [(320 * MILLION, False), (310 * MILLION, True)])
def test_the_page_tells_how_much_counterpart_an_acceptance_lacks(client, case, law, own, told):  # noqa: F811
    c = case()
    c.accept(c.running(), counterpart_volume=own, note="Máy rẻ hơn dự toán")
    client.force_login(c.people.officer)

    page = text_of(client.get(url("page", c.project)))

    assert ("thiếu 10 so với cam kết" in page) == told
