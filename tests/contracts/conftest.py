# ruff: noqa: B008 (days never change)
import datetime as dt
from functools import cached_property
from types import SimpleNamespace

import pytest

from khuyencong.contracts import operations
from khuyencong.contracts.operations import VoucherRow
from khuyencong.contracts.operations.acceptances import Sitting
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.norms import (
    AdvanceNormFactory,
    DeadlineRowFactory,
    InstrumentFactory,
    LineFactory,
    SupportNormFactory,
)
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import people_of
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.worlds import once, own

MILLION = 1_000_000


def day(month, number, year=2026):
    return dt.date(year, month, number)


def paper(kind, on=None, **facts):
    return PaperFactory(kind=kind, signed_on=on or day(3, 20), **facts)


def make_land():
    """A province with its Centre, department and commune committee."""
    province = ProvinceFactory()
    commune = CommuneFactory(province=province)
    return SimpleNamespace(
        province=province,
        commune=commune,
        centre=OrganisationFactory(centre=True, place=province),
        department=OrganisationFactory(department=True, place=province),
        committee=OrganisationFactory(kind="commune_committee", name="UBND xã Ea Kly", place=commune),
        agency=OrganisationFactory(kind="agency", name="Cục", place=None),
    )


def make_law():
    """TT 36/2013 and its ceiling for national money, its usual days, and the province's 50 %."""
    circular = InstrumentFactory(code="TT 36/2013/TT-BCT", number="36/2013/TT-BCT")
    money = InstrumentFactory(code="TTLT 26/2014", number="26/2014/TTLT-BTC-BCT")
    since = {"instrument": circular, "valid_from": day(2, 10, 2014)}
    AdvanceNormFactory(**since, article="điểm d khoản 2 Điều 13")
    AdvanceNormFactory(**since, kind="vocational_training", volume=None, proof="contract_and_plan")
    AdvanceNormFactory(**since, kind="cluster_infrastructure", ratio="0.3", volume="0.5", article="khoản 1 Điều 13")
    AdvanceNormFactory(
        **since, kind="enterprise_setup", ratio="1", volume=None, after_acceptance=True, proof="acceptance"
    )
    SupportNormFactory(
        instrument=money,
        article="điểm b khoản 2 Điều 8",
        valid_from=day(4, 8, 2014),
        line=LineFactory(code="TAM_UNG", purpose="advance_ceiling", anywhere=True),
        percent=70,
        cap=None,
    )
    DeadlineRowFactory(**since, article="khoản 2 Điều 18")
    DeadlineRowFactory(
        **since, code="settlement_dossier", kind="days_after", days=15, month=None, day=None, year_offset=0
    )
    DeadlineRowFactory(
        **since, code="monthly_report", kind="monthly", month=None, day=25, year_offset=0, strictly_before=True
    )
    return SimpleNamespace(circular=circular, money=money)


