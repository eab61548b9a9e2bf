import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.establishments import operations, queries
from khuyencong.establishments.models import Establishment, NotDuplicate
from khuyencong.organisations.models import Organisation
from tests.factories.establishments import (
    ClusterFactory,
    CraftVillageFactory,
    CraftVillageRecognitionFactory,
    EstablishmentFactory,
    MachineFactory,
    ProductFactory,
    SupportedItemFactory,
    YearlyFactsFactory,
)
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)
TOMORROW = dt.date(2026, 11, 23)


@pytest.fixture
def commune():
    return CommuneFactory()


@pytest.fixture
def officer(commune):
    return person("centre_officer", place=commune.province)


@pytest.fixture
def keeper(commune):
    return person("commune_officer", place=commune)


@pytest.fixture
def accountant(commune):
    return person("accountant", place=commune.province)


def _own(establishment):
    return person("establishment", place=None, organisation=establishment.organisation)


def _remembered(action, subject):
    return Event.objects.filter(action=action, subject_id=subject.pk).count()


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
    assert _remembered("establishment.register", made) == 1


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

    assert _remembered("establishment.change", establishment) == 0


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

    operations.change(establishment, by=_own(establishment), phone="0912345678")

    establishment.refresh_from_db()
    assert establishment.phone == "0912345678"


def test_its_own_people_change_nothing_that_opens_a_right(commune):
    establishment = EstablishmentFactory(commune=commune)

    with pytest.raises(Invalid) as refusal:
        operations.change(establishment, by=_own(establishment), woman_owned=True, phone="0912345678")

    assert list(refusal.value.fields) == ["woman_owned"]


def test_people_of_one_establishment_do_not_change_another(commune):
    stranger = _own(EstablishmentFactory(commune=commune))

    with pytest.raises(NotAllowed):
        operations.change(EstablishmentFactory(commune=commune), by=stranger, phone="0912345678")


# --- years, machines, products, photos


def test_facts_of_a_year_told_again_replace_those_before(officer, commune):
    establishment = EstablishmentFactory(commune=commune)

    operations.record_year(establishment, year=2025, workers=10, women=4, revenue=1, by=officer)
    operations.record_year(establishment, year=2025, workers=12, by=officer)

    facts = establishment.years.get()
    assert (facts.workers, facts.women, facts.revenue) == (12, None, None)
    assert _remembered("establishment.record_year", establishment) == 2


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

    assert operations.record_year(establishment, year=2026, workers=5, by=_own(establishment)).workers == 5


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
    assert _remembered("establishment.remove_machine", machine.establishment) == 1


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


# --- recognitions and supports


def test_a_recognition_told_again_completes_the_first(officer, commune):
    product = ProductFactory(establishment__commune=commune)

    operations.record_recognition(product, level="province", year=2024, source="Báo", by=officer)
    operations.record_recognition(product, level="province", year=2024, decision="QĐ 1", by=officer)

    recognition = product.recognitions.get()
    assert (recognition.decision, recognition.source) == ("QĐ 1", "Báo")


def test_a_support_is_recorded_once(accountant, commune):
    establishment = EstablishmentFactory(commune=commune)
    told = {"item": "Máy sấy", "amount": 5, "source": "KCĐP", "on": DAY, "serial": "S1", "by": accountant}

    first = operations.record_supported_item(establishment, **told)
    again = operations.record_supported_item(establishment, **told)
    other = operations.record_supported_item(establishment, **{**told, "serial": "S2"})

    assert first == again
    assert other != first
    assert _remembered("establishment.record_supported_item", establishment) == 2


def test_a_support_is_recorded_by_those_who_settle(keeper, commune):
    with pytest.raises(NotAllowed):
        operations.record_supported_item(
            EstablishmentFactory(commune=commune), item="Máy", amount=1, source="KCĐP", on=DAY, by=keeper
        )


def test_a_withdrawn_support_stays_and_no_longer_counts(accountant, commune):
    row = SupportedItemFactory(establishment__commune=commune)

    operations.withdraw_supported_item(row, by=accountant, on=DAY, reason="Đã nộp trả")

    assert queries.supported_before(establishments=[row.establishment]) == []
    assert row.establishment.supported_items.count() == 1
    with pytest.raises(NotPossible):
        operations.withdraw_supported_item(row, by=accountant, on=DAY, reason="Lần nữa")


