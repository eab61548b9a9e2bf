import pytest
from django.urls import reverse

from tests.factories.needs import LinkFactory


@pytest.fixture
def link(db):
    return LinkFactory()


@pytest.fixture
def page(link):
    return reverse("field:answer", args=[link.code])
