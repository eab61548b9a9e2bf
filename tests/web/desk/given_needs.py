"""What several files of tests of the desk of needs begin with."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.factories.needs import (
    CallFactory,
)
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


@pytest.fixture
def call(province):
    return CallFactory(province=province)


@pytest.fixture
def signed_in(client):
    def enter(role, **scope):
        user = person(role, **scope)
        client.force_login(user)
        return user

    return enter


@pytest.fixture
def picture():
    def draw(name):
        target = io.BytesIO()
        Image.new("RGB", (60, 40), (120, 160, 90)).save(target, "PNG")
        return SimpleUploadedFile(name, target.getvalue(), "image/png")

    return draw


def text(answer):
    return answer.content.decode()
