import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import transaction

from khuyencong.plans import operations
from khuyencong.plans.operations import Line
from tests.factories.budgets import EnvelopeFactory
from tests.factories.councils import SheetFactory
from tests.factories.documents import PaperFactory
from tests.factories.establishments import YearlyFactsFactory
from tests.factories.norms import law
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import PlanFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

SUBMITTED = dt.date(2026, 2, 20)
DAY = dt.date(2026, 3, 2)
MILLION = 1_000_000
JUNE = dt.date(2026, 6, 1)


def paper(kind="plan_decision", **values):
    return PaperFactory(kind=kind, **{"signed_on": SUBMITTED if kind == "submission" else DAY} | values)


@pytest.fixture
def house():
    """A province with its plan of 2026, 1,000 million of local money, and those who work on it."""
    province = ProvinceFactory()

    def at(role):
        return person(role, place=province)

    return SimpleNamespace(
        province=province,
        plan=PlanFactory(province=province),
        envelope=EnvelopeFactory(province=province, name="KCĐP 2026", given=1_000 * MILLION),
        appraiser=at("appraiser"),
        department=at("department_director"),
        approver=at("provincial_approver"),
        clerk=at("registry_clerk"),
        centre=OrganisationFactory(centre=True, place=province),
        agency=person("ministry_agency", country=True, place=None),
        minister=person("ministry_approver", country=True, place=None),
    )


@pytest.fixture
def appraised(house):
    """Makes an appraised project of the plan; 300 million of local money unless told otherwise."""

    def make(**values):
        values = {"state": "appraised", "province": house.province, "implementer": house.centre} | values
        return ProjectFactory(**values)

    return make


@pytest.fixture
def draft(house):
    """Makes the draft of a decision with these projects as asked."""

    def make(*projects, kind="approve", plan=None):
        decision = operations.draft_decision(plan or house.plan, kind=kind, by=house.appraiser)
        for project in projects:
            operations.put_item(decision, line=Line(project), by=house.appraiser)
        return decision

    return make


@pytest.fixture
def submitted(house, draft):
    def make(*projects, **values):
        decision = draft(*projects, **values)
        return operations.submit(decision, by=house.department, on=SUBMITTED, paper=paper("submission"))

    return make


@pytest.fixture
def issued(house, submitted):
    """Makes an approved decision; the projects are approved with it."""

    def make(*projects, **values):
        decision = operations.approve(submitted(*projects, **values), by=house.approver, on=DAY, paper=paper())
        for project in projects:
            project.refresh_from_db()
        return decision

    return make


@pytest.fixture
def tranche(house):
    """The draft of a tranche, still empty."""
    return operations.draft_decision(house.plan, kind="approve", by=house.appraiser)


@pytest.fixture
def request_of(appraised):
    """An appraised project of so many million, judged, with so many workers."""

    def make(title, amount, *, score=None, workers=0, **values):
        project = appraised(title=title, local=amount * MILLION, **values)
        if score is not None:
            SheetFactory(subject_uid=project.uid, subject_label=title, total=score)
        if workers:
            one = BeneficiaryFactory(project=project, local=amount * MILLION)
            YearlyFactsFactory(establishment=one.establishment, workers=workers, women=0)
        return project

    return make


@pytest.fixture(scope="module")
def the_law(django_db_setup, django_db_blocker):
    """The law as the house ships it, for a whole module."""
    with django_db_blocker.unblock(), transaction.atomic():
        law()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def running(house, appraised, issued):
    """A project in the plan with 300 million, its implementer's head, and what a request names."""
    project = appraised(whole=True)
    issued(project)
    project.refresh_from_db()
    return project


@pytest.fixture
def director(house, running):
    return person("centre_director", place=house.province, employer=running.implementer)


def ask(project, by, **values):
    values = {"kind": "stop", "reason": "Cơ sở ngừng hoạt động", "on": JUNE} | values
    letter = paper("request_letter", signed_on=dt.date(2026, 5, 20))
    return operations.request_change(project, by=by, **{"paper": letter} | values)
