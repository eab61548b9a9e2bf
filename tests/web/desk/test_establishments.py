"""The desk of establishments: who sees, who may change, what the pages say."""

# ruff: noqa: F811

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.establishments.models import CraftVillage, Establishment
from tests.factories.establishments import (
    ClusterFactory,
    CraftVillageFactory,
    CraftVillageRecognitionFactory,
    EstablishmentFactory,
    MachineFactory,
    PhotoFactory,
    ProductFactory,
    RecognitionFactory,
    SupportedItemFactory,
    YearlyFactsFactory,
)
from tests.factories.people import person
from tests.web.desk.given_establishments import collaborator, commune, officer  # noqa: F401

pytestmark = pytest.mark.django_db

PLAIN = [
    "list",
    "register",
    "similar",
    "duplicates",
    "products",
    "sites",
    "clusters",
    "register_village",
    "found_cluster",
]
OF_ONE = ["page", "change", "record_year", "add_machine", "add_product", "add_photo"]


def _text(response):
    return response.content.decode()


def _form(commune, **facts):
    return {
        "name": "Cơ sở Ngọc Tứ",
        "legal_form": "household",
        "province": commune.province.pk,
        "commune": commune.pk,
        **facts,
    }


# --- who sees


@pytest.mark.parametrize("name", PLAIN)
def test_strangers_are_sent_to_sign_in(client, name):
    assert client.get(reverse(f"establishments:{name}")).status_code == 302


@pytest.mark.parametrize("name", OF_ONE)
def test_an_establishment_outside_the_territory_is_not_there(officer, name):
    elsewhere = EstablishmentFactory()

    assert officer.get(reverse(f"establishments:{name}", args=[elsewhere.pk])).status_code == 404


@pytest.mark.parametrize("name", [*PLAIN, "page"])
def test_every_page_opens_for_the_centre(officer, commune, name):
    args = [EstablishmentFactory(commune=commune).pk] if name == "page" else []

    assert officer.get(reverse(f"establishments:{name}", args=args)).status_code == 200


@pytest.mark.parametrize("name", OF_ONE[1:])
def test_whoever_only_looks_changes_nothing(client, commune, name):
    client.force_login(person("finance_officer", place=commune.province))
    establishment = EstablishmentFactory(commune=commune)

    assert client.get(reverse(f"establishments:{name}", args=[establishment.pk])).status_code == 404
    assert "Sửa thông tin" not in _text(client.get(reverse("establishments:page", args=[establishment.pk])))


@pytest.mark.parametrize("name", ["list", "products", "sites", "clusters", "duplicates"])
def test_lists_ask_as_often_for_three_rows_as_for_one(officer, commune, django_assert_max_num_queries, name):
    def more():
        village = CraftVillageRecognitionFactory(village__commune=commune).village
        cluster = ClusterFactory(commune=commune)
        twins = EstablishmentFactory.create_batch(
            2, commune=commune, name=f"Cơ sở Ngọc Tứ {village.pk}", craft_village=village, cluster=cluster
        )
        YearlyFactsFactory(establishment=twins[0])
        RecognitionFactory(product__establishment=twins[0])

    url = reverse(f"establishments:{name}")
    more()
    with django_assert_max_num_queries(12) as one:
        officer.get(url)
    more()
    more()

    with django_assert_max_num_queries(12) as three:
        officer.get(url)

    assert len(three) == len(one)


def test_a_record_page_asks_as_often_for_three_rows_as_for_one(officer, commune, django_assert_max_num_queries):
    establishment = EstablishmentFactory(commune=commune)
    url = reverse("establishments:page", args=[establishment.pk])

    def more(year):
        YearlyFactsFactory(establishment=establishment, year=year)
        MachineFactory(establishment=establishment)
        RecognitionFactory(product__establishment=establishment)
        SupportedItemFactory(establishment=establishment)
        PhotoFactory(establishment=establishment)

    more(2023)
    with django_assert_max_num_queries(20) as one:
        officer.get(url)
    more(2024)
    more(2025)

    with django_assert_max_num_queries(20) as three:
        officer.get(url)

    assert len(three) == len(one)


# --- lists


