"""Projects follow the names of their parties inside the act that changes them, whoever calls it."""

import datetime as dt

import pytest

from khuyencong.establishments import operations as establishments
from khuyencong.establishments.models import Establishment
from khuyencong.organisations import operations as organisations
from khuyencong.projects.models import Project
from tests.factories.documents import PaperFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


@pytest.fixture
def commune():
    return CommuneFactory()


@pytest.fixture
def keeper(commune):
    return person("administrator", place=commune.province)


@pytest.fixture
def officer(commune):
    return person("centre_officer", place=commune.province)


@pytest.fixture
def helped(commune):
    return EstablishmentFactory(
        name="Cơ sở Ngọc Tứ", commune=commune, organisation__name="Cơ sở Ngọc Tứ", organisation__place=commune
    )


@pytest.fixture
def project(helped):
    return BeneficiaryFactory(establishment=helped, project__province=helped.province).project


def found(words, officer):
    return list(Project.objects.naming(words, user=officer))


def test_a_renamed_implementer_is_found_by_both_names(commune, keeper, officer):
    centre = OrganisationFactory(centre=True, place=commune.province, name="Trung tâm Khuyến công")
    file = ProjectFactory(implementer=centre, province=commune.province)
    paper = PaperFactory(kind="other", number="12/QĐ-UBND", signed_on=DAY)

    organisations.rename(centre, name="Trung tâm Xúc tiến thương mại", on=DAY, by=keeper, paper=paper)

    assert (found("xuc tien", officer), found("khuyen cong", officer)) == ([file], [file])


def test_a_former_name_told_and_taken_away_is_followed(helped, project, officer):
    former = establishments.record_former_name(helped, name="Cơ sở Hoa Mai", on=DAY, by=officer)
    assert found("hoa mai", officer) == [project]

    establishments.remove_former_name(helped, former=former, by=officer)

    assert found("hoa mai", officer) == []


def test_a_merger_that_takes_the_better_name_is_followed(helped, project, commune, officer):
    other = EstablishmentFactory(
        name="Hộ kinh doanh Ban Mê",
        commune=commune,
        organisation__name="Hộ kinh doanh Ban Mê",
        organisation__place=commune,
    )

    establishments.merge(other, into=helped, by=officer, reason="Cùng một cơ sở", take=["name"])

    assert found("ban me", officer) == [project]


def test_a_name_corrected_at_the_legal_person_is_that_of_its_establishment_and_found(helped, project, officer):
    organisations.change(helped.organisation, name="Cơ sở Hương Quế", by=officer)

    assert Establishment.objects.get(pk=helped.pk).name == "Cơ sở Hương Quế"
    assert found("huong que", officer) == [project]


def test_what_is_corrected_beside_the_name_writes_no_words(helped, project, officer):
    Project.objects.filter(pk=project.pk).update(words="như cũ")

    organisations.change(helped.organisation, phone="0912345678", by=officer)

    assert Project.objects.get(pk=project.pk).words == "như cũ"


def test_after_a_merger_both_names_find_the_projects_of_the_record_that_went(helped, project, officer):
    kept = EstablishmentFactory(
        name="Tinh dầu Hoa Mai", commune=helped.commune, organisation__name="Tinh dầu Hoa Mai",
        organisation__place=helped.commune,
    )  # fmt: skip

    establishments.merge(helped, into=kept, by=officer, reason="Một cơ sở, hai bản ghi")
    assert (found("hoa mai", officer), found("ngoc tu", officer)) == ([project], [project])

    paper = PaperFactory(kind="other", number="14/QĐ-SKHĐT", signed_on=DAY)
    establishments.rename(kept, name="Tinh dầu Bạch Đàn", on=DAY, by=officer, paper=paper)
    assert (found("bach dan", officer), found("hoa mai", officer)) == ([project], [project])
