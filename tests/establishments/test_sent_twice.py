"""A client that sends the same identifier twice makes one record; another record under it is refused in a sentence."""

import datetime as dt
import uuid

import pytest

from khuyencong.base.errors import Invalid
from khuyencong.establishments import operations
from khuyencong.establishments.models import Establishment
from tests.factories.establishments import EstablishmentFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db
UID = uuid.uuid4()


@pytest.fixture
def commune():
    return CommuneFactory()


@pytest.fixture
def officer(commune):
    return person("appraiser", place=commune.province)


def register(commune, officer, name="Cơ sở Ngọc Tứ"):
    return operations.register(name=name, legal_form="household", commune=commune, by=officer, uid=UID)


def test_an_establishment_sent_twice_is_there_once(commune, officer):
    first = register(commune, officer)

    assert register(commune, officer, name="Cơ sở  Ngọc Tứ") == first
    assert Establishment.objects.count() == 1


def test_another_establishment_under_the_same_identifier_is_refused(commune, officer):
    register(commune, officer)

    with pytest.raises(Invalid, match="Định danh này đã thuộc một bản ghi khác") as refused:
        register(commune, officer, name="Cơ sở Bích Vân")

    assert list(refused.value.fields) == ["uid"]


def test_a_product_sent_twice_is_there_once(commune, officer):
    made = EstablishmentFactory(commune=commune, province=commune.province)
    facts = {"by": officer, "uid": UID}
    first = operations.add_product(made, name="Cà phê rang xay", **facts)

    assert operations.add_product(made, name="Cà phê rang xay", **facts) == first
    with pytest.raises(Invalid, match="Định danh này"):
        operations.add_product(made, name="Cà phê bột", **facts)


def test_a_support_sent_twice_is_there_once(commune):
    made = EstablishmentFactory(commune=commune, province=commune.province)
    director = person("department_director", place=commune.province)
    facts = {"item": "Máy sấy", "source": "KCQG", "on": dt.date(2026, 3, 1), "by": director, "uid": UID}
    first = operations.record_supported_item(made, amount=100_000_000, **facts)

    assert operations.record_supported_item(made, amount=100_000_000, **facts) == first
    with pytest.raises(Invalid, match="Định danh này"):
        operations.record_supported_item(made, amount=100_000_001, **facts)