# --- mergers


def test_a_merger_keeps_both_histories(officer, commune):
    old, kept = EstablishmentFactory(commune=commune), EstablishmentFactory(commune=commune)
    given, facts = SupportedItemFactory(establishment=old), YearlyFactsFactory(establishment=old)

    operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở")

    given.refresh_from_db()
    facts.refresh_from_db()
    old.refresh_from_db()
    assert (given.establishment, facts.establishment, old.merged_into) == (old, old, kept)
    assert queries.all_of(kept) == [kept.pk, old.pk]
    assert queries.standing(old) == kept
    assert [told.item for told in queries.supported_before(establishments=[kept])] == [given]
    assert list(Establishment.objects.active()) == [kept]
    assert _remembered("establishment.merge", old) == _remembered("establishment.receive_merger", kept) == 1


def test_a_merger_is_a_succession_of_legal_persons(officer, commune):
    old, kept = EstablishmentFactory(commune=commune), EstablishmentFactory(commune=commune)

    operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở", on=DAY)

    organisation = Organisation.objects.get(pk=old.organisation_id)
    assert organisation.ended_on == DAY
    assert organisation.successions.get().new == kept.organisation


def test_a_merger_takes_over_what_is_better(officer, commune):
    old = EstablishmentFactory(commune=commune, company=True, phone="0912345678")
    kept = EstablishmentFactory(commune=commune, phone="0987654321")

    kept = operations.merge(old, into=kept, by=officer, reason="Cùng một cơ sở", take=["tax_code", "legal_form"])

    assert (kept.tax_code, kept.legal_form, kept.phone) == ("0100233488", "enterprise", "0987654321")
    assert kept.organisation.tax_code == "0100233488"


