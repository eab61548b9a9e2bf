import datetime as dt

import factory

from khuyencong.reporting.enums import Period, Recipient
from khuyencong.reporting.models import PublishedDocument, ReportAnswer, ReportedFigure, SentReport
from khuyencong.reporting.queries import sent
from khuyencong.reporting.queries.yearly import yearly
from tests.factories.documents import PaperFactory
from tests.factories.people import UserFactory
from tests.factories.places import ProvinceFactory


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


class SentReportFactory(factory.django.DjangoModelFactory):
    """A report of the third quarter of 2026 in which nothing had happened, sent on 9 October."""

    class Meta:
        model = SentReport

    province = factory.SubFactory(ProvinceFactory)
    year = 2026
    period = Period.Q3
    edition = 1
    on = dt.date(2026, 10, 9)
    paper = factory.SubFactory(PaperFactory, kind="period_report", province=factory.SelfAttribute("..province"))
    by = factory.SubFactory(UserFactory)

    @factory.lazy_attribute
    def figures(self):
        frame = sent.frame_of(self.province, year=self.year, period=Period(self.period))
        return sent.statement(yearly(frame))

    @factory.lazy_attribute
    def digest(self):
        return sent.digest_of(self.figures)


class ReportAnswerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReportAnswer

    report = factory.SubFactory(SentReportFactory)
    recipient = Recipient.AGENCY
    accepted = True
    on = dt.date(2026, 10, 12)
    by = factory.SubFactory(UserFactory)
