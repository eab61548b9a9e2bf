"""Whoever asked for completion or for an opinion gives more time: with a reason, remembered, and the clock follows."""

import datetime as dt

import pytest
from django.urls import reverse

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.notices.models import Message
from khuyencong.projects import operations, queries
from khuyencong.projects.models import OpinionRequest, Project
from khuyencong.work import queries as work
from khuyencong.work.enums import TaskKind
from khuyencong.work.operations import remind
from tests.factories.councils import ConflictFactory, MemberFactory
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.projects.given import html

pytestmark = pytest.mark.django_db
D = dt.date
ASKED, DUE, LATER = D(2026, 11, 10), D(2026, 11, 20), D(2026, 12, 4)  # today is 22 November
TODAY = D(2026, 11, 22)


@pytest.fixture
def returned(project, people, paper):
    def make(*, due_on=DUE, **facts):
        file, letter = project(state="submitted", **facts), paper("return", signed_on=ASKED)
        return operations.return_(
            file, reason="Thiếu báo giá", by=people.appraiser, on=ASKED, paper=letter, due_on=due_on
        )

    return make


@pytest.fixture
def extend(people):
    def do(file, **facts):
        facts = {"due_on": LATER, "reason": " Chờ  báo giá ", "by": people.appraiser, "on": TODAY} | facts
        return operations.extend_completion(file, **facts)

    return do


@pytest.fixture
def asked(project, people, land):
    def make(*, body=None, by=None, **facts):
        file = project(state="submitted", **facts)
        body = body or OrganisationFactory(kind="finance_department", name="Sở Tài chính", place=land.province)
        return operations.ask_opinion(file, body=body, by=by or people.appraiser, on=ASKED, due_on=DUE)

    return make


# ---- a file sent back ----


def test_more_time_for_a_file_is_a_step_that_leaves_it_where_it_is(returned, extend, people):
    file = returned()
    taken = extend(file)

    assert (taken.name, taken.source, taken.target, taken.due_on) == ("extend", "draft", "draft", LATER)
    assert (taken.note, file.steps.get(name="return").due_on) == ("Chờ báo giá", DUE)
    event = Event.objects.get(action="project.extend")
    assert (event.data["before"], event.data["due_on"], event.data["reason"]) == (
        "2026-11-20",
        "2026-12-04",
        "Chờ báo giá",
    )


def test_the_clock_follows_and_what_was_late_is_late_no_longer(returned, extend, people):
    people.officer  # noqa: B018
    file = returned()
    assert TaskKind.CHASE_COMPLETION in {task.kind for task in work.tasks(people.appraiser)}

    extend(file)

    assert queries.clock_of(file, queries.timeline(file)).due == LATER
    [task] = [task for task in work.tasks(people.officer) if task.kind == TaskKind.COMPLETE_FILE]
    assert (task.due, "Thiếu báo giá" in task.note) == (LATER, True)
    assert TaskKind.CHASE_COMPLETION not in {task.kind for task in work.tasks(people.appraiser)}
    assert [
        day.on for day in work.calendar(people.officer, since=TODAY, until=D(2026, 12, 31)) if day.kind == "completion"
    ] == [LATER]


def test_a_second_extension_counts_from_the_first(returned, extend):
    file = returned()
    extend(file)

    with pytest.raises(Invalid, match="Hạn mới phải sau hạn đang có, ngày 04/12/2026"):
        extend(file)
    extend(file, due_on=LATER + dt.timedelta(days=1))
    assert queries.open_completions(Project.objects.all()).get().until == LATER + dt.timedelta(days=1)


def test_who_has_a_conflict_gives_no_more_time(returned, extend, people, client):
    file = returned()
    address = reverse("projects:extend_completion", args=[file.pk])
    client.force_login(people.appraiser)
    assert address in html(client.get(reverse("projects:page", args=[file.pk])))

    ConflictFactory(member=MemberFactory(user=people.appraiser), subject_uid=file.uid, reason="Em ruột chủ cơ sở")

    with pytest.raises(NotAllowed, match="Em ruột chủ cơ sở"):
        extend(file)
    assert not file.steps.filter(name="extend").exists()
    assert address not in html(client.get(reverse("projects:page", args=[file.pk])))