def test_mergers_of_mergers_stand_together(officer, commune):
    a, b, c = EstablishmentFactory.create_batch(3, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")
    operations.merge(b, into=c, by=officer, reason="Trùng")
    a.refresh_from_db()

    itself, *others = queries.all_of(c)
    assert (itself, set(others)) == (c.pk, {a.pk, b.pk})
    assert (a.merged_into, queries.standing(a)) == (c, c)
    assert queries.invariants() == []


def test_a_record_that_was_merged_is_asked_together_with_the_one_that_stands(officer, commune):
    old, other, kept = EstablishmentFactory.create_batch(3, commune=commune)
    twin = EstablishmentFactory(commune=commune, tax_code="0100233488")
    kept.tax_code = twin.tax_code
    kept.save()
    for merged in (old, other):
        operations.merge(merged, into=kept, by=officer, reason="Trùng")
    old.refresh_from_db()

    assert queries.records_of([old, twin]) == {
        old.pk: {old.pk, kept.pk, other.pk, twin.pk},
        twin.pk: {old.pk, kept.pk, other.pk, twin.pk},
    }


def test_what_is_merged_is_merged_once_and_not_into_itself(officer, commune):
    a, b, c = EstablishmentFactory.create_batch(3, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")

    for old, into in ((a, c), (c, a), (b, b)):
        with pytest.raises(NotPossible):
            operations.merge(old, into=into, by=officer, reason="Trùng")


def test_a_merged_record_is_no_longer_changed(officer, commune):
    a, b = EstablishmentFactory.create_batch(2, commune=commune)
    operations.merge(a, into=b, by=officer, reason="Trùng")

    with pytest.raises(NotPossible):
        operations.change(a, by=officer, name="Khác")


def test_a_merger_needs_a_reason_and_the_right_at_both_places(officer, keeper, commune):
    here, there = EstablishmentFactory(commune=commune), EstablishmentFactory()

    with pytest.raises(Invalid):
        operations.merge(here, into=EstablishmentFactory(commune=commune), by=officer, reason=" ")
    with pytest.raises(NotAllowed):
        operations.merge(here, into=there, by=officer, reason="Trùng")
    with pytest.raises(NotAllowed):
        operations.merge(here, into=EstablishmentFactory(commune=commune), by=keeper, reason="Trùng")


def test_a_dismissed_pair_is_no_longer_proposed(officer, commune):
    one = EstablishmentFactory(commune=commune, name="Cơ sở Ngọc Tứ")
    other = EstablishmentFactory(commune=commune, name="CS Ngoc Tu")

    operations.dismiss_duplicate(other, other=one, by=officer, reason="Hai chủ khác nhau")
    operations.dismiss_duplicate(one, other=other, by=officer, reason="Hai chủ khác nhau")

    assert NotDuplicate.objects.count() == 1
    assert queries.duplicate_pairs(officer, province=commune.province) == []
    assert queries.duplicates_of(name=one.name, commune=commune, exclude=one) == []


def test_a_pair_is_dismissed_with_a_reason(officer, commune):
    one, other = EstablishmentFactory.create_batch(2, commune=commune)

    with pytest.raises(Invalid):
        operations.dismiss_duplicate(one, other=other, by=officer, reason="")
    with pytest.raises(NotPossible):
        operations.dismiss_duplicate(one, other=one, by=officer, reason="Khác")


# --- villages and clusters


def test_a_village_is_recognised_until_withdrawn(officer, commune):
    village = operations.register_village(name="Làng nghề gốm", commune=commune, by=officer)

    recognition = operations.recognise_village(
        village, kind="craft", decision="QĐ 5", by=officer, on=dt.date(2020, 5, 1)
    )
    operations.withdraw_village(recognition, decision="QĐ 9", by=officer, on=dt.date(2025, 5, 1))

    recognised = [
        village.recognitions.on(day).exists()
        for day in (dt.date(2020, 4, 30), dt.date(2020, 5, 1), dt.date(2025, 4, 30), dt.date(2025, 5, 1))
    ]
    assert recognised == [False, True, True, False]
    assert _remembered("village.recognise", village) == _remembered("village.withdraw", village) == 1


def test_a_village_is_recognised_once_at_a_time(officer, commune):
    recognition = CraftVillageRecognitionFactory(village__commune=commune)

    with pytest.raises(NotPossible):
        operations.recognise_village(recognition.village, kind="craft", decision="QĐ 2", by=officer, on=DAY)
    assert operations.recognise_village(recognition.village, kind="traditional", decision="QĐ 2", by=officer, on=DAY)


@pytest.mark.parametrize("on", [dt.date(2020, 1, 1), TOMORROW])
def test_a_withdrawal_follows_the_recognition_and_is_not_of_tomorrow(officer, commune, on):
    recognition = CraftVillageRecognitionFactory(village__commune=commune)

    with pytest.raises(Invalid):
        operations.withdraw_village(recognition, decision="QĐ 9", by=officer, on=on)


def test_villages_and_clusters_are_entered_for_the_province(keeper, commune):
    with pytest.raises(NotAllowed):
        operations.register_village(name="Làng nghề gốm", commune=commune, by=keeper)
    with pytest.raises(NotAllowed):
        operations.found_cluster(name="Cụm công nghiệp", commune=commune, by=keeper)


def test_a_cluster_ends_once_after_its_founding(officer, commune):
    cluster = ClusterFactory(commune=commune)

    with pytest.raises(Invalid):
        operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=cluster.founded_on)
    operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=DAY)
    with pytest.raises(NotPossible):
        operations.end_cluster(cluster, decision="QĐ 1", by=officer, on=DAY)

    assert [cluster.exists_on(day) for day in (DAY - dt.timedelta(1), DAY)] == [True, False]


def test_names_of_villages_and_clusters_are_taken_once_in_a_commune(officer, commune):
    operations.register_village(name="Làng nghề gốm", commune=commune, by=officer)
    operations.found_cluster(name="Cụm Ea Đar", commune=commune, by=officer)

    with pytest.raises(Invalid):
        operations.register_village(name="LANG NGHE GOM", commune=commune, by=officer)
    with pytest.raises(Invalid):
        operations.found_cluster(name="cum ea dar", commune=commune, by=officer)
    assert operations.found_cluster(name="Cụm Ea Đar", commune=CommuneFactory(province=commune.province), by=officer)


def test_nobody_enters_for_another_province(officer):
    with pytest.raises(NotAllowed):
        operations.found_cluster(name="Cụm", commune=CommuneFactory(province=ProvinceFactory()), by=officer)
