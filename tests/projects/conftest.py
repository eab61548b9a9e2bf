import datetime as dt
from functools import partial
from types import SimpleNamespace

import pytest
from django.urls import reverse

from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import Level
from tests.factories.documents import PaperFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import people_of
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory


@pytest.fixture
def day():
    """The legal day of most steps here."""
    return dt.date(2026, 6, 1)


def a_land():
    """One province with a commune and its Centre."""
    province = ProvinceFactory()
    return SimpleNamespace(
        province=province,
        commune=CommuneFactory(province=province),
        centre=OrganisationFactory(centre=True, place=province),
    )


@pytest.fixture
def land():
    return a_land()


@pytest.fixture
def people(land):
    return people_of(land)


def a_project(land, **facts):
    """A whole file of the land's Centre; its checks let it pass."""
    facts = {
        "province": land.province,
        "commune": land.commune,
        "implementer": land.centre,
        "starts_on": dt.date(2026, 3, 15),
        "whole": True,
    } | facts
    return ProjectFactory(**facts)


@pytest.fixture
def project(land):
    return partial(a_project, land)


PAPER_OF = {
    "submit": PaperKind.REQUEST_LETTER,
    "return": PaperKind.RETURN_LETTER,
    "appraise": PaperKind.APPRAISAL,
    "fail": PaperKind.APPRAISAL,
    "register": PaperKind.REGISTRATION,
    "ministry_return": PaperKind.RETURN_LETTER,
    "ministry_appraise": PaperKind.MINISTRY_APPRAISAL,
    "ministry_fail": PaperKind.MINISTRY_APPRAISAL,
    "approve": PaperKind.PLAN_DECISION,
    "assign": PaperKind.ASSIGNMENT,
    "begin": PaperKind.SUPPORT_CONTRACT,
    "accept": PaperKind.ACCEPTANCE,
    "settle": PaperKind.SETTLEMENT,
    "liquidate": PaperKind.LIQUIDATION,
    "withdraw": PaperKind.REQUEST_LETTER,
    "stop": PaperKind.CHANGE_DECISION,
}


@pytest.fixture
def paper(day):
    """The paper that a step demands."""

    def make(step, **facts):
        return PaperFactory(**({"kind": PAPER_OF[step], "signed_on": day} | facts))

    return make


def sign_in(client, user):
    """As this person, who stays signed in until another comes."""
    if getattr(client, "person", None) != user.pk:
        client.force_login(user)
        client.person = user.pk


@pytest.fixture
def seen(client, people):
    """A page as somebody sees it."""

    def get(user, name, /, *args, **query):
        sign_in(client, getattr(people, user))
        return client.get(reverse(f"projects:{name}", args=args), query)

    return get


@pytest.fixture
def sent(client, people):
    """What comes back when somebody sends a form."""

    def post(user, name, /, *args, **data):
        sign_in(client, getattr(people, user))
        return client.post(reverse(f"projects:{name}", args=args), data)

    return post


@pytest.fixture
def statute(land):
    """So many working days by the province's own text."""

    def make(code, days, **facts):
        facts = {"level": Level.PROVINCIAL, "province": land.province} | facts
        return DeadlineRowFactory(
            code=code, kind="working_days", month=None, day=None, days=days, year_offset=0, **facts
        )

    return make
