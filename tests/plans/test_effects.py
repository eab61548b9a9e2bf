"""What a change of the law would do, asked before it is recorded."""

import datetime as dt
from copy import copy

import pytest

from khuyencong.norms.models import SupportNorm
from khuyencong.plans import queries
from khuyencong.projects.models import Project
from tests.factories.establishments import EstablishmentFactory
from tests.factories.norms import InstrumentFactory, LineFactory, SupportNormFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db
TODAY, MILLION = dt.date(2026, 11, 22), 1_000_000


@pytest.fixture
def row():
    return SupportNormFactory(line=LineFactory(code="MMTB", anywhere=True), percent=None, cap=300 * MILLION)


def asking(**facts):
    facts = {"of_nation": True, "norm_line": "MMTB", "state": "submitted", "whole": True} | facts
    return ProjectFactory(**facts)


def lowered(row, *, to=200 * MILLION):
    other = copy(row)
    other.cap = to
    return queries.effect([other], instead_of=[row], among=Project.objects.all(), today=TODAY)


def test_the_maximum_before_and_after_what_is_asked_and_what_is_over(row):
    file = asking()

    found = lowered(row)

    assert [(one.project, one.before, one.after, one.asked, one.over) for one in found.changed] == [
        (file, 300 * MILLION, 200 * MILLION, 300 * MILLION, 100 * MILLION)
    ]
    assert (found.on, found.difference, len(found.over)) == (TODAY, -100 * MILLION, 1)
    assert SupportNorm.objects.get().cap == 300 * MILLION


@pytest.mark.parametrize(
    ("level", "state", "reached"),
    [
        ("national", "draft", 1),
        ("national", "registered", 1),
        ("national", "ministry_appraised", 0),
        ("national", "approved", 0),
        ("national", "withdrawn", 0),
    ],
)
def test_what_was_appraised_keeps_its_norm(row, level, state, reached):
    asking(state=state)

    assert len(lowered(row).changed) == reached


def test_a_row_that_ends_leaves_no_maximum(row):
    asking()
    ended = copy(row)
    ended.valid_to = dt.date(2027, 1, 1)

    found = queries.effect([ended], instead_of=[row], among=Project.objects.all(), today=TODAY)

    assert (found.on, len(found.without_figure), found.difference) == (dt.date(2027, 1, 1), 1, 0)


def test_a_row_of_a_province_reaches_its_own_local_money_alone(row):
    here = ProvinceFactory()
    mine = asking(of_nation=False, province=here)
    asking(of_nation=False)
    asking(province=here)  # national money
    text = InstrumentFactory(provincial=True, province=here)
    new = SupportNorm(
        instrument=text, line=row.line, level="provincial", province=here, cap=90 * MILLION, valid_from=TODAY
    )

    found = queries.effect([new], among=Project.objects.all(), today=TODAY)

    assert [(one.project, one.before, one.after) for one in found.changed] == [(mine, None, 90 * MILLION)]
    assert len(found.with_first_figure) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_for_three_projects_as_for_one(row, count, django_assert_num_queries):
    whom = EstablishmentFactory()  # one establishment may stand in several files
    for _ in range(count):
        BeneficiaryFactory(project=asking(), establishment=whom)

    with django_assert_num_queries(11):
        assert len(lowered(row).changed) == count
