import pytest

from tests.factories.people import person
from tests.factories.places import CommuneFactory


@pytest.fixture
def commune():
    return CommuneFactory()


@pytest.fixture
def officer(commune):
    return person("centre_officer", place=commune.province)


@pytest.fixture
def keeper(commune):
    return person("commune_officer", place=commune)


@pytest.fixture
def accountant(commune):
    return person("accountant", place=commune.province)