def test_the_list_shows_standing_records_of_the_territory_in_order(officer, commune):
    kept = EstablishmentFactory(commune=commune, name="Cơ sở Ánh")
    EstablishmentFactory(commune=commune, name="Cơ sở An")
    EstablishmentFactory(commune=commune, name="Cơ sở Gộp", merged_into=kept)
    EstablishmentFactory(name="Cơ sở Tỉnh khác")

    page = _text(officer.get(reverse("establishments:list")))

    assert "2 cơ sở" in page
    assert page.index("Cơ sở An<") < page.index("Cơ sở Ánh<")
    assert "Cơ sở Gộp" not in page
    assert "Tỉnh khác" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "moc lan"}, ["Cơ sở Mộc Lan"]),
        ({"q": "0100233"}, ["Công ty Ban Mê"]),
        ({"legal_form": "enterprise"}, ["Công ty Ban Mê"]),
        ({"flag": "woman_owned"}, ["Cơ sở Mộc Lan"]),
        ({"flag": "supported"}, ["Công ty Ban Mê"]),
        ({"sector": "a"}, ["Cơ sở Mộc Lan"]),
    ],
)
def test_the_list_is_filtered(officer, commune, query, found):
    EstablishmentFactory(commune=commune, name="Cơ sở Mộc Lan", woman_owned=True, sector="a")
    SupportedItemFactory(establishment=EstablishmentFactory(commune=commune, company=True, name="Công ty Ban Mê"))

    page = officer.get(reverse("establishments:list"), query)

    assert [row.name for row in page.context["list"].records] == found


def test_words_of_one_province_are_read_there_and_find_what_the_country_finds(client, commune):
    EstablishmentFactory(commune=commune, name="Cơ sở Mộc Lan")
    EstablishmentFactory(name="Cơ sở Mộc Lan ở tỉnh khác")
    client.force_login(person("auditor", country=True))
    url = reverse("establishments:list")

    with CaptureQueriesContext(connection) as everywhere:
        whole = client.get(url, {"q": "moc lan"}).context["list"].records
    with CaptureQueriesContext(connection) as inside:
        here = client.get(url, {"q": "moc lan", "province": commune.province.pk}).context["list"].records

    assert (len(whole), len(here)) == (2, 1)
    by_pieces = connection.vendor == "sqlite"  # PostgreSQL weighs by itself whether to ask its index of pieces
    told = [any(" MATCH " in query["sql"] for query in asked.captured_queries) for asked in (everywhere, inside)]
    assert told == [by_pieces, False]


def test_the_export_holds_what_the_list_shows(officer, commune):
    EstablishmentFactory(commune=commune, name="Cơ sở Mộc Lan")

    response = officer.get(reverse("establishments:list"), {"xuat": "csv"})

    assert "Cơ sở Mộc Lan" in b"".join(response.streaming_content).decode()


# --- privacy


def test_telephone_and_owner_are_for_those_who_may_see_them(client, commune):
    establishment = EstablishmentFactory(commune=commune, phone="0912345678", representative="Trần Thị Tứ")
    url = reverse("establishments:page", args=[establishment.pk])

    shown = {}
    for role in ("centre_officer", "finance_officer"):
        client.force_login(person(role, place=commune.province))
        page = _text(client.get(url))
        shown[role] = ("0912345678" in page, "Trần Thị Tứ" in page)
    client.force_login(person("collaborator", place=commune))
    page = _text(client.get(url))

    assert shown == {"centre_officer": (True, True), "finance_officer": (False, False)}
    assert ("0912345678" in page, "Trần Thị Tứ" in page) == (False, False)


def test_a_citizens_number_is_not_shown_as_a_tax_code(client, commune):
    establishment = EstablishmentFactory(commune=commune, tax_code="066090001234")
    client.force_login(person("finance_officer", place=commune.province))

    pages = [
        _text(client.get(reverse("establishments:page", args=[establishment.pk]))),
        _text(client.get(reverse("establishments:list"), {"cot": ["name", "tax_code"]})),
    ]

    assert ["066090001234" in page for page in pages] == [False, False]


