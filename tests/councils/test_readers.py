"""What a judge wrote is read by the council, by who forms it, by who decides and by the auditor; by nobody else."""

import pytest
from django.urls import reverse

from khuyencong.base.errors import NotPossible
from khuyencong.work import papers
from tests.factories.councils import CouncilFactory, MemberFactory, SessionFactory, SheetFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db
READERS = ("appraiser", "department_director", "provincial_approver", "auditor")
OTHERS = ("centre_director", "centre_officer", "accountant", "registry_clerk", "finance_officer")
CLOSED = "chỉ thành viên hội đồng"


@pytest.fixture
def project(council):
    return ProjectFactory(province=council.province, state="submitted")


@pytest.fixture
def given(council, judge, project):
    return SheetFactory(member=judge, subject_uid=project.uid, comment="Máy chưa phù hợp")


@pytest.mark.parametrize("role", READERS)
def test_who_forms_decides_or_audits_reads_a_sheet(role, council, given):
    reader = person(role, place=council.province)

    assert papers.subject("sheet", given.uid, reader) == given


@pytest.mark.parametrize("role", OTHERS)
def test_who_only_sees_the_council_does_not(role, council, given):
    session = SessionFactory(council=council)
    other = person(role, place=council.province)

    assert papers.subject("council", council.uid, other) == council
    for kind, record in (("sheet", given), ("session", session)):
        with pytest.raises(NotPossible):
            papers.subject(kind, record.uid, other)


def test_a_member_reads_the_sheets_of_his_council_alone(council, given):
    member = MemberFactory(council=council)
    elsewhere = MemberFactory(council=CouncilFactory(province=council.province))

    assert papers.subject("sheet", given.uid, member.user) == given
    with pytest.raises(NotPossible):
        papers.subject("sheet", given.uid, elsewhere.user)


def test_an_auditor_of_another_province_does_not(given):
    with pytest.raises(NotPossible):
        papers.subject("sheet", given.uid, person("auditor", place=ProvinceFactory()))


def test_the_page_tells_the_others_only_what_all_said_together(client, council, project, given):
    address = reverse("councils:subject", args=[council.pk, project.pk])
    forms = reverse("documents:record_forms", args=["council", council.uid])
    told = {}
    for role in ("department_director", "accountant"):
        client.force_login(person(role, place=council.province))
        page, listed = client.get(address).content.decode(), client.get(forms).content.decode()
        told[role] = ("Máy chưa phù hợp" in page, CLOSED in page, str(given.uid) in listed)

    assert told == {"department_director": (True, False, True), "accountant": (False, True, False)}


def test_the_page_of_a_vote_shows_no_sheet_to_the_others(client, council, project, given):
    session = SessionFactory(council=council)
    vote = reverse("councils:vote", args=[council.pk, session.pk, project.pk])
    client.force_login(person("accountant", place=council.province))

    assert "Máy chưa phù hợp" not in client.get(vote).content.decode()
