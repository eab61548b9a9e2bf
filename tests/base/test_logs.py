"""The log keeps no key of a personal link."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from tests.factories.needs import LinkFactory


@pytest.fixture
def lines():
    """What the console would write."""
    said = []

    class Kept(logging.Handler):
        def emit(self, record):
            said.append(self.format(record))

    kept = Kept(level="WARNING")
    kept.addFilter(_keys())
    logging.getLogger("django").addHandler(kept)
    yield said
    logging.getLogger("django").removeHandler(kept)


def _keys():
    [name] = settings.LOGGING["handlers"]["console"]["filters"]
    module, _dot, cls = settings.LOGGING["filters"][name]["()"].rpartition(".")
    return getattr(__import__(module, fromlist=[cls]), cls)()


@pytest.mark.django_db
def test_a_refused_answer_is_logged_without_the_key_of_its_link(lines):
    link = LinkFactory()

    answer = Client(enforce_csrf_checks=True).post(f"/p/{link.code}/", {})

    assert answer.status_code == 403
    assert any("/p/…/" in line for line in lines)
    assert not any(link.code in line for line in lines)


@pytest.mark.django_db
def test_other_addresses_are_logged_as_they_are(lines, client):
    client.get("/cong-khai/khong-co/")

    assert any("/cong-khai/khong-co/" in line for line in lines)