def test_a_collaborator_changes_without_seeing_and_loses_nothing(collaborator, commune):
    establishment = EstablishmentFactory(commune=commune, phone="0912345678", name="Cơ sở Cũ")
    url = reverse("establishments:change", args=[establishment.pk])

    assert "0912345678" not in _text(collaborator.get(url))
    collaborator.post(url, _form(commune, name="Cơ sở Mới"))

    establishment.refresh_from_db()
    assert (establishment.name, establishment.phone) == ("Cơ sở Mới", "0912345678")


def test_its_own_people_see_their_page_and_change_their_telephone(client, commune):
    establishment = EstablishmentFactory(commune=commune, phone="0912345678")
    client.force_login(person("establishment", place=None, organisation=establishment.organisation))
    other = EstablishmentFactory(commune=commune)

    page = _text(client.get(reverse("establishments:page", args=[establishment.pk])))
    client.post(reverse("establishments:change", args=[establishment.pk]), {"phone": "0987654321"})

    establishment.refresh_from_db()
    assert "0912345678" in page
    assert establishment.phone == "0987654321"
    assert client.get(reverse("establishments:page", args=[other.pk])).status_code == 404


# --- registering


def test_registering_leads_to_the_new_page(officer, commune):
    response = officer.post(reverse("establishments:register"), _form(commune, phone="0912 345 678"))

    made = Establishment.objects.get()
    assert response.url == reverse("establishments:page", args=[made.pk])
    assert made.phone == "0912345678"


def test_a_possible_duplicate_is_shown_before_anything_is_written(officer, commune):
    EstablishmentFactory(commune=commune, name="CS Ngoc Tu")
    url = reverse("establishments:register")

    asked = officer.post(url, _form(commune))
    written = officer.post(url, _form(commune, anyway="1"))

    assert (asked.status_code, "CS Ngoc Tu" in _text(asked)) == (422, True)
    assert written.status_code == 302
    assert Establishment.objects.count() == 2


def test_a_refused_form_comes_back_filled(officer, commune):
    response = officer.post(reverse("establishments:register"), _form(commune, tax_code="0100233489"))

    assert response.status_code == 422
    assert "0100233489" in _text(response)
    assert Establishment.objects.count() == 0


def test_while_typing_similar_ones_are_told(officer, commune):
    known = EstablishmentFactory(commune=commune, name="CS Ngoc Tu")

    part = officer.get(reverse("establishments:similar"), {"name": "Cơ sở Ngọc Tứ", "commune": commune.pk})
    nothing = officer.get(reverse("establishments:similar"), {"name": "Cơ sở Khác hẳn", "commune": commune.pk})

    assert reverse("establishments:page", args=[known.pk]) in _text(part)
    assert "Có thể trùng" not in _text(nothing)


def test_similar_ones_of_a_commune_outside_the_territory_are_not_told(officer):
    elsewhere = EstablishmentFactory(name="CS Ngoc Tu")

    part = officer.get(reverse("establishments:similar"), {"name": "Cơ sở Ngọc Tứ", "commune": elsewhere.commune_id})

    assert "CS Ngoc Tu" not in _text(part)


# --- what hangs on it


def test_years_machines_products_and_recognitions_are_entered(officer, commune):
    establishment = EstablishmentFactory(commune=commune)

    def to(name):
        return reverse(f"establishments:{name}", args=[establishment.pk])

    officer.post(to("record_year"), {"year": "2025", "workers": "12", "women": "7", "revenue": "1.438.500.000"})
    officer.post(to("add_machine"), {"name": "Máy sấy", "serial": "SN1"})
    officer.post(to("add_product"), {"name": "Nước mắm", "group": "2"})
    product = establishment.products.get()
    officer.post(reverse("establishments:recognise_product", args=[product.pk]), {"level": "province", "year": "2024"})
    officer.post(reverse("establishments:change_product", args=[product.pk]), {"name": "Nước mắm nhỉ"})
    officer.post(reverse("establishments:remove_machine", args=[establishment.machines.get().pk]), {"reason": "Bán"})

    page = _text(officer.get(to("page")))
    assert [word in page for word in ("1.438,5", "Nước mắm nhỉ", "Cấp tỉnh 2024")] == [True] * 3
    assert establishment.machines.count() == 0


