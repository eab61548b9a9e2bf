"""What a judge wrote is read by the council, by who forms it, by who decides and by the auditor; by nobody else."""

import pytest
from django.urls import reverse

from khuyencong.base.errors import NotPossible
from khuyencong.councils import operations
from khuyencong.documents import operations as documents
from khuyencong.documents import queries as papers_kept
from khuyencong.documents.models import Paper, Print
from khuyencong.projects import queries as projects
from khuyencong.work import papers
from tests.councils.given import DAY, marks
from tests.factories.councils import CouncilFactory, MemberFactory, SessionFactory, SheetFactory
from tests.factories.documents import PaperFactory, PrintFactory, ScanFactory
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


def test_the_minutes_are_offered_for_print_to_those_alone_for_whom_they_open(client, council):
    session = SessionFactory(council=council)
    address = reverse("councils:session", args=[council.pk, session.pk])
    forms = reverse("documents:record_forms", args=["session", session.uid])
    told = {}
    for role in ("department_director", "auditor", "centre_director", "centre_officer"):
        client.force_login(person(role, place=council.province))
        told[role] = (forms in client.get(address).content.decode(), client.get(forms).status_code)

    assert told == dict.fromkeys(("department_director", "auditor"), (True, 200)) | dict.fromkeys(
        ("centre_director", "centre_officer"), (False, 404)
    )


# ---- what a judge signed, as a paper ----


@pytest.fixture
def signed(council, judge, project):
    """The signed sheet of a judge, recorded by mistake for the whole province."""
    paper = PaperFactory(
        kind="appraisal", province=council.province, abstract="Phiếu của thành viên Nam", folded="phieu nam"
    )
    secretary = MemberFactory(council=council, secretary=True)
    operations.score(
        judge,
        subject=projects.subject_of(project),
        marks=marks(),
        conclusion="pass",
        comment="Máy chưa phù hợp",
        by=secretary.user,
        on=DAY,
        paper=paper,
    )
    paper.refresh_from_db()
    return paper


def sees(client, user, paper) -> dict[str, bool]:
    client.force_login(user)
    return {
        "page": client.get(reverse("documents:page", args=[paper.pk])).status_code == 200,
        "list": str(reverse("documents:page", args=[paper.pk]))
        in client.get(reverse("documents:list")).content.decode(),
        "search": paper in papers_kept.search(user, text="phieu nam"),
        "choice": paper in papers_kept.choices_for(user, kind="appraisal"),
    }


@pytest.mark.parametrize("role", OTHERS)
def test_a_signed_sheet_does_not_open_as_a_paper_either(client, council, signed, role):
    assert set(sees(client, person(role, place=council.province), signed).values()) == {False}


def test_it_opens_from_the_council_for_its_readers_and_stands_in_no_list(client, council, signed):
    for reader in (person("auditor", place=council.province), council.members.first().user):
        told = sees(client, reader, signed)
        assert told == {"page": True, "list": False, "search": False, "choice": False}


def test_who_looks_at_the_whole_country_opens_it_only_where_he_decides_or_audits(client, signed):
    administrator = person("administrator", country=True)
    auditor = person("auditor", country=True)

    assert sees(client, administrator, signed)["page"] is False
    assert sees(client, auditor, signed)["page"] is True


def test_minutes_recorded_for_a_province_are_closed_once_they_are_laid_to_a_meeting(client, council, secretary):
    paper = PaperFactory(kind="minutes", province=council.province, signed_on=DAY)
    session = SessionFactory(council=council, on=DAY)
    officer = person("centre_officer", place=council.province)
    before = Paper.objects.visible_to(officer).filter(pk=paper.pk).exists()
    operations.attend(session, present=[secretary], by=secretary.user)

    operations.keep_minutes(session, paper=paper, summary="Đạt", by=secretary.user)

    assert (before, Paper.objects.visible_to(officer).filter(pk=paper.pk).exists()) == (True, False)


def test_print_and_scan_of_a_sheet_stay_with_who_made_them(council):
    officer, auditor = person("centre_officer", place=council.province), person("auditor", country=True)
    maker = person("appraiser", place=council.province)
    closed = PrintFactory(closed=True, province=None, actor_id=maker.pk)
    scan = ScanFactory(print=closed, closed=True, province=None, actor_id=maker.pk)

    for user, seen in ((officer, False), (auditor, False), (maker, True)):
        assert Print.objects.visible_to(user).filter(pk=closed.pk).exists() is seen
        assert type(scan).objects.visible_to(user).filter(pk=scan.pk).exists() is seen


def test_a_closed_print_that_comes_back_signed_closes_its_paper(council):
    maker = person("appraiser", place=council.province)
    closed = PrintFactory(closed=True, province=None, actor_id=maker.pk)
    paper = PaperFactory(province=council.province, actor_id=maker.pk)

    documents.sign(closed, paper=paper, by=maker)

    paper.refresh_from_db()
    assert paper.closed
