"""What holds when: the periods of one line, and the days on which nothing holds."""

import datetime as dt

import pytest

from khuyencong.norms import queries
from khuyencong.norms.models import SupportNorm
from tests.factories.norms import (
    ApproverRowFactory,
    InstrumentFactory,
    LineFactory,
    PlaceRuleFactory,
    SupportNormFactory,
)
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
A, B, C = dt.date(2014, 4, 8), dt.date(2018, 5, 11), dt.date(2020, 1, 1)


def told(periods):
    return [(period.start, period.end, period.row) for period in periods]


@pytest.fixture
def line():
    return LineFactory()


def test_rows_follow_one_another_without_a_gap(line):
    first = SupportNormFactory(line=line, valid_from=A, valid_to=B)
    second = SupportNormFactory(line=line, valid_from=B)

    assert told(queries.periods_of(second)) == [(A, B, first), (B, None, second)]
    assert queries.gaps(on=TODAY) == []


def test_days_between_rows_and_after_the_last_are_told(line):
    first = SupportNormFactory(line=line, valid_from=A, valid_to=B)
    second = SupportNormFactory(line=line, valid_from=C, valid_to=TODAY)

    assert told(queries.periods_of(first)) == [
        (A, B, first),
        (B, C, None),
        (C, TODAY, second),
        (TODAY, None, None),
    ]
    assert [(gap.model, gap.pk, gap.what, gap.start, gap.end) for gap in queries.gaps(on=TODAY)] == [
        (SupportNorm, first.pk, line.name, B, C),
        (SupportNorm, second.pk, line.name, TODAY, None),
    ]


def test_one_day_without_a_row_is_a_gap_already(line):
    SupportNormFactory(line=line, valid_from=A, valid_to=B)
    SupportNormFactory(line=line, valid_from=B + dt.timedelta(days=1))

    [gap] = queries.gaps(on=TODAY)

    assert (gap.start, gap.end) == (B, B + dt.timedelta(days=1))


def test_a_row_that_is_not_recorded_yet_closes_the_gap_in_sight(line):
    SupportNormFactory(line=line, valid_from=A, valid_to=B)
    new = SupportNormFactory.build(line=line, instrument=InstrumentFactory(), valid_from=B)

    assert [(period.start, period.row) for period in queries.periods_of(new)][1:] == [(B, new)]


def test_each_province_and_the_nation_have_a_time_line_of_their_own(line):
    dak_lak, gia_lai = ProvinceFactory(name="Đắk Lắk"), ProvinceFactory(name="Gia Lai")
    SupportNormFactory(line=line, valid_from=A)
    for province, until in ((dak_lak, None), (gia_lai, B)):
        text = InstrumentFactory(provincial=True, province=province)
        SupportNormFactory(
            line=line, instrument=text, level="provincial", province=province, valid_from=A, valid_to=until
        )
    SupportNormFactory()

    scopes = queries.scopes_of(line)

    assert [(scope.level, scope.row.province, len(scope.periods)) for scope in scopes] == [
        ("national", None, 1),
        ("provincial", dak_lak, 1),
        ("provincial", gia_lai, 2),
    ]
    [gap] = queries.gaps(on=TODAY)
    assert (gap.level, gap.province) == ("provincial", gia_lai.full_name)


def test_what_ended_with_its_province_is_no_gap(line):
    gone = ProvinceFactory(ended=True)
    text = InstrumentFactory(provincial=True, province=gone)
    SupportNormFactory(line=line, instrument=text, level="provincial", province=gone, valid_from=A, valid_to=B)

    assert queries.gaps(on=TODAY) == []


@pytest.mark.parametrize(("end", "count"), [(TODAY, 0), (TODAY + dt.timedelta(days=1), 1)])
def test_the_end_of_other_rows_is_told_while_it_lies_ahead(end, count):
    ApproverRowFactory(valid_to=end)
    PlaceRuleFactory(valid_to=end)

    assert [gap.what for gap in queries.gaps(on=TODAY)] == ["sản xuất tại xã", "Phê duyệt kế hoạch năm"] * count


@pytest.mark.parametrize("count", [1, 3])
def test_gaps_are_two_queries(count, django_assert_num_queries):
    for _ in range(count):
        SupportNormFactory(valid_from=A, valid_to=B)

    with django_assert_num_queries(2):
        assert len(queries.gaps(on=TODAY)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_time_lines_of_a_line_are_two_queries(line, count, django_assert_num_queries):
    for _ in range(count):
        province = ProvinceFactory()
        text = InstrumentFactory(provincial=True, province=province)
        SupportNormFactory(line=line, instrument=text, level="provincial", province=province)

    with django_assert_num_queries(2):
        assert len(queries.scopes_of(line)) == count
