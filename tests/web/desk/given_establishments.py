"""What several files of tests of the desk of establishments begin with."""

import pytest

from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory


@pytest.fixture
def commune(db):
    return CommuneFactory(province=ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk"))


@pytest.fixture
def officer(client, commune):
    client.force_login(person("centre_officer", place=commune.province))
    return client


@pytest.fixture
def collaborator(client, commune):
    client.force_login(person("collaborator", place=commune))
    return client
