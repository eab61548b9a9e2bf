"""Forms tell of an establishment what their reader may read of it on its page, and no more."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.needs.models import Need
from khuyencong.work import papers
from tests.factories.documents import PaperFactory
from tests.factories.needs import NeedFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 1)
PHONE, NUMBER, NAME = "0905123456", "001199000123", "Y Bhăm Niê"
PERSONAL = {"phone": PHONE, "representative": NAME, "tax_code": NUMBER}


@pytest.fixture
def helped():
    province = ProvinceFactory()
    project = ProjectFactory(province=province, commune=CommuneFactory(province=province), state="running")
    personal = {f"establishment__{name}": value for name, value in PERSONAL.items()}
    return BeneficiaryFactory(project=project, approved=True, paper=PaperFactory(province=province), **personal)


@pytest.fixture
def need(helped):
    commune = helped.project.commune
    return NeedFactory(
        call__province=commune.province, commune=commune, establishment=helped.establishment, phone=PHONE
    )


def told(kind, record, reader):
    """What the forms of this record tell him of these three."""
    found = set()
    for form in papers.forms_of(kind):
        words = str(papers.fill(form.key, subject=record, on=DAY, reader=reader).context)
        found |= {name for name, value in PERSONAL.items() if value in words}
    return found


@pytest.mark.parametrize("role", ["finance_officer", "registry_clerk", "accountant"])
def test_who_may_not_see_personal_data_gets_forms_without_it(role, helped, need):
    reader = person(role, place=helped.project.province)

    assert told("need", need, reader) == set()
    assert told("beneficiary", helped, reader) == set()


def test_a_collaborator_neither(helped, need):
    assert told("need", need, person("collaborator", place=helped.project.commune)) == set()


def test_who_may_gets_all_of_it(helped, need):
    reader = person("appraiser", place=helped.project.province)

    assert told("need", need, reader) == set(PERSONAL)
    assert told("beneficiary", helped, reader) == set(PERSONAL)


def test_the_establishment_and_who_carries_the_project_out_get_all_of_it(helped):
    for body, role in (
        (helped.establishment.organisation, "establishment"),
        (helped.project.implementer, "implementer"),
    ):
        reader = MandateFactory(role=role, place=None, organisation=body).user

        assert told("beneficiary", helped, reader) == set(PERSONAL), role


def test_the_word_file_holds_no_telephone_either(client, helped, need):
    client.force_login(person("finance_officer", place=helped.project.province))
    form = papers.forms_of("need")[0]

    answer = client.get(reverse("documents:word_form", args=[form.key, need.uid]))

    assert answer.status_code == 200
    assert PHONE.encode() not in answer.content


def test_correcting_a_need_shows_no_telephone_and_keeps_it(client, need):
    collaborator = person("collaborator", place=need.commune)
    client.force_login(collaborator)
    address = reverse("needs:correct", args=[need.pk])

    page = client.get(address).content.decode()
    client.post(address, {"kind": need.kind, "name": need.name, "hamlet": "Buôn Kla", "what": "Máy xay", "about": ""})

    assert PHONE not in page
    kept = Need.objects.get(pk=need.pk)
    assert (kept.what, kept.phone) == ("Máy xay", PHONE)


def test_who_may_see_it_corrects_it(client, need):
    client.force_login(person("commune_officer", place=need.commune))

    assert PHONE in client.get(reverse("needs:correct", args=[need.pk])).content.decode()
