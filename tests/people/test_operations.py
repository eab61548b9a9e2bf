import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from khuyencong.audit.models import Event
from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.people import operations, queries
from khuyencong.people.models import Mandate, SavedView, User
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import MandateFactory, SavedViewFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


@pytest.fixture
def administrator(province):
    return person("administrator", place=province)


@pytest.fixture
def country():
    return person("administrator", country=True)


@pytest.fixture
def user(province):
    return UserFactory(province=province)


def actions():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


# --- accounts ----------------------------------------------------------------------------------------------------------


def test_a_new_account_may_nothing_and_cannot_sign_in_yet(administrator, province):
    user = operations.register_user(
        username=" Lan.NT ",
        last_name="Nguyễn Thị",
        first_name="Lan",
        province=province,
        phone="0912 345 678",
        by=administrator,
    )

    assert (user.username, str(user), user.phone) == ("lan.nt", "Nguyễn Thị Lan", "0912345678")
    assert not user.has_usable_password()
    assert user.mandates_today == []
    assert actions() == ["people.register_user"]


def test_a_name_or_an_address_is_taken_once(administrator, province):
    UserFactory(username="lan", email="lan@example.vn")
    facts = {"last_name": "Nguyễn", "first_name": "Lan", "province": province, "by": administrator}

    with pytest.raises(Invalid) as refusal:
        operations.register_user(username="LAN", **facts)
    assert list(refusal.value.fields) == ["username"]
    with pytest.raises(Invalid) as refusal:
        operations.register_user(username="lan2", email="Lan@Example.vn", **facts)
    assert list(refusal.value.fields) == ["email"]


def test_an_account_belongs_to_a_province_of_today_in_one_s_territory(administrator, country, commune):
    facts = {"last_name": "Nguyễn", "first_name": "Lan"}

    for elsewhere in (None, ProvinceFactory()):
        with pytest.raises(NotAllowed):
            operations.register_user(username="lan", province=elsewhere, by=administrator, **facts)
    with pytest.raises(Invalid):
        operations.register_user(username="lan", province=commune, by=country, **facts)
    assert operations.register_user(username="lan", by=country, **facts).province is None


def test_an_administrator_sees_the_accounts_of_his_province(administrator, country, user):
    UserFactory(province=ProvinceFactory())

    assert list(queries.users(administrator)) == [user]
    assert queries.users(country).count() == User.objects.count()
    assert list(queries.users(user)) == []


def test_accounts_stand_in_the_order_of_a_vietnamese_list_and_are_found_without_accents(administrator, province):
    for last, first in (("Trần", "Ánh"), ("Nguyễn", "Ấn"), ("Lê", "Bình"), ("Bùi", "An")):
        UserFactory(last_name=last, first_name=first, province=province)

    assert [u.first_name for u in queries.users(administrator)] == ["An", "Ánh", "Ấn", "Bình"]
    assert [str(u) for u in queries.users(administrator, text="nguyen an")] == ["Nguyễn Ấn"]


def test_an_account_is_corrected_without_private_values_in_the_journal(administrator, user):
    operations.change_user(user, by=administrator, phone="0912345678", first_name="Mai")

    assert (user.phone, str(user)) == ("0912345678", "Nguyễn Thị Mai")
    assert Event.objects.get().data == {"changed": ["first_name", "phone"]}
    with pytest.raises(TypeError):
        operations.change_user(user, by=administrator, is_superuser=True)


def test_a_new_password_is_told_once_and_kept_nowhere(administrator, user):
    password = operations.reset_password(user, by=administrator)

    user.refresh_from_db()
    assert user.check_password(password)
    assert password not in str(Event.objects.get().data)
    with pytest.raises(NotAllowed):
        operations.reset_password(UserFactory(province=ProvinceFactory()), by=administrator)


