"""An establishment takes another name: its legal person does, and both are found by the former one."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.establishments import operations, queries
from khuyencong.establishments.enums import Why
from khuyencong.organisations.models import FormerName
from khuyencong.organisations.queries import name_on
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
EVE = DAY - dt.timedelta(1)


@pytest.fixture
def commune():
    return CommuneFactory()


@pytest.fixture
def officer(commune):
    return person("centre_officer", place=commune.province)


@pytest.fixture
def establishment(commune):
    return EstablishmentFactory(
        name="Công ty TNHH Ngọc Tứ", commune=commune, organisation__name="Công ty TNHH Ngọc Tứ", organisation__place=commune
    )  # fmt: skip


@pytest.fixture
def rename(establishment, officer):
    def do(**facts):
        paper = PaperFactory(kind="licence", number="6001234567", signed_on=DAY)
        usual = {"name": "Công ty Cổ phần Cà phê Ban Mê", "on": DAY, "by": officer, "paper": paper}
        return operations.rename(establishment, **{**usual, **facts})

    return do


def test_an_establishment_and_its_legal_person_take_the_name_together(rename, establishment):
    renamed = rename()

    assert (renamed.name, renamed.organisation.name) == ("Công ty Cổ phần Cà phê Ban Mê",) * 2
    assert (name_on(renamed, EVE), name_on(renamed, DAY)) == ("Công ty TNHH Ngọc Tứ", "Công ty Cổ phần Cà phê Ban Mê")
    former = FormerName.objects.get()
    assert (former.organisation_id, former.number) == (establishment.organisation_id, "6001234567")
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "organisation.rename",
        "establishment.rename",
    ]


def test_a_correction_of_the_name_is_no_renaming(establishment, officer):
    changed = operations.change(establishment, name="Công ty TNHH Ngọc Tú", by=officer)

    assert (FormerName.objects.count(), name_on(changed, EVE)) == (0, "Công ty TNHH Ngọc Tú")


def test_a_record_merged_into_another_is_renamed_no_more(rename, establishment):
    establishment.merged_into = EstablishmentFactory()
    establishment.save()

    with pytest.raises(NotPossible, match="đã gộp"):
        rename()


@pytest.mark.parametrize("role", ["finance_officer", "administrator"])
def test_who_does_not_keep_establishments_renames_none(rename, commune, role):
    with pytest.raises(NotAllowed):
        rename(by=person(role, place=commune.province))


def test_its_own_people_tell_a_new_name_to_others(rename, establishment):
    own = UserFactory()
    MandateFactory(user=own, role="establishment", place=None, organisation=establishment.organisation)

    with pytest.raises(NotAllowed):
        rename(by=own)


def test_the_day_and_the_paper_are_judged_as_of_any_body(rename):
    with pytest.raises(Invalid) as refusal:
        rename(on=dt.date(2026, 11, 23))
    assert list(refusal.value.fields) == ["on"]
    with pytest.raises(Invalid, match="số, ký hiệu"):
        rename(paper=None)


def test_a_former_name_is_told_and_taken_away(establishment, officer):
    former = operations.record_former_name(establishment, name="Cơ sở Ngọc Tứ", on=DAY, by=officer)
    establishment.refresh_from_db()
    assert (establishment.name, establishment.former, name_on(establishment, EVE)) == (
        "Công ty TNHH Ngọc Tứ",
        "Cơ sở Ngọc Tứ",
        "Cơ sở Ngọc Tứ",
    )

    operations.remove_former_name(establishment, former=former, by=officer)

    establishment.refresh_from_db()
    assert (establishment.former, FormerName.objects.count()) == ("", 0)


# --- found again -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["ngoc tu", "Cà phê Ban Mê"])
def test_it_is_found_by_its_former_name(rename, officer, typed):
    renamed = rename()

    assert list(queries.search(officer, text=typed)) == [renamed]


@pytest.mark.parametrize("known", ["commune", "province"])
def test_a_new_record_under_the_former_name_may_be_the_same(rename, commune, known):
    renamed = rename()
    EstablishmentFactory(name="Cơ sở khác", commune=commune)
    where = {"commune": commune} if known == "commune" else {"province": commune.province}

    found = queries.duplicates_of(name="CÔNG TY TNHH NGỌC TỨ", **where)

    assert [(one.establishment, one.why) for one in found] == [(renamed, Why.NAME)]


def test_a_record_made_under_the_former_name_is_proposed_as_the_same(rename, commune, officer):
    renamed = rename()
    assert queries.duplicate_pairs(officer, province=commune.province) == []

    again = EstablishmentFactory(name="Công ty TNHH Ngọc Tứ", commune=commune)

    pairs = queries.duplicate_pairs(officer, province=commune.province)
    assert [(pair.first, pair.second, pair.why) for pair in pairs] == [(renamed, again, Why.NAME)]


def test_a_body_that_becomes_an_establishment_brings_its_former_names(officer, commune):
    body = OrganisationFactory(kind="provider", name="Công ty Cơ điện Sao Việt", place=commune, tax_code="0100233488")
    FormerNameFactory(organisation=body, name="Công ty Cơ khí Sao Mai", until=DAY)

    made = operations.register(
        name="Công ty Cơ điện Sao Việt", legal_form="enterprise", tax_code="0100233488", commune=commune, by=officer
    )

    assert (made.organisation, name_on(made, EVE)) == (body, "Công ty Cơ khí Sao Mai")
    assert list(queries.search(officer, text="sao mai")) == [made]


def test_former_names_that_are_not_those_of_the_legal_person_are_told_by_the_check(rename):
    renamed = rename()
    assert queries.invariants() == []

    type(renamed).objects.update(former="")

    assert [renamed.name in sentence for sentence in queries.invariants()] == [True]