@pytest.mark.parametrize(("due", "goes"), [(DUE, False), (D(2026, 11, 21), False), (TODAY, True)])
def test_the_new_day_is_after_the_old_one_and_not_before_the_act(due, goes, returned, extend):
    file = returned()
    if goes:
        assert extend(file, due_on=due).due_on == due
    else:
        with pytest.raises(Invalid) as refusal:
            extend(file, due_on=due)
        assert list(refusal.value.fields) == ["due_on"]


def test_more_time_needs_a_reason_and_the_right_paper(returned, extend, paper):
    file = returned()
    with pytest.raises(Invalid, match="Hãy ghi lý do"):
        extend(file, reason=" ")
    with pytest.raises(NotPossible, match="Văn bản yêu cầu bổ sung"):
        extend(file, paper=paper("submit", signed_on=TODAY))
    letter = paper("return", signed_on=TODAY)
    assert extend(file, paper=letter).paper == letter


def test_only_who_asked_gives_more_time_and_only_while_it_runs(returned, extend, people, project):
    file = returned()
    for by in (people.officer, people.director, person("appraiser"), people.agency):
        with pytest.raises(NotAllowed):
            extend(file, by=by)
    with pytest.raises(NotPossible, match="không có yêu cầu bổ sung nào đang chờ"):
        extend(project(state="submitted"))


def test_the_file_that_comes_back_is_measured_by_the_new_day(returned, extend, people, paper, seen):
    file = returned()
    extend(file)
    operations.submit(file, by=people.director, on=TODAY, paper=paper("submit", signed_on=TODAY))

    page = html(seen("appraiser", "history", file.pk))
    assert "Được gia hạn đến 04/12/2026. Đã nộp lại đúng hạn." in page
    assert "Chờ báo giá. Hạn bổ sung mới: 04/12/2026." in page
    with pytest.raises(NotPossible):
        extend(file, due_on=D(2026, 12, 10))


def test_those_who_write_the_file_are_told_and_not_reminded_of_the_old_day(returned, extend, people):
    people.officer  # noqa: B018
    file = returned(due_on=D(2026, 11, 25))
    Message.objects.all().delete()

    extend(file)

    assert Message.objects.get(recipient=people.officer).subject == f"Gia hạn bổ sung hồ sơ: {file}"
    assert remind() == 0


def test_the_page_offers_more_time_to_who_asked_alone(returned, seen, sent):
    file = returned()
    address = reverse("projects:extend_completion", args=[file.pk])

    assert address in html(seen("appraiser", "page", file.pk))
    assert address not in html(seen("officer", "page", file.pk))
    assert seen("officer", "extend_completion", file.pk).status_code == 403
    assert seen("stranger", "extend_completion", file.pk).status_code == 404
    refused = sent("appraiser", "extend_completion", file.pk, due_on="20/11/2026", reason="Chờ", on="22/11/2026")
    assert "Hạn mới phải sau hạn đang có" in html(refused)
    sent("appraiser", "extend_completion", file.pk, due_on="04/12/2026", reason="Chờ báo giá", on="22/11/2026")
    page = html(seen("officer", "page", file.pk))
    assert "Thiếu báo giá" in page
    assert "04/12/2026" in page


# ---- a question to another body ----


def test_more_time_for_an_answer_keeps_the_first_day_and_is_remembered(asked, people):
    one = operations.extend_opinion(asked(), due_on=LATER, reason="Đoàn công tác", by=people.appraiser, on=TODAY)

    assert (one.due_on, one.first_due_on, one.extension_reason) == (LATER, DUE, "Đoàn công tác")
    again = operations.extend_opinion(one, due_on=D(2026, 12, 9), reason="Họp", by=people.appraiser, on=TODAY)
    assert (again.due_on, again.first_due_on) == (D(2026, 12, 9), DUE)
    befores = [e.data["before"] for e in Event.objects.filter(action="project.extend_opinion").order_by("pk")]
    assert befores == ["2026-11-20", "2026-12-04"]


def test_silence_consents_only_after_the_new_day(asked, people):
    one = asked()
    OpinionRequest.objects.update(lawful_on=DUE, silence_consents=True)
    one.refresh_from_db()
    assert one.consents(TODAY)

    one = operations.extend_opinion(one, due_on=LATER, reason="Đoàn công tác", by=people.appraiser, on=TODAY)

    assert (one.consents(LATER), one.consents(LATER + dt.timedelta(days=1))) == (False, True)


