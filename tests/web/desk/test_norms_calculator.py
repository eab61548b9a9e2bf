"""The calculator offers the priorities of the day and money that are asked for."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.factories.norms import LineFactory, PriorityRowFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db
TURNED = dt.date(2025, 10, 15)
ASKED = {"line": "MMTB", "cost": "500 triệu", "level": "national"}


@pytest.fixture
def reader(client):
    client.force_login(person("appraiser", place=CommuneFactory().province))
    LineFactory(code="MMTB")
    PriorityRowFactory(code="old", text="Huyện nghèo", valid_to=TURNED)
    PriorityRowFactory(code="new", text="Chuyển đổi số", valid_from=TURNED)
    return client


def offered(page):
    return [code for code, _words in page.context["form"].fields["priority"].choices]


@pytest.mark.parametrize(("day", "codes"), [("14/10/2025", ["old"]), ("15/10/2025", ["new"])])
def test_the_priorities_are_those_of_the_chosen_day(reader, day, codes):
    assert offered(reader.get(reverse("norms:maximum"), ASKED | {"on": day})) == codes


def test_a_priority_of_another_day_is_refused_in_a_sentence(reader):
    page = reader.get(reverse("norms:maximum"), ASKED | {"on": "15/10/2025", "priority": "old"})

    assert page.status_code == 422
    assert "Diện ưu tiên đã chọn không có vào ngày và nơi này." in page.content.decode()


def test_local_money_is_offered_the_priorities_of_its_province(reader):
    commune = CommuneFactory(full_name="Xã Ea Drông", name="Ea Drông", folded="ea drong")
    PriorityRowFactory(code="own", level="provincial", province=commune.province)
    place = {"on": "15/10/2025", "place": f"Xã Ea Drông, {commune.province.full_name}"}

    assert "own" not in offered(reader.get(reverse("norms:maximum"), ASKED | place))
    assert "own" in offered(reader.get(reverse("norms:maximum"), ASKED | place | {"level": "provincial"}))
