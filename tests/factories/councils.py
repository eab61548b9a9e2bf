import datetime as dt
import uuid

import factory

from khuyencong.councils.models import Conflict, Council, Member, Session, Sheet, SheetPoint
from tests.factories.documents import PaperFactory
from tests.factories.people import UserFactory
from tests.factories.places import ProvinceFactory


class CouncilFactory(factory.django.DjangoModelFactory):
    """An appraisal council since 1 October 2026, twenty points for each of the five criteria."""

    class Meta:
        model = Council

    name = factory.Sequence(lambda n: f"Hội đồng thẩm định đợt {n}")
    province = factory.SubFactory(ProvinceFactory)
    paper = factory.SubFactory(PaperFactory, kind="council_decision", signed_on=dt.date(2026, 10, 1))
    formed_on = dt.date(2026, 10, 1)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    council = factory.SubFactory(CouncilFactory)
    user = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda o: str(o.user) if o.user else "Lê Thị Hồng")

    class Params:
        chair = factory.Trait(role="chair")
        secretary = factory.Trait(role="secretary")


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conflict

    member = factory.SubFactory(MemberFactory)
    subject_uid = factory.LazyFunction(uuid.uuid4)
    subject_label = "26-66-001 Máy sấy cà phê"
    reason = "Em ruột của chủ cơ sở"
    origin = "declared"
    by = factory.SubFactory(UserFactory)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    council = factory.SubFactory(CouncilFactory)
    on = dt.date(2026, 11, 18)


class SheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sheet

    member = factory.SubFactory(MemberFactory)
    subject_uid = factory.LazyFunction(uuid.uuid4)
    subject_label = "26-66-001 Máy sấy cà phê"
    on = dt.date(2026, 11, 18)
    conclusion = "pass"
    total = 80
    by = factory.SelfAttribute("member.user")


class SheetPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SheetPoint

    sheet = factory.SubFactory(SheetFactory)
    point = 1
    result = "meets"
    score = 16