def test_more_time_for_an_answer_is_refused_without_reason_to_others_and_after_it(asked, people, land):
    one = asked()
    own = person("finance_officer", place=land.province, employer=one.body)

    def extend(**facts):
        facts = {"due_on": LATER, "reason": "Họp", "by": people.appraiser, "on": TODAY} | facts
        operations.extend_opinion(one, **facts)

    for by in (own, people.officer, people.agency, people.clerk, person("appraiser")):
        with pytest.raises(NotAllowed):
            extend(by=by)
    with pytest.raises(Invalid, match="Hãy ghi lý do"):
        extend(reason=" ")
    with pytest.raises(Invalid, match="Hạn mới phải sau hạn đang có, ngày 20/11/2026"):
        extend(due_on=DUE)
    with pytest.raises(Invalid, match="Ngày gia hạn không thể trước ngày hỏi 10/11/2026"):
        extend(on=D(2026, 11, 9))
    with pytest.raises(Invalid, match="chưa tới"):
        extend(on=D(2026, 11, 23))
    operations.give_opinion(one, agreement="agrees", answer="", by=own, on=TODAY)
    with pytest.raises(NotPossible, match="Sở Tài chính đã trả lời ngày 22/11/2026"):
        extend()


def test_the_page_shows_both_days_of_an_answer_and_offers_more_time_to_who_asks(asked, people, seen, sent):
    one = asked()
    address = reverse("projects:extend_opinion", args=[one.project_id, one.pk])
    assert address in html(seen("appraiser", "page", one.project_id))
    assert address not in html(seen("clerk", "page", one.project_id))
    assert seen("clerk", "extend_opinion", one.project_id, one.pk).status_code == 403

    sent(
        "appraiser",
        "extend_opinion",
        one.project_id,
        one.pk,
        due_on="04/12/2026",
        reason="Đoàn công tác",
        on="22/11/2026",
    )

    page = html(seen("appraiser", "page", one.project_id))
    assert "Đã gia hạn; hạn lúc hỏi 20/11/2026. Lý do: Đoàn công tác" in page


# ---- bodies of the country ----

NATIONAL = {"level": "national", "national": 300_000_000, "local": 0}


@pytest.fixture
def ministry():
    return OrganisationFactory(kind="ministry", name="Bộ Tài chính", place=None)


def test_the_agency_asks_ministries_and_not_itself_the_department_only_its_province(
    project, people, ministry, seen, land
):
    agency = OrganisationFactory(kind="agency", name="Cục Khuyến công", place=None)
    people.agency.mandates.update(employer=agency)
    elsewhere = OrganisationFactory(kind="finance_department", name="Sở Tài chính nơi khác")
    finance = OrganisationFactory(kind="finance_department", name="Sở Tài chính", place=land.province)

    def offered(role, state):
        file = project(state=state, **NATIONAL)
        return set(seen(role, "ask_opinion", file.pk).context["form"].fields["body"].queryset)

    found = offered("agency", "registered")
    assert {ministry, finance} <= found
    assert not {agency, elsewhere} & found
    assert ministry not in offered("appraiser", "submitted")


def test_the_letter_of_a_ministry_is_entered_by_who_asked_and_that_of_a_department_is_not(
    project, people, ministry, land, paper
):
    file = project(state="registered", **NATIONAL)
    finance = OrganisationFactory(kind="finance_department", name="Sở Tài chính", place=land.province)
    of_ministry, of_department = (
        operations.ask_opinion(file, body=body, by=people.agency, on=ASKED, due_on=DUE) for body in (ministry, finance)
    )

    def answer(one, **facts):
        return operations.give_opinion(one, agreement="agrees", answer="", by=people.agency, on=TODAY, **facts)

    with pytest.raises(NotPossible, match="phải kèm văn bản cho ý kiến"):
        answer(of_ministry)
    letter = PaperFactory(kind="opinion", province=None, signed_on=TODAY)
    assert answer(of_ministry, paper=letter).answer_paper == letter
    with pytest.raises(NotAllowed):
        answer(of_department, paper=letter)
