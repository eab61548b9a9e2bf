import re

import pytest
from django.urls import reverse

from khuyencong.places.models import REFORM, UNRECORDED, UnitFact
from tests.factories.norms import PriorityRowFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitFactFactory, UnitFactory, UnitSuccessionFactory


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


def test_a_former_unit_says_where_it_lay_then_until_when_and_what_lies_there_today(client, commune):
    province = ProvinceFactory(name="Đắk Nông", full_name="Tỉnh Đắk Nông", ended=True)
    district = UnitFactory(level="district", kind="provincial_city", full_name="Thành phố Gia Nghĩa", parent=province,
        province=province, ended=True)  # fmt: skip
    old = CommuneFactory(full_name="Phường Nghĩa Đức", parent=district, province=province,
        valid_from=UNRECORDED, valid_to=REFORM)  # fmt: skip
    between = CommuneFactory(
        full_name="Xã Giữa", province=commune.province, valid_from="2025-07-01", valid_to="2026-04-30"
    )
    UnitSuccessionFactory(old=old, new=between)
    UnitSuccessionFactory(old=between, new=commune, on="2026-04-30")
    client.force_login(person("accountant", place=commune.province))

    def told(unit):
        page = client.get(reverse("places:page", args=[unit.pk])).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())

    today = f"Địa bàn hiện nay {commune.address()}"
    assert "Đơn vị cũ, có đến hết ngày 30/06/2025." in told(old)
    assert "Khi ấy thuộc Thành phố Gia Nghĩa , tỉnh Đắk Nông" in told(old)
    assert (today in told(old), today in told(district)) == (True, True)
    assert "Đơn vị cũ, có từ ngày 01/07/2025 đến hết ngày 29/04/2026." in told(between)
    assert "Khi ấy thuộc Cách sắp xếp Phường Nghĩa Đức Thành phố Gia Nghĩa, tỉnh Đắk Nông" in told(between)
    assert ("Đơn vị hiện nay." in told(commune), "Địa bàn hiện nay" in told(commune)) == (True, False)
    sought = client.get(reverse("places:resolve"), {"dia-chi": "phường Nghĩa Đức, tỉnh Đắk Nông"}).content.decode()
    assert "khi ấy thuộc thành phố Gia Nghĩa, tỉnh Đắk Nông" in sought


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


@pytest.fixture
def areas():
    PriorityRowFactory(code="difficult_area", text="Địa bàn khó khăn")
    PriorityRowFactory(code="poor_district", text="Huyện nghèo", rank=2)
    PriorityRowFactory(code="typical_product", kind="sector")


def record_area(client, commune, **more):
    client.force_login(person("administrator", country=True))
    facts = {"name": "priority_area", "valid_from": "01/07/2026", "source": "QĐ 99/QĐ-TTg"} | more
    return client.post(reverse("places:record_fact", args=[commune.pk]), facts)


def test_a_priority_area_is_chosen_from_the_catalogue_and_told_in_its_words(client, commune, areas):
    record_area(client, commune, areas=["difficult_area", "poor_district"])

    assert UnitFact.objects.get().value == "difficult_area,poor_district"
    page = client.get(reverse("places:page", args=[commune.pk])).content.decode()
    assert "Địa bàn khó khăn; Huyện nghèo" in page


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Hãy chọn ít nhất một địa bàn ưu tiên trong danh mục."),
        ({"value": "vung kho"}, "Địa bàn ưu tiên không ghi bằng chữ"),
        ({"areas": ["typical_product"]}, "typical_product"),  # a trade is no area
        (
            {"name": "city_class", "value": "1", "areas": ["poor_district"]},
            "Chỉ chọn khi ghi thuộc tính địa bàn ưu tiên.",
        ),
        ({"name": "city_class"}, "Hãy ghi giá trị của thuộc tính."),
    ],
)
def test_a_priority_area_that_is_no_such_area_is_refused(client, commune, areas, given, sentence):
    answer = record_area(client, commune, **given)

    assert (answer.status_code, UnitFact.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()
