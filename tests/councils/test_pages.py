import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.councils.models import Conflict, Council, Sheet
from khuyencong.councils.papers import minutes
from khuyencong.councils.queries import sheets_on
from khuyencong.documents.models import Print
from khuyencong.people.operations import system_account
from khuyencong.projects.models import Project
from khuyencong.work import papers
from tests.factories.councils import (
    AttendanceFactory,
    ConflictFactory,
    CouncilFactory,
    MemberFactory,
    SessionFactory,
    SheetFactory,
    VoteFactory,
)
from tests.factories.norms import CriterionRowFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(council):
    return ProjectFactory(province=council.province, state="submitted")


def sheet_fields(**facts):
    fields = {"conclusion": "pass", "on": "18/11/2026", "score_1": "8,5"}
    for n in range(1, 6):
        fields |= {f"result_{n}": "meets", f"comment_{n}": ""}
    return fields | facts


@pytest.fixture
def criterion():
    return CriterionRowFactory(number=1, points=10)


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, council, head):
    client.force_login(head)
    client.get(reverse("councils:list"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("councils:list"))
    CouncilFactory(province=council.province), CouncilFactory(province=council.province)
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse("councils:list")).status_code == 200

    assert len(three) == len(one) <= 14


def test_the_page_of_a_council_asks_as_often_for_three_projects_as_for_one(client, council, head, project):
    client.force_login(head)
    address = reverse("councils:page", args=[council.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _time in range(2):
        ProjectFactory(province=council.province, state="submitted")
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(three) == len(one)


def test_a_stranger_finds_no_council(client, council):
    client.force_login(person("department_director", place=ProvinceFactory()))

    assert client.get(reverse("councils:page", args=[council.pk])).status_code == 404


def test_a_council_is_formed_peopled_and_ended_on_its_pages(client, council, head):
    client.force_login(head)
    fields = {
        "kind": "appraisal", "name": "Hội đồng đợt 2", "province": council.province_id, "number": "8/QĐ-SCT",
        "signed_on": "01/11/2026", "signer": "Lê Minh", "signer_title": "Giám đốc",
    }  # fmt: skip
    assert client.get(reverse("councils:form")).status_code == 200
    answer = client.post(reverse("councils:form"), fields)
    made = Council.objects.exclude(pk=council.pk).get()
    assert answer.url == reverse("councils:page", args=[made.pk])

    assert client.get(reverse("councils:add_member", args=[made.pk])).status_code == 200
    client.post(reverse("councils:add_member", args=[made.pk]), {"name": "Trần Văn Lâm", "role": "chair"})
    client.post(reverse("councils:call_session", args=[made.pk]), {"on": "20/11/2026", "place": "Sở"})
    session = made.sessions.get()
    here = [made.pk, session.pk]
    assert client.get(reverse("councils:attend", args=here)).status_code == 200
    client.post(reverse("councils:attend", args=here), {"present": [made.members.get().pk]})
    minutes = fields | {"number": "2/BB", "signed_on": "20/11/2026", "summary": "Đạt"}
    assert client.get(reverse("councils:keep_minutes", args=[made.pk, session.pk])).status_code == 200
    client.post(reverse("councils:keep_minutes", args=[made.pk, session.pk]), minutes)
    session.refresh_from_db()
    assert session.minutes.number == "2/BB"
    client.post(reverse("councils:remove_member", args=[made.pk, made.members.get().pk]))
    client.post(reverse("councils:dissolve", args=[made.pk]))
    made.refresh_from_db()
    assert (made.dissolved_on is not None, made.members.get().left_on is not None) == (True, True)


def test_a_judge_gives_his_sheet_on_the_page(client, council, project, criterion):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)
    address = reverse("councils:sheet", args=[council.pk, project.pk])

    assert "Năm nội dung thẩm định" in client.get(address).content.decode()
    assert client.post(address, sheet_fields(member=judge.pk)).status_code == 302
    [sheet] = sheets_on(project.uid)
    assert str(sheet.total) == "8.5"
    wrong = client.post(address, sheet_fields(member=judge.pk, score_1="10,5"))
    bare = client.post(address, sheet_fields(member=judge.pk, result_2="fails"))
    assert (wrong.status_code, bare.status_code, str(sheets_on(project.uid)[0].total)) == (422, 422, "8.5")
    assert "phải ghi vì sao" in bare.content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [("department_director", 200), ("registry_clerk", 404), ("centre_officer", 404), ("finance_officer", 404)],
)
def test_the_sheet_of_a_judge_opens_for_himself_and_for_who_types_it(client, council, project, role, status):
    council.paper.signer = ""
    council.paper.save()
    judge = MemberFactory(council=council, user=person("finance_officer", place=council.province))
    sheet = SheetFactory(member=judge, subject_uid=project.uid, comment="Giá máy quá cao")
    client.force_login(person(role, place=council.province))
    address = reverse("councils:sheet", args=[council.pk, project.pk])

    other = client.get(address, {"thanh-vien": sheet.member_id})

    assert (other.status_code, client.get(address).status_code) == (status, status)
    assert ("Giá máy quá cao" in other.content.decode()) == (status == 200)
    assert client.get(reverse("councils:declare_conflict", args=[council.pk, project.pk])).status_code == 404
    client.force_login(sheet.member.user)
    assert "Giá máy quá cao" in client.get(address).content.decode()


