"""The page of days off and days worked in exchange."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.norms.models import ExceptionalDay
from tests.factories.norms import ExceptionalDayFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
GIVEN = {"day": "30/11/2026", "works": "0", "reason": "Nghỉ bù", "source": "Thông báo 12/TB-BNV"}


def sign_in(client, role, **scope):
    client.force_login(person(role, **scope))


def test_the_administrator_enters_a_day_and_sees_it(client):
    sign_in(client, "administrator", country=True)

    answer = client.post(reverse("norms:except_day"), GIVEN)

    assert answer.url == reverse("norms:days")
    assert ExceptionalDay.objects.get().day == dt.date(2026, 11, 30)
    page = client.get(reverse("norms:days")).content.decode()
    assert ("30/11/2026" in page, "Thông báo 12/TB-BNV" in page, "ngày nghỉ" in page) == (True, True, True)


@pytest.mark.parametrize(("works", "told"), [("0", (True, False)), ("1", (False, True))])
def test_the_list_tells_days_off_from_days_worked(client, works, told):
    sign_in(client, "administrator", country=True)
    ExceptionalDayFactory(reason="Nghỉ Tết Nguyên đán")
    ExceptionalDayFactory(works=True, reason="Làm bù Quốc khánh")

    page = client.get(reverse("norms:days"), {"works": works}).content.decode()

    assert ("Nghỉ Tết Nguyên đán" in page, "Làm bù Quốc khánh" in page) == told


def test_a_refused_day_comes_back_filled(client):
    sign_in(client, "administrator", country=True)

    answer = client.post(reverse("norms:except_day"), GIVEN | {"works": "1"})

    assert answer.status_code == 422
    assert "Lịch đã tính ngày 30/11/2026 là ngày làm việc." in answer.content.decode()


def test_others_read_the_list_and_enter_nothing(client):
    sign_in(client, "department_director", place=ProvinceFactory())

    assert reverse("norms:except_day") not in client.get(reverse("norms:days")).content.decode()
    assert client.get(reverse("norms:except_day")).status_code == 403
    assert client.post(reverse("norms:except_day"), GIVEN).status_code == 403
    assert not ExceptionalDay.objects.exists()


def test_strangers_are_sent_to_the_door(client):
    assert client.get(reverse("norms:days")).status_code == 302
