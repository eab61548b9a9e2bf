"""What a person may do stands in his mandates of today alone."""

import datetime as dt

import pytest

from khuyencong.authority.permissions import Permission as P
from khuyencong.people.models import User
from khuyencong.people.queries import holders, who_may
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


# --- territory ---------------------------------------------------------------------------------------------------------


def test_a_province_covers_itself_and_its_communes_and_nothing_else(province, commune):
    user = person("appraiser", place=province)

    assert user.may(P.PROJECT_APPRAISE, place=province)
    assert user.may(P.PROJECT_APPRAISE, place=commune)
    assert not user.may(P.PROJECT_APPRAISE, place=CommuneFactory())
    assert not user.may(P.PROJECT_APPRAISE, place=ProvinceFactory())
    assert not user.may(P.PROJECT_APPRAISE)


def test_a_commune_covers_itself_only(province, commune):
    user = person("commune_officer", place=commune)

    assert user.may(P.NEED_CONFIRM, place=commune)
    assert not user.may(P.NEED_CONFIRM, place=CommuneFactory(province=province))
    assert not user.may(P.NEED_CONFIRM, place=province)


def test_an_area_covers_its_communes_and_what_is_kept_for_the_whole_province(province, commune):
    centre = OrganisationFactory(centre=True, place=province)
    area = AreaFactory(organisation=centre, communes=[commune])
    user = person("centre_officer", place=None, area=area, employer=centre)

    assert user.may(P.SURVEY_PLAN, place=commune)
    assert user.may(P.SURVEY_PLAN, place=province)
    assert not user.may(P.SURVEY_PLAN, place=CommuneFactory(province=province))


def test_a_body_opens_what_it_is_party_to(province):
    body = OrganisationFactory()
    user = person("establishment", place=None, organisation=body)

    assert user.may(P.PROGRESS_REPORT_OWN, place=province, body=body)
    assert not user.may(P.PROGRESS_REPORT_OWN, place=province, body=OrganisationFactory())
    assert not user.may(P.PROGRESS_REPORT_OWN, place=province)


def test_the_country_covers_everything(province, commune):
    user = person("ministry_agency", country=True)

    assert [user.may(P.PROJECT_APPRAISE_MINISTRY, place=p) for p in (None, province, commune)] == [True] * 3


def test_a_centre_acts_for_its_own_records_only(province):
    centre = OrganisationFactory(centre=True, place=province)
    director = person("centre_director", place=province, employer=centre)

    assert director.may(P.PROJECT_SUBMIT, place=province, body=centre)
    assert not director.may(P.PROJECT_SUBMIT, place=province, body=OrganisationFactory(centre=True))
    assert director.may(P.SURVEY_PLAN, place=province, body=OrganisationFactory())  # no act of one body alone


def test_a_role_opens_only_its_acts(province):
    assert not person("appraiser", place=province).may(P.PLAN_APPROVE_PROVINCIAL, place=province)


# --- time, lock, superuser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "allowed"),
    [
        ({"valid_from": dt.date(2026, 11, 22)}, True),  # its first day is today
        ({"valid_from": dt.date(2026, 11, 23)}, False),
        ({"valid_to": dt.date(2026, 11, 23)}, True),  # today is its last day
        ({"valid_to": dt.date(2026, 11, 22)}, False),
    ],
)
def test_authority_is_asked_of_today(province, period, allowed):
    assert person("appraiser", place=province, **period).may(P.PROJECT_APPRAISE, place=province) is allowed


def test_a_locked_account_may_nothing_and_sees_nothing(province):
    user = MandateFactory(place=province, user__is_active=False).user

    assert not user.may(P.PROJECT_APPRAISE, place=province)
    assert not user.holds(P.PROJECT_APPRAISE)
    assert not user.scope()


def test_a_superuser_has_no_by_pass(province):
    user = UserFactory(is_superuser=True, is_staff=True)

    assert [p for p in P if user.may(p, place=province)] == []
    assert not user.scope()


def test_mandates_are_read_once_for_a_person(province, commune, django_assert_num_queries):
    user = User.objects.get(pk=person("appraiser", place=province).pk)

    with django_assert_num_queries(1):
        for permission in P:
            user.may(permission, place=commune)
        user.scope()


# --- where one may look ------------------------------------------------------------------------------------------------


def test_the_scope_is_the_territory_of_the_mandates_that_look(province, commune):
    user = person("commune_officer", place=commune)
    MandateFactory(user=user, role="appraiser", place=province)
    MandateFactory(user=user, role="auditor", place=ProvinceFactory(), ended=True)
    body = OrganisationFactory()
    MandateFactory(user=user, role="establishment", place=None, organisation=body)

    scope = user.scope()

    assert (scope.provinces, scope.communes, scope.bodies, scope.whole_country) == (
        {province.pk},
        {commune.pk},
        {body.pk},
        False,
    )
    assert user.scope(P.PEOPLE_MANAGE).bodies == frozenset()


def test_officers_of_a_centre_look_at_the_province_and_act_in_their_area(province, commune):
    area = AreaFactory(organisation=OrganisationFactory(centre=True, place=province), communes=[commune])
    user = person("centre_officer", place=None, area=area)

    assert (user.scope().provinces, user.scope().communes) == ({province.pk}, set())
    assert (user.scope(P.VIEW_PERSONAL).provinces, user.scope(P.VIEW_PERSONAL).communes) == (set(), {commune.pk})


def test_only_a_mandate_for_the_country_sees_the_country(province):
    assert person("auditor", country=True).scope().whole_country
    assert not person("auditor", place=province).scope().whole_country


# --- who may -----------------------------------------------------------------------------------------------------------


def test_who_may_finds_whom_a_step_waits_for(province, commune, django_assert_max_num_queries):
    here = person("commune_officer", place=commune)
    above = person("administrator", place=province)
    person("commune_officer", place=CommuneFactory(province=province))
    person("commune_officer", place=commune, ended=True)
    MandateFactory(role="commune_officer", place=commune, user__is_active=False)
    area = AreaFactory(organisation=OrganisationFactory(centre=True, place=province), communes=[commune])
    officer = person("centre_officer", place=None, area=area)
    body = OrganisationFactory()
    owner = person("establishment", place=None, organisation=body)

    with django_assert_max_num_queries(2):
        assert who_may(P.NEED_CONFIRM, place=commune) == [here]
    assert who_may(P.PEOPLE_MANAGE, place=commune) == [above]
    assert who_may(P.SURVEY_PLAN, place=commune) == [officer]
    assert who_may(P.SURVEY_PLAN, place=province) == [officer]
    assert who_may(P.PROGRESS_REPORT_OWN, place=commune, body=body) == [owner]
    assert who_may(P.PLAN_APPROVE_NATIONAL, place=commune) == []


def test_holders_of_a_place(province, commune):
    here = person("commune_officer", place=commune)
    director = person("department_director", place=province)

    assert holders("commune_officer", place=commune) == [here]
    assert holders("department_director", place=commune) == [director]
    assert holders("commune_officer") == [here]
