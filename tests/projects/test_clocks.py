"""Requests for completion and appraisals by the clock: whose day, from when, when it stops."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed
from khuyencong.norms.enums import Deadline, Level
from khuyencong.projects import operations, queries
from khuyencong.projects.models import Project
from tests.factories.councils import SessionFactory, VoteFactory
from tests.factories.documents import RequirementFactory
from tests.factories.people import person
from tests.factories.projects import StepTakenFactory
from tests.projects.given import html, paper_fields

pytestmark = pytest.mark.django_db
D = dt.date
FRIDAY, TYPED = D(2026, 11, 20), D(2026, 12, 15)  # the Tuesday after that Friday is a holiday


@pytest.fixture
def sent_back(project, people, paper):
    """A file that waits for its appraisal, and is sent back on that Friday."""

    def make(*, on=FRIDAY, due_on=None, **facts):
        file = project(state="submitted", **facts)
        letter = paper("return", signed_on=on)
        return operations.return_(file, reason="Thiếu báo giá", by=people.appraiser, on=on, paper=letter, due_on=due_on)

    return make


def asked(project):
    step = project.steps.get(name="return")
    return step.due_on, step.lawful_on


# ---- by when ----


def test_the_day_of_a_completion_is_counted_in_working_days_over_weekend_and_holiday(statute, sent_back):
    statute(Deadline.COMPLETION, 2)

    assert asked(sent_back()) == (D(2026, 11, 25), D(2026, 11, 25))


def test_the_letter_sets_another_day_and_both_are_kept(statute, sent_back):
    statute(Deadline.COMPLETION, 2)

    assert asked(sent_back(due_on=TYPED)) == (TYPED, D(2026, 11, 25))


def test_without_a_row_the_letter_alone_sets_the_day(sent_back):
    file = sent_back(due_on=TYPED)

    assert (asked(file), file.steps.get().due_basis) == ((TYPED, None), "")
    assert Event.objects.get(action="project.return").data["due_on"] == "2026-12-15"


def test_without_a_row_and_a_day_in_the_letter_nothing_is_sent_back(sent_back):
    with pytest.raises(Invalid) as refusal:
        sent_back()

    assert list(refusal.value.fields) == ["due_on"]
    assert "hãy ghi hạn theo công văn" in str(refusal.value)
    assert Project.objects.get().state == "submitted"


@pytest.mark.parametrize(("due", "goes"), [(D(2026, 11, 19), False), (FRIDAY, True)])
def test_the_day_of_a_completion_is_not_before_its_request(due, goes, sent_back):
    if goes:
        assert asked(sent_back(due_on=due)) == (due, None)
    else:
        with pytest.raises(Invalid, match="Hạn bổ sung 19/11/2026 không được trước ngày yêu cầu 20/11/2026"):
            sent_back(due_on=due)


def test_the_database_refuses_a_day_before_the_request():
    with pytest.raises(IntegrityError), transaction.atomic():
        StepTakenFactory(name="return", on=FRIDAY, due_on=D(2026, 11, 19))


def test_a_stranger_is_refused_before_his_day_is_looked_at(project, people, paper):
    with pytest.raises(NotAllowed):
        operations.return_(
            project(state="submitted"),
            reason="x",
            by=people.officer,
            on=FRIDAY,
            paper=paper("return", signed_on=FRIDAY),
        )


def test_the_row_of_the_day_counts(statute, sent_back):
    statute(Deadline.COMPLETION, 2, valid_to=FRIDAY)
    statute(Deadline.COMPLETION, 3, valid_from=FRIDAY)

    assert asked(sent_back(on=D(2026, 11, 19)))[0] == D(2026, 11, 23)  # the day before: two
    assert asked(sent_back())[0] == D(2026, 11, 26)


def test_base_appraisal_of_national_money_is_counted_by_the_department_s_own_text(statute, land, sent_back):
    statute(Deadline.COMPLETION, 2)
    facts = {"level": "national", "national": 300_000_000, "local": 0}

    assert asked(sent_back(**facts))[0] == D(2026, 11, 25)
    statute(Deadline.COMPLETION, 1, level=Level.NATIONAL, province=None)
    assert asked(sent_back(**facts))[0] == D(2026, 11, 23)  # a text of the ministry comes first


def test_the_agency_is_not_bound_by_a_province_s_statute(statute, project, people, paper):
    statute(Deadline.COMPLETION, 2)
    file = project(level="national", national=300_000_000, local=0, state="registered")
    letter = paper("ministry_return", signed_on=FRIDAY)

    with pytest.raises(Invalid):
        operations.ministry_return(file, reason="Thiếu", by=people.agency, on=FRIDAY, paper=letter)
    operations.ministry_return(file, reason="Thiếu", by=people.agency, on=FRIDAY, paper=letter, due_on=TYPED)

    assert file.steps.get().due_on == TYPED


# ---- what runs ----


def test_answering_stops_the_clock_and_the_appraisal_is_counted_anew(statute, sent_back, people, paper):
    statute(Deadline.APPRAISAL_BASE, 1)
    file = sent_back(due_on=TYPED)
    [running] = queries.open_completions(Project.objects.all())
    clock = queries.clock_of(file, queries.timeline(file))
    assert (running.project, clock.completes, clock.due) == (file, True, TYPED)

    file = operations.submit(file, by=people.director, on=FRIDAY, paper=paper("submit", signed_on=FRIDAY))

    clock = queries.clock_of(file, queries.timeline(file))
    assert list(queries.open_completions(Project.objects.all())) == []
    assert (clock.completes, clock.since, clock.due, clock.again) == (False, FRIDAY, D(2026, 11, 23), True)


def test_withdrawing_stops_the_clock(sent_back, people, paper):
    file = sent_back(due_on=TYPED)

    operations.withdraw(file, reason="Thôi", by=people.director, on=FRIDAY, paper=paper("withdraw", signed_on=FRIDAY))

    assert list(queries.open_completions(Project.objects.all())) == []


def test_only_the_last_of_two_requests_runs(sent_back, people, paper):
    file = sent_back(on=D(2026, 11, 18), due_on=D(2026, 11, 19))
    letter = paper("submit", signed_on=D(2026, 11, 19))
    operations.submit(file, by=people.director, on=D(2026, 11, 19), paper=letter)
    back = paper("return", signed_on=FRIDAY)
    operations.return_(file, reason="Còn thiếu", by=people.appraiser, on=FRIDAY, paper=back, due_on=TYPED)

    assert [step.due_on for step in queries.open_completions(Project.objects.all())] == [TYPED]


def test_an_appraisal_has_no_day_where_no_text_counts_it(project, people, paper):
    file = operations.submit(project(), by=people.director, on=FRIDAY, paper=paper("submit", signed_on=FRIDAY))

    clock = queries.clock_of(file, queries.timeline(file))

    assert (clock.since, clock.due, clock.again) == (FRIDAY, None, False)
    assert queries.clock_of(project(state="appraised"), []) is None


def test_the_ministry_counts_from_the_registration(statute, project):
    statute(Deadline.APPRAISAL_MINISTRY, 1, level=Level.NATIONAL, province=None)
    file = project(level="national", national=300_000_000, local=0, state="registered")
    StepTakenFactory(project=file, name="register", source="appraised", target="registered", on=FRIDAY)

    assert queries.clock_of(file, queries.timeline(file)).due == D(2026, 11, 23)


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_day_of_those_that_wait_is_asked_in_three_queries(statute, project, django_assert_num_queries, count):
    statute(Deadline.APPRAISAL_BASE, 1)
    for number in range(count):
        StepTakenFactory(project=project(state="submitted"), on=FRIDAY + dt.timedelta(days=number))

    with django_assert_num_queries(3):
        assert queries.first_appraisal_due(Project.objects.all(), tier="base") == D(2026, 11, 23)


# ---- on the pages ----


def test_the_owner_sees_what_is_missing_and_by_when(seen, sent_back):
    file = sent_back(due_on=D(2026, 11, 25))

    page = html(seen("officer", "page", file.pk))

    assert "Hạn bổ sung" in page
    assert "(còn 3 ngày)" in page  # today is the 22nd
    assert "Hạn bổ sung 25/11/2026 (do cơ quan yêu cầu ấn định; các quy định đã ghi không nói số ngày)." in page
    assert "Hạn bổ sung" in html(seen("appraiser", "page", file.pk))


@pytest.mark.parametrize(("due", "said"), [(D(2026, 11, 22), "(hôm nay)"), (D(2026, 11, 21), "(quá hạn 1 ngày)")])
def test_the_day_and_the_day_after(due, said, seen, sent_back):
    assert said in html(seen("officer", "page", sent_back(due_on=due).pk))


def test_the_history_keeps_the_ground_and_whether_it_was_kept(statute, seen, sent_back, people, paper):
    statute(Deadline.COMPLETION, 2, article="Điều 9")
    late, early = sent_back(on=D(2026, 11, 9), due_on=D(2026, 11, 19)), sent_back()
    for file in (late, early):
        operations.submit(file, by=people.director, on=FRIDAY, paper=paper("submit", signed_on=FRIDAY))

    page = html(seen("officer", "history", late.pk))
    assert "Hạn bổ sung 19/11/2026 (do cơ quan yêu cầu ấn định; theo quy định là 11/11/2026: Điều 9" in page
    assert "Nộp lại quá hạn 1 ngày." in page
    assert "Đã nộp lại đúng hạn." in html(seen("officer", "history", early.pk))


def test_the_step_begins_with_what_the_council_said_and_what_is_not_there(statute, seen, project):
    statute(Deadline.COMPLETION, 5, article="Điều 9")
    RequirementFactory(stage="appraisal", level="provincial", title="Báo giá")
    file = project(state="submitted")
    VoteFactory(
        session=SessionFactory(council__province=file.province), subject_uid=file.uid, conclusion="complete",
        opinion="Làm rõ hiệu quả.",
    )  # fmt: skip

    answer = seen("appraiser", "return", file.pk)

    assert answer.context["form"].initial["reason"] == "Làm rõ hiệu quả. Còn thiếu: Báo giá."
    assert "Hạn bổ sung theo quy định, nếu gửi hôm nay: 30/11/2026. Điều 9" in html(answer)


def test_the_step_asks_for_a_day_where_no_text_gives_one(seen, sent, project):
    file = project(state="submitted")

    assert "hạn ghi theo công văn yêu cầu" in html(seen("appraiser", "return", file.pk))
    refused = sent("appraiser", "return", file.pk, reason="Thiếu", **paper_fields(number="45/SCT"))
    assert "hãy ghi hạn theo công văn" in html(refused)
    assert (refused.status_code, file.steps.count()) == (422, 0)


def test_the_appraiser_reads_by_when_he_is_to_judge(statute, seen, project):
    statute(Deadline.APPRAISAL_BASE, 2, article="Điều 9")
    file = project(state="submitted")
    StepTakenFactory(project=file, on=FRIDAY)

    assert "Hạn thẩm định 25/11/2026: Điều 9" in html(seen("appraiser", "appraise", file.pk))
    assert "(còn 3 ngày)" in html(seen("appraiser", "page", file.pk))


def test_the_list_narrows_to_what_was_sent_back_and_to_what_is_late(seen, sent_back, project):
    project(title="Máy dệt")
    sent_back(title="Máy sấy", due_on=D(2026, 11, 21))
    sent_back(title="Máy rang", due_on=D(2026, 11, 22))

    back, late = (html(seen("appraiser", "list", waits=waits)) for waits in ("completion", "late"))

    assert [name in back for name in ("Máy sấy", "Máy rang", "Máy dệt")] == [True, True, False]
    assert [name in late for name in ("Máy sấy", "Máy rang", "Máy dệt")] == [True, False, False]


def test_who_sees_nothing_of_the_file_sees_no_request(land, sent_back):
    sent_back(due_on=TYPED)
    stranger = person("centre_officer")

    assert list(queries.open_completions(Project.objects.visible_to(stranger))) == []
