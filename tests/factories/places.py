import datetime as dt

import factory

from khuyencong.base.text import fold, sort_key
from khuyencong.places.models import REFORM, Succession, Unit, UnitFact


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"{n % 100_000:05}")
    level = "commune"
    kind = "commune"
    name = factory.Sequence(lambda n: f"Ea Kly {n}")
    full_name = factory.LazyAttribute(lambda o: f"Xã {o.name}")
    folded = factory.LazyAttribute(lambda o: fold(o.name))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.name))
    valid_from = REFORM

    class Params:
        ended = factory.Trait(valid_from=dt.date(2003, 1, 1), valid_to=REFORM)


class ProvinceFactory(UnitFactory):
    code = factory.Sequence(lambda n: f"{n % 100:02}")
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
