import pytest

from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import ProvinceFactory

TEMPLATES = {
    "frame/step.html": "{% extends 'base.html' %}{% block title %}Bước{% endblock %}{% block main %}"
    "<form method=post>{% once %}{{ form }}{% submit 'Ghi' %}</form>{% endblock %}"
}


@pytest.fixture(autouse=True)
def pages_of_the_tests(settings):
    """The tests' own addresses, and their one template beside ours."""
    settings.ROOT_URLCONF = "tests.web.common.urls"
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    engine["OPTIONS"] = {
        **engine["OPTIONS"],
        "loaders": [
            ("django.template.loaders.locmem.Loader", TEMPLATES),
            "django.template.loaders.filesystem.Loader",
            "django.template.loaders.app_directories.Loader",
        ],
    }
    settings.TEMPLATES = [engine]


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
