import datetime as dt
from functools import partial
from types import SimpleNamespace

import pytest

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
from tests.worlds import once, own

SUBMITTED = dt.date(2026, 2, 20)
DAY = dt.date(2026, 3, 2)
MILLION = 1_000_000
JUNE = dt.date(2026, 6, 1)


def paper(kind="plan_decision", **values):
    return PaperFactory(kind=kind, **{"signed_on": SUBMITTED if kind == "submission" else DAY} | values)


def build():
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


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    yield from once(build, django_db_blocker)


def make_appraised(house, **values):
    values = {"state": "appraised", "province": house.province, "implementer": house.centre} | values
    return ProjectFactory(**values)


def make_draft(house, *projects, kind="approve", plan=None):
    decision = operations.draft_decision(plan or house.plan, kind=kind, by=house.appraiser)
    for project in projects:
        operations.put_item(decision, line=Line(project), by=house.appraiser)
    return decision


def submit(house, *projects, **values):
    decision = make_draft(house, *projects, **values)
    return operations.submit(decision, by=house.department, on=SUBMITTED, paper=paper("submission"))


def issue(house, *projects, **values):
    decision = operations.approve(submit(house, *projects, **values), by=house.approver, on=DAY, paper=paper())
    for project in projects:
        project.refresh_from_db()
    return decision


def start():
    """Another such house, in whose plan a project runs with 300 million: ``.running``."""
    house = build()
    house.running = make_appraised(house, whole=True)
    issue(house, house.running)
    house.running.refresh_from_db()
    return house


@pytest.fixture(scope="module")
def started(django_db_setup, django_db_blocker):
    yield from once(start, django_db_blocker)


@pytest.fixture
def house(built, db):
    return own(built)


@pytest.fixture
def appraised(house):
    """Makes an appraised project of the plan; 300 million of local money unless told otherwise."""
    return partial(make_appraised, house)


@pytest.fixture
def draft(house):
    """Makes the draft of a decision with these projects as asked."""
    return partial(make_draft, house)


@pytest.fixture
def submitted(house):
    return partial(submit, house)


@pytest.fixture
def issued(house):
    """Makes an approved decision; the projects are approved with it."""
    return partial(issue, house)


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
    yield from once(law, django_db_blocker)


@pytest.fixture
def running(house):
    """A project in the plan with 300 million."""
    return house.running


@pytest.fixture
def director(house, running):
    return person("centre_director", place=house.province, employer=running.implementer)


def ask(project, by, **values):
    values = {"kind": "stop", "reason": "Cơ sở ngừng hoạt động", "on": JUNE} | values
    letter = paper("request_letter", signed_on=dt.date(2026, 5, 20))
    return operations.request_change(project, by=by, **{"paper": letter} | values)