def test_a_clerk_types_a_signed_sheet_without_reading_what_was_given(client, council, project):
    council.paper.signer = "Lê Minh"
    council.paper.save()
    sheet = SheetFactory(member=MemberFactory(council=council), subject_uid=project.uid, comment="Giá máy quá cao")
    client.force_login(person("registry_clerk", place=council.province))

    page = client.get(reverse("councils:sheet", args=[council.pk, project.pk]), {"thanh-vien": sheet.member_id})

    assert (page.status_code, "Giá máy quá cao" in page.content.decode()) == (200, False)


def test_the_secretary_is_led_to_the_sheets_of_the_others(client, council, project):
    secretary = MemberFactory(council=council, user=person("appraiser", place=council.province), role="secretary")
    judge = MemberFactory(council=council)
    client.force_login(secretary.user)

    page = client.get(reverse("councils:subject", args=[council.pk, project.pk])).content.decode()

    assert (f"?thanh-vien={judge.pk}" in page, f"?thanh-vien={secretary.pk}" in page) == (True, False)


def test_without_criteria_the_sheet_says_so_and_asks_for_no_score(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)

    page = client.get(reverse("councils:sheet", args=[council.pk, project.pk])).content.decode()

    assert ("Chưa có tiêu chí chấm điểm" in page, 'name="score_1"' in page) == (True, False)


