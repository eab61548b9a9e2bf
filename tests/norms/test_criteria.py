"""By what a council scores, and days counted in working days."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms import operations, queries
from khuyencong.norms.enums import Deadline, Level
from khuyencong.norms.models import CriterionRow, DeadlineRow
from tests.factories.norms import CriterionRowFactory, DeadlineRowFactory, InstrumentFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def province():
    return ProvinceFactory()


def numbers(rows):
    return [(row.number, row.points) for row in rows]


def test_a_province_scores_by_its_own_set_and_never_by_a_mixture(province):
    CriterionRowFactory(number=1, points=60), CriterionRowFactory(number=2, points=40)
    CriterionRowFactory(number=2, points=100, province=province)
    CriterionRowFactory(number=1, points=50, level=Level.NATIONAL)

    assert numbers(queries.criteria(on=DAY, province=province)) == [(2, 100)]
    assert numbers(queries.criteria(on=DAY, province=ProvinceFactory())) == [(1, 60), (2, 40)]
    assert numbers(queries.criteria(on=DAY, province=None)) == [(1, 50)]


def test_the_criteria_are_those_of_the_day(province):
    CriterionRowFactory(number=1, points=20, valid_to=DAY)
    CriterionRowFactory(number=1, points=30, valid_from=DAY)

    assert numbers(queries.criteria(on=DAY - dt.timedelta(days=1), province=province)) == [(1, 20)]
    assert numbers(queries.criteria(on=DAY, province=province)) == [(1, 30)]
    assert queries.criteria(on=dt.date(2019, 12, 31), province=province) == []


def test_an_administrator_enters_the_statute_of_the_council(province):
    text = InstrumentFactory(provincial=True, province=province)
    facts = {
        "article": "Điều 6",
        "number": 1,
        "text": "Sự cần thiết",
        "points": 20,
        "valid_from": text.valid_from,
        "on": DAY,
    }

    row = operations.add_row(text, model=CriterionRow, by=person("administrator", place=province), **facts)

    assert (row.province, row.level, row.verified) == (province, Level.PROVINCIAL, "no")
    with pytest.raises(NotPossible, match="Trùng thời gian"):
        operations.add_row(text, model=CriterionRow, by=person("administrator", place=province), **facts)
    with pytest.raises(NotAllowed):
        operations.add_row(text, model=CriterionRow, by=person("appraiser", place=province), **facts | {"number": 2})
    with pytest.raises(Invalid):
        operations.add_row(
            text, model=CriterionRow, by=person("administrator", place=province), **facts | {"number": 2, "points": 0}
        )


def test_the_database_refuses_two_criteria_of_one_number():
    CriterionRowFactory(number=3)

    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionRowFactory(number=3)


def test_a_deadline_in_working_days_passes_over_the_weekend(province):
    DeadlineRowFactory(
        code=Deadline.COMPLETION, kind="working_days", month=None, day=None, days=2, year_offset=0,
        level=Level.PROVINCIAL, province=province,
    )  # fmt: skip

    answer = queries.deadline(
        Deadline.COMPLETION, on=DAY, after=dt.date(2026, 11, 13), level=Level.PROVINCIAL, province=province
    )  # a Friday

    assert (answer.day, answer.days, answer.in_working_days) == (dt.date(2026, 11, 17), 2, True)


def test_only_the_deadline_of_an_opinion_may_say_that_silence_consents():
    row = DeadlineRow(code=Deadline.COMPLETION, kind="working_days", days=5, silence_consents=True)

    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert "không trả lời là đồng ý" in str(refusal.value)


def test_the_page_of_the_statute_shows_criteria_and_working_days(client, province):
    text = InstrumentFactory(provincial=True, province=province)
    CriterionRowFactory(instrument=text, province=province, number=4, text="Năng lực của cơ sở", points=15)
    DeadlineRowFactory(
        instrument=text, code=Deadline.OPINION, kind="working_days", month=None, day=None, days=7, year_offset=0,
        level=Level.PROVINCIAL, province=province, silence_consents=True,
    )  # fmt: skip
    client.force_login(person("administrator", place=province))

    page = client.get(reverse("norms:page", args=[text.pk])).content.decode()

    assert "4. Năng lực của cơ sở" in page
    assert "tối đa 15 điểm" in page
    assert "7 ngày làm việc; không trả lời là đồng ý" in page
