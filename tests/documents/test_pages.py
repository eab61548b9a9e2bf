import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.documents.models import Paper
from tests.factories.documents import DossierItemFactory, PaperFactory, PaperFileFactory
from tests.factories.files import StoredFileFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def desk(client, province):
    client.force_login(person("registry_clerk", place=province))
    return client


def page(paper):
    return reverse("documents:page", args=[paper.pk])


def test_the_list_asks_as_often_for_three_rows_as_for_one(desk, province):
    PaperFactory(province=province)
    desk.get(reverse("documents:list"))
    with CaptureQueriesContext(connection) as one:
        desk.get(reverse("documents:list"))
    PaperFactory(province=province), PaperFactory(province=province)
    with CaptureQueriesContext(connection) as three:
        assert desk.get(reverse("documents:list")).status_code == 200

    assert len(three) == len(one) <= 14


def test_a_paper_of_another_province_is_not_there(desk):
    paper = PaperFactory(province=ProvinceFactory(), number="77/XA")
    scan = PaperFileFactory(paper=paper)

    assert "77/XA" not in desk.get(reverse("documents:list")).content.decode()
    assert desk.get(page(paper)).status_code == 404
    assert desk.get(reverse("documents:file", args=[paper.pk, scan.pk])).status_code == 404


def test_an_implementer_reads_the_papers_of_his_own_projects_only(client, province):
    body = OrganisationFactory()
    client.force_login(person("implementer", place=None, organisation=body, employer=body))
    project = ProjectFactory(province=province, implementer=body)
    own = DossierItemFactory(dossier=project.dossier, paper=PaperFactory(province=province)).paper

    assert client.get(page(own)).status_code == 200
    assert client.get(page(PaperFactory(province=province))).status_code == 404


def test_the_way_to_attach_a_scan_is_offered_only_where_it_is_open(client, desk, province):
    body = OrganisationFactory()
    project = ProjectFactory(province=province, implementer=body)
    paper = DossierItemFactory(dossier=project.dossier, paper=PaperFactory(province=province)).paper
    address = reverse("documents:attach", args=[paper.pk])
    keeper = desk.get(page(paper)).content.decode()
    client.force_login(person("implementer", place=None, organisation=body, employer=body))

    assert address in keeper
    assert address not in client.get(page(paper)).content.decode()
    assert client.get(address).status_code == 404


def test_a_pdf_is_shown_in_the_page_and_saved_when_asked(desk, province):
    scan = PaperFileFactory(
        paper=PaperFactory(province=province), file=StoredFileFactory(name="qd.pdf", content=b"%PDF-1.4 x")
    )
    address = reverse("documents:file", args=[scan.paper_id, scan.pk])

    shown, saved = desk.get(address), desk.get(f"{address}?tai=1")

    assert b"".join(shown.streaming_content) == b"%PDF-1.4 x"
    assert shown["Content-Type"] == "application/pdf"
    assert shown["Content-Disposition"] == 'inline; filename="qd.pdf"'
    assert saved["Content-Disposition"] == 'attachment; filename="qd.pdf"'
    assert (shown["X-Content-Type-Options"], shown["Cache-Control"]) == ("nosniff", "private, no-store")
    assert "iframe" in desk.get(page(scan.paper)).content.decode()


def test_what_is_no_pdf_and_no_picture_is_only_saved(desk, province):
    scan = PaperFileFactory(
        paper=PaperFactory(province=province), file=StoredFileFactory(name="a.csv", content_type="text/csv")
    )

    answer = desk.get(reverse("documents:file", args=[scan.paper_id, scan.pk]))

    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_is_reached_only_through_its_own_paper(desk, province):
    paper, other = PaperFactory(province=province), PaperFileFactory(paper=PaperFactory(province=ProvinceFactory()))

    assert desk.get(reverse("documents:file", args=[paper.pk, other.pk])).status_code == 404


def test_a_paper_is_recorded_on_the_page_and_not_twice(desk, province):
    fields = {
        "kind": "budget_decision",
        "number": "10/QĐ-UBND",
        "signed_on": "05/01/2026",
        "signer": "Nguyễn Văn An",
        "province": province.pk,
    }
    assert desk.get(reverse("documents:record")).status_code == 200

    answer = desk.post(reverse("documents:record"), fields)
    again = desk.post(reverse("documents:record"), fields)

    assert answer.url == page(Paper.objects.get())
    assert again.status_code == 422
    assert "đã được ghi nhận" in again.content.decode()


def test_a_scan_is_attached_on_the_page(desk, province):
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = PaperFactory(province=province)
    address = reverse("documents:attach", args=[paper.pk])

    assert desk.get(address).status_code == 200
    desk.post(address, {"scans": [SimpleUploadedFile("a.pdf", b"%PDF-1.4 abc")]})

    assert paper.attachments.get().file.content_type == "application/pdf"


def test_a_commune_opens_what_decided_its_projects_and_not_what_lies_in_their_dossiers(client, province):
    commune = CommuneFactory(province=province)
    project = ProjectFactory(province=province, commune=commune)
    decided = StepTakenFactory(project=project, paper=PaperFactory(province=province)).paper
    laid = PaperFactory(province=province)
    client.force_login(person("collaborator", place=commune))

    assert client.get(page(decided)).status_code == 200
    assert client.get(page(laid)).status_code == 404


def test_an_establishment_is_not_led_to_a_form_in_which_no_province_can_be_chosen(client, db):
    client.force_login(person("establishment", of_body=True))

    listed = client.get(reverse("documents:list")).content.decode()
    form = client.get(reverse("documents:record"))

    assert ("Chưa có văn bản nào." in listed, reverse("documents:record") in listed) == (True, False)
    assert form.status_code == 403
    assert "nộp ở trang hồ sơ của đề án" in form.content.decode()


def test_a_commune_officer_finds_his_committee_and_those_above_it_among_the_issuers(client, province):
    commune, other = CommuneFactory(province=province), CommuneFactory(province=province)
    own = OrganisationFactory(kind="commune_committee", place=commune)
    above = OrganisationFactory(kind="province_committee", place=province)
    OrganisationFactory(kind="commune_committee", place=other)
    client.force_login(person("commune_officer", place=commune))

    form = client.get(reverse("documents:record")).context["form"]

    assert set(form.fields["issuer"].queryset) == {own, above}
