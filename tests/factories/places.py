import datetime as dt

import factory
import pytest

from khuyencong.base.text import fold, sort_key
from khuyencong.places import operations, queries
from khuyencong.places.models import REFORM, Edition, Succession, Unit, UnitFact
from tests.worlds import once


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"X{n % 10_000:04}")  # no real code: it never meets one that a test names
    level = "commune"
    kind = "commune"
    name = factory.Sequence(lambda n: f"Ea Kly {n}")
    full_name = factory.LazyAttribute(lambda o: f"Xã {o.name}")
    folded = factory.LazyAttribute(lambda o: fold(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))
    valid_from = REFORM

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        queries.forget()  # another test may have had as many units
        return super()._create(model_class, *args, **kwargs)

    class Params:
        ended = factory.Trait(valid_from=dt.date(2003, 1, 1), valid_to=REFORM)


class ProvinceFactory(UnitFactory):
    code = factory.Sequence(lambda n: f"{'ABCDEFGHJKLMNPQRSTUVWXYZ'[n // 10 % 24]}{n % 10}")
    level = "province"
    kind = "province"
    name = factory.Sequence(lambda n: f"Đắk Lắk {n}")
    full_name = factory.LazyAttribute(lambda o: f"Tỉnh {o.name}")


class CommuneFactory(UnitFactory):
    province = factory.SubFactory(ProvinceFactory)
    parent = factory.SelfAttribute("province")


class UnitSuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Succession

    old = factory.SubFactory(CommuneFactory, ended=True)
    new = factory.SubFactory(CommuneFactory)
    kind = "whole"
    on = REFORM


class UnitFactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnitFact

    unit = factory.SubFactory(CommuneFactory)
    name = "city_class"
    value = "II"
    source = "Quyết định thử nghiệm"
    valid_from = dt.date(2020, 1, 1)


class EditionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Edition

    digest = factory.Sequence(lambda n: f"{n:064x}")
    loaded_on = dt.date(2026, 11, 1)
    units = 1
    successions = 0


@pytest.fixture
def dak_lak(db):
    """Today's Đắk Lắk with three communes: Ea Kly, Ea Kar and phường Buôn Ma Thuột."""
    province = ProvinceFactory(code="66", name="Đắk Lắk")
    for code, kind, name, full_name in (
        ("24514", "commune", "Ea Kly", "Xã Ea Kly"),
        ("24373", "commune", "Ea Kar", "Xã Ea Kar"),
        ("24133", "ward", "Buôn Ma Thuột", "Phường Buôn Ma Thuột"),
    ):
        CommuneFactory(code=code, kind=kind, name=name, full_name=full_name, province=province)
    return province


@pytest.fixture(scope="module")
def all_places(django_db_setup, django_db_blocker):
    """The whole register, loaded once for the tests of a module that ask for it and gone after them."""
    yield from once(operations.load, django_db_blocker)
