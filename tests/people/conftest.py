import pytest

from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


@pytest.fixture
def administrator(province):
    return person("administrator", place=province)


@pytest.fixture
def country():
    return person("administrator", country=True)


@pytest.fixture
def user(province):
    return UserFactory(province=province)
