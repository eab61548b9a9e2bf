from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import ProvinceFactory

HERE = Path(__file__).resolve().parent


@pytest.fixture(autouse=True)
def pages_of_the_tests(monkeypatch):
    """The tests' own addresses, and their one template beside ours.  Neither is told to Django as a changed setting: every
    test would then find all addresses and compile all templates again."""
    monkeypatch.setattr(settings, "ROOT_URLCONF", "tests.web.common.urls")
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, HERE / "templates"])


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def officer(province):
    return MandateFactory(role="centre_officer", place=province).user


@pytest.fixture
def desk(client, officer):
    """A browser in which the officer has signed in."""
    client.force_login(officer)
    return client


@pytest.fixture
def stranger():
    return UserFactory()
