import datetime as dt
from decimal import Decimal

import factory

from khuyencong.plans.models import (
    ChangeRequest,
    Decision,
    Item,
    OpinionRequest,
    Plan,
    Programme,
    Share,
    StepTaken,
    Target,
    Term,
)
from tests.factories.budgets import EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    level = "provincial"
    province = factory.SubFactory(ProvinceFactory)
    title = "Chương trình khuyến công giai đoạn 2026–2030"
    first_year, last_year = 2026, 2030
    paper = factory.SubFactory(PaperFactory, kind="programme_decision")


class TargetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Target

    programme = factory.SubFactory(ProgrammeFactory)
    indicator = "Hỗ trợ cơ sở ứng dụng máy móc tiên tiến"
    measure = "machinery"
    unit = "đề án"
    value = Decimal(150)


class PlanFactory(factory.django.DjangoModelFactory):
    """The provincial plan of 2026."""

    class Meta:
        model = Plan

    level = "provincial"
    year = 2026
    province = factory.SubFactory(ProvinceFactory)

    class Params:
        of_nation = factory.Trait(level="national")
        of_commune = factory.Trait(
            level="communal", commune=factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..province"))
        )


class DecisionFactory(factory.django.DjangoModelFactory):
    """The draft of a tranche; ``submitted`` with its tờ trình, ``issued`` on 2 March 2026."""

    class Meta:
        model = Decision

    plan = factory.SubFactory(PlanFactory)
    ordinal = factory.Sequence(lambda n: n % 30_000 + 1)
    kind = "approve"
    tranche = 1

    class Params:
        submitted = factory.Trait(
            state="submitted",
            submission=factory.SubFactory(PaperFactory, kind="submission", signed_on=dt.date(2026, 2, 20)),
            submitted_on=dt.date(2026, 2, 20),
        )
        issued = factory.Trait(state="approved", paper=factory.SubFactory(PaperFactory), on=dt.date(2026, 3, 2))


class ItemFactory(factory.django.DjangoModelFactory):
    """300 million of local money for an appraised project; ``envelope=…`` covers it."""

    class Meta:
        model = Item
        skip_postgeneration_save = True

    decision = factory.SubFactory(DecisionFactory)
    project = factory.SubFactory(
        ProjectFactory,
        state="appraised",
        level=factory.SelfAttribute("..decision.plan.level"),
        province=factory.SelfAttribute("..decision.plan.province"),
    )
    order = factory.Sequence(lambda n: n % 30_000)
    local = 300_000_000
    counterpart = 320_000_000

    @factory.post_generation
    def envelope(self, create, extracted, **kwargs):
        if create and extracted:
            source = "national" if extracted.level == "national" else "local"
            ShareFactory(item=self, envelope=extracted, source=source, amount=getattr(self, source))


class ShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Share

    item = factory.SubFactory(ItemFactory)
    envelope = factory.SubFactory(EnvelopeFactory, province=factory.SelfAttribute("..item.decision.plan.province"))
    source = "local"
    amount = 300_000_000


class OpinionRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpinionRequest

    decision = factory.SubFactory(DecisionFactory, state="opinion")
    body = factory.SubFactory(
        OrganisationFactory,
        kind="department",
        name="Sở Tài chính",
        place=factory.SelfAttribute("..decision.plan.province"),
    )
    asked_on = dt.date(2026, 2, 10)
    due_on = dt.date(2026, 2, 25)


class ChangeRequestFactory(factory.django.DjangoModelFactory):
    """The implementer of a running project asks to stop; ``confirmed`` by the department."""

    class Meta:
        model = ChangeRequest

    project = factory.SubFactory(ProjectFactory, running=True)
    province = factory.SelfAttribute("project.province")
    commune = factory.SelfAttribute("project.commune")
    kind = "stop"
    reason = "Cơ sở không còn nhu cầu"
    paper = factory.SubFactory(PaperFactory, kind="request_letter", signed_on=dt.date(2026, 6, 1))
    requested_on = dt.date(2026, 6, 1)

    class Params:
        confirmed = factory.Trait(state="confirmed", confirmed_on=dt.date(2026, 6, 5))


class StepTakenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StepTaken

    decision = factory.SubFactory(DecisionFactory)
    name = "submit"
    source = "draft"
    target = "submitted"
    on = dt.date(2026, 2, 20)
    by = factory.SubFactory(UserFactory)


class TermFactory(factory.django.DjangoModelFactory):
    """A ceiling of 500 million for machines."""

    class Meta:
        model = Term

    decision = factory.SubFactory(DecisionFactory)
    kind = "ceiling"
    activity = 3
    amount = 500_000_000
    by = factory.SubFactory(UserFactory)
    at = dt.datetime(2026, 2, 1, 2, tzinfo=dt.UTC)
