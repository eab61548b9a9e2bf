import datetime as dt

import pytest

from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import ProgressReport
from khuyencong.norms import queries as norms
from khuyencong.projects.models import Project
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import (
    AcceptanceFactory,
    AdvanceFactory,
    AssignmentFactory,
    BeneficiaryUpdateFactory,
    ProgressReportFactory,
    PurchaseFactory,
    SupportContractFactory,
    TenderFactory,
    VoucherFactory,
)
from tests.factories.documents import PaperFactory
from tests.factories.norms import AdvanceNormFactory, DeadlineRowFactory, InstrumentFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory, StepTakenFactory
from tests.worlds import once

from .conftest import MILLION, begin, day, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def beginning(django_db_setup, django_db_blocker):
    """Nothing runs here but what a test lets run: the questions look at everything."""
    yield from once(lambda: begin(running=False), django_db_blocker)


def test_the_file_of_a_project_costs_the_same_for_one_row_and_three(case, django_assert_num_queries):
    c = case()
    project = c.project
    assignment = AssignmentFactory(project=project)

    def more(month):
        contract = SupportContractFactory(assignment=assignment)
        PurchaseFactory(support_contract=contract)
        BeneficiaryUpdateFactory(beneficiary=contract.beneficiary, month=month)
        ProgressReportFactory(project=project, month=month, confirmed=True)
        AdvanceFactory(project=project)
        AcceptanceFactory(project=project, beneficiary=contract.beneficiary)
        TenderFactory(project=project)

    more(6)
    with django_assert_num_queries(8):
        assert len(queries.file_of(project).contracts) == 1
    more(7)
    more(8)
    with django_assert_num_queries(8):
        file = queries.file_of(project)
        assert [r.month for r in file.reports] == [6, 7, 8]


def test_who_has_no_contract_yet(case):
    c = case(group=True)
    first, second = c.beneficiary(local=0), c.beneficiary(local=0)
    BeneficiaryFactory(project=c.project)  # not approved
    c.assign()
    c.sign(first)

    assert queries.without_contract(c.project) == [second]


def test_reports_that_are_missing_this_month(case):
    told = ProjectFactory(running=True)
    silent = ProjectFactory(running=True)
    ProjectFactory(approved=True)
    ProjectFactory(running=True, historical=True)
    ProgressReportFactory(project=told, month=10)

    assert list(queries.reports_missing(Project.objects.all(), year=2026, month=10)) == [silent]


@pytest.mark.parametrize(
    ("sent_on", "late"),
    [(day(10, 24), False), (day(10, 25), True), (day(11, 3), True), (dt.date(2027, 1, 2), True)],
)
def test_a_report_is_late_from_the_day_of_the_law_on(law, sent_on, late):
    """Before the 25th (TT 36/2013 Đ23.3a): a row, not a number of ours."""
    report = ProgressReportFactory(sent_on=sent_on)

    assert queries.with_lateness(ProgressReport.objects.all()).get(pk=report.pk).late == late


@pytest.mark.parametrize(("sent_on", "late"), [(day(10, 20), False), (day(10, 21), True)])
def test_a_province_that_set_another_day_is_judged_by_it_alone(law, sent_on, late):
    own = ProgressReportFactory(sent_on=sent_on)
    other = ProgressReportFactory(sent_on=sent_on)
    province = own.project.province
    text = InstrumentFactory(provincial=True, province=province)
    here = {"code": "monthly_report", "kind": "monthly", "month": None, "year_offset": 0, "level": "provincial"}
    DeadlineRowFactory(**here, day=25, strictly_before=True)
    DeadlineRowFactory(**here, day=20, instrument=text, province=province)

    assert list(queries.with_lateness(ProgressReport.objects.all()).filter(late=True)) == ([own] if late else [])
    assert other.sent_on == sent_on


def test_the_last_day_for_a_monthly_report(law):
    assert queries.report_due(2026, 11, on=day(11, 22)).last_day == day(11, 24)


