import datetime as dt

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from khuyencong.base.prepared import Prepared
from khuyencong.people.models import Mandate, User
from khuyencong.places.models import Unit
from tests.factories.people import MandateFactory, UserFactory
from tests.factories.places import CommuneFactory, ProvinceFactory

DAY = dt.date(2026, 6, 1)


def mandates(user, day):
    return Mandate.objects.filter(user=user).for_authority(day).select_related("user")


@pytest.fixture
def asked():
    """Asks the prepared question; each time it has to be the answer of the plain one."""
    question = Prepared(mandates, user=int, day=dt.date)

    def ask(user, day):
        with CaptureQueriesContext(
            connection,
        ) as plain:
            expected = list(mandates(user.pk, day))
        with CaptureQueriesContext(connection) as prepared:
            found = question.all(user=user.pk, day=day)
        assert found == expected
        assert [row.__dict__.keys() for row in found] == [row.__dict__.keys() for row in expected]
        assert [one["sql"] for one in prepared] == [one["sql"] for one in plain]
        return found

    return ask


@pytest.mark.django_db
def test_a_question_prepared_once_answers_each_asking_by_its_own_values(asked):
    first, second = UserFactory(), UserFactory()
    of_first = MandateFactory(user=first, valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2026, 6, 2))
    of_second = MandateFactory(user=second, valid_from=dt.date(2026, 6, 1))

    assert asked(first, DAY) == [of_first]
    assert asked(second, DAY) == [of_second]
    assert asked(first, dt.date(2026, 6, 2)) == []
    assert asked(second, dt.date(2026, 5, 31)) == []
    Mandate.objects.filter(pk=of_first.pk).update(valid_to=None)
    assert asked(first, dt.date(2026, 6, 2)) == [of_first]


@pytest.mark.django_db
def test_what_is_read_beside_a_row_costs_no_further_question(asked, django_assert_num_queries):
    mandate = MandateFactory(place=ProvinceFactory(), valid_from=dt.date(2026, 1, 1))
    [found] = asked(mandate.user, DAY)
    with django_assert_num_queries(0):
        assert (found.user, found.place, found.organisation) == (mandate.user, mandate.place, None)


@pytest.mark.django_db
def test_the_one_row_or_the_models_own_refusal():
    question = Prepared(lambda unit: Unit.objects.select_related("province").filter(pk=unit), unit=int)
    commune = CommuneFactory()
    assert question.get(unit=commune.pk).province == commune.province
    with pytest.raises(Unit.DoesNotExist):
        question.get(unit=0)


@pytest.mark.django_db
def test_words_are_asked_for_too():
    question = Prepared(lambda name: User.objects.filter(username=name), name=str)
    person = UserFactory(username="o'neil %s")
    assert question.get(name="o'neil %s") == person
    assert question.all(name="value 0 of a prepared question") == []


@pytest.mark.django_db
def test_a_question_that_does_not_ask_for_a_named_value_is_a_fault():
    question = Prepared(lambda unit, day: Unit.objects.filter(pk=unit), unit=int, day=dt.date)
    with pytest.raises(TypeError, match="'day'"):
        question.all(unit=1, day=DAY)


@pytest.mark.django_db
def test_a_row_is_locked_in_a_transaction_alone(monkeypatch):
    question = Prepared(lambda unit: Unit.objects.select_for_update().filter(pk=unit), unit=int)
    unit = ProvinceFactory()
    assert question.get(unit=unit.pk) == unit
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    with pytest.raises(TransactionManagementError):
        question.get(unit=unit.pk)
