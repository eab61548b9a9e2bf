import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.people import operations
from khuyencong.people.models import User
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def actions():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


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

    assert list(User.objects.visible_to(administrator)) == [user]
    assert User.objects.visible_to(country).count() == User.objects.count()
    assert list(User.objects.visible_to(user)) == []


def test_accounts_stand_in_the_order_of_a_vietnamese_list(administrator, province):
    for last, first in (("Trần", "Ánh"), ("Nguyễn", "Ấn"), ("Lê", "Bình"), ("Bùi", "An"), ("Đỗ", "Anh Vân")):
        UserFactory(last_name=last, first_name=first, province=province)

    found = User.objects.visible_to(administrator).order_by("sort_key")
    assert [u.first_name for u in found] == ["An", "Ánh", "Ấn", "Bình", "Anh Vân"]
    assert [str(u) for u in found.filter(folded__contains="nguyen an")] == ["Nguyễn Ấn"]


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
