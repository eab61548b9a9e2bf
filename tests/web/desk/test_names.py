"""Renaming a body or an establishment from its page; what the page, the lists and the search tell of former names."""

# ruff: noqa: F811

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.documents.models import Paper
from khuyencong.organisations.models import FormerName
from khuyencong.projects.models import Project
from tests.factories.establishments import EstablishmentFactory
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory
from tests.web.desk.given_administrator import administrator, province  # noqa: F401

pytestmark = pytest.mark.django_db
OLD = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"
NEW = "Trung tâm Khuyến công và Xúc tiến thương mại"
PAPER = {"number": "12/QĐ-UBND", "signed_on": "20/02/2026", "signer": "Nguyễn Văn An", "signer_title": "Chủ tịch"}


@pytest.fixture
def centre(province):
    return OrganisationFactory(centre=True, place=province, name=OLD, founded_on=dt.date(2013, 1, 2))


@pytest.fixture
def establishment(province):
    commune = CommuneFactory(province=province)
    return EstablishmentFactory(
        name="Cơ sở Ngọc Tứ", commune=commune, organisation__name="Cơ sở Ngọc Tứ", organisation__place=commune
    )


def at(name, *args):
    return reverse(f"organisations:{name}", args=args)


def text(client, address, **query):
    return " ".join(client.get(address, query).content.decode().split())


def test_a_body_is_renamed_from_its_page_which_then_tells_all_its_names(client, administrator, centre):
    assert at("rename", centre.pk) in text(client, at("page", centre.pk))
    assert client.get(at("rename", centre.pk)).status_code == 200

    client.post(at("rename", centre.pk), {**PAPER, "name": NEW, "on": "01/03/2026"})

    page = client.get(at("page", centre.pk))
    rows = [(row.name, row.since, row.until, row.actor) for row in page.context["names"]]
    assert rows == [
        (NEW, dt.date(2026, 3, 1), None, str(administrator)),
        (OLD, dt.date(2013, 1, 2), dt.date(2026, 3, 1), ""),
    ]
    assert "12/QĐ-UBND" in page.content.decode() and "Tên qua các thời kỳ" in page.content.decode()
    paper = Paper.objects.get()
    assert (paper.kind, paper.number, paper.province) == ("other", "12/QĐ-UBND", centre.province)


def test_the_day_of_the_paper_is_taken_where_none_is_given(client, administrator, centre):
    client.post(at("rename", centre.pk), {**PAPER, "name": NEW})

    assert FormerName.objects.get().until == dt.date(2026, 2, 20)


def test_one_decision_renames_several_bodies(client, administrator, centre, province):
    school = OrganisationFactory(kind="school", place=province, name="Trường Trung cấp nghề")

    client.post(at("rename", centre.pk), {**PAPER, "name": NEW})
    client.post(at("rename", school.pk), {"name": "Trường Cao đẳng Tây Nguyên", "existing": Paper.objects.get().pk})

    told = [("12/QĐ-UBND", dt.date(2026, 2, 20))] * 2
    assert list(FormerName.objects.order_by("pk").values_list("number", "until")) == told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": OLD}, "đang mang tên này"),
        ({"on": "02/01/2013"}, "phải sau ngày thành lập"),
        ({"number": ""}, "Mục này phải điền"),
        ({"on": "23/11/2026"}, ""),
    ],
)
def test_a_refused_renaming_comes_back_filled_and_leaves_no_paper(client, administrator, centre, typed, told):
    answer = client.post(at("rename", centre.pk), {**PAPER, "name": NEW, "on": "01/03/2026", **typed})

    assert answer.status_code == 422 and told in answer.content.decode()
    assert (FormerName.objects.count(), Paper.objects.count()) == (0, 0)


def test_a_former_name_without_a_paper_asks_for_its_day(client, administrator, centre):
    page = client.post(at("record_former_name", centre.pk), {"name": "Trung tâm Khuyến công"}).content.decode()

    assert "Hãy ghi ngày; chỉ khi có văn bản mới bỏ trống được." in page
    assert FormerName.objects.count() == 0


def test_a_former_name_is_told_without_a_paper_and_taken_away_again(client, administrator, centre):
    client.post(at("record_former_name", centre.pk), {"name": "Trung tâm Khuyến công", "on": "01/03/2020"})
    former = FormerName.objects.get()
    removal = at("remove_former_name", former.pk)
    assert removal in text(client, at("page", centre.pk))

    assert client.get(removal).status_code == 200
    client.post(removal)

    assert not FormerName.objects.exists()
    assert "Tên qua các thời kỳ" not in text(client, at("page", centre.pk))


def test_who_does_not_keep_the_catalogue_reads_the_names_and_changes_none(client, province, centre):
    former = FormerNameFactory(organisation=centre, name="Trung tâm Khuyến công")
    client.force_login(person("centre_officer", place=province))

    page = text(client, at("page", centre.pk))

    assert "Trung tâm Khuyến công" in page
    for address in (at("rename", centre.pk), at("record_former_name", centre.pk), at("remove_former_name", former.pk)):
        assert address not in page
        assert (client.get(address).status_code, client.post(address, PAPER).status_code) == (404, 404)


def test_the_page_of_a_body_costs_the_same_for_one_former_name_and_three(
    client, administrator, centre, django_assert_max_num_queries
):
    counts = []
    for years in ((2020,), (2021, 2022)):
        for year in years:
            FormerNameFactory(organisation=centre, until=dt.date(year, 1, 1))
        client.get(at("page", centre.pk))
        with django_assert_max_num_queries(20) as seen:
            client.get(at("page", centre.pk))
        counts.append(len(seen))

    assert counts[0] == counts[1]


# ---- found ----


