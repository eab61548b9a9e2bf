import datetime as dt

import pytest

from tests.factories.documents import PaperFactory
from tests.factories.needs import CallFactory, LinkFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory


@pytest.fixture
def day():
    return dt.date(2026, 10, 5)


@pytest.fixture
def call(db):
    return CallFactory()


@pytest.fixture
def commune(call):
    return CommuneFactory(province=call.province)


@pytest.fixture
def collaborator(commune):
    return person("collaborator", place=commune)


@pytest.fixture
def commune_officer(commune):
    return person("commune_officer", place=commune)


@pytest.fixture
def officer(call):
    return person("centre_officer", place=call.province)


@pytest.fixture
def director(call):
    return person("department_director", place=call.province)


@pytest.fixture
def clerk(call):
    return person("registry_clerk", place=call.province)


@pytest.fixture
def link(call, commune):
    return LinkFactory(call=call, commune=commune)


@pytest.fixture
def paper():
    def make(kind, **facts):
        return PaperFactory(kind=kind, signed_on=facts.pop("signed_on", dt.date(2026, 10, 5)), **facts)

    return make
