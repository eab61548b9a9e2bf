import datetime as dt

import factory

from khuyencong.establishments.models import (
    Cluster,
    CraftVillage,
    CraftVillageRecognition,
    Establishment,
    Machine,
    Merger,
    NotDuplicate,
    Photo,
    Product,
    Recognition,
    SupportedItem,
    YearlyFacts,
)
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory


class Placed(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    commune = factory.SubFactory(CommuneFactory)
    province = factory.SelfAttribute("commune.province")


class CraftVillageFactory(Placed):
    class Meta:
        model = CraftVillage

    name = factory.Sequence(lambda n: f"Làng nghề dệt thổ cẩm {n}")


class CraftVillageRecognitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CraftVillageRecognition

    village = factory.SubFactory(CraftVillageFactory)
    kind = "craft"
    decision = "QĐ 100/QĐ-UBND"
    valid_from = dt.date(2020, 1, 1)

    class Params:
        withdrawn = factory.Trait(valid_to=dt.date(2025, 1, 1), withdrawal="QĐ 1/QĐ-UBND")


class ClusterFactory(Placed):
    class Meta:
        model = Cluster

    name = factory.Sequence(lambda n: f"Cụm công nghiệp Ea Đar {n}")
    founded_on = dt.date(2015, 1, 1)

    class Params:
        ended = factory.Trait(ended_on=dt.date(2025, 1, 1), ending="QĐ 2/QĐ-UBND")


class EstablishmentFactory(Placed):
    """A household that makes something; ``company`` has a tax code."""

    class Meta:
        model = Establishment

    name = factory.Sequence(lambda n: f"Cơ sở Mắc ca {_words(n)}")
    legal_form = "household"
    organisation = factory.SubFactory(
        OrganisationFactory,
        name=factory.SelfAttribute("..name"),
        kind=factory.SelfAttribute("..legal_form"),
        tax_code=factory.SelfAttribute("..tax_code"),
        place=factory.SelfAttribute("..commune"),
    )
    tax_code = ""

    class Params:
        company = factory.Trait(
            legal_form="enterprise", tax_code="0100233488", name=factory.Sequence(lambda n: f"Công ty TNHH Ban Mê {n}")
        )


def _words(n: int) -> str:
    """A name that is like no other: letters of the number, written out."""
    return " ".join("không một hai ba bốn năm sáu bảy tám chín".split()[int(digit)] for digit in str(n))


class YearlyFactsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = YearlyFacts

    establishment = factory.SubFactory(EstablishmentFactory)
    year = 2025
    workers = 12
    women = 7


class MachineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Machine

    establishment = factory.SubFactory(EstablishmentFactory)
    name = "Máy sấy lạnh"


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    establishment = factory.SubFactory(EstablishmentFactory)
    name = factory.Sequence(lambda n: f"Cà phê bột {n}")
    group = 2


class PhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Photo

    establishment = factory.SubFactory(EstablishmentFactory)
    file = factory.SubFactory(StoredFileFactory)


class SupportedItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SupportedItem

    establishment = factory.SubFactory(EstablishmentFactory)
    item = "Máy sấy nông sản 500 kg/mẻ"
    amount = 200_000_000
    source = "KCĐP"
    on = dt.date(2024, 6, 1)


class RecognitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recognition

    product = factory.SubFactory(ProductFactory)
    level = "province"
    year = 2024
    decision = "QĐ 500/QĐ-UBND"


class MergerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Merger

    into = factory.SubFactory(EstablishmentFactory)
    old = factory.SubFactory(EstablishmentFactory, merged_into=factory.SelfAttribute("..into"))
    reason = "Cùng một cơ sở"
    on = dt.date(2026, 11, 20)
    by = factory.SubFactory(UserFactory)


class NotDuplicateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotDuplicate

    first = factory.SubFactory(EstablishmentFactory)
    second = factory.SubFactory(EstablishmentFactory)
    reason = "Hai chủ khác nhau"
    by = factory.SubFactory(UserFactory)
