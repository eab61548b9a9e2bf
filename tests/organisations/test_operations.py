import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.organisations import operations, queries, rules
from khuyencong.organisations.models import Expert, Organisation
from khuyencong.people.operations import system_account
from tests.factories.organisations import AreaFactory, OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory, UnitFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def commune(province):
    return CommuneFactory(province=province)


@pytest.fixture
def administrator(province):
    return person("administrator", place=province)


@pytest.fixture
def officer(province):
    return person("centre_officer", place=province)


def actions():
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


# --- register ----------------------------------------------------------------------------------------------------------


def test_registering_a_body_keeps_its_province_and_remembers(administrator, commune, province):
    body = operations.register(
        name="UBND xã Ea Kly", kind="commune_committee", place=commune, phone="+84 912 345 678", by=administrator
    )

    assert (body.province, body.phone, body.invented) == (province, "0912345678", False)
    assert actions() == ["organisation.register"]
    assert Event.objects.get().province_id == province.pk


def test_whoever_keeps_establishments_registers_them_but_no_body_of_the_state(officer, commune):
    body = operations.register(name="Hộ Nguyễn Văn A", kind="household", place=commune, by=officer)

    assert body.kind == "household"
    with pytest.raises(NotAllowed):
        operations.register(name="UBND xã B", kind="commune_committee", place=commune, by=officer)


def test_nobody_registers_outside_his_territory(administrator, officer):
    elsewhere = CommuneFactory()

    with pytest.raises(NotAllowed):
        operations.register(name="UBND xã B", kind="commune_committee", place=elsewhere, by=administrator)
    with pytest.raises(NotAllowed):
        operations.register(name="Hộ B", kind="household", place=elsewhere, by=officer)


def test_the_system_account_loads_the_catalogue(commune):
    assert operations.register(name="UBND xã B", kind="commune_committee", place=commune, by=system_account()).pk


def test_a_tax_code_is_held_once_among_the_living_and_the_holder_is_named(officer, commune):
    first = operations.register(name="Công ty A", kind="enterprise", place=commune, tax_code="0100233488", by=officer)

    with pytest.raises(Invalid) as refusal:
        operations.register(name="Công ty B", kind="enterprise", place=commune, tax_code="0100 233 488", by=officer)

    assert "Công ty A" in refusal.value.fields["tax_code"]
    operations.end(first, by=officer, on=DAY)
    assert operations.register(name="Công ty B", kind="enterprise", place=commune, tax_code="0100233488", by=officer).pk


def test_a_place_has_one_body_of_the_state_of_a_kind(administrator, province):
    operations.register(name="Trung tâm Khuyến công A", kind="centre", place=province, by=administrator)

    with pytest.raises(Invalid, match="kế thừa"):
        operations.register(name="Trung tâm Khuyến công B", kind="centre", place=province, by=administrator)


def test_two_bodies_of_one_name_in_one_place_are_refused_but_households_may_share_a_name(
    administrator, officer, commune
):
    operations.register(name="Trường Cao đẳng A", kind="school", place=commune, by=administrator)
    operations.register(name="Hộ Nguyễn Văn A", kind="household", place=commune, by=officer)

    with pytest.raises(Invalid, match="cùng tên"):
        operations.register(name="Truong cao dang a", kind="school", place=commune, by=administrator)
    assert operations.register(name="Hộ Nguyễn Văn A", kind="household", place=commune, by=officer).pk


def test_a_place_of_the_past_is_refused(administrator):
    country = person("administrator", place=None, whole_country=True)
    old = UnitFactory(ended=True)

    with pytest.raises(Invalid) as refusal:
        operations.register(name="UBND xã cũ", kind="commune_committee", place=old, by=country)

    assert list(refusal.value.fields) == ["place"]


def test_an_import_writes_many_by_few_statements(officer, province, commune, django_assert_max_num_queries):
    rows = [rules.build(name=f"Cơ sở {n}", kind="household", place=commune) for n in range(30)]
    officer.mandates_today  # noqa: B018 - read once per request

    with django_assert_max_num_queries(5):
        saved = operations.register_many(rows, by=officer, place=province)

    assert len(saved) == 30
    assert Organisation.objects.filter(folded="co so 7", province=province).count() == 1


def test_an_import_needs_its_right(commune, province):
    with pytest.raises(NotAllowed):
        operations.register_many([], by=person("collaborator", place=commune), place=province)


# --- change ------------------------------------------------------------------------------------------------------------


