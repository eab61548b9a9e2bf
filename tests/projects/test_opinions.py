"""Other bodies are asked about a file: who asks, who answers, by when, and what the appraiser sees."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms.enums import Deadline, Level
from khuyencong.plans import operations as plans
from khuyencong.plans import queries as plan_queries
from khuyencong.projects import operations, queries
from khuyencong.projects.models import OpinionRequest, Project
from khuyencong.projects.papers.appraisals import appraisal
from khuyencong.work import queries as work
from khuyencong.work.enums import TaskKind
from tests.factories.councils import CouncilFactory, MemberFactory, SessionFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, person
from tests.factories.places import CommuneFactory
from tests.factories.plans import DecisionFactory, ItemFactory
from tests.factories.projects import OpinionRequestFactory, ProjectFactory, StepTakenFactory
from tests.projects.given import html

pytestmark = pytest.mark.django_db
D = dt.date
FRIDAY, TYPED = D(2026, 11, 20), D(2026, 12, 1)
NATIONAL = {"level": "national", "national": 300_000_000, "local": 0}


@pytest.fixture
def culture(land):
    return OrganisationFactory(kind="other_department", name="Sở Văn hóa, Thể thao và Du lịch", place=land.province)


@pytest.fixture
def officer(land, culture):
    return person("finance_officer", place=land.province, employer=culture)


@pytest.fixture
def ask(project, people, culture):
    def make(file=None, **facts):
        facts = {"body": culture, "by": people.appraiser, "on": FRIDAY, "due_on": TYPED} | facts
        return operations.ask_opinion(file or project(state="submitted"), **facts)

    return make


# ---- asking ----


def test_the_appraiser_asks_and_the_body_finds_it_among_its_work(ask, officer):
    asked = ask(question="  Có hợp quy hoạch   di tích không? ")

    assert (asked.question, asked.due_on, asked.lawful_on) == ("Có hợp quy hoạch di tích không?", TYPED, None)
    [task] = [task for task in work.tasks(officer) if task.kind == TaskKind.GIVE_FILE_OPINION]
    assert (task.due, task.subject, task.within) == (TYPED, asked.pk, asked.project_id)
    assert Event.objects.get(action="project.ask_opinion").data["due_on"] == "2026-12-01"


@pytest.mark.parametrize("state", ["draft", "appraised", "registered", "approved", "failed"])
def test_nothing_is_asked_where_the_department_does_not_judge(state, ask, project):
    with pytest.raises((NotPossible, NotAllowed)):
        ask(project(state=state))
    assert not OpinionRequest.objects.exists()


def test_the_refusal_names_the_state(ask, project):
    with pytest.raises(NotPossible, match="Chỉ lấy ý kiến khi đề án đang chờ thẩm định; đề án đang ở trạng thái"):
        ask(project(state="approved"))


def test_others_do_not_ask(ask, people, land):
    for by in (people.officer, people.director, people.clerk, person("appraiser"), people.agency):
        with pytest.raises(NotAllowed):
            ask(by=by)


def test_the_agency_asks_about_what_is_registered_with_it_and_the_department_does_not(ask, project, people):
    file = project(state="registered", **NATIONAL)

    with pytest.raises(NotAllowed):
        ask(file)
    assert ask(file, by=people.agency).project == file
    with pytest.raises(NotAllowed):
        ask(project(state="submitted", **NATIONAL), by=people.agency)


def test_the_agency_holds_the_act_and_asks_about_no_province_s_plan(people, land):
    assert Permission.OPINION_ASK in ROLES["ministry_agency"].permissions
    own = ItemFactory(decision__plan__province=land.province).decision
    national = DecisionFactory(plan__province=land.province, plan__of_nation=True)
    body = OrganisationFactory(kind="finance_department", place=land.province)

    with pytest.raises(NotAllowed, match="kế hoạch địa phương do địa phương lập, trình"):
        plans.ask_opinion(own, body=body, due_on=TYPED, by=people.agency, on=FRIDAY)
    assert not plan_queries.may_for(people.agency, Permission.OPINION_ASK, own.plan)
    assert plan_queries.may_for(people.agency, Permission.OPINION_ASK, national.plan)
    assert plan_queries.may_for(people.appraiser, Permission.OPINION_ASK, own.plan)


def test_a_body_is_not_asked_twice_at_once(ask, officer):
    first = ask()

    with pytest.raises(Invalid) as refusal:
        ask(first.project)
    assert list(refusal.value.fields) == ["body"]
    operations.give_opinion(first, agreement="agrees", answer="", by=officer, on=FRIDAY)
    assert ask(first.project).pk != first.pk


def test_the_implementer_gives_no_opinion_on_its_own_file(ask, land):
    with pytest.raises(Invalid, match="là đơn vị thực hiện đề án"):
        ask(body=land.centre)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"due_on": None}, "hãy ghi hạn trả lời"),
        ({"due_on": D(2026, 11, 19)}, "không được trước ngày hỏi"),
    ],
)
def test_an_answer_has_a_day(facts, said, ask):
    with pytest.raises(Invalid, match=said):
        ask(**facts)
    assert ask(due_on=FRIDAY).due_on == FRIDAY  # the day itself


def test_nobody_asks_before_the_file_came_or_tomorrow(ask, project):
    file = project(state="submitted")
    StepTakenFactory(project=file, on=FRIDAY)

    for on in (D(2026, 11, 19), D(2026, 11, 23)):  # the day before it came; the day after today
        with pytest.raises(NotPossible):
            ask(file, on=on)
    assert ask(file, on=D(2026, 11, 22)).asked_on == D(2026, 11, 22)


def test_the_row_of_the_day_counts_working_days_and_the_asker_may_set_another(statute, ask, project):
    statute(Deadline.OPINION, 2, silence_consents=True)

    asked, other = ask(due_on=None), ask(project(state="submitted"))

    assert (asked.due_on, asked.lawful_on, asked.silence_consents) == (D(2026, 11, 25), D(2026, 11, 25), True)
    assert (other.due_on, other.lawful_on) == (TYPED, D(2026, 11, 25))


def test_the_agency_is_bound_by_its_own_row(statute, ask, project, people):
    statute(Deadline.OPINION, 2)
    file = project(state="registered", **NATIONAL)

    with pytest.raises(Invalid):
        ask(file, by=people.agency, due_on=None)
    statute(Deadline.OPINION, 1, level=Level.NATIONAL, province=None)
    assert ask(file, by=people.agency, due_on=None).due_on == D(2026, 11, 23)


def is_late(asked, on):
    return asked in queries.late_opinions(Project.objects.all(), state="submitted", on=on)


@pytest.mark.parametrize(("on", "late", "consents"), [(D(2026, 11, 25), False, False), (D(2026, 11, 26), True, True)])
def test_silence_consents_the_day_after_where_the_text_says_so(on, late, consents, statute, ask):
    statute(Deadline.OPINION, 2, silence_consents=True)
    asked = ask(due_on=None)

    assert (is_late(asked, on), asked.consents(on)) == (late, consents)


def test_silence_says_nothing_where_no_text_says_so_nor_before_the_day_of_the_law(statute, ask, project):
    plain = ask(due_on=FRIDAY)
    statute(Deadline.OPINION, 2, silence_consents=True)
    hurried = ask(project(state="submitted"), due_on=FRIDAY)

    assert not plain.consents(D(2027, 1, 1))
    assert (is_late(hurried, D(2026, 11, 25)), hurried.consents(D(2026, 11, 25))) == (True, False)
    assert hurried.consents(D(2026, 11, 26))


# ---- answering ----


def test_the_asked_body_answers_once(ask, officer):
    asked = ask()

    operations.give_opinion(asked, agreement="comments", answer="Bổ sung phương án", by=officer, on=FRIDAY)

    asked.refresh_from_db()
    assert (asked.agreement, asked.answered_on, list(queries.waiting_opinions(officer))) == ("comments", FRIDAY, [])
    assert Event.objects.filter(action="project.give_opinion").count() == 1
    with pytest.raises(NotPossible, match="đã trả lời ngày 20/11/2026"):
        operations.give_opinion(asked, agreement="agrees", answer="", by=officer, on=FRIDAY)


def test_only_the_asked_body_answers_or_the_clerk_by_its_letter(ask, people, land):
    asked = ask()
    finance = person("finance_officer", place=land.province, employer=OrganisationFactory(kind="finance_department"))

    for by in (finance, people.appraiser, people.officer):
        with pytest.raises(NotAllowed):
            operations.give_opinion(asked, agreement="agrees", answer="", by=by, on=FRIDAY)
    letter = PaperFactory(kind="opinion", signed_on=FRIDAY, signer="Trần Thị Bình")
    answered = operations.give_opinion(asked, agreement="agrees", answer="", by=people.clerk, on=FRIDAY, paper=letter)
    assert answered.answer_paper == letter


@pytest.mark.parametrize(
    ("state", "goes"),
    [("draft", True), ("appraised", True), ("approved", False), ("failed", False), ("withdrawn", False)],
)
def test_a_late_answer_is_taken_while_the_project_can_still_be_decided(state, goes, ask, project, officer):
    project_ = ProjectFactory(state=state, province=officer.mandates_today[0].place)
    asked = OpinionRequestFactory(project=project_, body=officer.mandates_today[0].employer)

    assert list(queries.waiting_opinions(officer)) == ([asked] if goes else [])
    if goes:
        operations.give_opinion(asked, agreement="agrees", answer="", by=officer, on=FRIDAY)
    else:
        with pytest.raises(NotPossible, match="không còn lấy ý kiến"):
            operations.give_opinion(asked, agreement="agrees", answer="", by=officer, on=FRIDAY)


# ---- on the pages ----


def test_the_appraiser_asks_on_the_page(seen, sent, project, culture, land):
    file = project(state="submitted")
    OrganisationFactory(kind="commune_committee", name="UBND xã khác", place=CommuneFactory(province=land.province))

    page = html(seen("appraiser", "ask_opinion", file.pk))
    assert "Các quy định đã ghi không nói phải trả lời trong bao nhiêu ngày" in page
    assert "UBND xã khác" not in page  # only the committee of its own place
    assert f'<option value="{land.centre.pk}"' not in page  # nor who wrote the file
    refused = sent("appraiser", "ask_opinion", file.pk, body=culture.pk, on="20/11/2026")
    assert (refused.status_code, "hãy ghi hạn trả lời" in html(refused)) == (422, True)
    sent(
        "appraiser", "ask_opinion", file.pk, body=culture.pk, on="20/11/2026", due_on="25/11/2026", question="Di tích?"
    )

    shown = html(seen("appraiser", "page", file.pk))
    assert ("Sở Văn hóa, Thể thao và Du lịch" in shown, "(còn 3 ngày)" in shown) == (True, True)


def test_the_page_of_asking_refuses_who_does_not_judge(seen, project):
    file = project(state="submitted")

    for role in ("officer", "director", "clerk", "agency"):
        assert seen(role, "ask_opinion", file.pk).status_code == 403, role
        assert "Lấy ý kiến cơ quan khác" not in html(seen(role, "page", file.pk))
    assert "Lấy ý kiến cơ quan khác" in html(seen("appraiser", "page", file.pk))
    assert seen("stranger", "ask_opinion", file.pk).status_code == 404


def test_the_officer_answers_on_the_page_and_the_appraiser_reads_it(client, seen, ask, officer):
    asked = ask(question="Di tích?")
    client.force_login(officer)
    address = reverse("projects:give_opinion", args=[asked.project_id, asked.pk])

    assert address in html(client.get("/"))
    assert "Di tích?" in html(client.get(address))
    refused = client.post(address, {"agreement": "disagrees", "answer": "", "on": "21/11/2026"})
    assert (refused.status_code, "Hãy ghi ý kiến." in html(refused)) == (422, True)
    client.post(address, {"agreement": "disagrees", "answer": "Nằm trong vùng bảo vệ", "on": "21/11/2026"})

    shown = html(seen("appraiser", "page", asked.project_id))
    assert ("Không đồng ý" in shown, "Nằm trong vùng bảo vệ" in shown) == (True, True)


@pytest.mark.parametrize("name", ["appraise", "fail", "return"])
def test_who_concludes_while_an_opinion_is_out_is_warned_and_not_stopped(name, seen, ask, people, paper):
    asked = ask(due_on=FRIDAY)

    page = html(seen("appraiser", name, asked.project_id))

    assert "Chưa có ý kiến của Sở Văn hóa, Thể thao và Du lịch." in page
    assert "(quá hạn 2 ngày)" in page
    letter = paper("appraise", signed_on=FRIDAY)
    assert operations.appraise(asked.project, by=people.appraiser, on=FRIDAY, paper=letter).state == "appraised"


def test_no_warning_once_all_have_answered(seen, ask, officer):
    asked = ask()
    operations.give_opinion(asked, agreement="agrees", answer="", by=officer, on=FRIDAY)

    assert "Chưa có ý kiến của" not in html(seen("appraiser", "appraise", asked.project_id))


def test_the_council_reads_the_opinions_beside_the_five_points(client, ask, people, land):
    asked = ask()
    council = CouncilFactory(province=land.province)
    MemberFactory(council=council, user=people.appraiser, role="chair")
    session = SessionFactory(council=council)
    client.force_login(people.appraiser)
    pages = [
        reverse("councils:sheet", args=[council.pk, asked.project_id]),
        reverse("councils:subject", args=[council.pk, asked.project_id]),
        reverse("councils:vote", args=[council.pk, session.pk, asked.project_id]),
    ]

    for page in pages:
        assert "Chưa có ý kiến của Sở Văn hóa, Thể thao và Du lịch." in html(client.get(page)), page


def test_the_sheet_4a_says_who_was_asked_and_what_was_answered(ask, officer, culture, land, project):
    first = ask()
    finance = OrganisationFactory(kind="finance_department", name="Sở Tài chính", place=land.province)
    ask(first.project, body=finance)
    operations.give_opinion(first, agreement="comments", answer="Lùi 10 m", by=officer, on=FRIDAY)

    assert appraisal(first.project, on=FRIDAY)["opinions"] == [
        "Sở Văn hóa, Thể thao và Du lịch: đồng ý, có ý kiến (ngày 20/11/2026): Lùi 10 m",
        "Sở Tài chính được hỏi ý kiến ngày 20/11/2026, hạn 01/12/2026: chưa trả lời.",
    ]


def test_silence_that_consents_is_told_so_and_warns_nobody(statute, seen, ask):
    statute(Deadline.OPINION, 1, silence_consents=True, article="Điều 9")
    asked = ask(due_on=None, on=D(2026, 11, 19))  # to answer by the 20th; today is the 22nd

    page = html(seen("appraiser", "appraise", asked.project_id))

    assert ("Chưa có ý kiến của" in page, "Quá hạn không trả lời thì coi như đồng ý (Điều 9" in page) == (False, True)
    before, after = (appraisal(asked.project, on=day)["opinions"][0] for day in (FRIDAY, D(2026, 11, 21)))
    assert (before.endswith("chưa trả lời."), "coi như đồng ý (Điều 9" in after) == (True, True)


def test_who_looks_at_his_own_file_alone_does_not_read_what_offices_say(client, ask):
    asked = ask()
    one = asked.project.beneficiaries.get().establishment
    client.force_login(MandateFactory(role="establishment", place=None, organisation=one.organisation).user)

    page = client.get(reverse("projects:page", args=[asked.project_id]))

    assert (page.status_code, "Sở Văn hóa" in html(page)) == (200, False)


def test_the_list_and_the_calendar_show_what_is_out(seen, ask, project, people, officer):
    ask(project(state="submitted", title="Máy sấy"))
    project(state="submitted", title="Máy dệt")

    page = html(seen("appraiser", "list", waits="opinion"))
    [day] = work.calendar(officer, since=TYPED, until=TYPED)

    assert ("Máy sấy" in page, "Máy dệt" in page) == (True, False)
    assert (day.kind, work.calendar(people.stranger, since=TYPED, until=TYPED)) == ("file_opinion", [])


@pytest.mark.parametrize(("due", "chased"), [(D(2026, 11, 22), []), (D(2026, 11, 21), [2])])
def test_who_asked_is_told_the_day_after(due, chased, ask, project, people, officer, seen):
    for title in ("Máy sấy", "Máy rang"):
        ask(project(state="submitted", title=title), due_on=due)
    OpinionRequestFactory(project=project(state="appraised"), due_on=due)  # judged already

    def told(user):
        return [task.number for task in work.tasks(user) if task.kind == TaskKind.CHASE_OPINION]

    assert (told(people.appraiser), told(people.agency), told(officer)) == (chased, [], [])
    assert ("Máy sấy" in html(seen("appraiser", "list", waits="late_opinion"))) is bool(chased)


@pytest.mark.parametrize("name", ["page", "appraise"])
def test_three_opinions_cost_as_many_queries_as_one(name, client, people, project):
    file = project(state="submitted")
    OpinionRequestFactory(project=file)
    client.force_login(people.appraiser)
    address, counts = reverse(f"projects:{name}", args=[file.pk]), []
    client.get(address)
    for _time in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
        for _more in range(2):
            OpinionRequestFactory(project=file)

    assert counts[0] == counts[1]
    assert name != "page" or counts[0] <= 20
