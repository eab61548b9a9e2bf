import datetime as dt

import factory

from khuyencong.base.text import fold, sort_key
from khuyencong.projects.enums import APPROVED_ON, PartNumber
from khuyencong.projects.models import (
    Beneficiary,
    Clearance,
    CodeCounter,
    CostLine,
    OpinionRequest,
    OtherSource,
    Part,
    Project,
    StepTaken,
)
from tests.factories.documents import DossierFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory


class ProjectFactory(factory.django.DjangoModelFactory):
    """A provincial machinery project of 2026: 300 of the State, 320 of the beneficiary (million đồng).

    In a state from approval on everything asked was granted.
    """

    class Meta:
        model = Project
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"26-{n:05d}")
    title = factory.Sequence(lambda n: f"Máy sấy cà phê {n} tấn/mẻ")
    folded = factory.LazyAttribute(lambda o: fold(o.title))
    sort_key = factory.LazyAttribute(lambda o: sort_key(o.title))
    words = factory.LazyAttribute(lambda o: fold(f"{o.code} {o.title}"))
    level = "provincial"
    activity = 3
    kind = "machinery"
    year = 2026
    starts_on = dt.date(2026, 3, 15)
    ends_on = dt.date(2026, 11, 30)
    province = factory.SubFactory(ProvinceFactory)
    commune = factory.SubFactory(CommuneFactory, province=factory.SelfAttribute("..province"))
    implementer = factory.SubFactory(OrganisationFactory, centre=True, place=factory.SelfAttribute("..province"))
    dossier = factory.SubFactory(DossierFactory)
    local = 300_000_000
    counterpart = 320_000_000
    granted_national = factory.LazyAttribute(lambda o: o.national if o.state in APPROVED_ON else None)
    granted_local = factory.LazyAttribute(lambda o: o.local if o.state in APPROVED_ON else None)
    granted_counterpart = factory.LazyAttribute(lambda o: o.counterpart if o.state in APPROVED_ON else None)
    granted_other = factory.LazyAttribute(lambda o: o.other if o.state in APPROVED_ON else None)
    state = "draft"
    national = 0
    other = 0

    class Params:
        of_nation = factory.Trait(level="national", national=300_000_000, local=0)
        approved = factory.Trait(state="approved")
        running = factory.Trait(state="running")
        undivided = factory.Trait(state="liquidated", historical=True, local=0, counterpart=0)  # give ``unsplit``
        group = factory.Trait(form="group", machine_type="Máy sấy trống quay")
        training = factory.Trait(kind="vocational_training", activity=1, counterpart=0, local=90_000_000)

    @factory.post_generation
    def whole(self, create, extracted, **kwargs):
        """``whole=True``: a file that its checks let pass: parts, estimate, one beneficiary."""
        if not create or not extracted:
            return
        for number in PartNumber.values:
            PartFactory(project=self, number=number)
        CostLineFactory(
            project=self,
            national=self.national,
            local=self.local,
            counterpart=self.counterpart,
            other=self.other,
        )
        BeneficiaryFactory(
            project=self, national=self.national, local=self.local, counterpart=self.counterpart, total=self.total
        )


class PartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Part

    project = factory.SubFactory(ProjectFactory)
    number = 2
    text = "Cơ sở sấy thủ công, hao hụt 12%."


class BeneficiaryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Beneficiary

    project = factory.SubFactory(ProjectFactory)
    establishment = factory.SubFactory(
        EstablishmentFactory,
        province=factory.SelfAttribute("..project.province"),
        commune=factory.SelfAttribute("..project.commune"),
    )
    content = "Máy sấy trống quay 4 m³"
    local = 300_000_000
    counterpart = 320_000_000
    total = 620_000_000

    class Params:
        approved = factory.Trait(approved_on=dt.date(2026, 3, 12))


class CostLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CostLine

    project = factory.SubFactory(ProjectFactory)
    order = factory.Sequence(lambda n: n % 1000)
    content = "Máy sấy trống quay 4 m³"
    local = 300_000_000
    counterpart = 320_000_000


class OtherSourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OtherSource

    project = factory.SubFactory(ProjectFactory)
    giver = "Quỹ khuyến công huyện"
    amount = 50_000_000


class StepTakenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StepTaken

    project = factory.SubFactory(ProjectFactory)
    name = "submit"
    source = "draft"
    target = "submitted"
    on = dt.date(2026, 5, 10)
    by = factory.SubFactory(UserFactory)


class OpinionRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OpinionRequest

    project = factory.SubFactory(ProjectFactory, state="submitted")
    body = factory.SubFactory(
        OrganisationFactory, kind="finance_department", name="Sở Tài chính",
        place=factory.SelfAttribute("..project.province"),
    )  # fmt: skip
    asked_on = dt.date(2026, 11, 10)
    due_on = dt.date(2026, 11, 25)


class ClearanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clearance

    project = factory.SubFactory(ProjectFactory)
    rule = "counterpart"
    sentence = "Thiếu đối ứng"
    reason = "Có văn bản cam kết riêng"
    on = dt.date(2026, 5, 10)
    by = factory.SubFactory(UserFactory)


class CodeCounterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CodeCounter

    province = factory.SubFactory(ProvinceFactory)
    year = 2026