class Case:
    """One project brought forward step by step, each step on its usual day unless another is given.

    ``ready`` holds a case of no other facts that runs already, made once for many tests: the first one that is to run
    from its start takes over what that one did.
    """

    def __init__(self, land, people, *, ready=None, given=10**9, **facts):
        self.land, self.people, self._facts, self._given = land, people, facts, given
        self._ready = ready if ready and not facts and given == 10**9 else []
        self.helped = None
        if not self._ready:
            self.project  # noqa: B018 (made now)

    @cached_property
    def project(self):
        facts = {
            "province": self.land.province,
            "commune": self.land.commune,
            "implementer": self.land.centre,
            "approved": True,
        } | self._facts
        project = ProjectFactory(**facts)
        self._envelopes, on = [], day(1, 5, project.year)
        for source, kind in (("national", {"of_agency": True}), ("local", {"province": self.land.province})):
            amount = getattr(project, f"granted_{source}")
            if amount:
                envelope = EnvelopeFactory(year=project.year, **kind)
                EntryFactory(envelope=envelope, amount=self._given, on=on)
                EntryFactory(
                    envelope=envelope, kind="committed", amount=amount, project=project, paper=PaperFactory(), on=on
                )
                self._envelopes.append(envelope)
        return project

    @cached_property
    def envelopes(self):
        return self._envelopes if self.project else []

    @property
    def envelope(self):
        return self.envelopes[0]

    def fresh(self):
        self.project.refresh_from_db()
        return self.project

    def beneficiary(self, **facts):
        facts = {"approved": True, "local": self.project.local, "national": self.project.national} | facts
        facts = {"counterpart": self.project.counterpart, "total": self.project.total} | facts
        return BeneficiaryFactory(project=self.project, **facts)

    def assign(self, on=day(3, 20), **facts):
        national = self.project.level == "national"
        facts = {
            "form": "contract" if national else "decision",
            "giver": self.land.agency if national else self.land.department,
            "by": self.people.department,
            "on": on,
            "paper": paper("assignment", on),
        } | facts
        return operations.assign(self.project, **facts)

    def sign(self, beneficiary, on=day(4, 1), **facts):
        facts = {"by": self.people.director, "on": on, "paper": paper("support_contract", on)} | facts
        return operations.sign_support(beneficiary, **facts)

    def buy(self, contract, *, delivered=day(6, 20), value=620 * MILLION, **facts):
        facts = {"item": "Máy sấy", "seller": "Cơ khí", "signed_on": day(4, 10), "by": self.people.officer} | facts
        purchase = operations.record_purchase(contract, value=value, **facts)
        if delivered:
            operations.deliver(purchase, by=self.people.officer, on=delivered, serial="TQ-118")
        return purchase

    def report(self, *, done=434 * MILLION + 1, month=6, on=None, confirmed=None, **facts):
        facts = {
            "by": self.people.officer,
            "on": on or day(month, 24),
            "year": 2026,
            "month": month,
            "done": done,
        } | facts
        made = operations.report(self.project, **facts)
        if confirmed is not False:
            confirmed = confirmed or made.sent_on
            made = operations.confirm_volume(
                made, by=self.people.appraiser, on=confirmed, paper=paper("volume_confirmation", confirmed)
            )
        return made

    def request(self, amount, on=day(6, 28), *, envelope=None, **facts):
        facts = {"by": self.people.accountant, "on": on, "paper": paper("advance_request", on)} | facts
        return operations.request_advance(self.project, envelope=envelope or self.envelope, amount=amount, **facts)

    def confirm(self, advance, on=None, **facts):
        on = on or advance.requested_on
        facts = {"by": self.people.appraiser, "on": on, "paper": paper("volume_confirmation", on)} | facts
        return operations.confirm_advance(advance, **facts)

    def pay(self, advance, on=None, **facts):
        on = on or advance.requested_on
        payer = self.people.agency if advance.envelope.level == "national" else self.people.accountant
        facts = {"by": payer, "on": on, "paper": paper("payment_order", on), "treasury_number": "KB-118"} | facts
        return operations.pay_advance(advance, **facts)

    def advance(self, amount, on=day(6, 28), **facts):
        return self.pay(self.confirm(self.request(amount, on, **facts)))

    def seats(self, helped=None, **instead):
        sitting = {
            "chair": self.land.department,
            "centre": self.land.centre,
            "commune": self.land.committee,
        }
        if helped is not None:
            sitting["beneficiary"] = helped.establishment.organisation
        sitting |= instead
        return [Sitting(body, f"Ông {role}", role) for role, body in sitting.items() if body]

    def accept(self, beneficiary=None, on=day(7, 10), **facts):
        facts = {
            "place": "Xưởng của cơ sở",
            "state_volume": 300 * MILLION,
            "counterpart_volume": 320 * MILLION,
            "seats": self.seats(beneficiary),
            "verdict": "passed",
            "by": self.people.department,
            "on": on,
            "paper": paper("acceptance", on),
            "beneficiary": beneficiary,
        } | facts
        return operations.accept(self.project, **facts)

    def row(self, amount=300 * MILLION, source="local", **facts):
        facts = {
            "on": day(6, 25),
            "content": "Máy sấy",
            "number": "118",
            "symbol": "1C26TTN",
            "seller_tax_code": "0100233488",
        } | facts
        return VoucherRow(amount=amount, source=source, **facts)

    def vouch(self, *rows, **facts):
        rows = rows or (self.row(), self.row(320 * MILLION, "counterpart"))
        return operations.add_vouchers(self.project, rows=rows, **({"by": self.people.officer} | facts))

    def settle(self, on=day(7, 20), **facts):
        facts = {"by": self.people.accountant, "on": on, "paper": paper("settlement", on)} | facts
        return operations.settle(self.project, **facts)

    def give_back(self, amount, on=day(7, 25), **facts):
        facts = {
            "by": self.people.accountant,
            "on": on,
            "paper": paper("return_money", on),
            "envelope": self.envelope,
        } | facts
        return operations.return_surplus(self.project, amount=amount, **facts)

    def liquidate(self, on=day(8, 10), **facts):
        facts = {"by": self.people.department, "on": on, "paper": paper("liquidation", on)} | facts
        return operations.liquidate(self.project, **facts)

    # situations

    def running(self, **facts):
        """With its task, its support contract and its machine; returns the beneficiary."""
        if self._ready and not facts and "project" not in vars(self):
            vars(self).update(vars(self._ready.pop()))
            return self.helped
        self.helped = self.beneficiary(**facts)
        self.assign()
        self.buy(self.sign(self.helped))
        return self.helped

    def accepted(self, *, advanced=0):
        beneficiary = self.running()
        if advanced:
            self.advance(advanced, report=self.report())
        self.accept(beneficiary)
        return beneficiary


def alone(**facts):
    """A case in a land of its own, where nothing else runs."""
    land = make_land()
    return Case(land, people_of(land), **facts)


def begin(*, running=True):
    """A land, its people, and in it a case that runs."""
    land = make_land()
    found = SimpleNamespace(land=land, people=people_of(land), ready=[])
    if running:
        ready = Case(land, found.people)
        ready.running()
        found.ready.append(ready)
    return found


@pytest.fixture(scope="module")
def beginning(django_db_setup, django_db_blocker):
    yield from once(begin, django_db_blocker)


@pytest.fixture
def here(beginning, db):
    return own(beginning)


@pytest.fixture
def land(here):
    return here.land


@pytest.fixture
def people(here):
    return here.people


@pytest.fixture
def law(db):
    return make_law()


@pytest.fixture
def case(here):
    """A provincial machinery project: 300 of the province, 320 of the establishment (million đồng)."""
    return lambda **facts: Case(here.land, here.people, ready=here.ready, **facts)


def begin_for_the_nation():
    """Under the law, a running national machinery project whose volume is confirmed: ``.proof`` is the report."""
    make_law()
    c = alone(level="national", national=300 * MILLION, local=0)
    c.helped = c.beneficiary(local=0)
    c.assign()
    c.buy(c.sign(c.helped))
    c.proof = c.report()
    return c


@pytest.fixture(scope="module")
def nation(django_db_setup, django_db_blocker):
    """The law, and a project at work for the nation, for all tests of a file."""
    yield from once(begin_for_the_nation, django_db_blocker)


@pytest.fixture
def at_work(nation, db):
    return own(nation)
