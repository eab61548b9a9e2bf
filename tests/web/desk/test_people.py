# ruff: noqa: F811
import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.people.models import Mandate, User
from tests.factories.needs import CallFactory, NeedFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.web.desk.given_administrator import administrator, province  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(province):
    return UserFactory(province=province)


@pytest.mark.parametrize("route", ["people:list", "people:mandates"])
def test_a_list_costs_the_same_for_one_and_three(client, administrator, province, route, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            MandateFactory(user__province=province, place=province)
        client.get(reverse(route))
        with django_assert_max_num_queries(12) as seen:
            assert client.get(reverse(route)).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_list_shows_accounts_of_one_s_province_with_what_they_hold(client, administrator, province, user):
    MandateFactory(user=user, role="appraiser", place=province)
    stranger = UserFactory(last_name="Người", first_name="Lạ", province=ProvinceFactory())

    page = client.get(reverse("people:list")).content.decode()

    assert str(user) in page
    assert "Phòng Quản lý công nghiệp, Sở Công Thương" in page
    assert str(stranger) not in page


def test_the_list_is_filtered_by_name_without_accents_role_and_lock(client, administrator, province):
    one = UserFactory(last_name="Đặng", first_name="Ánh", province=province)
    UserFactory(last_name="Lê", first_name="Bình", province=province, is_active=False)
    MandateFactory(user=one, role="accountant", place=province)

    for query in ({"q": "dang anh"}, {"role": "accountant"}, {"active": "1", "q": "anh"}):
        page = client.get(reverse("people:list"), query).content.decode()
        assert ("Đặng Ánh" in page, "Lê Bình" in page) == (True, False)


def test_an_account_of_another_province_is_not_there(client, administrator):
    other = UserFactory(province=ProvinceFactory())

    for route in ("page", "change", "give_mandate", "deactivate"):
        assert client.get(reverse(f"people:{route}", args=[other.pk])).status_code == 404


def test_who_manages_nobody_sees_nobody(client, user):
    client.force_login(person("appraiser"))

    assert str(user) not in client.get(reverse("people:list")).content.decode()
    assert client.get(reverse("people:page", args=[user.pk])).status_code == 404


def test_an_account_is_opened(client, administrator, province):
    facts = {"username": "lan.nt", "last_name": "Nguyễn Thị", "first_name": "Lan", "province": province.pk}

    response = client.post(reverse("people:register"), facts, follow=True)

    user = User.objects.get(username="lan.nt")
    assert response.redirect_chain[-1][0] == reverse("people:page", args=[user.pk])
    assert "Chưa được giao nhiệm vụ nào" in response.content.decode()


def test_a_name_that_is_taken_comes_back_filled_with_its_sentence(client, administrator, province, user):
    facts = {"username": user.username, "last_name": "Nguyễn Thị", "first_name": "Mai", "province": province.pk}

    response = client.post(reverse("people:register"), facts)

    page = response.content.decode()
    assert response.status_code == 422
    assert "đã có người dùng" in page
    assert 'value="Nguyễn Thị"' in page


def test_a_mandate_is_given_and_ended(client, administrator, province, user):
    commune = CommuneFactory(province=province)
    facts = {"role": "commune_officer", "province": province.pk, "commune": commune.pk, "on": "01/11/2026"}

    response = client.post(reverse("people:give_mandate", args=[user.pk]), facts, follow=True)

    mandate = Mandate.objects.get(user=user)
    page = response.content.decode()
    assert (mandate.place, mandate.role) == (commune, "commune_officer")
    assert "đang giữ" in page
    assert reverse("people:end_mandate", args=[mandate.pk]) in page

    response = client.post(reverse("people:end_mandate", args=[mandate.pk]), {"on": "22/11/2026"}, follow=True)
    assert "đã kết thúc" in response.content.decode()
    assert reverse("people:end_mandate", args=[mandate.pk]) not in response.content.decode()


def test_an_establishment_s_person_is_bound_to_it_by_tax_code_or_name(client, administrator, province, user):
    body = OrganisationFactory(name="Công ty Ngọc Tứ", tax_code="0100233488", place=CommuneFactory(province=province))

    facts = {"role": "establishment", "organisation": "0100233488", "on": "01/11/2026"}
    client.post(reverse("people:give_mandate", args=[user.pk]), facts)

    assert Mandate.objects.get(user=user).organisation == body


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "đúng một phạm vi"),
        ({"organisation": "không có ai"}, "Không tìm thấy tổ chức"),
        ({"on": "31/02/2026"}, "ngày/tháng/năm"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_in_a_sentence(client, administrator, user, facts, words):
    response = client.post(
        reverse("people:give_mandate", args=[user.pk]), {"role": "appraiser", "on": "01/11/2026", **facts}
    )

    assert response.status_code == 422
    assert words in response.content.decode()
    assert Mandate.objects.filter(user=user).count() == 0


def test_who_has_work_but_has_never_come_needs_a_password_first(client, administrator, province, user):
    def first():
        return next(offer.label for offer in client.get(reverse("people:page", args=[user.pk])).context["offers"])

    assert first() == "Giao nhiệm vụ"
    MandateFactory(role="centre_officer", place=province, user=user)
    assert first() == "Đặt mật khẩu lần đầu"
    User.objects.filter(pk=user.pk).update(last_login=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    assert first() == "Giao nhiệm vụ"


def test_the_page_of_an_end_leads_to_handing_over(client, administrator, province, user):
    mandate = MandateFactory(role="centre_officer", place=province, user=user)

    page = client.get(reverse("people:end_mandate", args=[mandate.pk])).content.decode()

    assert reverse("work:hand_over", args=[mandate.pk]) in page


def test_the_new_password_is_shown_once(client, administrator, user):
    response = client.post(reverse("people:reset_password", args=[user.pk]))

    password = response.context["password"]
    user.refresh_from_db()
    assert user.check_password(password)
    assert password in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(reverse("people:reset_password", args=[user.pk])).status_code == 405


def test_an_account_is_locked_and_opened_again(client, administrator, user):
    client.post(reverse("people:deactivate", args=[user.pk]), {"on": "22/11/2026", "reason": "nghỉ hưu"})
    user.refresh_from_db()
    assert not user.is_active

    client.post(reverse("people:reactivate", args=[user.pk]))
    user.refresh_from_db()
    assert user.is_active


def test_nobody_is_offered_to_give_himself_a_mandate(client, province):
    user = MandateFactory(role="administrator", place=province, user__province=province).user
    client.force_login(user)

    page = client.get(reverse("people:page", args=[user.pk])).content.decode()

    assert "Không ai tự giao nhiệm vụ cho mình" in page
    assert reverse("people:give_mandate", args=[user.pk]) not in page


def test_open_work_stands_in_the_way_of_an_end_until_it_is_said_to_stay(client, province, user):
    mandate = MandateFactory(
        user=user, role="centre_officer", place=province, employer=OrganisationFactory(centre=True, place=province)
    )
    NeedFactory(call=CallFactory(province=province), state="confirmed")
    address = reverse("people:end_mandate", args=[mandate.pk])
    client.force_login(person("administrator", place=province))

    refused = client.post(address, {"on": "22/11/2026"})
    mandate.refresh_from_db()
    assert refused.status_code == 422
    assert "còn 1 việc đang chờ. Hãy bàn giao cho người khác" in refused.content.decode()
    assert mandate.valid_to is None

    assert client.post(address, {"on": "22/11/2026", "leave": "on"}).status_code == 302
    mandate.refresh_from_db()
    assert mandate.valid_to == dt.date(2026, 11, 22)


def test_a_director_sees_his_people_ends_mandates_and_opens_no_account(client, province, user):
    mandate = MandateFactory(user=user, role="appraiser", place=province)
    client.force_login(person("department_director", place=province))

    page = client.get(reverse("people:page", args=[user.pk])).content.decode()

    assert reverse("people:end_mandate", args=[mandate.pk]) in page
    assert reverse("people:give_mandate", args=[user.pk]) not in page
    response = client.post(
        reverse("people:register"), {"username": "abc", "last_name": "A", "first_name": "B", "province": province.pk}
    )
    assert response.status_code in (403, 422)
    assert not User.objects.filter(username="abc").exists()
