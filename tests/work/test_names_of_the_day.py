"""Papers print bodies and establishments under the names of their legal day; a draft, under those of the day it is made."""

import datetime as dt
from collections.abc import Mapping

import pytest

from khuyencong.documents import typeset, word
from khuyencong.establishments.models import Establishment
from khuyencong.organisations.models import Organisation
from khuyencong.work import papers
from tests.documents.test_papers import text_of_pdf, text_of_word
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.work.given import plain
from tests.work.records import all_records
from tests.worlds import once

KEYS = [form.key for form in papers.forms()]
AFTER, BEFORE = "Tên Sau", "Tên Trước"
RENAMED = dt.date(2026, 7, 1)
LONG_AGO, LATER = dt.date(2015, 1, 1), dt.date(2030, 1, 1)


def renamed(body: Organisation, on: dt.date) -> None:
    """As the act leaves it: the name of before begins with one word, that of today with another."""
    former = FormerNameFactory(organisation=body, name=f"{BEFORE} {body.name}", until=on)
    body = former.organisation
    body.name = f"{AFTER} {body.name}"
    body.save()
    for establishment in Establishment.objects.filter(organisation=body):
        establishment.name, establishment.former = body.name, body.former
        establishment.save()


def told(value) -> str:
    if isinstance(value, Mapping):
        return "\n".join(map(told, value.values()))
    if isinstance(value, list | tuple):
        return "\n".join(map(told, value))
    return str(value)


@pytest.fixture(scope="module", params=[LATER, LONG_AGO], ids=["renamed after", "renamed before"])
def made(request, django_db_setup, django_db_blocker):
    """The records of a house in which everybody was renamed, on a day after or before all papers."""

    def build():
        found = all_records()
        for body in Organisation.objects.all():
            renamed(body, request.param)
        # as read by a page: nothing of before the renaming in memory
        return request.param, {kind: type(record).objects.get(pk=record.pk) for kind, record in found.items()}

    yield from once(build, django_db_blocker)


@pytest.mark.parametrize("key", KEYS)
def test_every_form_prints_the_names_of_its_day(made, db, key):
    day, records = made
    wanted, other = (BEFORE, AFTER) if day == LATER else (AFTER, BEFORE)

    text = told(papers.fill(key, subject=records[papers.find(key).of], on=dt.date(2026, 12, 20)).context)

    assert other not in text
    assert wanted in text or key in NAMELESS


# what was written at a need stays as it was written; these tell of no other body
NAMELESS = {"phieu-dang-ky-nhu-cau", "bien-ban-khao-sat"}


# ---- the day before and the day ----


@pytest.fixture
def helped(db):
    province = ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")
    centre = OrganisationFactory(centre=True, place=province, name="Trung tâm Khuyến công")
    beneficiary = BeneficiaryFactory(
        project__province=province, project__implementer=centre, establishment__organisation__name="Cơ sở Ngọc Tứ",
        establishment__name="Cơ sở Ngọc Tứ",
    )  # fmt: skip
    for body in (centre, beneficiary.establishment.organisation):
        renamed(body, RENAMED)
    return type(beneficiary).objects.get(pk=beneficiary.pk)


@pytest.mark.parametrize(
    ("day", "there", "gone"), [(RENAMED - dt.timedelta(1), BEFORE, AFTER), (RENAMED, AFTER, BEFORE)]
)
def test_a_draft_of_a_contract_changes_its_names_on_the_day_in_both_files(helped, day, there, gone):
    found = papers.fill("hop-dong-ho-tro", subject=helped, on=day)

    for text in (text_of_pdf(typeset.form_pdf(found)), text_of_word(word.word(found))):
        for name in ("Trung tâm Khuyến công", "Cơ sở Ngọc Tứ"):
            assert plain(f"{there} {name}") in plain(text)
        assert plain(gone) not in plain(text)


def test_a_form_costs_the_same_for_one_and_three_renamed_establishments(db, django_assert_max_num_queries):
    project = ProjectFactory(group=True)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            renamed(BeneficiaryFactory(project=project).establishment.organisation, RENAMED)
        with django_assert_max_num_queries(40) as seen:
            papers.fill("mau-11-ke-hoach-nhom", subject=type(project).objects.get(pk=project.pk), on=RENAMED)
        counts.append(len(seen))

    assert counts[0] == counts[1]