@pytest.mark.parametrize("where", ["list", "search"])
def test_a_body_is_found_by_its_former_name_and_the_row_says_so(client, administrator, centre, where):
    centre.name = NEW
    FormerNameFactory(organisation=centre, name=OLD)
    address = at("list") if where == "list" else "/tim/"

    page = text(client, address, q="tu van phat trien")

    assert at("page", centre.pk) in page
    assert f"tên cũ: {OLD}" in page


def test_the_list_of_bodies_costs_the_same_for_one_and_three_renamed(
    client, administrator, django_assert_max_num_queries
):
    counts = []
    for more in (1, 2):
        FormerNameFactory.create_batch(more, organisation__centre=True)
        client.get(at("list"))
        with django_assert_max_num_queries(12) as seen:
            client.get(at("list"), {"q": "tu van"})
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_a_body_is_named_in_a_form_by_its_former_name_too(client, administrator, centre, province):
    school = OrganisationFactory(kind="school", place=province, name="Trường Cao đẳng")
    FormerNameFactory(organisation=centre, name="Trung tâm Khuyến công tỉnh Phú Yên")
    facts = {
        "name": school.name,
        "kind": "school",
        "province": province.pk,
        "parent": "trung tam khuyen cong tinh phu yen",
    }

    client.post(at("change", school.pk), facts)

    school.refresh_from_db()
    assert school.parent == centre


@pytest.mark.parametrize("typed", ["tu van phat trien cong nghiep", "xuc tien thuong mai"])
def test_projects_are_found_by_both_names_of_their_implementer_after_the_renaming(
    client, administrator, centre, province, typed
):
    project = ProjectFactory(implementer=centre, province=province)
    client.post(at("rename", centre.pk), {**PAPER, "name": NEW, "on": "01/03/2026"})

    found = Project.objects.naming(typed, user=person("centre_officer", place=province))

    assert list(found) == [project]


def test_projects_are_found_by_the_corrected_name_of_their_implementer(client, administrator, centre, province):
    project = ProjectFactory(implementer=centre, province=province)

    answer = client.post(
        at("change", centre.pk), {"name": "Trung tâm Khuyến công Buôn Đôn", "kind": "centre", "province": province.pk}
    )

    assert answer.status_code == 302
    assert list(Project.objects.naming("buon don", user=person("centre_officer", place=province))) == [project]


# ---- establishments ----


def of(name, *args):
    return reverse(f"establishments:{name}", args=args)


def test_an_establishment_is_renamed_by_whoever_keeps_it(client, province, establishment):
    project = BeneficiaryFactory(establishment=establishment, project__province=province).project
    officer = person("centre_officer", place=province)
    client.force_login(officer)
    assert of("rename", establishment.pk) in text(client, of("page", establishment.pk))

    client.post(of("rename", establishment.pk), {**PAPER, "number": "6001234567", "name": "Công ty Cà phê Ban Mê"})

    page = client.get(of("page", establishment.pk))
    assert [(row.name, row.actor) for row in page.context["names"]] == [
        ("Công ty Cà phê Ban Mê", str(officer)),
        ("Cơ sở Ngọc Tứ", ""),
    ]
    assert Paper.objects.get(number="6001234567").kind == "licence"
    assert list(Project.objects.naming("ban me", user=officer)) == [project]
    assert "tên cũ: Cơ sở Ngọc Tứ" in text(client, of("list"), q="ngoc tu")


def test_projects_are_found_by_the_corrected_name_of_whom_they_help(client, province, establishment):
    project = BeneficiaryFactory(establishment=establishment, project__province=province).project
    officer = person("centre_officer", place=province)
    client.force_login(officer)
    sent = {"name": "Cơ sở Hoa Mai", "legal_form": establishment.legal_form, "province": province.pk}

    answer = client.post(of("change", establishment.pk), sent | {"commune": establishment.commune_id})

    assert answer.status_code == 302
    assert list(Project.objects.naming("hoa mai", user=officer)) == [project]


def test_a_former_name_of_an_establishment_is_told_and_taken_away(client, province, establishment):
    client.force_login(person("centre_officer", place=province))
    client.post(of("record_former_name", establishment.pk), {"name": "Hộ Nguyễn Văn Tứ", "on": "01/03/2020"})
    removal = of("remove_former_name", establishment.pk, FormerName.objects.get().pk)
    assert removal in text(client, of("page", establishment.pk))

    client.post(removal)

    establishment.refresh_from_db()
    assert (FormerName.objects.count(), establishment.former) == (0, "")


def test_a_former_name_of_one_establishment_is_not_taken_away_at_another(client, province, establishment):
    client.force_login(person("centre_officer", place=province))
    other = FormerNameFactory()

    assert client.post(of("remove_former_name", establishment.pk, other.pk)).status_code == 404


def test_people_of_the_establishment_read_its_names_and_change_none(client, establishment):
    FormerNameFactory(organisation=establishment.organisation, name="Hộ Nguyễn Văn Tứ")
    establishment.former = "Hộ Nguyễn Văn Tứ"
    establishment.save()
    own = UserFactory()
    MandateFactory(user=own, role="establishment", place=None, organisation=establishment.organisation)
    client.force_login(own)

    page = text(client, of("page", establishment.pk))

    assert "Hộ Nguyễn Văn Tứ" in page
    assert of("rename", establishment.pk) not in page
    assert client.post(of("rename", establishment.pk), PAPER).status_code == 404


def test_a_record_merged_into_another_is_not_renamed(client, province, establishment):
    establishment.merged_into = EstablishmentFactory(commune=establishment.commune)
    establishment.save()
    client.force_login(person("centre_officer", place=province))

    answer = client.get(of("rename", establishment.pk))

    assert (answer.status_code, answer["Location"]) == (302, of("page", establishment.pk))
