"""The report of a quarter, half a year, a year: each act by its legal day, each figure with its records."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db.models import Sum

from khuyencong.contracts.models import Settlement
from khuyencong.reporting.enums import Period, period_title
from khuyencong.reporting.queries import yearly
from khuyencong.reporting.rules import ended, span
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AssignmentFactory
from tests.factories.documents import PaperFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory, StepTakenFactory

QUARTERS = (Period.Q1, Period.Q2, Period.Q3, Period.Q4)


def test_a_quarter_ends_on_the_last_day_of_its_month_and_the_first_one_has_no_beginning():
    assert span(2026, Period.Q1) == (None, dt.date(2026, 3, 31))
    assert span(2026, Period.Q2) == (dt.date(2026, 4, 1), dt.date(2026, 6, 30))
    assert span(2026, Period.HALF) == (None, dt.date(2026, 6, 30))
    assert span(2026, Period.Q4) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert span(2026, Period.YEAR) == (None, dt.date(2026, 12, 31))


@pytest.mark.parametrize(
    ("today", "over"),
    [
        (dt.date(2026, 9, 30), [(2025, Period.YEAR), (2026, Period.Q2), (2026, Period.HALF)]),
        (dt.date(2026, 10, 1), [(2025, Period.YEAR), (2026, Period.HALF), (2026, Period.Q3)]),
        (dt.date(2026, 12, 31), [(2025, Period.YEAR), (2026, Period.HALF), (2026, Period.Q3)]),
        (dt.date(2027, 1, 1), [(2026, Period.HALF), (2026, Period.Q4), (2026, Period.YEAR)]),
    ],
)
def test_the_last_period_of_each_kind_is_over_on_the_day_after_its_last(today, over):
    assert ended(today) == over


def test_a_period_is_called_as_people_call_it():
    assert period_title(2026, Period.Q3) == "quý III năm 2026"
    assert period_title(2026, Period.HALF) == "6 tháng đầu năm 2026"
    assert period_title(2026, Period.YEAR) == period_title(2026, None) == "năm 2026"


@pytest.fixture
def province(db):
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def reader(province):
    return person("appraiser", place=province)


def frame(reader, province, period, **more):
    return yearly.frame_for(reader, year=2026, province=province, period=period, **more)


def lived(province, *, approved=dt.date(2025, 12, 20)):
    """A project whose acts fall into all quarters."""
    envelope = EnvelopeFactory(province=province, year=2026)
    EntryFactory(envelope=envelope, kind="allocated", amount=900, on=dt.date(2026, 3, 31))
    EntryFactory(envelope=envelope, kind="allocated", amount=100, on=dt.date(2026, 4, 1))
    project = ProjectFactory(province=province, state="settled", local=500, counterpart=70)
    for name, target, on in (
        ("approve", "approved", approved),
        ("adjust", "approved", dt.date(2026, 4, 1)),
        ("accept", "accepted", dt.date(2026, 9, 30)),
        ("settle", "settled", dt.date(2026, 10, 1)),
    ):
        StepTakenFactory(project=project, name=name, target=target, on=on)
    BeneficiaryFactory(project=project, approved=True, approved_on=approved)
    AssignmentFactory(project=project, national=0, local=500, signed_on=dt.date(2026, 4, 2))
    EntryFactory(envelope=envelope, project=project, kind="advanced", amount=300, on=dt.date(2026, 6, 30))
    EntryFactory(envelope=envelope, project=project, kind="advanced", amount=50, on=dt.date(2026, 7, 1))
    EntryFactory(envelope=envelope, project=project, kind="settled", amount=450, on=dt.date(2026, 10, 1))
    Settlement.objects.create(project=project, on=dt.date(2026, 10, 1), due_on=dt.date(2026, 10, 15), national=0, local=450,
        counterpart=60, paper=PaperFactory(province=province))  # fmt: skip
    return project


def told(report):
    whole, total = report.state_total, report.total
    return {
        "allocated": whole.allocated,
        "approved": total.support,
        "contracted": whole.contracted,
        "advanced": whole.advanced,
        "settled": whole.settled,
        "projects": (total.projects, total.accepted, total.settled, report.changed, report.times),
        "counterpart": (total.counterpart, report.counterpart_settled),
    }


def test_each_act_counts_in_the_quarter_of_its_legal_day(reader, province):
    lived(province)

    found = [told(yearly.yearly(frame(reader, province, quarter))) for quarter in QUARTERS]

    assert [one["allocated"] for one in found] == [900, 100, 0, 0]
    assert [one["approved"] for one in found] == [500, 0, 0, 0]  # decided before the year began
    assert [one["contracted"] for one in found] == [0, 500, 0, 0]
    assert [one["advanced"] for one in found] == [0, 300, 50, 0]
    assert [one["settled"] for one in found] == [0, 0, 0, 450]
    assert [one["projects"] for one in found] == [(1, 0, 0, 0, 1), (0, 0, 0, 1, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0)]
    assert [one["counterpart"] for one in found] == [(70, 0), (0, 0), (0, 0), (0, 60)]


def test_four_quarters_are_the_year_and_two_the_half(reader, province):
    lived(province)
    lived(province, approved=dt.date(2026, 5, 1))
    quarters = [yearly.yearly(frame(reader, province, quarter)) for quarter in QUARTERS]

    for period, parts in ((Period.HALF, quarters[:2]), (Period.YEAR, quarters)):
        whole = yearly.yearly(frame(reader, province, period))
        for name in ("allocated", "approved", "contracted", "advanced", "settled"):
            assert getattr(whole.state_total, name) == sum(getattr(part.state_total, name) for part in parts)
        assert whole.total == sum((part.total for part in parts), yearly.Sums())


@pytest.mark.parametrize("period", Period)
def test_each_figure_of_a_period_has_its_records(reader, province, period):
    lived(province)
    lived(province, approved=dt.date(2026, 5, 1))
    here = frame(reader, province, period)
    report = yearly.yearly(here)

    def behind(**asked):
        return yearly.behind(here, **asked).aggregate(told=Sum("figure", default=0))["told"]

    for name in ("contracted", "advanced", "settled"):
        assert behind(amount=name) == getattr(report.state_total, name)
        assert behind(amount=f"{name}-local") == getattr(report.sources[1], name)
    assert behind(amount="support") == report.total.support
    assert behind(amount="settled-counterpart") == report.counterpart_settled
    assert yearly.behind(here).count() == report.total.projects
    for name in ("accepted", "settled", "stopped", "historical"):
        assert yearly.behind(here, condition=name).count() == getattr(report.total, name)
    assert yearly.behind(here, condition="changed").count() == report.changed
    assert yearly.helped(here).count() == report.times


def test_a_later_quarter_also_tells_what_stands_since_the_plan_began(reader, province):
    lived(province)
    here = frame(reader, province, Period.Q3)

    told = yearly.yearly(here).so_far

    assert told == yearly.SoFar(projects=1, support=500, contracted=500, advanced=350, settled=0)
    since = replace(here, cumulative=True)
    for name in ("support", "contracted", "advanced", "settled"):
        behind = yearly.behind(since, amount=name).aggregate(told=Sum("figure", default=0))["told"]
        assert behind == getattr(told, name)
    assert yearly.yearly(frame(reader, province, Period.Q1)).so_far is None
    assert yearly.yearly(since).so_far is None


def test_since_the_plan_began_a_stopped_project_is_counted_as_in_the_lists_behind(reader, province):
    lived(province)
    project = lived(province)
    type(project).objects.filter(pk=project.pk).update(state="stopped")
    since = frame(reader, province, Period.Q3)

    told = yearly.yearly(since).so_far

    assert (told.support, told.contracted) == (500, 500)
    for name in ("support", "contracted"):
        behind = yearly.behind(replace(since, cumulative=True), amount=name).aggregate(told=Sum("figure", default=0))
        assert behind["told"] == getattr(told, name)


def test_a_historical_dossier_took_all_its_steps_on_the_day_of_its_paper(reader, province):
    project = ProjectFactory(province=province, state="liquidated", historical=True, local=10)
    StepTakenFactory(project=project, name="history", target="liquidated", on=dt.date(2026, 8, 1))

    total = yearly.yearly(frame(reader, province, Period.Q3)).total

    assert (total.projects, total.accepted, total.settled, total.historical) == (1, 1, 1, 1)
    assert yearly.yearly(frame(reader, province, Period.Q2)).total == yearly.Sums()


def test_what_is_paid_is_set_against_what_is_approved_only_where_the_period_begins_with_the_plan(reader, province):
    project = lived(province)
    EntryFactory(envelope=EnvelopeFactory(province=province, year=2026), project=project, kind="advanced", amount=150,
        on=dt.date(2026, 4, 1))  # fmt: skip

    assert str(yearly.yearly(frame(reader, province, Period.HALF)).state_total.disbursed) == "0.900"
    assert yearly.yearly(frame(reader, province, Period.Q2)).state_total.disbursed is None