def test_a_wrong_year_is_refused_in_the_form(officer, commune):
    establishment = EstablishmentFactory(commune=commune)
    url = reverse("establishments:record_year", args=[establishment.pk])

    response = officer.post(url, {"year": "2025", "workers": "4", "women": "5"})

    assert response.status_code == 422
    assert "Số lao động nữ không thể nhiều hơn" in _text(response)


def test_what_was_given_is_summed_over_merged_records(officer, commune):
    kept = EstablishmentFactory(commune=commune)
    old = EstablishmentFactory(commune=commune, merged_into=kept, name="Cơ sở Cũ")
    SupportedItemFactory(establishment=old, amount=200_000_000)
    SupportedItemFactory(establishment=kept, amount=50_000_000)

    page = _text(officer.get(reverse("establishments:page", args=[kept.pk])))
    merged = _text(officer.get(reverse("establishments:page", args=[old.pk])))

    assert "250.000.000" in page
    assert "đã gộp vào" in merged
    assert "Sửa thông tin" not in merged


# --- villages and clusters


DECISION = {"number": "100/QĐ-UBND", "signed_on": "01/05/2020", "signer": "Y Bê", "signer_title": "Chủ tịch"}


def test_a_village_is_entered_recognised_and_withdrawn(officer, commune):
    officer.post(
        reverse("establishments:register_village"),
        {"name": "Làng nghề gốm", "province": commune.province.pk, "commune": commune.pk},
    )
    village = CraftVillage.objects.get()
    officer.post(
        reverse("establishments:recognise_village", args=[village.pk]),
        {"kind": "craft", "on": "01/05/2020", **DECISION},
    )
    recognition = village.recognitions.get()
    officer.post(
        reverse("establishments:withdraw_village", args=[recognition.pk]),
        {"on": "01/05/2025", **DECISION, "number": "9/QĐ-UBND", "signed_on": "20/04/2025"},
    )

    page = _text(officer.get(reverse("establishments:village", args=[village.pk])))
    assert [word in page for word in ("100/QĐ-UBND", "9/QĐ-UBND", "01/05/2025")] == [True] * 3


def test_a_cluster_is_founded_and_ended(officer, commune):
    officer.post(
        reverse("establishments:found_cluster"),
        {
            "name": "Cụm Ea Đar",
            "province": commune.province.pk,
            "commune": commune.pk,
            "area_ha": "51,5",
            "on": "01/01/2015",
        },
    )
    cluster = commune.province and officer.get(reverse("establishments:clusters")).context["list"].records[0]
    response = officer.post(
        reverse("establishments:end_cluster", args=[cluster.pk]),
        {"on": "01/05/2025", **DECISION, "signed_on": "20/04/2025"},
    )

    assert response.url == reverse("establishments:cluster", args=[cluster.pk])
    assert "Không còn" in _text(officer.get(response.url))


def test_a_commune_does_not_enter_what_the_province_decides(collaborator, commune):
    village = CraftVillageFactory(commune=commune)

    page = _text(collaborator.get(reverse("establishments:village", args=[village.pk])))
    refused = collaborator.post(
        reverse("establishments:recognise_village", args=[village.pk]),
        {"kind": "craft", "on": "01/05/2020", **DECISION},
    )

    assert "Ghi nhận công nhận" not in page
    assert refused.status_code == 403
    assert village.recognitions.count() == 0


def test_products_are_listed_with_their_recognitions(officer, commune):
    RecognitionFactory(
        product=ProductFactory(establishment__commune=commune, name="Rượu cần"), level="national", year=2025
    )
    ProductFactory(establishment__commune=commune, name="Nước mắm")

    every = officer.get(reverse("establishments:products"))
    national = officer.get(reverse("establishments:products"), {"level": "national"})

    assert [p.name for p in every.context["list"].records] == ["Nước mắm", "Rượu cần"]
    assert [p.name for p in national.context["list"].records] == ["Rượu cần"]
    assert "Cấp quốc gia 2025" in _text(national)


def test_the_search_over_everything_finds_establishments(officer, commune):
    EstablishmentFactory(commune=commune, name="Cơ sở Mộc Lan")

    assert "Cơ sở Mộc Lan" in _text(officer.get(reverse("search"), {"q": "moc lan"}))
