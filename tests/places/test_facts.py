"""Facts that no register carries: entered by a person, with a day and a source."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.places import operations
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

DAY = dt.date(2022, 2, 10)


@pytest.fixture
def ward(db):
    return CommuneFactory(kind="ward")


@pytest.fixture
def administrator(ward):
    return person("administrator", place=ward.province)


def enter(unit, by, **facts):
    facts = {"name": "city_class", "value": "2", "source": "QĐ 12/QĐ-TTg", "valid_from": DAY} | facts
    return operations.record_fact(unit, by=by, **facts)


def test_a_fact_holds_from_its_day(ward, administrator):
    enter(ward, administrator)

    assert ward.facts.on(DAY).get(name="city_class").value == "2"
    assert not ward.facts.on(DAY - dt.timedelta(days=1)).exists()
    assert Event.objects.get().data["source"] == "QĐ 12/QĐ-TTg"


def test_a_later_fact_ends_the_one_before(ward, administrator):
    enter(ward, administrator)
    enter(ward, administrator, value="1", valid_from=dt.date(2024, 1, 1))

    assert ward.facts.on(dt.date(2023, 12, 31)).get(name="city_class").value == "2"
    assert ward.facts.on(dt.date(2024, 1, 1)).get(name="city_class").value == "1"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"source": " "}, "source"),
        ({"value": "4"}, "value"),
        ({"name": "converted_from_commune", "value": "10/02/2022"}, "value"),
        ({"name": "population", "value": "1"}, "name"),
    ],
)
def test_a_fact_without_source_or_sense_is_refused(ward, administrator, facts, field):
    with pytest.raises(Invalid) as refusal:
        enter(ward, administrator, **facts)

    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize("value", ["no", "2022-02-10"])
def test_a_conversion_is_a_day_or_no(ward, administrator, value):
    assert enter(ward, administrator, name="converted_from_commune", value=value).value == value


def test_a_fact_before_the_one_that_holds_is_refused(ward, administrator):
    enter(ward, administrator)

    with pytest.raises(Invalid, match="sau ngày đó"):
        enter(ward, administrator, value="1", valid_from=DAY)


def test_an_administrator_of_another_province_is_refused(ward):
    with pytest.raises(NotAllowed):
        enter(ward, person("administrator", place=ProvinceFactory()))
