"""Who is asked for at each page: every time the person himself, with what is his today."""

import datetime as dt

import pytest

from khuyencong.web.common.backends import Backend
from tests.factories.notices import MessageFactory
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


def told(user):
    found = Backend().get_user(user.pk)
    return found, [(mandate.role, mandate.home) for mandate in found.mandates_today], getattr(found, "unread", None)


def test_each_of_two_people_asked_in_turn_has_his_own_mandates_and_his_own_unread_messages(province):
    other = ProvinceFactory()
    one, two = person("appraiser", place=province), person("auditor", place=other)
    MandateFactory(user=one, role="accountant", place=province)
    MessageFactory.create_batch(2, recipient=one)

    for _again in range(2):
        assert told(one) == (one, [("appraiser", province), ("accountant", province)], 2)
        assert told(two) == (two, [("auditor", other)], 0)


def test_a_collaborator_comes_with_the_communes_of_his_area(province, django_assert_num_queries):
    communes = [CommuneFactory(province=province) for _ in range(2)]
    centre = OrganisationFactory(centre=True, place=province)
    area = AreaFactory(organisation=centre, communes=communes)
    user = person("collaborator", place=None, area=area)

    with django_assert_num_queries(2):
        found = Backend().get_user(user.pk)
        assert {commune.pk for mandate in found.mandates_today for commune in mandate.area.communes.all()} == {
            commune.pk for commune in communes
        }


def test_what_was_given_or_has_ended_meanwhile_is_seen_at_the_next_page(province, monkeypatch, today):
    user = person("appraiser", place=province)
    assert told(user)[1] == [("appraiser", province)]

    MandateFactory(user=user, role="auditor", place=province)
    user.mandates.filter(role="appraiser").update(valid_to=today + dt.timedelta(days=1))
    assert told(user)[1] == [("appraiser", province), ("auditor", province)]

    monkeypatch.setattr("khuyencong.base.clock.today", lambda: today + dt.timedelta(days=1))
    assert told(user)[1] == [("auditor", province)]


def test_who_was_shut_out_meanwhile_is_nobody_and_who_holds_nothing_is_himself(province):
    shut, idle = person("appraiser", place=province), UserFactory(province=province)
    assert told(shut)[0] == shut

    type(shut).objects.filter(pk=shut.pk).update(is_active=False)

    assert Backend().get_user(shut.pk) is None
    assert told(idle)[:2] == (idle, [])