def test_a_change_keeps_what_it_was_but_no_telephone_in_the_journal(officer, commune):
    body = OrganisationFactory(name="Cơ sở Ngọc Tứ", kind="household", place=commune)

    changed = operations.change(body, name="Cơ sở Ngọc Tú", phone="0912345678", by=officer)

    assert (changed.name, changed.folded) == ("Cơ sở Ngọc Tú", "co so ngoc tu")
    told = Event.objects.get().data["changed"]
    assert told == {"name": ["Cơ sở Ngọc Tứ", "Cơ sở Ngọc Tú"], "phone": True}


def test_a_change_of_nothing_is_not_remembered(officer, commune):
    body = OrganisationFactory(kind="household", place=commune)

    operations.change(body, name=body.name, by=officer)

    assert actions() == []


def test_one_s_own_establishment_may_be_changed_by_its_people(commune):
    body = OrganisationFactory(kind="enterprise", place=commune)
    owner = person("establishment", place=None, organisation=body)

    assert operations.change(body, address="Thôn 3", by=owner).address == "Thôn 3"
    with pytest.raises(NotAllowed):
        operations.change(OrganisationFactory(place=commune), address="Thôn 3", by=owner)


def test_a_body_cannot_be_moved_out_of_one_s_territory(officer, commune):
    body = OrganisationFactory(kind="household", place=commune)

    with pytest.raises(NotAllowed):
        operations.change(body, place=CommuneFactory(), by=officer)


def test_a_state_is_not_a_fact_to_be_changed(officer, commune):
    with pytest.raises(TypeError):
        operations.change(OrganisationFactory(place=commune), ended_on=DAY, by=officer)


# --- end and succession ------------------------------------------------------------------------------------------------


def test_a_body_ends_on_its_first_day_no_longer(administrator, province):
    body = OrganisationFactory(department=True, place=province)

    operations.end(body, by=administrator, on=DAY, reason="sáp nhập")

    assert list(Organisation.objects.on(DAY - dt.timedelta(days=1)).filter(pk=body.pk)) == [body]
    assert not Organisation.objects.on(DAY).filter(pk=body.pk).exists()
    assert actions() == ["organisation.end"]


@pytest.mark.parametrize(
    ("facts", "on", "refusal"),
    [
        ({"ended_on": dt.date(2026, 1, 1)}, DAY, NotPossible),
        ({"founded_on": dt.date(2026, 3, 3)}, DAY, Invalid),
        ({}, dt.date(2026, 11, 23), Invalid),  # tomorrow
    ],
)
def test_an_end_that_cannot_be_is_refused(administrator, province, facts, on, refusal):
    body = OrganisationFactory(department=True, place=province, **facts)

    with pytest.raises(refusal):
        operations.end(body, by=administrator, on=on)


def test_two_departments_become_one(administrator, province):
    one, two = (OrganisationFactory(department=True, place=province) for _n in range(2))
    new = OrganisationFactory(department=True, place=province, founded_on=DAY)

    operations.succeed(one, new=new, by=administrator, on=DAY, basis="Nghị quyết hợp nhất")
    operations.succeed(two, new=new, by=administrator, on=DAY)

    one.refresh_from_db()
    assert one.ended_on == DAY
    assert queries.successors(one) == [new]
    assert [s.old for s in queries.predecessors(new)] == [one, two]
    assert queries.department_of(province) == new
    assert queries.department_of(province, on=DAY - dt.timedelta(days=1)) == one
    assert actions() == ["organisation.succeed"] * 2


def test_a_succession_cannot_run_in_a_circle_nor_to_a_dead_body(administrator, province):
    old, new = (OrganisationFactory(department=True, place=province) for _n in range(2))
    operations.succeed(old, new=new, by=administrator, on=DAY)

    with pytest.raises(NotPossible, match="kế thừa lẫn nhau"):
        operations.succeed(new, new=old, by=administrator, on=DAY)
    with pytest.raises(NotPossible, match="kế thừa lẫn nhau"):
        operations.succeed(new, new=new, by=administrator, on=DAY)
    with pytest.raises(NotPossible, match="chấm dứt"):
        operations.succeed(
            new, new=OrganisationFactory(department=True, place=province, ended=True), by=administrator, on=DAY
        )
    with pytest.raises(Invalid, match="đã được ghi nhận"):
        operations.succeed(old, new=new, by=administrator, on=DAY)


# --- areas, experts ----------------------------------------------------------------------------------------------------


