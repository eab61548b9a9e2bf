import datetime as dt

import factory

from khuyencong.organisations.models import Area, Contact, Expert, FormerName, Organisation, Succession
from tests.factories.places import CommuneFactory, ProvinceFactory


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Công ty TNHH Cà phê {n}")
    kind = "enterprise"
    place = factory.SubFactory(CommuneFactory)

    class Params:
        centre = factory.Trait(
            kind="centre",
            place=factory.SubFactory(ProvinceFactory),
            name=factory.Sequence(lambda n: f"Trung tâm Khuyến công {n}"),
        )
        department = factory.Trait(
            kind="department",
            place=factory.SubFactory(ProvinceFactory),
            name=factory.Sequence(lambda n: f"Sở Công Thương {n}"),
        )
        ended = factory.Trait(ended_on=dt.date(2025, 7, 1))


class FormerNameFactory(factory.django.DjangoModelFactory):
    """A name borne until a day; the body is then found by it, as after the act."""

    class Meta:
        model = FormerName

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Trung tâm Khuyến công và Tư vấn phát triển công nghiệp {n}")
    until = dt.date(2025, 7, 1)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = super()._create(model_class, *args, **kwargs)
        body = row.organisation
        body.former = "\n".join(body.named_before.order_by("-until").values_list("name", flat=True))
        body.save()
        return row


class SuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Succession

    old = factory.SubFactory(OrganisationFactory, ended=True)
    new = factory.SubFactory(OrganisationFactory)
    on = dt.date(2025, 7, 1)


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory, centre=True)
    name = factory.Sequence(lambda n: f"Cụm {n}")
    valid_from = dt.date(2025, 7, 1)

    @factory.post_generation
    def communes(self, create, extracted, **kwargs):
        if create:
            self.communes.set(extracted or [CommuneFactory(province=self.organisation.place)])


class ExpertFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Expert

    name = factory.Sequence(lambda n: f"Viện Nghiên cứu cơ khí {n}")
    field = "Cơ khí"


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    kind = "collaborator"
    name = factory.Sequence(lambda n: f"Trần Thị Mai {n}")
    phone = "0912345678"
    commune = factory.SubFactory(CommuneFactory)
    province = factory.SelfAttribute("commune.province")
    valid_from = dt.date(2026, 1, 1)
