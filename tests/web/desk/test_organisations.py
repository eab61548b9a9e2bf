# ruff: noqa: F811
import pytest
from django.urls import reverse

from khuyencong.audit.models import Event
from khuyencong.organisations.models import Area, Contact, Expert, Organisation
from tests.factories.organisations import (
    AreaFactory,
    ContactFactory,
    ExpertFactory,
    OrganisationFactory,
    SuccessionFactory,
)
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.web.desk.given_administrator import administrator, province  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(province):
    return OrganisationFactory(centre=True, place=province)


@pytest.mark.parametrize(
    ("route", "factory"),
    [
        ("organisations:list", lambda: OrganisationFactory(centre=True)),
        (
            "organisations:experts",
            lambda: ExpertFactory(organisation=OrganisationFactory(), province=ProvinceFactory()),
        ),
    ],
)
def test_a_list_costs_the_same_for_one_and_three(client, administrator, route, factory, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            factory()
        client.get(reverse(route))
        with django_assert_max_num_queries(12) as seen:
            assert client.get(reverse(route)).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_page_costs_the_same_for_one_and_three(client, administrator, centre, django_assert_max_num_queries):
    counts = []
    for more in (1, 2):
        for _n in range(more):
            AreaFactory(organisation=centre)
            SuccessionFactory(new=centre)
        with django_assert_max_num_queries(20) as seen:
            assert client.get(reverse("organisations:page", args=[centre.pk])).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_establishments_are_not_in_this_list(client, administrator, centre):
    household = OrganisationFactory(kind="household", name="Hộ Nguyễn Văn A")

    page = client.get(reverse("organisations:list")).content.decode()

    assert (centre.name in page, household.name in page) == (True, False)
    assert client.get(reverse("organisations:page", args=[household.pk])).status_code == 404


def test_the_list_is_searched_without_accents(client, administrator):
    OrganisationFactory(kind="school", name="Trường Cao đẳng Tây Nguyên")
    OrganisationFactory(kind="school", name="Trường khác")

    page = client.get(reverse("organisations:list"), {"q": "tay nguyen"}).content.decode()

    assert ("Tây Nguyên" in page, "Trường khác" in page) == (True, False)


def test_a_body_is_added_changed_and_ended(client, administrator, province):
    commune = CommuneFactory(province=province)
    facts = {"name": "UBND xã Ea Kly", "kind": "commune_committee", "province": province.pk, "commune": commune.pk}

    client.post(reverse("organisations:register"), facts)
    body = Organisation.objects.get(name="UBND xã Ea Kly")
    assert body.place == commune

    client.post(reverse("organisations:change", args=[body.pk]), {**facts, "address": "Thôn 3"})
    body.refresh_from_db()
    assert (body.address, body.place) == ("Thôn 3", commune)

    client.post(reverse("organisations:end", args=[body.pk]), {"on": "01/07/2026", "reason": "sáp nhập"})
    page = client.get(reverse("organisations:page", args=[body.pk])).content.decode()
    assert "đã chấm dứt" in page
    assert reverse("organisations:end", args=[body.pk]) not in page


def test_a_wrong_tax_code_comes_back_with_its_sentence(client, administrator, province):
    facts = {"name": "Trường A", "kind": "school", "province": province.pk, "tax_code": "0100233489"}

    response = client.post(reverse("organisations:register"), facts)

    assert response.status_code == 422
    assert "số kiểm tra" in response.content.decode()


def test_a_succession_is_recorded_by_name(client, administrator, province):
    old = OrganisationFactory(department=True, place=province, name="Sở Công Thương cũ")
    new = OrganisationFactory(department=True, place=province, name="Sở Công Thương mới")

    client.post(
        reverse("organisations:succeed", args=[old.pk]),
        {"new": "so cong thuong moi", "on": "01/07/2026", "basis": "Nghị quyết 1"},
    )

    page = client.get(reverse("organisations:page", args=[old.pk])).content.decode()
    assert (new.name in page, "Được kế thừa bởi" in page) == (True, True)


def test_an_area_is_drawn_and_drawn_anew(client, administrator, centre, province):
    communes = [CommuneFactory(province=province) for _n in range(2)]

    client.post(
        reverse("organisations:set_area", args=[centre.pk]),
        {"name": "Cụm Bắc", "on": "01/11/2026", "communes": [c.pk for c in communes]},
    )
    area = Area.objects.get()
    client.post(
        reverse("organisations:change_area", args=[area.pk]),
        {"name": "Cụm Bắc", "on": "01/11/2026", "communes": [communes[0].pk]},
    )

    assert list(area.communes.all()) == communes[:1]


def test_the_directory_is_kept(client, administrator, province):
    client.post(
        reverse("organisations:add_expert"), {"name": "Viện Cơ điện", "field": "Cơ khí", "province": province.pk}
    )
    expert = Expert.objects.get()
    client.post(
        reverse("organisations:change_expert", args=[expert.pk]),
        {"name": "Viện Cơ điện", "field": "Điện", "province": province.pk},
    )
    assert "Điện" in client.get(reverse("organisations:experts"), {"q": "dien"}).content.decode()

    client.post(reverse("organisations:remove_expert", args=[expert.pk]))
    assert Expert.objects.count() == 0


def test_who_does_not_keep_the_catalogue_sees_no_buttons_and_is_refused(client, centre, province):
    client.force_login(person("appraiser", place=province))

    page = client.get(reverse("organisations:page", args=[centre.pk])).content.decode()
    assert reverse("organisations:change", args=[centre.pk]) not in page
    response = client.post(reverse("organisations:end", args=[centre.pk]), {"on": "01/07/2026", "reason": "x"})
    assert response.status_code == 404
    centre.refresh_from_db()
    assert centre.ended_on is None


def test_a_person_without_mandate_may_do_nothing(client, centre):
    client.force_login(UserFactory())

    response = client.post(reverse("organisations:end", args=[centre.pk]), {"on": "01/07/2026", "reason": "x"})

    assert response.status_code == 404


def test_contacts_show_telephones_to_whoever_may_see_them_and_can_be_forgotten(client, province):
    commune = CommuneFactory(province=province)
    contact = ContactFactory(commune=commune, province=province, name="Y Bê Niê", phone="0912345678")
    ContactFactory(name="Người tỉnh khác")
    removal = reverse("organisations:remove_contact", args=[contact.pk])
    client.force_login(person("finance_officer", place=province))
    plain = client.get(reverse("organisations:contacts")).content.decode()
    refused = client.post(removal).status_code
    client.force_login(person("commune_officer", place=commune))
    page = client.get(reverse("organisations:contacts")).content.decode()

    client.post(removal)

    assert ("Y Bê Niê" in plain, "0912345678" in plain, refused) == (True, False, 404)
    assert ("0912345678" in page, "Người tỉnh khác" in page) == (True, False)
    assert not Contact.objects.filter(pk=contact.pk).exists()
    assert "Y Bê Niê" not in str(list(Event.objects.filter(action="contact.remove").values()))


def test_contacts_cost_the_same_for_one_and_three(client, province, django_assert_max_num_queries):
    commune = CommuneFactory(province=province)
    client.force_login(person("commune_officer", place=commune))
    counts = []
    for more in (1, 2):
        ContactFactory.create_batch(more, commune=commune)
        client.get(reverse("organisations:contacts"))
        with django_assert_max_num_queries(12) as seen:
            client.get(reverse("organisations:contacts"))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_steps_on_a_body_are_for_who_keeps_the_catalogue(client, province, centre):
    area, expert = AreaFactory(organisation=centre), ExpertFactory(province=province)
    client.force_login(person("administrator", place=ProvinceFactory()))

    for route, key in (
        *((name, centre.pk) for name in ("change", "end", "succeed", "set_area")),
        ("change_area", area.pk),
        ("end_area", area.pk),
        ("change_expert", expert.pk),
    ):
        assert client.get(reverse(f"organisations:{route}", args=[key])).status_code == 404, route


def test_an_area_is_used_no_longer_from_a_day(client, administrator, centre):
    area = AreaFactory(organisation=centre)
    address = reverse("organisations:end_area", args=[area.pk])
    page = reverse("organisations:page", args=[centre.pk])
    assert address in client.get(page).content.decode()

    assert client.get(address).status_code == 200
    client.post(address, {"on": "01/12/2026"})

    area.refresh_from_db()
    assert str(area.valid_to) == "2026-12-01"
    assert address not in client.get(page).content.decode()


def test_a_citizen_s_number_is_not_shown_as_a_tax_code(client, administrator, province):
    body = OrganisationFactory(kind="provider", place=province, tax_code="001090000001")

    for address in (reverse("organisations:list"), reverse("organisations:page", args=[body.pk])):
        assert "001090000001" not in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("role", "may"), [("centre_officer", True), ("auditor", False), ("department_director", False)]
)
def test_the_removal_of_a_contact_is_offered_to_who_may_remove_it_and_never_exported(client, province, role, may):
    contact = ContactFactory(province=province, commune=CommuneFactory(province=province))
    removal = reverse("organisations:remove_contact", args=[contact.pk])
    client.force_login(person(role, place=province))

    page = client.get(reverse("organisations:contacts")).content.decode()
    sheet = b"".join(client.get(reverse("organisations:contacts"), {"xuat": "csv"}))

    assert (removal in page, client.get(removal).status_code) == (may, 200 if may else 404)
    assert "Bỏ khỏi danh bạ" not in sheet.decode("utf-8-sig")
