"""What several files of tests of what an administrator keeps begin with."""

import pytest

from tests.factories.people import person
from tests.factories.places import ProvinceFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


@pytest.fixture
def administrator(province, client):
    user = person("administrator", place=province)
    client.force_login(user)
    return user
