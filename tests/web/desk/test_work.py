import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.notices.models import Message
from khuyencong.people.models import Mandate, User
from khuyencong.projects.models import Project
from khuyencong.web.desk.work.links import button_of, url_of
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries import Task
from tests.factories.documents import PaperFactory, RequirementFactory
from tests.factories.needs import CallFactory, NeedFactory, SurveyPlanFactory, VisitFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.plans import DecisionFactory, ItemFactory, OpinionRequestFactory
from tests.factories.projects import BeneficiaryFactory, ProjectFactory, StepTakenFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


@pytest.fixture
def signed_in(client):
    def enter(role, **scope):
        user = person(role, **scope)
        client.force_login(user)
        return user

    return enter


def text(answer):
    return answer.content.decode()


def test_home_and_calendar_ask_who_is_there(client, db):
    assert client.get("/").status_code == 302
    assert client.get(reverse("work:calendar")).status_code == 302


def test_home_says_what_waits_with_its_day_and_its_button(client, signed_in, province):
    need = NeedFactory(call=CallFactory(province=province))
    signed_in("commune_officer", place=need.commune)

    body = text(client.get("/"))

    assert "<b>Xác nhận</b> 1 nhu cầu" in body
    assert "còn 8 ngày" in body.lower()
    assert reverse("needs:confirm") in body


def test_home_of_somebody_with_nothing_to_do_says_so(client, signed_in, province):
    signed_in("auditor", place=province)

    assert "Không có việc nào chờ bạn" in text(client.get("/"))


def test_home_of_a_person_without_a_mandate_opens(client, db):
    client.force_login(UserFactory())

    assert client.get("/").status_code == 200


def test_home_costs_at_most_25_queries_and_the_same_for_more_rows(province, django_assert_max_num_queries):
    roles = ("centre_officer", "department_director", "accountant")
    roles += ("provincial_approver", "registry_clerk", "finance_officer")
    desks = {role: Client() for role in roles}
    for role, desk in desks.items():
        desk.force_login(person(role, place=province))
        desk.get("/")  # the first visit writes when it was
    commune = CommuneFactory(province=province)
    counts = []
    for more in (1, 2):
        for _n in range(more):
            call = CallFactory(province=province, year=2028 + CallFactory._meta.model.objects.count())
            for state in ("sent", "confirmed", "surveyed", "proposed"):
                NeedFactory(call=call, commune=commune, state=state)
            for state in ("draft", "submitted", "appraised"):
                ProjectFactory(province=province, state=state)
            StepTakenFactory(project=ProjectFactory(province=province, state="submitted"))
            StepTakenFactory(project=ProjectFactory(province=province), name="return", due_on=dt.date(2026, 11, 10))
        counts.append({})
        for role, desk in desks.items():
            with django_assert_max_num_queries(25) as seen:
                assert desk.get("/").status_code == 200
            counts[-1][role] = len(seen)

    assert counts[0] == counts[1]


def test_the_agency_s_home_costs_the_same_for_files_of_one_and_three_provinces(client, db, django_assert_num_queries):
    client.force_login(MandateFactory(role="ministry_agency", country=True).user)

    def one_more():
        for state, name in (("registered", "register"), ("submitted", "submit")):
            StepTakenFactory(project=ProjectFactory(level="national", state=state), name=name)

    one_more()
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    one_more(), one_more()

    with django_assert_num_queries(len(one)):
        client.get("/")


def test_a_visit_is_noted_once_in_half_an_hour(client, signed_in, province):
    user = signed_in("accountant", place=province)

    client.get("/")

    assert User.objects.get(pk=user.pk).last_seen_at is not None


