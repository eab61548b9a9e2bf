"""Days that the reckoned calendar does not know."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.norms import operations, queries
from khuyencong.norms.models import ExceptionalDay
from tests.factories.norms import DeadlineRowFactory, ExceptionalDayFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY, MONDAY = (dt.date(2026, 11, day) for day in (27, 28, 30))
SAID = {"reason": "Nghỉ bù", "source": "Thông báo 12/TB-BNV", "on": dt.date(2026, 11, 22)}


@pytest.fixture
def keeper():
    return person("administrator", country=True)


def test_a_day_off_is_entered_with_its_paper_and_remembered(keeper):
    made = operations.except_day(MONDAY, works=False, by=keeper, **SAID)

    assert queries.exceptional_days() == {MONDAY: False}
    line = Event.objects.get(action="norms.except_day")
    assert (line.subject, line.data["source"]) == (str(made), "Thông báo 12/TB-BNV")


def test_deadlines_in_working_days_know_it(keeper):
    DeadlineRowFactory(code="opinion", kind="working_days", days=1, month=None, day=None, year_offset=0)
    ask = {"code": "opinion", "on": FRIDAY, "after": FRIDAY}
    assert queries.deadline(**ask).last_day == MONDAY

    operations.except_day(MONDAY, works=False, by=keeper, **SAID)
    assert queries.deadline(**ask).last_day == dt.date(2026, 12, 1)

    operations.except_day(SATURDAY, works=True, by=keeper, **SAID)
    assert queries.deadline(**ask).last_day == SATURDAY


def test_one_entered_wrongly_is_entered_again(keeper):
    operations.except_day(MONDAY, works=False, by=keeper, **SAID)

    operations.except_day(MONDAY, works=True, by=keeper, **SAID | {"reason": "Ghi nhầm"})

    assert ExceptionalDay.objects.get().works
    assert Event.objects.filter(action="norms.except_day").count() == 2


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"day": MONDAY, "works": True}, "Lịch đã tính ngày 30/11/2026 là ngày làm việc."),
        ({"day": SATURDAY, "works": False}, "Lịch đã tính ngày 28/11/2026 là ngày nghỉ."),
        ({"day": MONDAY, "works": False, "source": " "}, "Trường này không được để trắng"),
        ({"day": MONDAY, "works": False, "reason": ""}, "Trường này không được để trắng"),
    ],
)
def test_what_the_calendar_knows_or_nobody_explains_is_refused(keeper, facts, sentence):
    with pytest.raises(Invalid, match=sentence):
        operations.except_day(facts.pop("day"), by=keeper, **SAID | facts)
    assert not ExceptionalDay.objects.exists()


def test_only_who_keeps_the_catalogues_of_the_country_enters_one():
    for other in (
        person("administrator", place=ProvinceFactory()),
        person("department_director", place=ProvinceFactory()),
    ):
        with pytest.raises(NotAllowed):
            operations.except_day(MONDAY, works=False, by=other, **SAID)


def test_a_page_reads_the_days_once(django_assert_num_queries):
    ExceptionalDayFactory(day=MONDAY)

    with queries.reading(), django_assert_num_queries(1):
        assert queries.exceptional_days() == queries.exceptional_days() == {MONDAY: False}