def test_what_is_paid_after_acceptance_cites_the_papers_of_its_kind_and_says_what_nobody_read():
    AdvanceNormFactory(
        instrument=InstrumentFactory(number="36/2013/TT-BCT"),
        remainder_article="khoản 5 Điều 14",
        verified="earlier_pass",
    )

    answer = norms.advance_ratio("machinery", on=day(6, 1))

    assert answer.remainder_citation == "khoản 5 Điều 14, Thông tư 36/2013/TT-BCT, chưa kiểm chứng"


@pytest.mark.parametrize(
    ("today", "year", "is_late"),
    [(day(1, 22), 2025, False), (day(1, 23), 2025, True), (day(1, 10), 2024, True), (day(11, 22), 2026, False)],
)
def test_advances_open_after_the_22nd_of_january(law, today, year, is_late):
    project = ProjectFactory(running=True, year=year)
    envelope = EnvelopeFactory(province=project.province, year=year)
    EntryFactory(envelope=envelope, kind="advanced", amount=5, project=project, paper=PaperFactory())

    assert list(queries.open_after_liquidation_day(Project.objects.all(), today=today)) == (
        [project] if is_late else []
    )


@pytest.mark.parametrize(
    ("today", "late"),
    [(day(1, 22), []), (day(1, 23), ["nation"]), (day(2, 15), ["nation"]), (day(2, 16), ["nation", "local"])],
)
def test_local_money_is_open_after_the_day_of_its_own_province(law, today, late):
    home, other = ProvinceFactory(), ProvinceFactory()
    DeadlineRowFactory(code="liquidation", month=2, day=15, year_offset=1, level="provincial", province=home)
    for name, facts in (
        ("nation", {"level": "national", "province": home}),
        ("local", {"level": "provincial", "province": home}),
        ("settled", {"level": "provincial", "province": other, "state": "liquidated"}),
    ):
        project = ProjectFactory(**{"running": True, "year": 2025, "title": name} | facts)
        envelope = EnvelopeFactory(province=project.province, year=2025)
        EntryFactory(envelope=envelope, kind="advanced", amount=5, project=project, paper=PaperFactory())

    found = queries.open_after_liquidation_day(Project.objects.all(), today=today)

    assert sorted(project.title for project in found) == sorted(late)


def test_money_carried_over_is_not_open_yet(law):
    project = ProjectFactory(running=True, year=2025)
    old = EnvelopeFactory(province=project.province, year=2025)
    new = EnvelopeFactory(province=project.province, year=2026)
    for envelope, amount in ((old, 5), (old, -5), (new, 5)):
        EntryFactory(envelope=envelope, kind="advanced", amount=amount, project=project, paper=PaperFactory())

    assert list(queries.open_after_liquidation_day(Project.objects.all(), today=day(11, 22))) == []


def test_an_invoice_in_two_projects_is_a_duplicate_and_two_sources_of_one_are_not():
    first = VoucherFactory(number="118")
    second = VoucherFactory(number="0118", source="counterpart")
    VoucherFactory(number="7")
    VoucherFactory(number="7", project=first.project, source="counterpart", key="0100233488|1C26TTN|9")
    VoucherFactory(number="9", project=first.project)

    assert queries.duplicate_invoices(Project.objects.filter(pk=first.project_id)) == [[first, second]]
    assert queries.duplicate_invoices(Project.objects.none()) == []


def test_duplicates_cost_the_same_however_many(django_assert_num_queries):
    for number in "123":
        VoucherFactory(number=number)
        VoucherFactory(number=number, source="counterpart")

    with django_assert_num_queries(1):
        assert len(queries.duplicate_invoices(Project.objects.all())) == 3


def test_the_same_invoice_is_found_however_it_is_typed():
    voucher = VoucherFactory(number="118")

    assert queries.same_invoice("0100 233 488", "1c26ttn", "000118") == voucher
    assert queries.same_invoice("", "", "") is None


