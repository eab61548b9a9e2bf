"""No record page shows a link that its reader may not open."""

import re

import pytest
from django.urls import resolve, reverse

from tests.factories import contracts, documents, needs, people, places, projects, reporting

pytestmark = pytest.mark.django_db


@pytest.fixture
def province():
    return places.ProvinceFactory()


def papers(at, **more):
    return documents.PaperFactory(province=at, **more)


@pytest.fixture
def file(province):
    """A project under contract with a paper on everything: none of them is of the commune."""
    here = places.CommuneFactory(province=province)
    project = projects.ProjectFactory(province=province, commune=here, state="running")
    one = projects.BeneficiaryFactory(
        project=project,
        establishment__province=province,
        establishment__commune=here,
        approved=True,
        paper=papers(province),
    )
    given = contracts.AssignmentFactory(project=project, paper=papers(province))
    contract = contracts.SupportContractFactory(assignment=given, beneficiary=one, paper=papers(province))
    contracts.PurchaseFactory(support_contract=contract)
    contracts.AcceptanceFactory(project=project, beneficiary=one, paper=papers(province))
    contracts.ProgressReportFactory(project=project)
    documents.DossierItemFactory(dossier=project.dossier, paper=papers(province))
    projects.StepTakenFactory(project=project, paper=papers(province))
    need = needs.NeedFactory(call__province=province, commune=here, answer=papers(province))
    needs.NeedStepFactory(need=need, paper=papers(province))
    project.needs.add(need)
    project.helped_one, project.told = one, need
    project.report = reporting.SentReportFactory(province=province, paper=papers(province))
    return project


def reader(file, role):
    where = {
        "commune_officer": {"place": file.commune},
        "collaborator": {"place": file.commune},
        "establishment": {"place": None, "organisation": file.helped_one.establishment.organisation},
        "implementer": {"place": None, "organisation": file.implementer},
        "finance_officer": {"place": file.province},
    }
    return people.person(role, **where[role])


def links(page) -> set[str]:
    main = page.content.decode().partition("<main")[2]
    return {href.replace("&amp;", "&") for href in re.findall(r'<a[^>]* href="(/[^"#]*)', main)}


@pytest.mark.parametrize("role", ["commune_officer", "collaborator", "establishment", "implementer", "finance_officer"])
def test_each_link_of_a_record_opens_for_who_reads_it(client, file, role):
    client.force_login(reader(file, role))
    addresses = [
        reverse("projects:page", args=[file.pk]),
        reverse("projects:papers", args=[file.pk]),
        reverse("projects:beneficiaries", args=[file.pk]),
        reverse("projects:history", args=[file.pk]),
        reverse("contracts:page", args=[file.pk]),
        reverse("needs:page", args=[file.told.pk]),
        reverse("establishments:page", args=[file.helped_one.establishment_id]),
        reverse("reporting:sent_page", args=[file.report.pk]),
    ]
    shown = [page for page in (client.get(address) for address in addresses) if page.status_code == 200]
    assert shown, "somebody who may open nothing proves nothing"

    seen, shut = set(), []
    for page in shown:
        for link in links(page):
            route = resolve(link.partition("?")[0]).view_name
            key = link if route == "documents:page" else route
            if key not in seen:
                seen.add(key)
                if client.get(link).status_code >= 400:
                    shut.append(f"{page.request['PATH_INFO']} -> {link}")

    assert sorted(shut) == []


def test_a_paper_that_cannot_be_opened_is_named(client, file):
    """A commune reads which contract it is, without a link."""
    client.force_login(reader(file, "commune_officer"))
    page = client.get(reverse("contracts:page", args=[file.pk])).content.decode()
    paper = contracts.AssignmentFactory._meta.model.objects.get(project=file).paper

    assert str(paper) in page
    assert reverse("documents:page", args=[paper.pk]) not in page


def test_the_department_opens_them_all(client, file, province):
    client.force_login(people.person("department_director", place=province))
    page = client.get(reverse("contracts:page", args=[file.pk])).content.decode()

    assert page.count('href="/van-ban/') >= 3
