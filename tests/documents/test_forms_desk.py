"""Forms are printed from the record, as PDF with its code and as Word, and a province keeps its own templates."""

import io
import uuid

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.documents import placeholders, word
from khuyencong.documents.models import Print, Template
from khuyencong.work import papers
from tests.documents.test_papers import text_of_pdf, text_of_word
from tests.documents.test_prints import scans
from tests.factories.needs import NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db

ESTIMATE = "mau-1-du-toan"


@pytest.fixture
def province():
    return ProvinceFactory()


@pytest.fixture
def project(province):
    return ProjectFactory(province=province, title="Máy sấy cà phê & “nghiền”")


@pytest.fixture
def desk(client, province):
    client.force_login(person("centre_officer", place=province))
    return client


def of(project):
    return reverse("documents:record_forms", args=["project", project.uid])


def test_a_project_lists_its_forms_and_those_of_its_beneficiaries(desk, project):
    one = BeneficiaryFactory(project=project)

    page = desk.get(of(project)).content.decode()

    assert papers.find(ESTIMATE).title in page
    assert reverse("documents:record_forms", args=["beneficiary", one.uid]) in page


def test_the_pdf_bears_a_code_and_the_same_content_keeps_it(desk, project):
    address = reverse("documents:print_form", args=[ESTIMATE, project.uid])

    first, again = desk.post(address), desk.post(address)

    printed = Print.objects.get()
    assert first["Content-Type"] == "application/pdf"
    assert printed.code in text_of_pdf(first.content) and printed.code in text_of_pdf(again.content)
    assert scans.read(first.content, is_pdf=True).codes == (printed.code,)
    assert (printed.subject_uid, printed.province) == (project.uid, project.province)
    assert printed.code in desk.get(of(project)).content.decode()


def test_the_word_file_opens_and_names_the_project(desk, project):
    answer = desk.get(reverse("documents:word_form", args=[ESTIMATE, project.uid]))

    assert "Máy sấy cà phê & “nghiền”" in text_of_word(answer.content)


def test_printing_is_a_press_and_never_a_look(desk, project):
    assert desk.get(reverse("documents:print_form", args=[ESTIMATE, project.uid])).status_code == 405


@pytest.mark.parametrize("route", ["record_forms", "print_form", "word_form"])
def test_a_stranger_finds_no_forms(client, project, route):
    client.force_login(person("centre_officer", place=ProvinceFactory()))
    first = "project" if route == "record_forms" else ESTIMATE
    address = reverse(f"documents:{route}", args=[first, project.uid])

    assert (client.post if route == "print_form" else client.get)(address).status_code == 404
    assert not Print.objects.exists()


def test_an_unknown_form_or_kind_is_not_there(desk, project):
    assert desk.get(reverse("documents:record_forms", args=["la", uuid.uuid4()])).status_code == 404
    assert desk.get(reverse("documents:word_form", args=["khong-co", project.uid])).status_code == 404


def test_the_forms_of_a_record_ask_as_often_for_three_beneficiaries_as_for_one(desk, project):
    def asked():
        desk.get(of(project))
        with CaptureQueriesContext(connection) as queries:
            desk.get(of(project))
        return len(queries)

    BeneficiaryFactory(project=project)
    one = asked()
    BeneficiaryFactory(project=project), BeneficiaryFactory(project=project)

    assert asked() == one <= 20


# ---- templates ----


@pytest.fixture
def keeper(client, province):
    client.force_login(person("administrator", place=province))
    return client


def a_template(old="", new=""):
    document = docx.Document(io.BytesIO(word.own_template(papers.find(ESTIMATE))))
    document.add_paragraph(new or "Mẫu của tỉnh: {{ project.title }}")
    written = io.BytesIO()
    document.save(written)
    return SimpleUploadedFile("mau.docx", written.getvalue())


def test_a_province_puts_its_own_template_in_place_and_takes_it_back(keeper, client, province, project):
    address = reverse("documents:template", args=[ESTIMATE])

    assert keeper.post(address, {"file": a_template(), "note": "Mẫu 2026"}).status_code == 302
    used = Template.objects.get()
    client.force_login(person("centre_officer", place=province))
    filled = client.get(reverse("documents:word_form", args=[ESTIMATE, project.uid]))
    assert "Mẫu của tỉnh: Máy sấy cà phê" in text_of_word(filled.content)

    client.force_login(person("administrator", place=province))
    client.post(reverse("documents:withdraw_template", args=[used.pk]))
    filled_again = Template.objects.filter(ended_at=None)
    assert (used.province, filled_again.exists()) == (province, False)


def test_a_template_with_an_unknown_placeholder_comes_back_with_its_name(keeper):
    answer = keeper.post(reverse("documents:template", args=[ESTIMATE]), {"file": a_template(new="{{ khong_co.gi }}")})

    assert answer.status_code == 422
    assert "khong_co" in answer.content.decode()
    assert not Template.objects.exists()


def test_what_is_no_word_file_is_told_the_one_kind_that_a_template_may_be(keeper):
    address = reverse("documents:template", args=[ESTIMATE])
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for content in (old, old + "WordDocument".encode("utf-16-le"), b"%PDF-1.4", b"PK\x03\x04" + bytes(40)):
        answer = keeper.post(address, {"file": SimpleUploadedFile("mau.doc", content), "note": "Mẫu 2026"})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert ".docx" in page and "Excel, CSV" not in page
        assert 'value="Mẫu 2026"' in page
    assert not Template.objects.exists()


def test_on_a_phone_the_way_down_to_the_form_says_what_is_done_there(keeper):
    page = keeper.get(reverse("documents:template", args=[ESTIMATE])).content.decode()

    assert '<a class="btn btn-primary" href="#lam">Thay mẫu Word</a>' in page


def test_the_own_template_and_its_placeholders_are_there_to_take(keeper):
    page = keeper.get(reverse("documents:template", args=[ESTIMATE])).content.decode()
    own = keeper.get(reverse("documents:own_template", args=[ESTIMATE]))

    assert "project.title" in page
    assert placeholders.faults(own.content, papers.find(ESTIMATE), {}) == []


def test_who_keeps_no_catalogue_sees_no_template_page(desk):
    assert desk.get(reverse("documents:template", args=[ESTIMATE])).status_code == 404


def test_every_forms_own_template_passes_its_own_check():
    assert {form.key: placeholders.faults(word.own_template(form), form, {}) for form in papers.forms()} == {
        form.key: [] for form in papers.forms()
    }


def test_of_a_tour_a_collaborator_is_offered_the_forms_of_his_communes_alone(client):
    tour = SurveyPlanFactory()
    mine, other = (CommuneFactory(province=tour.call.province) for _n in range(2))
    own, theirs = (
        VisitFactory(plan=tour, need=NeedFactory(call=tour.call, commune=commune)) for commune in (mine, other)
    )
    address = reverse("documents:record_forms", args=["survey_plan", tour.uid])

    def offered(role, place):
        client.force_login(person(role, place=place))
        page = client.get(address).content.decode()
        return [reverse("documents:record_forms", args=["survey", one.uid]) in page for one in (own, theirs)]

    assert offered("centre_officer", tour.call.province) == [True, True]
    assert offered("collaborator", mine) == [True, False]
