import datetime as dt
import uuid

import factory

from khuyencong.councils.models import (
    Attendance,
    Conflict,
    Council,
    Member,
    Session,
    Sheet,
    SheetPoint,
    SheetScore,
    Vote,
)
from tests.factories.documents import PaperFactory
from tests.factories.people import UserFactory
from tests.factories.places import ProvinceFactory


class CouncilFactory(factory.django.DjangoModelFactory):
    """An appraisal council of a province since 1 October 2026; ``ministry``: the agency's, ``officer``: no council but staff."""

    class Meta:
        model = Council

    name = factory.Sequence(lambda n: f"Hội đồng thẩm định đợt {n}")
    province = factory.SubFactory(ProvinceFactory)
    paper = factory.SubFactory(PaperFactory, kind="council_decision", signed_on=dt.date(2026, 10, 1))
    formed_on = dt.date(2026, 10, 1)

    class Params:
        ministry = factory.Trait(tier="ministry", province=None)
        officer = factory.Trait(kind="officer")


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
    by = factory.SubFactory(UserFactory)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    council = factory.SubFactory(CouncilFactory)
    on = dt.date(2026, 11, 18)


class SheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Sheet
        skip_postgeneration_save = True

    member = factory.SubFactory(MemberFactory)
    subject_uid = factory.LazyFunction(uuid.uuid4)
    subject_label = "26-66-001 Máy sấy cà phê"
    on = dt.date(2026, 11, 18)
    conclusion = "pass"
    by = factory.SelfAttribute("member.user")

    @factory.post_generation
    def total(self, create, extracted, **kwargs):
        """One criterion of a hundred points with this score; False for a sheet that is not scored."""
        if create and extracted is not False:
            SheetScoreFactory(sheet=self, most=100, score=80 if extracted is None else extracted)


class SheetPointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SheetPoint

    sheet = factory.SubFactory(SheetFactory)
    point = 1
    result = "meets"


class SheetScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SheetScore

    sheet = factory.SubFactory(SheetFactory, total=False)
    number = factory.Sequence(lambda n: n % 99 + 1)
    text = "Sự cần thiết của đề án"
    most = 20
    score = 16


class AttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    member = factory.SubFactory(MemberFactory, council=factory.SelfAttribute("..session.council"))
    present = True


class VoteFactory(factory.django.DjangoModelFactory):
    """Three for it."""

    class Meta:
        model = Vote

    session = factory.SubFactory(SessionFactory)
    subject_uid = factory.LazyFunction(uuid.uuid4)
    subject_label = "26-66-001 Máy sấy cà phê"
    passes, completes, fails = 3, 0, 0
    conclusion = "pass"
    by = factory.SubFactory(UserFactory)