def test_a_director_sees_the_paper_beside_two_buttons(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    project = ProjectFactory(province=province, implementer=centre, title="Máy sấy & “rang” <cà phê>")
    signed_in("centre_director", place=province, employer=centre)

    body = text(client.get("/"))

    assert reverse("projects:submit", args=[project.pk]) in body
    assert reverse("work:send_back", args=["project", project.pk]) in body
    page = client.get(reverse("work:paper", args=["project", project.pk, "trang-1.png"]))
    whole = client.get(reverse("work:paper", args=["project", project.pk, "van-ban.pdf"]))
    assert (page["Content-Type"], page.content[:4]) == ("image/png", b"\x89PNG")
    assert (whole["Content-Type"], whole.content[:5]) == ("application/pdf", b"%PDF-")


def test_who_decides_is_led_to_the_pages_of_deciding_and_what_he_signs_is_counted(client, signed_in, province):
    decision = ItemFactory(decision__plan__province=province, decision__submitted=True).decision
    signed_in("provincial_approver", place=province)

    answer = client.get("/")

    back = reverse("plans:hand_back", args=[decision.pk])
    assert f'href="{back}"' in text(answer) and client.get(back).status_code == 200
    assert reverse("plans:approve", args=[decision.pk]) in text(answer)
    assert "Có 1 việc" in text(answer) and "Không có việc nào chờ bạn" not in text(answer)


def test_who_is_asked_for_an_opinion_on_a_plan_is_led_to_the_page_of_his_answer(client, signed_in, province):
    finance = OrganisationFactory(kind="department", place=province)
    asked = OpinionRequestFactory(decision__plan__province=province, decision__state="opinion", body=finance)
    signed_in("finance_officer", place=province, employer=finance)

    address = reverse("plans:give_opinion", args=[asked.decision_id, asked.pk])

    assert f'href="{address}"' in text(client.get("/"))
    assert client.get(address).status_code == 200


def test_a_paper_that_waits_for_a_signature_is_read_by_who_signs_it(client, signed_in, province):
    helped = BeneficiaryFactory(project__province=province)
    own = helped.establishment.organisation

    for role, bound in (("establishment", {"place": None, "organisation": own}), ("centre_officer", {})):
        signed_in(role, **{"place": province} | bound)
        address = reverse("work:paper", args=["project", helped.project_id, "van-ban.pdf"])
        assert client.get(address).status_code == 404, role


def test_papers_of_another_province_are_not_there(client, signed_in, province):
    project = ProjectFactory()
    signed_in("centre_director", place=province)

    for name in ("trang-1.png", "van-ban.pdf"):
        assert client.get(reverse("work:paper", args=["project", project.pk, name])).status_code == 404
    assert client.get(reverse("work:paper", args=["other", project.pk, "van-ban.pdf"])).status_code == 404


def test_a_paper_is_sent_back_with_a_word(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    project = ProjectFactory(province=province, implementer=centre)
    officer = person("centre_officer", place=province, employer=centre)
    signed_in("centre_director", place=province, employer=centre)

    answer = client.post(reverse("work:send_back", args=["project", project.pk]), {"comment": "Thiếu báo giá"})

    assert answer.status_code == 302
    assert Message.objects.get(recipient=officer).body == "Thiếu báo giá"


def test_what_was_sent_back_stands_last_until_it_is_mended(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    first, second = (
        ProjectFactory(province=province, implementer=centre, local=1, title=t) for t in ("Máy sấy", "Máy rang")
    )
    for hours, file in ((9, first), (8, second)):
        Project.objects.filter(pk=file.pk).update(changed_at=clock.now() - dt.timedelta(hours=hours))
    signed_in("centre_director", place=province, employer=centre)
    listed = lambda: [paper.subject for paper in client.get("/").context["papers"]]  # noqa: E731
    assert listed() == [first.pk, second.pk]

    client.post(reverse("work:send_back", args=["project", first.pk]), {"comment": "Thiếu báo giá"})
    told = text(client.get("/"))
    assert listed() == [second.pk, first.pk]
    assert "đã trả lại ngày 22/11/2026, người soạn chưa sửa" in told

    Project.objects.filter(pk=first.pk).update(changed_at=clock.now() + dt.timedelta(hours=1))
    assert "người soạn chưa sửa" not in text(client.get("/"))


def test_a_mandate_is_handed_over_on_its_page(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    mandate = MandateFactory(role="centre_officer", place=province, employer=centre)
    coming = UserFactory(province=province)
    signed_in("administrator", place=province)

    client.post(
        reverse("work:hand_over", args=[mandate.pk]),
        {
            "to": coming.pk,
            "on": "21/11/2026",
            "number": "15/QĐ-TTKC",
            "signed_on": "20/11/2026",
            "signer": "Vũ Đình Khoa",
            "signer_title": "Giám đốc",
        },
    )

    given = Mandate.objects.get(user=coming)
    assert (given.role, given.valid_from) == ("centre_officer", dt.date(2026, 11, 21))


def test_who_takes_over_is_chosen_among_the_people_of_the_province_and_told_apart(client, signed_in, province):
    mandate = MandateFactory(role="centre_officer", place=province, user__province=province)
    one, other = (
        UserFactory(last_name="Ngô Hữu", first_name="Phước", title=title, province=province)
        for title in ("Kế toán", "Văn thư")
    )
    UserFactory(province=ProvinceFactory())
    client.force_login(MandateFactory(role="administrator", country=True, user__province=ProvinceFactory()).user)

    choices = client.get(reverse("work:hand_over", args=[mandate.pk])).context["form"]["to"].field.choices

    assert [label for value, label in choices if value] == [
        f"Ngô Hữu Phước, {one.title}, {province.named_inside}",
        f"Ngô Hữu Phước, {other.title}, {province.named_inside}",
    ]


def test_who_works_for_the_same_body_is_offered_first_and_each_says_where_he_works(
    client, signed_in, province, django_assert_num_queries
):
    centre = OrganisationFactory(centre=True, place=province, name="Trung tâm Khuyến công")
    commune = CommuneFactory(province=province)
    mandate = MandateFactory(role="centre_officer", place=province, employer=centre, user__province=province)

    def account(last, **facts):
        return UserFactory(last_name=last, first_name="An", title="", province=province, **facts)

    MandateFactory(user=account("Bùi"), role="commune_officer", place=commune)
    MandateFactory(user=account("Cao"), role="collaborator", place=commune)
    MandateFactory(user=account("Đỗ"), role="centre_officer", place=province, employer=centre)
    account("Hồ")
    signed_in("administrator", place=province)

    def offered():
        return client.get(reverse("work:hand_over", args=[mandate.pk])).context["form"]["to"].field.choices

    (_none, (same, near), (others, far)) = offered()
    assert (str(same), [label for _value, label in near]) == ("Cùng đơn vị", ["Đỗ An, Trung tâm Khuyến công"])
    assert str(others) == "Người khác"
    assert [label for _value, label in far if "An" in label] == [
        f"Bùi An, {commune.named_inside}",
        f"Cao An, {commune.named_inside}",
        f"Hồ An, {province.named_inside}",
    ]


def test_the_page_of_a_hand_over_costs_the_same_for_one_and_for_three_heirs(
    client, signed_in, province, django_assert_num_queries
):
    mandate = MandateFactory(role="centre_officer", place=province, user__province=province)
    signed_in("administrator", place=province)
    address = reverse("work:hand_over", args=[mandate.pk])

    def more():
        commune = CommuneFactory(province=province)
        MandateFactory(user=UserFactory(province=province), role="collaborator", place=commune)

    more()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    more(), more()
    with django_assert_num_queries(len(one)):
        client.get(address)


def test_a_hand_over_says_when_the_mandate_ends_anyway_and_none_is_offered_afterwards(client, signed_in, province):
    mandate = MandateFactory(
        role="centre_officer", place=province, user__province=province, valid_to=dt.date(2026, 12, 17)
    )
    signed_in("administrator", place=province)
    address = reverse("work:hand_over", args=[mandate.pk])

    before = client.get(address).content.decode()
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=dt.date(2026, 11, 22))
    after = client.get(address, follow=True)

    assert "vốn chỉ đến trước ngày 17/12/2026" in before
    assert after.redirect_chain == [(reverse("people:page", args=[mandate.user_id]), 302)]
    assert "Phân công này đã kết thúc từ ngày 22/11/2026." in after.content.decode()


def test_a_stranger_does_not_open_a_hand_over(client, signed_in, province):
    mandate = MandateFactory(role="centre_officer", place=ProvinceFactory())
    signed_in("administrator", place=province)

    assert client.get(reverse("work:hand_over", args=[mandate.pk])).status_code == 404


def test_the_calendar_leads_to_its_records(client, signed_in, province):
    call = CallFactory(province=province)
    signed_in("centre_officer", place=province)

    assert reverse("needs:board", args=[call.pk]) in text(client.get(reverse("work:calendar")))


def test_the_calendar_leads_to_the_report_that_is_due(client, signed_in, province):
    ProjectFactory(province=province, running=True, year=2026)
    DeadlineRowFactory(instrument__provincial=True, instrument__province=province, level="provincial", province=province,
        code="year_report", kind="days_after", days=5, month=None, day=None, year_offset=0)  # fmt: skip
    signed_in("registry_clerk", place=province)

    page = text(client.get(reverse("work:calendar")))

    assert "Hạn gửi báo cáo năm 2026" in page
    assert f"{reverse('reporting:list')}?nam=2026&amp;ky=12&amp;tinh={province.pk}" in page


def test_what_waits_for_a_place_opens_its_plan_and_without_one_the_list_of_plans():
    one, several = Task(TaskKind.PLAN, "", subject=7), Task(TaskKind.PLAN, "")

    assert (url_of(one), button_of(one)) == (reverse("plans:page", args=[7]), "Mở kế hoạch")
    assert (url_of(several), button_of(several)) == (reverse("plans:list"), "Mở danh sách kế hoạch")


@pytest.mark.parametrize("kind", list(TaskKind))
def test_every_task_leads_to_a_page(kind):
    opinions = (TaskKind.GIVE_FILE_OPINION, TaskKind.GIVE_OPINION)
    inside = (TaskKind.TELL_PROGRESS, TaskKind.RECEIVE_RECOVERY, TaskKind.SEND_REPORT, *opinions)
    within = 1 if kind in inside else None

    assert url_of(Task(kind, "")).startswith("/")
    assert url_of(Task(kind, "", subject=1, within=within)).startswith("/")
    assert button_of(Task(kind, ""))


# ---- what people stumbled over ----


def test_the_head_counts_the_lines_of_the_list_and_nothing_else(client, signed_in, province):
    plan = SurveyPlanFactory(call=CallFactory(province=province))
    for day in (dt.date(2026, 11, 18), dt.date(2026, 11, 18)):
        VisitFactory(plan=plan, need=NeedFactory(call=plan.call, state="survey_planned"), planned_on=day)
    NeedFactory(call=plan.call, state="confirmed")
    signed_in("centre_officer", place=province)

    answer = client.get("/")

    assert "Chủ nhật, 22/11/2026. Có 2 việc: 1 việc quá hạn. Tính lúc" in text(answer)
    assert answer.context["figures"][2].value == "1"
    assert answer.context["figures"][2].notes == ["lâu nhất 4 ngày"]


def test_a_director_has_one_blue_button_and_his_papers_are_not_told_twice(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    ProjectFactory(province=province, implementer=centre)
    NeedFactory(call=CallFactory(province=province), state="confirmed")
    signed_in("centre_director", place=province, employer=centre)

    answer = client.get("/")

    assert text(answer).count("btn-primary") == 1
    assert [task.act for task in answer.context["tasks"]] == ["Xếp lịch khảo sát"]
    assert "Đã kiểm tra" in text(answer)


def test_a_file_that_asks_for_nothing_yet_is_not_laid_before_the_director(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    ProjectFactory(province=province, implementer=centre, national=0, local=0)
    signed_in("centre_director", place=province, employer=centre)

    assert client.get("/").context["papers"] == []


def test_what_happened_is_told_once_for_each_record_with_its_page(client, signed_in, province):
    project = ProjectFactory(province=province)
    writer = person("centre_officer", place=province)
    reader = signed_in("appraiser", place=province)
    User.objects.filter(pk=reader.pk).update(last_seen_at=clock.now() - dt.timedelta(hours=5))
    for _again in range(7):
        record("project.write_part", project, by=writer, province=province)
    record("project.change", project, by=writer, province=province)
    for hidden in ("audit.export", "people.reset_password"):  # what an auditor took, what is done with accounts
        record(hidden, project, by=writer, province=province)

    answer = client.get("/")

    assert [line["it"].action for line in answer.context["news"]] == ["project.change", "project.write_part"]
    assert {line["url"] for line in answer.context["news"]} == {reverse("projects:page", args=[project.pk])}
    assert "Từ lần bạn vào trước, hôm nay" in text(answer)


def test_an_auditor_is_led_to_his_page(client, signed_in, province):
    signed_in("auditor", place=province)

    body = text(client.get("/"))

    assert f'class="btn btn-primary" href="{reverse("audit:list")}"' in body
    assert body.count("btn-primary") == 1


def test_an_officer_is_told_which_needs_have_no_file_yet_until_one_is_begun(client, signed_in, province):
    commune = CommuneFactory(province=province)
    need = NeedFactory(call=CallFactory(province=province), commune=commune, state="planned", answer=PaperFactory())
    centre = OrganisationFactory(centre=True, place=province)
    signed_in("centre_officer", place=province, employer=centre)

    [task] = client.get("/").context["tasks"]
    assert (task.act, task.rest) == ("Lập đề án", "cho 1 nhu cầu đã được đưa vào kế hoạch")
    assert task.url == f"{reverse('projects:draft')}?nhu-cau={need.pk}"

    ProjectFactory(province=province, commune=commune, implementer=centre, state="submitted").needs.add(need)
    assert client.get("/").context["tasks"] == []


def test_a_director_reads_what_is_not_kept_before_he_signs(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    file = ProjectFactory(province=province, implementer=centre, whole=True)
    RequirementFactory(paper_kind="commitment", title="Cam kết đối ứng")
    signed_in("centre_director", place=province, employer=centre)

    body = text(client.get("/"))

    assert reverse("projects:submit", args=[file.pk]) in body
    assert "Cam kết đối ứng" in body


def test_who_asks_for_support_is_not_offered_the_work_of_the_centre(client, signed_in, province):
    centre = OrganisationFactory(centre=True, place=province)
    mandate = MandateFactory(role="centre_officer", place=province, employer=centre, user__province=province)
    colleague = MandateFactory(role="centre_officer", place=province, employer=centre, user__province=province).user
    far = UserFactory(last_name="A", first_name="A", province=province)
    owner, auditor = (
        MandateFactory(of_body=True, user__province=province).user,
        MandateFactory(role="auditor", place=province, user__province=province).user,
    )
    director = signed_in("centre_director", place=province, employer=centre)
    director.province = province
    director.save()
    address = reverse("work:hand_over", args=[mandate.pk])

    offered = [*client.get(address).context["form"].fields["to"].queryset]

    assert offered[0] in (colleague, director)  # who works there stands first
    assert offered.index(colleague) < offered.index(far)
    assert {owner, auditor} & {*offered} == set()


def test_a_decision_to_sign_is_told_once(client, signed_in, province):
    decision = ItemFactory(decision=DecisionFactory(plan__province=province, submitted=True)).decision
    signed_in("provincial_approver", place=province)

    answer = client.get("/")

    assert [(paper.about, paper.subject) for paper in answer.context["papers"]] == [("decision", decision.pk)]
    assert answer.context["tasks"] == []
