import pytest
from django.urls import reverse

from khuyencong.places.models import UnitFact
from tests.factories.people import person
from tests.factories.places import CommuneFactory, UnitFactFactory, UnitSuccessionFactory


@pytest.fixture
def commune(db):
    return CommuneFactory(name="Ea Drông", full_name="Xã Ea Drông", folded="ea drong")


@pytest.mark.parametrize("name", ["places:list", "places:resolve"])
def test_strangers_are_sent_to_the_door(client, db, name):
    assert client.get(reverse(name)).status_code == 302


def test_the_list_costs_the_same_for_one_unit_and_three(client, commune, django_assert_max_num_queries):
    client.force_login(person("accountant", place=commune.province))
    counts = []
    for more in (1, 2):
        for _n in range(more):
            CommuneFactory(province=commune.province)
        with django_assert_max_num_queries(12) as seen:
            assert "Xã Ea Drông" in client.get(reverse("places:list")).content.decode()
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_unit_shows_what_it_was_and_what_rules_know(client, commune):
    succession = UnitSuccessionFactory(new=commune)
    UnitFactFactory(unit=commune, source="QĐ 99/QĐ-TTg")
    client.force_login(person("accountant", place=commune.province))

    body = client.get(reverse("places:page", args=[commune.pk])).content.decode()

    assert succession.old.full_name in body
    assert "QĐ 99/QĐ-TTg" in body
    assert "chưa kiểm chứng" in body
    assert reverse("places:record_fact", args=[commune.pk]) not in body


def test_an_administrator_enters_a_fact(client, commune):
    client.force_login(person("administrator", place=commune.province))

    answer = client.post(
        reverse("places:record_fact", args=[commune.pk]),
        {"name": "city_class", "value": "3", "valid_from": "10/02/2022", "source": "QĐ 12/QĐ-TTg"},
    )

    assert (answer.status_code, UnitFact.objects.get().value) == (302, "3")


def test_addresses_are_read_one_a_line(client, commune):
    client.force_login(person("accountant", place=commune.province))

    body = client.get(reverse("places:resolve"), {"dia-chi": "xã nào đó, tỉnh nào đó\n\n"}).content.decode()

    assert "không xác định" in body