@pytest.mark.parametrize("scope", ["country", "elsewhere", "to come"])
def test_nobody_takes_over_an_account_that_may_more_than_he_manages(administrator, user, province, scope):
    wider = {"whole_country": True} if scope == "country" else {"place": ProvinceFactory()}
    MandateFactory(user=user, role="auditor", **{"place": None, **wider}, future=scope == "to come")

    for refused in (
        lambda: operations.reset_password(user, by=administrator),
        lambda: operations.change_user(user, by=administrator, email="khac@example.vn"),
        lambda: operations.deactivate(user, by=administrator, on=DAY),
    ):
        with pytest.raises(NotAllowed, match="ngoài địa bàn bạn quản lý"):
            refused()
    assert operations.reset_password(user, by=person("administrator", country=True))


def test_a_mandate_elsewhere_that_has_ended_opens_nothing_any_more(administrator, user):
    MandateFactory(user=user, role="auditor", place=ProvinceFactory(), ended=True)

    assert operations.reset_password(user, by=administrator)


def test_the_system_account_is_made_once_and_cannot_sign_in(country):
    one, two = operations.system_account(), operations.system_account()

    assert one == two
    assert not one.has_usable_password()
    assert [m.role for m in one.mandates_today] == ["system"]
    with pytest.raises(NotPossible):
        operations.reset_password(one, by=country)


def test_the_first_administrator_needs_nobody_and_the_second_does():
    facts = {"password": "mat-khau-dai", "last_name": "Lê", "first_name": "An"}
    first = operations.first_administrator(username="quantri", **facts)

    assert [m.role for m in first.mandates_today] == ["administrator"]
    with pytest.raises(NotPossible):
        operations.first_administrator(username="quantri2", **facts)


# --- mandates ----------------------------------------------------------------------------------------------------------


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
    assert [m.valid_to for m in locked.mandates.order_by("pk")] == [dt.date(2026, 11, 22), dt.date(2026, 11, 24)]
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


# ---- views of lists ----


def test_a_view_is_kept_under_a_name_and_replaced_by_the_same_name():
    me = UserFactory()

    operations.save_view("projects:list", name="  Đang   chạy ", query="state=running", by=me)
    view = operations.save_view("projects:list", name="Đang chạy", query="sap=-ends_on&state=running", by=me)

    assert list(SavedView.objects.values_list("user", "page", "name", "query")) == [
        (me.pk, "projects:list", "Đang chạy", "sap=-ends_on&state=running")
    ]
    assert view.pk == SavedView.objects.get().pk


@pytest.mark.parametrize(
    ("name", "query"), [(" ", "state=running"), ("x" * 61, "state=running"), ("x", "q=" + "x" * 1999)]
)
def test_a_view_without_a_name_or_too_long_is_refused(name, query):
    with pytest.raises(Invalid):
        operations.save_view("projects:list", name=name, query=query, by=UserFactory())

    assert not SavedView.objects.exists()


def test_twenty_views_of_one_list_and_no_more():
    me = UserFactory()
    for number in range(20):
        operations.save_view("projects:list", name=str(number), query="year=2026", by=me)

    with pytest.raises(NotPossible):
        operations.save_view("projects:list", name="20", query="year=2026", by=me)
    operations.save_view("projects:list", name="19", query="year=2027", by=me)
    operations.save_view("needs:list", name="20", query="kind=support", by=me)

    assert SavedView.objects.filter(user=me).count() == 21


def test_a_view_is_renamed_and_dropped_by_its_owner_alone():
    view, other = SavedViewFactory(name="Cũ"), UserFactory()

    for act in (
        lambda by: operations.rename_view(view, name="Mới", by=by),
        lambda by: operations.delete_view(view, by=by),
    ):
        with pytest.raises(NotAllowed):
            act(other)
    operations.rename_view(view, name="Mới", by=view.user)
    assert SavedView.objects.get().name == "Mới"

    operations.delete_view(view, by=view.user)
    assert not SavedView.objects.exists()


def test_two_views_of_one_list_have_two_names():
    view = SavedViewFactory(name="Một")
    other = SavedViewFactory(user=view.user, page=view.page, name="Hai")

    with pytest.raises(Invalid) as refusal:
        operations.rename_view(other, name="Một", by=view.user)

    assert list(refusal.value.fields) == ["name"]
    assert operations.rename_view(other, name="Hai", by=view.user).name == "Hai"
