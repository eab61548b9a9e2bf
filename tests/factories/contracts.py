import datetime as dt

import factory

from khuyencong.contracts.models import (
    Acceptance,
    AcceptanceSeat,
    Advance,
    Assignment,
    BeneficiaryUpdate,
    ContractAppendix,
    Liquidation,
    ProgressReport,
    Purchase,
    Recovery,
    RecoveryReceipt,
    Settlement,
    SupportContract,
    Tender,
    Voucher,
)
from khuyencong.contracts.rules import invoice_key
from tests.factories.budgets import EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory


class AssignmentFactory(factory.django.DjangoModelFactory):
    """The task of a running provincial project, given by the department on 20 March 2026."""

    class Meta:
        model = Assignment

    project = factory.SubFactory(ProjectFactory, running=True)
    form = "decision"
    giver = factory.SubFactory(OrganisationFactory, department=True, place=factory.SelfAttribute("..project.province"))
    implementer = factory.SelfAttribute("project.implementer")
    paper = factory.SubFactory(PaperFactory, kind="assignment", signed_on=dt.date(2026, 3, 20))
    signed_on = dt.date(2026, 3, 20)
    national = factory.SelfAttribute("project.national")
    local = factory.SelfAttribute("project.local")


class TenderFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tender

    project = factory.SubFactory(ProjectFactory, approved=True)
    package = "Thi công gian hàng"
    winner = "Công ty Sự kiện Ban Mê"
    value = 90_000_000
    paper = factory.SubFactory(PaperFactory, kind="tender_result")


class SupportContractFactory(factory.django.DjangoModelFactory):
    """With an approved beneficiary, signed on 1 April 2026."""

    class Meta:
        model = SupportContract

    assignment = factory.SubFactory(AssignmentFactory)
    beneficiary = factory.SubFactory(
        BeneficiaryFactory, approved=True, project=factory.SelfAttribute("..assignment.project")
    )
    paper = factory.SubFactory(PaperFactory, kind="support_contract", signed_on=dt.date(2026, 4, 1))
    signed_on = dt.date(2026, 4, 1)
    national = factory.SelfAttribute("beneficiary.national")
    local = factory.SelfAttribute("beneficiary.local")
    counterpart = factory.SelfAttribute("beneficiary.counterpart")


class PurchaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Purchase

    support_contract = factory.SubFactory(SupportContractFactory)
    item = "Máy sấy trống quay 4 m³"
    seller = "Công ty Cơ khí Tây Nguyên"
    value = 620_000_000
    signed_on = dt.date(2026, 4, 10)

    class Params:
        delivered = factory.Trait(delivered_on=dt.date(2026, 6, 20), serial="TQ-4-118")


class BeneficiaryUpdateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BeneficiaryUpdate

    beneficiary = factory.SubFactory(BeneficiaryFactory, approved=True, project__running=True)
    year, month = 2026, 10
    done = 310_000_000
    by = factory.SubFactory(UserFactory)


class ProgressReportFactory(factory.django.DjangoModelFactory):
    """October's report, sent on the 24th; ``confirmed`` by the department on the 26th."""

    class Meta:
        model = ProgressReport

    project = factory.SubFactory(ProjectFactory, running=True)
    year, month = 2026, 10
    sent_on = dt.date(2026, 10, 24)
    done = 434_000_001
    by = factory.SubFactory(UserFactory)

    class Params:
        confirmed = factory.Trait(
            confirmed_on=dt.date(2026, 10, 26),
            confirmation=factory.SubFactory(PaperFactory, kind="volume_confirmation", signed_on=dt.date(2026, 10, 26)),
        )


class AdvanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Advance

    project = factory.SubFactory(ProjectFactory, running=True)
    number = factory.Sequence(lambda n: n + 1)
    kind = "first"
    envelope = factory.SubFactory(EnvelopeFactory, province=factory.SelfAttribute("..project.province"))
    amount = 210_000_000
    requested_on = dt.date(2026, 10, 28)
    request = factory.SubFactory(PaperFactory, kind="advance_request", signed_on=dt.date(2026, 10, 28))
    state = "requested"
    confirmed_on = factory.LazyAttribute(lambda o: o.requested_on if o.state in ("confirmed", "paid") else None)


class AcceptanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Acceptance

    project = factory.SubFactory(ProjectFactory, running=True)
    on = dt.date(2026, 11, 5)
    place = "Xưởng của cơ sở"
    state_volume = 300_000_000
    counterpart_volume = 320_000_000
    verdict = "passed"
    paper = factory.SubFactory(PaperFactory, kind="acceptance", signed_on=dt.date(2026, 11, 5))
    by = factory.SubFactory(UserFactory)


class AcceptanceSeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AcceptanceSeat

    acceptance = factory.SubFactory(AcceptanceFactory)
    organisation = factory.SubFactory(OrganisationFactory, department=True)
    name = "Trần Văn Lâm"
    role = "chair"


class VoucherFactory(factory.django.DjangoModelFactory):
    """An invoice for state money, 300 million."""

    class Meta:
        model = Voucher

    project = factory.SubFactory(ProjectFactory, running=True)
    kind = "invoice"
    source = "local"
    symbol = "1C26TTN"
    number = factory.Sequence(lambda n: f"{n + 1}")
    on = dt.date(2026, 6, 25)
    seller = "Công ty Cơ khí Tây Nguyên"
    seller_tax_code = "0100233488"
    content = "Máy sấy trống quay 4 m³"
    amount = 300_000_000
    key = factory.LazyAttribute(lambda o: invoice_key(o.seller_tax_code, o.symbol, o.number))
    by = factory.SubFactory(UserFactory)


class SettlementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Settlement

    project = factory.SubFactory(ProjectFactory, state="settled")
    on = dt.date(2026, 11, 18)
    due_on = dt.date(2026, 11, 20)
    national = 0
    local = 300_000_000
    counterpart = 320_000_000
    paper = factory.SubFactory(PaperFactory, kind="settlement", signed_on=dt.date(2026, 11, 18))


class LiquidationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Liquidation

    project = factory.SubFactory(ProjectFactory, state="liquidated")
    on = dt.date(2026, 11, 20)
    due_on = dt.date(2027, 1, 22)
    paper = factory.SubFactory(PaperFactory, kind="liquidation", signed_on=dt.date(2026, 11, 20))


class ContractAppendixFactory(factory.django.DjangoModelFactory):
    """Of the contract with the implementer, which now gives as much as before."""

    class Meta:
        model = ContractAppendix

    assignment = factory.SubFactory(AssignmentFactory)
    number = factory.Sequence(lambda n: n + 1)
    signed_on = dt.date(2026, 5, 4)
    paper = factory.SubFactory(PaperFactory, kind="contract_appendix", signed_on=dt.date(2026, 5, 4))
    before_national = before_local = national = local = 0
    by = factory.SubFactory(UserFactory)


class RecoveryFactory(factory.django.DjangoModelFactory):
    """Of a stopped project, due at the end of the year."""

    class Meta:
        model = Recovery

    project = factory.SubFactory(ProjectFactory, approved=True, state="stopped")
    envelope = factory.SubFactory(EnvelopeFactory, province=factory.SelfAttribute("..project.province"))
    ground = "stopped"
    amount = 100_000_000
    reason = "Đề án ngừng thực hiện"
    decided_on = dt.date(2026, 9, 1)
    due_on = dt.date(2026, 12, 31)
    paper = factory.SubFactory(PaperFactory, kind="recovery_decision", signed_on=dt.date(2026, 9, 1))
    by = factory.SubFactory(UserFactory)


class RecoveryReceiptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RecoveryReceipt

    recovery = factory.SubFactory(RecoveryFactory)
    amount = 40_000_000
    on = dt.date(2026, 10, 1)
    treasury_number = factory.Sequence(lambda n: f"KB-{n}")
    paper = factory.SubFactory(PaperFactory, kind="return_money", signed_on=dt.date(2026, 10, 1))
    by = factory.SubFactory(UserFactory)