def test_a_project_that_waits_no_longer_is_not_judged(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    Project.objects.update(state="appraised")
    client.force_login(judge.user)

    answer = client.post(reverse("councils:sheet", args=[council.pk, project.pk]), sheet_fields(member=judge.pk))

    assert (answer.status_code, Sheet.objects.count()) == (422, 0)
    assert "không còn chờ hội đồng này thẩm định" in answer.content.decode()


def test_a_judge_with_a_conflict_finds_no_form(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)

    conflict = reverse("councils:declare_conflict", args=[council.pk, project.pk])
    assert client.get(conflict).status_code == 200
    client.post(conflict, {"reason": "Em ruột chủ cơ sở"})

    page = client.get(reverse("councils:sheet", args=[council.pk, project.pk])).content.decode()
    assert ("Em ruột chủ cơ sở" in page, 'name="result_1"' in page) == (True, False)


def test_who_does_not_judge_chooses_whose_signed_sheet_he_types(client, council, project, head, criterion):
    judge = MemberFactory(council=council)
    client.force_login(head)
    address = reverse("councils:sheet", args=[council.pk, project.pk])

    assert str(judge.name) in client.get(address).content.decode()
    refused = client.post(address, sheet_fields(member=judge.pk))
    done = client.post(address, sheet_fields(member=judge.pk, number="P1", signed_on="18/11/2026", signer=judge.name))

    assert (refused.status_code, done.status_code, Sheet.objects.get().by) == (422, 302, head)


# ---- what the system found ----


@pytest.fixture
def bound(council, project):
    """A judge who bears the tax code of the beneficiary, and the secretary."""
    BeneficiaryFactory(project=project, establishment__tax_code="0100233488")
    secretary = MemberFactory(council=council, secretary=True, user=person("appraiser", place=council.province))
    judge = MemberFactory(
        council=council, user=person("finance_officer", place=council.province), tax_code="0100233488", name="Lê Nam"
    )
    return judge, secretary


def settle_of(council, project, judge):
    return reverse("councils:settle_conflict", args=[council.pk, project.pk, judge.pk, "tax_code"])


def test_the_secretary_sees_the_evidence_and_settles_it(client, council, project, bound):
    judge, secretary = bound
    client.force_login(secretary.user)
    page = reverse("councils:subject", args=[council.pk, project.pk])

    shown = client.get(page).content.decode()
    assert "Hệ thống phát hiện" in shown and "Có thể trùng: mã số thuế 0100233488" in shown
    assert (
        "1 dấu hiệu xung đột lợi ích chờ xử lý"
        in client.get(reverse("councils:page", args=[council.pk])).content.decode()
    )
    settle = settle_of(council, project, judge)
    assert settle in shown and client.get(settle).status_code == 200
    assert client.post(settle, {"outcome": "dismissed", "reason": ""}).status_code == 422
    assert client.post(settle, {"outcome": "dismissed", "reason": "Đã hỏi, không còn góp vốn"}).url == page
    assert "đã xử lý hết" in client.get(page).content.decode()
    assert client.get(settle).status_code == 409  # told before the form


def test_who_takes_no_part_is_not_asked_for_a_sheet_on_the_page_of_the_project(client, council, project):
    judge = MemberFactory(council=council, user=person("appraiser", place=council.province))
    client.force_login(judge.user)
    page, sheet = (reverse(name, args=[council.pk, project.pk]) for name in ("councils:subject", "councils:sheet"))
    assert f'href="{sheet}"' in client.get(page).content.decode()

    ConflictFactory(member=judge, subject_uid=project.uid, reason="Em ruột chủ cơ sở")
    shown = client.get(page).content.decode()

    assert "Em ruột chủ cơ sở" in shown
    assert (
        f'href="{sheet}"' not in shown
        and reverse("councils:declare_conflict", args=[council.pk, project.pk]) not in shown
    )


def test_a_judge_is_told_of_a_sign_but_reads_no_evidence_and_settles_nothing(client, council, project, bound):
    judge, _secretary = bound
    client.force_login(judge.user)

    shown = client.get(reverse("councils:subject", args=[council.pk, project.pk])).content.decode()
    form = client.get(reverse("councils:sheet", args=[council.pk, project.pk])).content.decode()
    settle = client.post(settle_of(council, project, judge), {"outcome": "dismissed", "reason": "Không quen biết nhau"})

    assert ("Cùng mã số thuế" in shown, "0100233488" in shown, settle_of(council, project, judge) in shown) == (
        True, False, False,
    )  # fmt: skip
    assert "Chủ tịch hoặc Thư ký hội đồng xử lý xong" in form and 'name="result_1"' not in form
    assert (settle.status_code, Conflict.objects.count()) == (403, 0)


# ---- meetings ----


def test_a_meeting_is_attended_voted_and_put_into_minutes(client, council, project, head):
    chair = MemberFactory(council=council, chair=True)
    session = SessionFactory(council=council)
    SheetFactory(member=chair, subject_uid=project.uid, subject_label=str(project))
    client.force_login(head)
    here = [council.pk, session.pk]
    page, vote = reverse("councils:session", args=here), reverse("councils:vote", args=[*here, project.pk])

    assert vote not in client.get(page).content.decode()  # first who came
    client.post(reverse("councils:attend", args=here), {"present": [chair.pk]})
    assert vote in client.get(page).content.decode()
    form = client.get(vote)
    assert form.context["form"].initial["passes"] == 1  # as the sheets propose
    assert client.post(vote, {"passes": 2, "completes": 0, "fails": 0, "conclusion": "pass"}).status_code == 422
    assert client.post(vote, {"passes": 1, "completes": 0, "fails": 0, "conclusion": "pass"}).url == page
    assert "Đạt" in client.get(page).content.decode()
    minutes = {"number": "2/BB", "signed_on": "18/11/2026", "signer": "A", "signer_title": "B", "summary": "Đạt"}
    client.post(reverse("councils:keep_minutes", args=here), minutes)
    closed = client.get(page).content.decode()

    assert ("2/BB" in closed, vote in closed) == (True, False)


@pytest.mark.parametrize("name", ["councils:subject", "councils:session"])
def test_a_page_of_a_council_asks_as_often_for_three_as_for_one(name, client, council, project, head):
    session = SessionFactory(council=council)
    client.force_login(head)

    def more():
        member = MemberFactory(council=council, tax_code="0100233488")
        SheetFactory(member=member, subject_uid=project.uid)
        AttendanceFactory(session=session, member=member)
        other = ProjectFactory(province=council.province, state="submitted")
        BeneficiaryFactory(project=other, establishment=helped.establishment)
        VoteFactory(session=session, subject_uid=other.uid, passes=1)

    address = reverse(name, args=[council.pk, project.pk if name == "councils:subject" else session.pk])
    helped = BeneficiaryFactory(project=project, establishment__tax_code="0100233488")
    more()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    more(), more()
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).status_code == 200

    assert len(three) == len(one) <= 20


def test_sessions_without_minutes_offer_to_record_them(client, council, head):
    SessionFactory(council=council)
    client.force_login(head)

    assert "biên bản</a>" in client.get(reverse("councils:page", args=[council.pk])).content.decode()


