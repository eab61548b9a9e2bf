import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from khuyencong.audit.models import Event
from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.people import operations, queries
from khuyencong.people.models import Mandate, User
from khuyencong.people.rules import apart_from, check_apart
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import ProvinceFactory, UnitFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def test_a_mandate_is_given_and_remembered(administrator, user, commune):
    mandate = operations.give_mandate(user, role="commune_officer", place=commune, by=administrator, on=DAY)

    assert (mandate.valid_from, mandate.valid_to, mandate.scope_text) == (DAY, None, commune.full_name)
    assert [m.role for m in user.mandates_today] == ["commune_officer"]
    event = Event.objects.get()
    assert (event.action, event.on, event.data["role"]) == ("people.give_mandate", DAY, "commune_officer")


def test_a_mandate_is_given_only_in_one_s_territory(administrator, user):
    with pytest.raises(NotAllowed):
        operations.give_mandate(user, role="appraiser", place=ProvinceFactory(), by=administrator, on=DAY)
    with pytest.raises(NotAllowed):
        operations.give_mandate(user, role="auditor", whole_country=True, by=administrator, on=DAY)
    with pytest.raises(NotAllowed):
        operations.give_mandate(user, role="appraiser", place=ProvinceFactory(), by=UserFactory(), on=DAY)


def test_nobody_gives_a_mandate_to_himself(administrator, province):
    with pytest.raises(NotPossible, match="tự giao nhiệm vụ"):
        operations.give_mandate(administrator, role="department_director", place=province, by=administrator, on=DAY)


def wrong_scopes():
    return {
        "none": lambda p: ({}, "appraiser", "place"),
        "two": lambda p: ({"place": p, "whole_country": True}, "auditor", "place"),
        "a body for a place": lambda p: ({"organisation": OrganisationFactory(place=p)}, "appraiser", "organisation"),
        "a place for a body": lambda p: ({"place": p}, "establishment", "place"),
        "the country for a place": lambda p: ({"whole_country": True}, "appraiser", "whole_country"),
        "a place for the country": lambda p: ({"place": p}, "ministry_approver", "place"),
        "an old unit": lambda p: ({"place": UnitFactory(ended=True)}, "commune_officer", "place"),
        "an ended body": lambda p: ({"organisation": OrganisationFactory(ended=True)}, "establishment", "organisation"),
        "a Centre unnamed": lambda p: ({"place": p}, "centre_director", "employer"),
        "an ended employer": lambda p: (
            {"place": p, "employer": OrganisationFactory(centre=True, ended=True)},
            "centre_director",
            "employer",
        ),
        "an ended area": lambda p: (
            {"area": AreaFactory(valid_to=dt.date(2026, 1, 1))},
            "centre_officer",
            "area",
        ),
        "end before start": lambda p: ({"place": p, "until": DAY}, "appraiser", "valid_to"),
        "an unknown role": lambda p: ({"place": p}, "king", "role"),
        "the account of the system": lambda p: ({"whole_country": True}, "system", "role"),
    }


@pytest.mark.parametrize("name", wrong_scopes())
def test_a_mandate_that_cannot_be_is_refused_on_its_field(country, user, province, name):
    scope, role, field = wrong_scopes()[name](province)

    with pytest.raises(Invalid) as refusal:
        operations.give_mandate(user, role=role, by=country, on=DAY, **scope)

    assert list(refusal.value.fields) == [field]
    assert user.mandates.count() == 0


