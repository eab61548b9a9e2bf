import datetime as dt

import factory

from khuyencong.base.text import fold
from khuyencong.documents.models import Dossier, DossierItem, Paper, PaperFile, Requirement
from tests.factories.files import StoredFileFactory


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
