"""What becomes of mandates when an account is locked."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.people import operations
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


def test_a_mandate_that_has_not_begun_is_taken_away_and_told(province):
    user, administrator = UserFactory(), person("administrator", country=True)
    tomorrow = clock.today() + dt.timedelta(days=1)
    MandateFactory(user=user, role="appraiser", place=province, valid_from=tomorrow)

    locked = operations.deactivate(user, by=administrator, on=clock.today())
    opened = operations.reactivate(locked, by=administrator, on=clock.today())

    assert not opened.mandates.exists()
    assert len(Event.objects.get(action="people.deactivate").data["never_begun"]) == 1


def test_a_mandate_that_begins_today_keeps_its_day(province):
    user, administrator, today = UserFactory(), person("administrator", country=True), clock.today()
    MandateFactory(user=user, role="appraiser", place=province, valid_from=today)

    operations.deactivate(user, by=administrator, on=today)

    assert user.mandates.get().valid_to == today + dt.timedelta(days=1)


def test_the_only_administrator_of_tomorrow_stays():
    tomorrow = clock.today() + dt.timedelta(days=1)
    leaving, coming = person("administrator", country=True), UserFactory()
    leaving.mandates.update(valid_to=tomorrow)
    MandateFactory(user=coming, role="administrator", place=None, whole_country=True, valid_from=tomorrow)

    with pytest.raises(NotPossible, match="quản trị viên cuối cùng"):
        operations.deactivate(coming, by=leaving, on=clock.today())
