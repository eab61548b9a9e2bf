import datetime as dt

import factory

from khuyencong.budgets.models import Entry, Envelope
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory


class EnvelopeFactory(factory.django.DjangoModelFactory):
    """A province's own money of 2026, empty; ``given=3_400_000_000`` puts that much in on 5 January 2026 (đồng)."""

    class Meta:
        model = Envelope
        skip_postgeneration_save = True

    level = "provincial"
    year = 2026
    province = factory.SubFactory(ProvinceFactory)
    holder = factory.SubFactory(OrganisationFactory, department=True, place=factory.SelfAttribute("..province"))
    name = factory.Sequence(lambda n: f"Kinh phí khuyến công địa phương {n}")
    chapter, category, clause = "416", "280", "309"

    class Params:
        of_nation = factory.Trait(
            level="national", name=factory.Sequence(lambda n: f"Kinh phí khuyến công quốc gia {n}"), chapter="016"
        )
        of_agency = factory.Trait(
            level="national",
            province=None,
            chapter="016",
            holder=factory.SubFactory(OrganisationFactory, kind="agency", place=None),
        )
        of_commune = factory.Trait(
            level="communal",
            commune=factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..province")),
            chapter="800",
        )

    @factory.post_generation
    def given(self, create, extracted, **kwargs):
        if create and extracted:
            EntryFactory(envelope=self, amount=extracted)


class EntryFactory(factory.django.DjangoModelFactory):
    """Money given by a budget decision of 5 January 2026; another ``kind`` names its project."""

    class Meta:
        model = Entry

    envelope = factory.SubFactory(EnvelopeFactory)
    kind = "allocated"
    amount = 1_000_000_000
    on = dt.date(2026, 1, 5)
    paper = factory.SubFactory(PaperFactory, kind="budget_decision", signed_on=dt.date(2026, 1, 5))
    by = factory.SubFactory(UserFactory)

    class Params:
        committed = factory.Trait(
            kind="committed",
            project=factory.SubFactory(
                ProjectFactory, approved=True, province=factory.SelfAttribute("..envelope.province")
            ),
            paper=factory.SubFactory(PaperFactory),
            on=dt.date(2026, 3, 2),
        )