def test_an_area_is_a_list_of_communes_of_the_centre_s_province(administrator, province):
    centre = OrganisationFactory(centre=True, place=province)
    communes = [CommuneFactory(province=province) for _n in range(2)]

    area = operations.set_area(centre, name="Cụm Bắc", communes=communes, by=administrator, on=DAY)
    operations.set_area(centre, name="Cụm Bắc", communes=communes[:1], by=administrator, on=DAY, area=area)

    assert (list(area.communes.all()), area.valid_from) == (communes[:1], DAY)
    assert actions() == ["organisation.set_area"] * 2


def test_an_area_of_other_places_is_refused(administrator, province):
    centre = OrganisationFactory(centre=True, place=province)
    of_another = AreaFactory()

    for wrong in ([], [CommuneFactory()], [province], [UnitFactory(ended=True, province=province)]):
        with pytest.raises(Invalid):
            operations.set_area(centre, name="Cụm", communes=wrong, by=administrator, on=DAY)
    with pytest.raises(NotPossible):
        operations.set_area(
            centre, name="Cụm", communes=[CommuneFactory(province=province)], by=administrator, on=DAY, area=of_another
        )


def test_an_area_ends(administrator, province):
    area = AreaFactory(organisation=OrganisationFactory(centre=True, place=province))

    operations.end_area(area, by=administrator, on=DAY)

    assert not area.holds_on(DAY)
    with pytest.raises(Invalid):
        operations.end_area(area, by=administrator, on=area.valid_from)


def test_a_line_of_the_directory_of_experts_is_added_changed_and_removed(administrator, province):
    expert = operations.add_expert(name="Viện Cơ điện", field="Cơ khí chế tạo", province=province, by=administrator)
    with pytest.raises(Invalid, match="đã có trong danh bạ"):
        operations.add_expert(name="Viện Cơ điện", field="Cơ khí chế tạo", province=province, by=administrator)
    operations.change_expert(expert, field="Điện", by=administrator)
    assert (expert.field, expert.folded) == ("Điện", "vien co dien dien")
    operations.remove_expert(expert, by=administrator)
    assert not Expert.objects.exists()
    assert actions() == ["expert.add", "expert.change", "expert.remove"]


def test_the_directory_of_experts_belongs_to_whoever_keeps_the_catalogue(province):
    with pytest.raises(NotAllowed):
        operations.add_expert(name="Viện A", field="Cơ khí", province=province, by=UserFactory())


# --- search ------------------------------------------------------------------------------------------------------------


def test_search_knows_no_accents_no_order_of_words_and_tax_codes(province):
    hit = OrganisationFactory(
        name="Công ty TNHH Ngọc Tứ", tax_code="0100233488", place=CommuneFactory(province=province)
    )
    ended = OrganisationFactory(name="Ngọc Tứ cũ", ended=True)
    OrganisationFactory(name="Khác")

    assert list(queries.search("tứ NGỌC")) == [hit]
    assert list(queries.search("0100233")) == [hit]
    assert list(queries.search(kind="enterprise", province=province)) == [hit]
    assert set(queries.search("ngoc tu", with_ended=True)) == {hit, ended}
    assert list(queries.search("ngoc tu", on=dt.date(2025, 6, 30))) == [hit, ended]


def test_the_list_follows_the_order_of_the_alphabet_of_vietnam():
    for name in ("Đức", "Dung", "Ánh", "An", "Ấn"):
        OrganisationFactory(name=f"{name} và con")

    assert [o.name.split()[0] for o in queries.search("va con")] == ["An", "Ánh", "Ấn", "Dung", "Đức"]


def test_contradictions_are_named(province):
    assert queries.invariants() == []
    centre = OrganisationFactory(centre=True, place=province)
    OrganisationFactory(centre=True, place=province)
    OrganisationFactory(department=True, ended=True)
    OrganisationFactory(place=UnitFactory(ended=True))

    assert len(queries.invariants()) == 3
    assert centre.place.full_name in queries.invariants()[0]


@pytest.mark.parametrize(
    ("codes", "told"),
    [(("", "0100233488"), ["", "0100233488"]), (("", "001090000001"), True), (("001090000001", ""), True)],
)
def test_the_journal_holds_no_citizen_s_number(administrator, province, codes, told):
    body = OrganisationFactory(kind="provider", place=province, tax_code=codes[0])

    operations.change(body, tax_code=codes[1], by=administrator)

    assert Event.objects.latest("pk").data["changed"] == {"tax_code": told}
