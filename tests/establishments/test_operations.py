import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.establishments import operations
from khuyencong.establishments.models import Establishment
from tests.establishments.given import TOMORROW, own, remembered
from tests.factories.establishments import (
    CraftVillageFactory,
    EstablishmentFactory,
    MachineFactory,
    ProductFactory,
)
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db


# --- registering and changing


def test_registering_makes_the_establishment_and_its_legal_person(officer, commune):
    made = operations.register(
        name="  Công ty TNHH  Ngọc Tứ ", legal_form="enterprise", commune=commune, tax_code="0100 233 488", by=officer
    )

    assert (made.name, made.key, made.province, made.place_unit) == (
        "Công ty TNHH Ngọc Tứ",
        "ngoc tu",
        commune.province,
        commune,
    )
    assert (made.organisation.tax_code, made.organisation.kind, made.organisation.place) == (
        "0100233488",
        "enterprise",
        commune,
    )
    assert remembered("establishment.register", made) == 1


def test_a_body_known_by_its_tax_code_becomes_the_legal_person(officer, commune):
    known = OrganisationFactory(tax_code="0100233488")

    made = operations.register(
        name="Công ty Ngọc Tứ", legal_form="enterprise", commune=commune, tax_code="0100233488", by=officer
    )

    assert made.organisation == known


def test_where_the_commune_is_not_known_the_province_stands_alone(officer, commune):
    made = operations.register(name="Cơ sở Ngọc Tứ", legal_form="household", province=commune.province, by=officer)

    assert (made.province, made.commune) == (commune.province, None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"tax_code": "0100233489"}, "tax_code"),
        ({"phone": "12"}, "phone"),
        ({"registered_on": TOMORROW}, "registered_on"),
        ({"vsic_code": "10611"}, "__all__"),
        ({"legal_form": "kingdom"}, "legal_form"),
    ],
)
def test_registering_refuses_what_cannot_be(officer, commune, facts, field):
    with pytest.raises(Invalid) as refusal:
        operations.register(
            **{"name": "Cơ sở Ngọc Tứ", "legal_form": "household", "commune": commune, "by": officer, **facts}
        )

    assert list(refusal.value.fields) == [field]
    assert Establishment.objects.count() == 0


def test_one_tax_code_stands_for_one_establishment(officer, commune):
    EstablishmentFactory(company=True, commune=commune)

    with pytest.raises(Invalid) as refusal:
        operations.register(name="Khác", legal_form="enterprise", commune=commune, tax_code="0100233488", by=officer)

    assert list(refusal.value.fields) == ["tax_code"]


def test_a_commune_of_the_past_is_no_place_of_today(officer, commune):
    old = CommuneFactory(province=commune.province, ended=True)

    with pytest.raises(Invalid):
        operations.register(name="Cơ sở Ngọc Tứ", legal_form="household", commune=old, by=officer)


def test_nobody_registers_outside_his_territory(keeper):
    with pytest.raises(NotAllowed):
        operations.register(name="Cơ sở Ngọc Tứ", legal_form="household", commune=CommuneFactory(), by=keeper)


def test_a_village_of_another_province_is_refused(officer, commune):
    with pytest.raises(Invalid) as refusal:
        operations.register(
            name="Cơ sở A Bê", legal_form="household", commune=commune, craft_village=CraftVillageFactory(), by=officer
        )

    assert list(refusal.value.fields) == ["craft_village"]


def test_a_change_reaches_the_legal_person_and_the_journal(officer, commune):
    establishment = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ")

    operations.change(establishment, by=officer, name="Cơ sở Ngọc Tư", phone="0912 345 678")

    establishment.refresh_from_db()
    event = Event.objects.get(action="establishment.change")
    assert (establishment.name, establishment.key, establishment.phone) == ("Cơ sở Ngọc Tư", "ngoc tu", "0912345678")
    assert establishment.organisation.name == "Cơ sở Ngọc Tư"
    assert event.data["changed"] == {"name": ["Cơ sở Ngọc Tứ", "Cơ sở Ngọc Tư"], "phone": True}


def test_a_change_that_changes_nothing_is_not_remembered(officer, commune):
    establishment = EstablishmentFactory(commune=commune)

    operations.change(establishment, by=officer, name=establishment.name)

    assert remembered("establishment.change", establishment) == 0


def test_a_move_needs_the_right_at_both_places(keeper, commune):
    establishment = EstablishmentFactory(commune=commune)

    with pytest.raises(NotAllowed):
        operations.change(establishment, by=keeper, commune=CommuneFactory(province=commune.province))


