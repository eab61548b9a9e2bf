import factory

from khuyencong.reporting.models import PublishedDocument, ReportedFigure


class PublishedDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PublishedDocument

    code = factory.Sequence(lambda n: f"tai-lieu-{n}")
    title = factory.Sequence(lambda n: f"Báo cáo công tác khuyến công {n}")


class ReportedFigureFactory(factory.django.DjangoModelFactory):
    """A stated total of 100 projects in 2020; ``part_of`` another makes it one of its parts."""

    class Meta:
        model = ReportedFigure

    key = factory.Sequence(lambda n: f"so-lieu-{n}")
    document = factory.SubFactory(PublishedDocumentFactory)
    position = "đoạn 1"
    province_then = "Phú Yên"
    period = "2020"
    year_from = year_to = 2020
    subject = "Đề án đã thực hiện"
    indicator = "Số đề án"
    unit = "đề án"
    value = 100