def test_officers_are_assigned_and_have_no_meetings(client, council, head):
    client.force_login(head)
    fields = {
        "kind": "officer", "name": "Bộ phận thẩm định", "province": council.province_id, "number": "9/QĐ-SCT",
        "signed_on": "01/11/2026", "signer": "Lê Minh", "signer_title": "Giám đốc",
    }  # fmt: skip

    made = Council.objects.get(pk=client.post(reverse("councils:form"), fields).url.split("/")[-2])
    page = client.get(reverse("councils:page", args=[made.pk])).content.decode()

    assert (made.kind, made.paper.kind, "Định phiên họp" in page) == ("officer", "mandate", False)
    assert 'name="role"' not in client.get(reverse("councils:add_member", args=[made.pk])).content.decode()


def test_the_agency_forms_a_council_before_which_registered_projects_come(client, council):
    agency = person("ministry_agency", country=True, place=None)
    waits = ProjectFactory(province=council.province, level="national", state="registered", title="Chờ cấp Bộ")
    ProjectFactory(province=council.province, state="submitted", title="Chờ cấp cơ sở")
    client.force_login(agency)
    fields = {
        "kind": "appraisal", "name": "Hội đồng cấp Bộ", "number": "9/QĐ-ĐCK", "signed_on": "01/11/2026",
        "signer": "Lê Minh", "signer_title": "Cục trưởng",
    }  # fmt: skip

    assert "province" not in client.get(reverse("councils:form")).context["form"].fields
    page = client.get(client.post(reverse("councils:form"), fields).url).content.decode()
    made = Council.objects.get(tier="ministry")
    member = MemberFactory(council=made, user=agency)
    sheet = reverse("councils:sheet", args=[made.pk, waits.pk])

    assert ("Chờ cấp Bộ" in page, "Chờ cấp cơ sở" in page, "Cấp Bộ, từ 01/11/2026" in page) == (True, False, True)
    assert client.post(sheet, sheet_fields(member=member.pk)).status_code == 302
    assert client.get(reverse("councils:subject", args=[made.pk, waits.pk])).status_code == 200


def test_a_council_without_members_says_so_where_a_sheet_would_be_typed(client, council, project, head):
    client.force_login(head)

    page = client.get(reverse("councils:sheet", args=[council.pk, project.pk])).content.decode()

    assert "Chưa ghi thành viên nào: hãy thêm thành viên ở trang hội đồng trước." in page


def test_the_account_of_the_system_sits_in_no_council(client):
    made, system = CouncilFactory(ministry=True), system_account()
    agency = person("ministry_agency", country=True, place=None)
    client.force_login(agency)

    offered = client.get(reverse("councils:add_member", args=[made.pk])).context["form"].fields["user"].queryset

    assert (agency in offered, system in offered) == (True, False)


def test_the_papers_of_a_ministry_council_bear_its_letterhead():
    session = SessionFactory(council=CouncilFactory(ministry=True))

    told = minutes(session, on=session.on)

    assert told["body"] == "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"


@pytest.mark.parametrize(("role", "status"), [("appraiser", 200), ("centre_officer", 404), ("finance_officer", 404)])
def test_the_signed_sheet_and_the_minutes_open_to_those_who_read_sheets(client, council, head, project, role, status):
    judge, meeting = MemberFactory(council=council), SessionFactory(council=council)
    AttendanceFactory(session=meeting, member=judge)
    signed = {"number": "1/P", "signed_on": "18/11/2026", "signer": "Trần Văn Lâm", "signer_title": "Ủy viên"}
    client.force_login(head)
    client.post(
        reverse("councils:sheet", args=[council.pk, project.pk]), sheet_fields(member=judge.pk, score_1="", **signed)
    )
    client.post(reverse("councils:keep_minutes", args=[council.pk, meeting.pk]), {**signed, "summary": "Đạt"})
    laid = [Sheet.objects.get().paper, type(meeting).objects.get().minutes]
    client.force_login(person(role, place=council.province))

    links = [reverse("documents:page", args=[paper.pk]) for paper in laid]
    listed = client.get(reverse("documents:list")).content.decode()
    meeting_page = client.get(reverse("councils:session", args=[council.pk, meeting.pk])).content.decode()

    assert [client.get(link).status_code for link in links] == [status, status]
    assert (any(link in listed for link in links), links[1] in meeting_page) == (False, status == 200)
    assert links[1] in client.get(reverse("councils:page", args=[council.pk])).content.decode() or status == 404


def test_a_printed_sheet_stands_with_who_printed_it(client, council, head, project):
    sheet = SheetFactory(member=MemberFactory(council=council), subject_uid=project.uid)
    client.force_login(head)
    [key] = [form.key for form in papers.forms_of("sheet")][:1]
    client.post(reverse("documents:print_form", args=[key, sheet.uid]))
    link = reverse("documents:print", args=[Print.objects.get().pk])

    assert client.get(link).status_code == 200
    client.force_login(person("centre_officer", place=council.province))
    assert client.get(link).status_code == 404
    assert link not in client.get(reverse("documents:prints")).content.decode()