def test_a_move_takes_the_province_along(commune):
    establishment, there = EstablishmentFactory(commune=commune), CommuneFactory()

    operations.change(establishment, by=person("collaborator", country=True), commune=there)

    establishment.refresh_from_db()
    assert (establishment.commune, establishment.province, establishment.place_unit) == (there, there.province, there)


def test_its_own_people_change_what_only_they_know(commune):
    establishment = EstablishmentFactory(commune=commune)

    operations.change(establishment, by=own(establishment), phone="0912345678")

    establishment.refresh_from_db()
    assert establishment.phone == "0912345678"


def test_its_own_people_change_nothing_that_opens_a_right(commune):
    establishment = EstablishmentFactory(commune=commune)

    with pytest.raises(Invalid) as refusal:
        operations.change(establishment, by=own(establishment), woman_owned=True, phone="0912345678")

    assert list(refusal.value.fields) == ["woman_owned"]


def test_people_of_one_establishment_do_not_change_another(commune):
    stranger = own(EstablishmentFactory(commune=commune))

    with pytest.raises(NotAllowed):
        operations.change(EstablishmentFactory(commune=commune), by=stranger, phone="0912345678")


# --- years, machines, products, photos


def test_facts_of_a_year_told_again_replace_those_before(officer, commune):
    establishment = EstablishmentFactory(commune=commune)

    operations.record_year(establishment, year=2025, workers=10, women=4, revenue=1, by=officer)
    operations.record_year(establishment, year=2025, workers=12, by=officer)

    facts = establishment.years.get()
    assert (facts.workers, facts.women, facts.revenue) == (12, None, None)
    assert remembered("establishment.record_year", establishment) == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"year": 2027}, "year"),
        ({"year": 1989}, "year"),
        ({"year": 2025, "workers": 4, "women": 5}, "__all__"),
        ({"year": 2025, "revenue": 4, "export": 5}, "export"),
        ({"year": 2025, "revenue": -1}, "__all__"),
        ({"year": 2025, "local_material_percent": 101}, "__all__"),
    ],
)
def test_impossible_facts_are_refused(officer, commune, facts, field):
    with pytest.raises(Invalid) as refusal:
        operations.record_year(EstablishmentFactory(commune=commune), by=officer, **facts)

    assert list(refusal.value.fields) == [field]


def test_a_part_as_great_as_its_whole_is_possible(officer, commune):
    facts = operations.record_year(
        EstablishmentFactory(commune=commune), year=2026, workers=5, women=5, revenue=9, export=9, by=officer
    )

    assert facts.pk


def test_its_own_people_tell_its_year(commune):
    establishment = EstablishmentFactory(commune=commune)

    assert operations.record_year(establishment, year=2026, workers=5, by=own(establishment)).workers == 5


def test_a_serial_number_is_told_once(officer, commune):
    establishment = EstablishmentFactory(commune=commune)
    operations.add_machine(establishment, name="Máy sấy", serial="SN-001", by=officer)

    with pytest.raises(Invalid) as refusal:
        operations.add_machine(establishment, name="Máy sấy", serial="sn 1", by=officer)

    assert list(refusal.value.fields) == ["serial"]


def test_a_machine_goes_with_a_reason(officer, commune):
    machine = MachineFactory(establishment__commune=commune)

    with pytest.raises(Invalid):
        operations.remove_machine(machine, by=officer, reason=" ")
    operations.remove_machine(machine, by=officer, reason="Đã thanh lý")

    assert machine.establishment.machines.count() == 0
    assert remembered("establishment.remove_machine", machine.establishment) == 1


def test_a_product_is_told_once_whatever_its_accents(officer, commune):
    establishment = EstablishmentFactory(commune=commune)
    operations.add_product(establishment, name="Nước mắm", by=officer)

    with pytest.raises(Invalid):
        operations.add_product(establishment, name="NUOC MAM", by=officer)


def test_a_product_is_corrected_but_not_into_another(officer, commune):
    product = ProductFactory(establishment__commune=commune, name="Nước mắm")
    ProductFactory(establishment=product.establishment, name="Mắm ruốc")

    assert operations.change_product(product, by=officer, name="Nước mắm nhỉ").folded == "nuoc mam nhi"
    with pytest.raises(Invalid):
        operations.change_product(product, by=officer, name="Mắm ruốc")


def test_a_photo_is_a_picture_and_kept_once(officer, commune):
    establishment = EstablishmentFactory(commune=commune)
    picture = StoredFileFactory(content_type="image/jpeg")

    first = operations.add_photo(establishment, file=picture, by=officer)
    again = operations.add_photo(establishment, file=picture, by=officer)

    assert first == again
    with pytest.raises(Invalid):
        operations.add_photo(establishment, file=StoredFileFactory(), by=officer)
