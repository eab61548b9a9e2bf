"""Many questions asked at once get the answers of one; the law may be supposed to be otherwise."""

import datetime as dt
from copy import copy

import pytest

from khuyencong.norms import queries
from khuyencong.norms.models import Line, PriorityRow, SupportNorm
from khuyencong.places.models import Unit
from tests.factories.norms import InstrumentFactory, PlaceRuleFactory, SupportNormFactory
from tests.norms.conftest import on

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2020, 6, 1), dt.date(2025, 6, 30), dt.date(2025, 10, 14), dt.date(2026, 11, 22)]
NOW = DAYS[-1]
MILLION = 1_000_000
COST = 700 * MILLION


@pytest.mark.parametrize("day", DAYS)
def test_answers_are_the_same_asked_one_by_one_and_together(law, day):
    """Every unit of the corner, in its own time and in others'."""
    asked = [
        (code, unit, level, priority)
        for code, level, priority in (
            ("DAY_CHUYEN", "national", ("export",)),
            ("DN_THANH_LAP", "provincial", ()),
            ("SXSH_THI_DIEM", "national", ()),
        )
        for unit in Unit.objects.select_related("parent", "province")
    ]

    def answers():
        return [
            queries.maximum(
                code, cost=COST, on=day, place=unit, level=level, province=unit.province or unit, priority=priority
            )
            for code, unit, level, priority in asked
        ]

    one_by_one = answers()
    with queries.reading(many=True):
        together = answers()

    assert together == one_by_one


@pytest.mark.parametrize("count", [1, 3])
def test_many_questions_cost_as_many_queries_as_one(law, count, django_assert_num_queries):
    communes = list(Unit.objects.on(NOW).filter(level="commune").select_related("parent", "province")[:count])

    with queries.reading(many=True), django_assert_num_queries(3):  # norms with their lines, place rules, facts
        for unit in communes:
            queries.maximum("MMTB", cost=COST, on=NOW, place=unit)


def row(code="MMTB"):
    return SupportNorm.objects.select_related("instrument", "line").get(
        line__code=code, level="national", valid_to=None
    )


def most(**more):
    return queries.maximum("MMTB", cost=COST, on=NOW, place=on("26500", NOW), **more).maximum


def test_a_supposed_row_answers_in_the_place_of_its_own(law):
    other = copy(row())
    other.cap = 123 * MILLION

    with queries.reading(instead=[other]):
        assert most() == 123 * MILLION
    assert most() == 300 * MILLION


def test_what_leans_on_a_supposed_row_moves_with_it(law):
    other = copy(row())
    other.cap = 100 * MILLION

    with queries.reading(instead=[other]):
        line = queries.maximum("DAY_CHUYEN", cost=COST, on=NOW, place=on("26500", NOW))

    assert line.maximum == 150 * MILLION


def test_a_row_supposed_to_have_ended_answers_no_more(law):
    other = copy(row())
    other.valid_to = NOW

    with queries.reading(instead=[other]):
        assert most() is None


def test_a_row_that_is_not_there_may_be_supposed(law):
    province = on("66", NOW)
    text = InstrumentFactory(provincial=True, province=province)
    new = SupportNormFactory.build(
        instrument=text,
        line=Line.objects.get(code="MMTB"),
        level="provincial",
        province=province,
        percent=None,
        cap=90 * MILLION,
    )
    before = most(level="provincial", province=province)

    with queries.reading(instead=[new]):
        assert (most(level="provincial", province=province), most()) == (90 * MILLION, 300 * MILLION)
    assert before is None
    assert not SupportNorm.objects.filter(cap=90 * MILLION).exists()


def test_a_rule_of_place_may_be_supposed(law):
    ward = on("26041", NOW)  # a ward of a city: not eligible since 15/10/2025
    new = PlaceRuleFactory.build(
        instrument=InstrumentFactory(), code="phuong", unit_kinds="ward", valid_from=dt.date(2026, 1, 1)
    )

    with queries.reading(instead=[new]):
        supposed = queries.place_eligibility(ward, on=NOW).result

    assert (queries.place_eligibility(ward, on=NOW).result, supposed) == (False, True)


def test_a_priority_may_be_supposed_to_have_ended(law):
    other = copy(PriorityRow.objects.get(code="export", valid_to=None))
    other.valid_to = NOW

    with queries.reading(instead=[other]):
        assert "export" not in {row.code for row in queries.priorities(on=NOW)}
    assert "export" in {row.code for row in queries.priorities(on=NOW)}
