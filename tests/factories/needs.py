import datetime as dt

import factory

from khuyencong.needs.models import Call, Link, Need, NeedPhoto, NeedStep, NoNeed, SurveyPlan, Visit
from tests.factories.documents import PaperFactory
from tests.factories.files import StoredFileFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory


class CallFactory(factory.django.DjangoModelFactory):
    """Registration for 2027, open since September, until 30 November 2026."""

    class Meta:
        model = Call

    province = factory.SubFactory(ProvinceFactory)
    year = 2027
    paper = factory.SubFactory(PaperFactory, kind="call_letter", signed_on=dt.date(2026, 9, 1))
    opens_on = dt.date(2026, 9, 7)
    commune_deadline = dt.date(2026, 11, 30)


class LinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Link

    call = factory.SubFactory(CallFactory)
    commune = factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..call.province"))
    holder = "H’Lan Êban"
    expires_at = dt.datetime(2026, 12, 1, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    by = factory.SubFactory(UserFactory)


class NeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Need

    call = factory.SubFactory(CallFactory)
    province = factory.SelfAttribute("call.province")
    commune = factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..call.province"))
    name = factory.Sequence(lambda n: f"Cơ sở Ngọc Tứ {n}")
    folded = factory.LazyAttribute(lambda o: o.name.lower())
    what = "Máy sấy cà phê 2 tấn/mẻ"
    channel = "account"
    sent_on = dt.date(2026, 9, 20)


class NoNeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NoNeed

    call = factory.SubFactory(CallFactory)
    commune = factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..call.province"))
    channel = "telephone"
    answered_on = dt.date(2026, 9, 20)
    answered_by = "Y Thanh Niê"


class NeedPhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NeedPhoto

    need = factory.SubFactory(NeedFactory)
    file = factory.SubFactory(StoredFileFactory)


class NeedStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NeedStep

    need = factory.SubFactory(NeedFactory)
    name = "register"
    target = "sent"
    on = dt.date(2026, 9, 20)
    who = "H’Lan Êban"


class SurveyPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SurveyPlan
        skip_postgeneration_save = True

    call = factory.SubFactory(CallFactory)
    name = "Sông Hinh, Sơn Hoà"
    starts_on = dt.date(2026, 12, 3)
    ends_on = dt.date(2026, 12, 5)


class VisitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Visit
        skip_postgeneration_save = True

    need = factory.SubFactory(NeedFactory)
    plan = factory.SubFactory(SurveyPlanFactory, call=factory.SelfAttribute("..need.call"))
    planned_on = dt.date(2026, 12, 3)