def test_the_database_too_keeps_one_scope(user, province):
    for scope in ({}, {"place": province, "whole_country": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mandate.objects.create(user=user, role="auditor", valid_from=DAY, **scope)


def test_the_same_mandate_is_not_given_twice_in_one_time(administrator, user, province):
    first = operations.give_mandate(user, role="appraiser", place=province, by=administrator, on=DAY)

    with pytest.raises(NotPossible, match="đã có phân công"):
        operations.give_mandate(user, role="appraiser", place=province, by=administrator, on=DAY + dt.timedelta(30))
    operations.end_mandate(first, by=administrator, on=DAY + dt.timedelta(30))
    assert operations.give_mandate(
        user, role="appraiser", place=province, by=administrator, on=DAY + dt.timedelta(30)
    ).pk


@pytest.mark.parametrize(
    ("held", "wanted", "refused"),
    [
        ("administrator", "department_director", True),
        ("department_director", "administrator", True),
        ("auditor", "accountant", True),
        ("auditor", "administrator", True),
        ("appraiser", "registry_clerk", False),
        ("accountant", "finance_officer", False),
    ],
)
def test_who_manages_or_audits_does_not_decide(country, user, province, held, wanted, refused):
    MandateFactory(user=user, role=held, place=province)

    if refused:
        with pytest.raises(NotPossible, match="không thể kiêm"):
            operations.give_mandate(user, role=wanted, place=province, by=country, on=DAY)
    else:
        assert operations.give_mandate(user, role=wanted, place=province, by=country, on=DAY).pk


def test_a_locked_account_gets_no_mandate(administrator, province):
    locked = UserFactory(is_active=False, province=province)

    with pytest.raises(NotPossible, match="bị khoá"):
        operations.give_mandate(locked, role="appraiser", place=province, by=administrator, on=DAY)


def test_a_mandate_ends_on_its_first_day_no_longer(administrator, province):
    mandate = MandateFactory(role="appraiser", place=province)

    ended = operations.end_mandate(mandate, by=administrator, on=DAY, to=UserFactory())

    assert (ended.holds_on(DAY - dt.timedelta(1)), ended.holds_on(DAY)) == (True, False)
    with pytest.raises(NotPossible, match="đã kết thúc"):
        operations.end_mandate(mandate, by=administrator, on=DAY)


def test_a_director_ends_a_mandate_to_hand_over_but_gives_none(province):
    director = person("department_director", place=province)
    mandate = MandateFactory(role="appraiser", place=province)

    assert operations.end_mandate(mandate, by=director, on=DAY).valid_to == DAY
    with pytest.raises(NotAllowed):
        operations.give_mandate(UserFactory(), role="appraiser", place=province, by=director, on=DAY)


HEADS = {
    "centre_director": {"centre_officer", "collaborator"},
    "department_director": {
        "appraiser",
        "centre_director",
        "centre_officer",
        "collaborator",
        "accountant",
        "registry_clerk",
    },
    "appraiser": set(),
    "provincial_approver": set(),
    "auditor": set(),
}


@pytest.mark.parametrize("head", HEADS)
def test_a_head_relieves_who_works_for_him_and_nobody_above_or_beside_him(province, head):
    """No director ends the mandate of the auditor, the administrator, the approver, or of finance."""
    department = OrganisationFactory(department=True, place=province)
    centre = OrganisationFactory(centre=True, place=province, parent=department)
    own = centre if head == "centre_director" else department
    user = person(head, place=province, employer=own)
    bodies = {"centre_officer": centre, "centre_director": centre, "collaborator": None}
    ended = set()

    for role in ROLES:
        if "place" not in ROLES[role].bound:
            continue
        mandate = MandateFactory(role=role, place=province, employer=bodies.get(role, department))
        try:
            operations.end_mandate(mandate, by=user, on=DAY)
            ended.add(role)
        except NotAllowed:
            mandate.refresh_from_db()
            assert mandate.valid_to is None

    assert ended == HEADS[head]


def test_a_head_relieves_nobody_of_another_body_or_province(province):
    director = person("centre_director", place=province, employer=OrganisationFactory(centre=True, place=province))
    elsewhere = ProvinceFactory()
    theirs = MandateFactory(
        role="centre_officer", place=province, employer=OrganisationFactory(name="Trường nghề", place=province)
    )
    far = MandateFactory(role="collaborator", place=elsewhere)

    for mandate in (theirs, far):
        with pytest.raises(NotAllowed):
            operations.end_mandate(mandate, by=director, on=DAY)


def test_passing_on_never_widens_or_lengthens_a_mandate(administrator, province):
    centre = OrganisationFactory(centre=True, place=province)
    area = AreaFactory(organisation=centre)
    mandate = MandateFactory(
        role="centre_officer", place=None, area=area, employer=centre, valid_to=dt.date(2026, 12, 31)
    )
    heir = UserFactory(province=province)

    given = operations.pass_on(mandate, to=heir, by=administrator, on=DAY, paper=None)

    assert (given.area, given.place, given.employer, given.valid_from, given.valid_to) == (
        area,
        None,
        centre,
        DAY,
        dt.date(2026, 12, 31),
    )
    mandate.refresh_from_db()
    assert mandate.valid_to == DAY


def test_a_director_does_not_take_his_officers_mandate_himself(province):
    centre = OrganisationFactory(centre=True, place=province)
    director = person("centre_director", place=province, employer=centre)
    User.objects.filter(pk=director.pk).update(province=province)
    mandate = MandateFactory(role="centre_officer", place=province, employer=centre)

    with pytest.raises(NotPossible, match="Không ai tự giao"):
        operations.pass_on(mandate, to=director, by=director, on=DAY, paper=None)


def test_an_end_before_the_beginning_is_refused(administrator, province):
    mandate = MandateFactory(role="appraiser", place=province, valid_from=DAY)

    with pytest.raises(Invalid):
        operations.end_mandate(mandate, by=administrator, on=DAY)


def test_the_last_administrator_stays(country):
    mandate = country.mandates.get()
    other = person("administrator", country=True)

    operations.end_mandate(other.mandates.get(), by=country, on=DAY)
    with pytest.raises(NotPossible, match="cuối cùng"):
        operations.end_mandate(mandate, by=country, on=DAY)


def test_locking_an_account_ends_its_mandates(administrator, user, province):
    MandateFactory(user=user, role="appraiser", place=province)
    MandateFactory(user=user, role="registry_clerk", place=province, future=True)

    locked = operations.deactivate(user, by=administrator, on=dt.date(2026, 11, 22), reason="nghỉ hưu")

    assert not locked.is_active
    assert locked.mandates.get().valid_to == dt.date(2026, 11, 22)  # what had not begun is gone
    with pytest.raises(NotPossible):
        operations.deactivate(locked, by=administrator, on=DAY)
    assert operations.reactivate(locked, by=administrator, on=DAY).is_active
    with pytest.raises(NotPossible):
        operations.reactivate(locked, by=administrator, on=DAY)


def test_an_account_whose_mandate_is_of_this_one_day_is_locked_all_the_same(administrator, user, province):
    day = dt.date(2026, 11, 22)
    MandateFactory(user=user, role="appraiser", place=province, valid_from=day, valid_to=day + dt.timedelta(days=1))

    locked = operations.deactivate(user, by=administrator, on=day)

    assert not locked.is_active
    assert locked.mandates.get().valid_to == day + dt.timedelta(days=1)


def test_nobody_locks_himself_or_the_system(country):
    for account in (country, operations.system_account()):
        with pytest.raises(NotPossible):
            operations.deactivate(account, by=country, on=DAY)


def test_running_mandates_come_first(user, province):
    old = MandateFactory(user=user, ended=True, valid_from=dt.date(2026, 6, 1), place=province)
    running = MandateFactory(user=user, place=province)

    assert queries.mandates_of(user) == [running, old]


def test_contradictions_are_named(province):
    assert queries.invariants() == []
    MandateFactory(place=UnitFactory(ended=True))
    MandateFactory(place=None, role="establishment", organisation=OrganisationFactory(ended=True))
    user = person("administrator", place=province)
    MandateFactory(user=user, role="department_director", place=province)

    assert len(queries.invariants()) == 3


@pytest.mark.parametrize(("role", "together"), [("collaborator", True), ("implementer", True), ("centre_officer", False),
                                                ("appraiser", False), ("accountant", False), ("provincial_approver", False)])  # fmt: skip
def test_who_asks_for_support_does_not_judge_or_pay_it(role, together):
    for one, other in ((role, "establishment"), ("establishment", role)):
        if together:
            check_apart(one, held={other})
        else:
            with pytest.raises(NotPossible, match="người của cơ sở được hỗ trợ không xét"):
                check_apart(one, held={other})
    assert (role in apart_from("establishment")) is not together
