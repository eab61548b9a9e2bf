import datetime as dt
import uuid

import factory

from khuyencong.base.text import fold
from khuyencong.documents.models import (
    Dossier,
    DossierItem,
    Number,
    Paper,
    PaperFile,
    Print,
    Register,
    Requirement,
    Scan,
    Template,
)
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory


class PaperFactory(factory.django.DjangoModelFactory):
    """A decision signed on 2 March 2026; give ``kind`` where a step demands another."""

    class Meta:
        model = Paper

    kind = "plan_decision"
    number = factory.Sequence(lambda n: f"{n}/QĐ-UBND")
    signed_on = dt.date(2026, 3, 2)
    folded = factory.LazyAttribute(lambda o: fold(o.number))

    class Params:
        signed_by_another = factory.Trait(signer="Nguyễn Văn An", signer_title="Phó Chủ tịch UBND tỉnh")


class PaperFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PaperFile

    paper = factory.SubFactory(PaperFactory)
    file = factory.SubFactory(StoredFileFactory)


class RequirementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Requirement

    stage = "appraisal"
    level = "national"
    code = factory.Sequence(lambda n: f"giay-to-{n}")
    title = factory.Sequence(lambda n: f"Giấy tờ số {n}")
    article = "Điều 10 TT 36/2013/TT-BCT"
    valid_from = dt.date(2014, 2, 10)


class DossierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Dossier

    title = factory.Sequence(lambda n: f"Hồ sơ {n}")


class DossierItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DossierItem

    dossier = factory.SubFactory(DossierFactory)
    paper = factory.SubFactory(PaperFactory)


class RegisterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Register

    issuer = factory.SubFactory(OrganisationFactory)
    year = 2026
    symbol = factory.Sequence(lambda n: f"QĐ-TTKC{n}")


class NumberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Number

    register = factory.SubFactory(RegisterFactory)
    value = factory.Sequence(lambda n: n + 1)
    on = dt.date(2026, 3, 2)
    about = "Về việc giao nhiệm vụ"


class PrintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Print

    code = factory.Sequence(lambda n: "KC-TEST-" + f"{n:04d}".translate(str.maketrans("0123456789", "ABCDEFGHJK")))
    form = "du-toan"
    title = "Dự toán kinh phí"
    subject_kind = "project"
    subject_uid = factory.LazyFunction(uuid.uuid4)
    subject = "Máy ép"
    version = 1
    digest = "0" * 64


class ScanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Scan

    file = factory.SubFactory(StoredFileFactory)


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Template

    form = "du-toan"
    file = factory.SubFactory(StoredFileFactory)
