from types import SimpleNamespace

import pytest
from django.urls import reverse

from khuyencong.web.common.search import Hit, everything
from tests.factories.places import CommuneFactory, ProvinceFactory

NAMES = {"de an may say": "Đề án máy sấy", "de an may xay": "Đề án máy xay"}


def find(user, folded, limit):
    return [Hit(name, f"/{key}/") for key, name in NAMES.items() if folded in key][:limit]


PROJECTS = SimpleNamespace(LABEL="Đề án", find=find)


def labels(typed, limit=8):
    return [
        (kind["label"], [hit.title for hit in kind["hits"]], kind["more"])
        for kind in everything(None, typed, limit, among=[PROJECTS])
    ]


@pytest.mark.parametrize("typed", ["máy sấy", "MAY SAY", "  may   sấy "])
def test_results_come_by_kind_with_and_without_accents(typed):
    assert labels(typed) == [("Đề án", ["Đề án máy sấy"], False)]


def test_more_than_are_shown_is_said():
    assert labels("may", limit=1) == [("Đề án", ["Đề án máy sấy"], True)]


@pytest.mark.parametrize("typed", ["", "m", "không có gì"])
def test_nothing_found_gives_no_kind(typed):
    assert labels(typed) == []


@pytest.mark.django_db
def test_one_letter_asks_for_more(desk):
    assert "Hãy gõ ít nhất 2 chữ." in desk.get("/tim/", {"q": "a"}).content.decode()


@pytest.mark.django_db
def test_what_is_not_there_says_what_to_try(desk):
    assert "Không thấy “zzzz”" in desk.get("/tim/", {"q": "zzzz"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["Ea Kly", "EA KLY", "ea kly"])
def test_a_place_is_found_by_its_name_of_today_and_by_that_of_before(desk, typed):
    province = ProvinceFactory(name="Đắk Lắk")
    today = CommuneFactory(name="Ea Kly", province=province, parent=province)
    before = CommuneFactory(name="Ea Kly", province=province, parent=province, ended=True)
    CommuneFactory(name="Hoà Xuân", province=province, parent=province)

    page = desk.get("/tim/", {"q": typed}).content.decode()

    here, there = (f'href="{reverse("places:page", args=[unit.pk])}"' for unit in (today, before))
    assert page.index(here) < page.index(there)
    assert "Tỉnh Đắk Lắk, đến hết 30/06/2025" in page
    assert "Hoà Xuân" not in page
    assert desk.get(reverse("places:page", args=[before.pk])).status_code == 200
