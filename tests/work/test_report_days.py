"""By when the figures of a month are due, as home tells it."""

import datetime as dt

import pytest

from khuyencong.work import queries
from khuyencong.work.enums import TaskKind as K
from tests.factories.norms import DeadlineRowFactory, InstrumentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


MONTHLY = {"code": "monthly_report", "kind": "monthly", "month": None, "year_offset": 0}


def reports_of(province):
    centre = OrganisationFactory(centre=True, place=province)
    officer = person("centre_officer", place=province, employer=centre)
    ProjectFactory(running=True, province=province, implementer=centre)
    return officer, centre


def due_of(officer):
    return [task.due for task in queries.tasks(officer) if task.kind == K.REPORT]


def test_the_monthly_report_is_due_by_the_row_of_the_province_whose_money_it_is(province):
    officer, _centre = reports_of(province)
    other, _centre = reports_of(ProvinceFactory())
    DeadlineRowFactory(**MONTHLY, day=25, strictly_before=True)
    text = InstrumentFactory(provincial=True, province=province)
    DeadlineRowFactory(**MONTHLY, day=27, level="provincial", instrument=text, province=province)

    assert due_of(officer) == [dt.date(2026, 11, 27)]
    assert due_of(other) == [dt.date(2026, 11, 24)]  # that province has no row of its own


def test_among_reports_of_several_days_the_first_is_told(province):
    officer, centre = reports_of(province)
    ProjectFactory(running=True, province=province, implementer=centre, level="national", national=100, local=0)
    DeadlineRowFactory(**MONTHLY, day=25, strictly_before=True)
    text = InstrumentFactory(provincial=True, province=province)
    DeadlineRowFactory(**MONTHLY, day=27, level="provincial", instrument=text, province=province)

    assert due_of(officer) == [dt.date(2026, 11, 24)]


def test_where_no_row_says_it_the_report_has_no_day(province):
    officer, _centre = reports_of(province)

    assert due_of(officer) == [None]