def test_orders_that_cannot_be(case):
    assignment = AssignmentFactory(signed_on=day(3, 20))
    project = assignment.project
    VoucherFactory(project=project, on=day(3, 19), number="118")
    AdvanceFactory(project=project, requested_on=day(3, 19), number=1)
    contract = SupportContractFactory(assignment=assignment)
    PurchaseFactory(support_contract=contract, delivered_on=day(11, 6))
    PurchaseFactory(support_contract=contract, item="Lò hơi", signed_on=day(3, 31), delivered_on=day(11, 1))
    PurchaseFactory(support_contract=contract, item="Băng tải", signed_on=day(4, 1), delivered_on=day(11, 1))
    AcceptanceFactory(project=project, beneficiary=contract.beneficiary, on=day(11, 5))

    assert [found.sentence for found in queries.impossible_orders(Project.objects.all())] == [
        "Chứng từ 1C26TTN 118 ngày 19/03/2026 trước hợp đồng ngày 20/03/2026.",
        "Tạm ứng lần một (1) ngày 19/03/2026 trước hợp đồng ngày 20/03/2026.",
        "Hợp đồng mua “Lò hơi” ký ngày 31/03/2026 trước hợp đồng hỗ trợ ngày 01/04/2026.",
        "Nghiệm thu ngày 05/11/2026 trước khi bàn giao “Máy sấy trống quay 4 m³”.",
    ]


def test_a_step_dated_before_its_paper_cannot_be():
    taken = StepTakenFactory(name="assign", on=day(3, 20), paper=paper("assignment", day(3, 21)))
    StepTakenFactory(name="assign", on=day(3, 20), paper=paper("assignment", day(3, 20)))

    [found] = queries.impossible_orders(Project.objects.all())

    assert found.project == taken.project
    assert found.sentence == (
        "Bước “Giao nhiệm vụ, ký hợp đồng thực hiện” ngày 20/03/2026 trước ngày ký văn bản 21/03/2026."
    )


def test_the_page_and_the_auditor_see_the_same_orders(case):
    assignment = AssignmentFactory(signed_on=day(3, 20))
    project = assignment.project
    VoucherFactory(project=project, on=day(3, 19), number="118")
    AdvanceFactory(project=project, requested_on=day(3, 19), number=1)
    contract = SupportContractFactory(assignment=assignment)
    PurchaseFactory(support_contract=contract, signed_on=day(3, 31), delivered_on=day(11, 6))
    AcceptanceFactory(project=project, beneficiary=contract.beneficiary, on=day(11, 5))

    seen = queries.orders_of(project, queries.file_of(project))

    assert len(seen) == 4
    assert seen == queries.impossible_orders(Project.objects.all())


@pytest.mark.parametrize("number", [1, 3])
def test_orders_cost_the_same_for_one_and_three(number, case, django_assert_num_queries):
    for _n in range(number):
        contract = SupportContractFactory()
        PurchaseFactory(support_contract=contract, signed_on=day(3, 31))
        VoucherFactory(project=contract.assignment.project, on=day(3, 19))

    with django_assert_num_queries(6):
        assert len(queries.impossible_orders(Project.objects.all())) == 2 * number


def test_the_board_holds_what_was_approved_here_and_no_history(case):
    c = case()
    ProjectFactory(province=c.land.province)  # a draft
    ProjectFactory(province=c.land.province, approved=True, historical=True)
    ProjectFactory(approved=True)  # elsewhere

    assert list(queries.board(c.people.officer)) == [c.project]


def test_what_a_whole_life_leaves_is_in_order(case, law):
    c = case()
    c.accepted(advanced=200 * MILLION)
    c.vouch()
    c.settle()
    c.advance(100 * MILLION, on=day(7, 22))
    c.liquidate()

    assert queries.invariants() == []
    assert queries.impossible_orders(Project.objects.all()) == []


def test_an_advance_without_its_line_in_the_ledger_is_found():
    AdvanceFactory(number=1, state="paid")

    [sentence] = queries.invariants()
    assert sentence.endswith("tạm ứng đã chuyển 210.000.000 đồng nhưng sổ ghi 0 đồng.")


def test_removed_vouchers_count_for_nothing(case, law):
    c = case()
    c.running()
    first, _second = c.vouch()
    operations.remove_voucher(first, reason="Nhầm", by=c.people.officer)

    assert queries.reckoning(c.project).spent == {
        "national": 0,
        "local": 0,
        "counterpart": 320 * MILLION,
        "other": 0,
    }
