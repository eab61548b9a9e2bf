"""Two records of one establishment on the desk: proposed, compared, merged or told apart."""

# ruff: noqa: F811

import pytest
from django.urls import reverse

from khuyencong.establishments.models import Establishment, NotDuplicate
from tests.factories.establishments import (
    EstablishmentFactory,
)
from tests.factories.places import CommuneFactory
from tests.web.desk.given_establishments import collaborator, commune, officer  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(commune):
    return (
        EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ", phone=""),
        EstablishmentFactory(commune=commune, name="CS Ngoc Tu", phone="0912345678"),
    )


def test_the_two_ngoc_tu_are_proposed_and_merged(officer, commune, twins):
    first, second = twins
    pairs = officer.get(reverse("establishments:duplicates"))
    compare = officer.get(reverse("establishments:compare", args=[first.pk, second.pk]))
    merged = officer.post(
        reverse("establishments:merge", args=[second.pk, first.pk]), {"reason": "Cùng một cơ sở", "take_phone": "on"}
    )

    second.refresh_from_db()
    first.refresh_from_db()
    assert [(p.first, p.second) for p in pairs.context["pairs"]] == [twins]
    assert compare.status_code == 200
    assert merged.url == reverse("establishments:page", args=[first.pk])
    assert (second.merged_into, first.phone) == (first, "0912345678")


def test_a_page_left_open_while_another_merged_the_record_says_where_it_went(officer, twins):
    first, second = twins
    again, edited = (
        reverse("establishments:merge", args=[second.pk, first.pk]),
        reverse("establishments:change", args=[second.pk]),
    )
    officer.post(again, {"reason": "Cùng một cơ sở"})

    for answer in (
        officer.post(again, {"reason": "Bấm ở thẻ khác"}, follow=True),
        officer.post(edited, {"name": "Sửa ở thẻ khác"}, follow=True),
        officer.get(edited, follow=True),
        officer.get(reverse("establishments:compare", args=[first.pk, second.pk]), follow=True),
    ):
        assert answer.redirect_chain == [(reverse("establishments:page", args=[second.pk]), 302)]
        assert "“CS Ngoc Tu” đã gộp vào “Cơ sở Ngọc Tứ”, không sửa được nữa." in answer.content.decode()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Thôn 4, xã Ea Bá", "Thôn 4, xã Ea Bá, tỉnh Đắk Lắk"),
        ("Thôn 4", "Thôn 4; xã Ea Bá, tỉnh Đắk Lắk"),
        ("", "Xã Ea Bá, tỉnh Đắk Lắk"),
    ],
)
def test_the_place_of_production_is_said_once(officer, commune, written, said):
    place = CommuneFactory(province=commune.province, name="Ea Bá", full_name="Xã Ea Bá")
    here = EstablishmentFactory(commune=place, place_text=written)

    assert officer.get(reverse("establishments:page", args=[here.pk])).context["site"] == said


def test_a_merger_without_reason_comes_back(officer, twins):
    first, second = twins

    response = officer.post(reverse("establishments:merge", args=[second.pk, first.pk]), {"reason": ""})

    assert response.status_code == 422
    assert Establishment.objects.active().count() == 2


def test_a_pair_is_told_apart(officer, twins):
    first, second = twins

    officer.post(reverse("establishments:dismiss", args=[first.pk, second.pk]), {"reason": "Hai chủ"})

    assert NotDuplicate.objects.count() == 1
    assert officer.get(reverse("establishments:duplicates")).context["pairs"] == []


def test_alike_names_are_sought_in_one_commune(officer, commune):
    EstablishmentFactory(commune=commune, name="Cơ sở Nước mắm Xuân Cảnh")
    EstablishmentFactory(commune=commune, name="Cơ sở Nước mắm Xuân Canhs")
    url = reverse("establishments:duplicates")

    assert len(officer.get(url).context["pairs"]) == 0
    assert len(officer.get(url, {"xa": commune.pk}).context["pairs"]) == 1


def test_whoever_may_not_merge_compares_nothing(collaborator, twins):
    first, second = twins

    for name in ("compare", "merge", "dismiss"):
        assert collaborator.get(reverse(f"establishments:{name}", args=[first.pk, second.pk])).status_code == 404
    assert collaborator.get(reverse("establishments:duplicates")).status_code == 404
