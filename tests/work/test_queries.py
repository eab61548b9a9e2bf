import datetime as dt

import pytest
from django.utils.translation import override

from khuyencong.work import queries
from khuyencong.work.enums import TaskKind as K
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.contracts import AcceptanceFactory, AdvanceFactory, RecoveryFactory, RecoveryReceiptFactory
from tests.factories.councils import ConflictFactory, MemberFactory
from tests.factories.needs import CallFactory, NeedFactory, NoNeedFactory, VisitFactory
from tests.factories.norms import DeadlineRowFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.plans import DecisionFactory, ItemFactory, PlanFactory
from tests.factories.projects import ProjectFactory, StepTakenFactory


@pytest.fixture
def province(db):
    return ProvinceFactory()


def told(user):
    return [(task.kind, task.number) for task in queries.tasks(user)]


def test_somebody_without_a_mandate_has_nothing_to_do(db):
    assert queries.tasks(UserFactory()) == []


def test_a_silent_commune_is_asked_to_answer(province):
    commune = CommuneFactory(province=province)
    call = CallFactory(province=province)
    collaborator = person("collaborator", place=commune)

    [task] = queries.tasks(collaborator)

    assert (task.kind, task.due, task.subject) == (K.ANSWER_CALL, dt.date(2026, 11, 30), call.pk)
    NoNeedFactory(call=call, commune=commune)
    assert queries.tasks(collaborator) == []


@pytest.mark.parametrize(
    ("before", "row", "wanted"),
    [
        ({"opens_on": dt.date(2025, 11, 22)}, None, [dt.date(2026, 11, 22)]),
        ({"opens_on": dt.date(2025, 11, 23)}, None, []),  # its season begins tomorrow
        (None, (1, 21), [dt.date(2027, 1, 21)]),  # sixty days ahead of the day of the law
        (None, (1, 22), []),
        ({"opens_on": dt.date(2025, 9, 7)}, (1, 31), [dt.date(2027, 1, 31)]),
        (None, None, []),
    ],
)
@pytest.mark.parametrize("role", ["department_director", "appraiser", "centre_officer"])
def test_the_call_for_next_year_waits_for_the_department_from_its_season_on(role, before, row, wanted, province):
    if before:
        CallFactory(province=province, year=2026, **before)
    if row:
        month, day = row
        DeadlineRowFactory(
            code="registration_to_department",
            level="provincial",
            province=province,
            month=month,
            day=day,
            year_offset=0,
        )
    user = person(role, place=province)

    def waits():
        return [task.due for task in queries.tasks(user) if task.kind == K.OPEN_CALL]

    assert waits() == ([] if role == "centre_officer" else wanted)
    CallFactory(province=province, year=2027)
    assert waits() == []


def test_needs_wait_for_the_commune_then_for_the_centre_then_for_the_department(province):
    commune = CommuneFactory(province=province)
    call = CallFactory(province=province)
    for state in ("sent", "confirmed", "surveyed", "proposed"):
        NeedFactory(call=call, commune=commune, state=state)

    assert told(person("commune_officer", place=commune)) == [(K.CONFIRM_NEEDS, 1)]
    assert told(person("centre_officer", place=province)) == [(K.PLAN_SURVEY, 1), (K.PROPOSE_NEEDS, 1)]
    assert told(person("department_director", place=province)) == [(K.ANSWER_NEEDS, 1)]


def test_a_tour_ahead_waits_for_the_officer(province):
    need = NeedFactory(call=CallFactory(province=province), state="survey_planned")
    visit = VisitFactory(need=need, planned_on=dt.date(2026, 12, 3))

    [task] = queries.tasks(person("centre_officer", place=province))

    assert (task.kind, task.due, task.subject) == (K.SURVEY, dt.date(2026, 12, 3), visit.plan_id)


def test_late_tasks_stand_first_and_those_without_a_day_last(province):
    VisitFactory(
        need=NeedFactory(call=CallFactory(province=province), state="survey_planned"), planned_on=dt.date(2026, 11, 20)
    )
    NeedFactory(call=CallFactory(province=province, year=2028), state="confirmed")

    found = queries.tasks(person("centre_officer", place=province))

    assert [task.kind for task in found] == [K.SURVEY, K.PLAN_SURVEY]
    assert queries.overdue(found, today=dt.date(2026, 11, 22)) == 1


def test_a_centre_director_signs_for_his_own_centre_only(province):
    centre = OrganisationFactory(centre=True, place=province)
    ProjectFactory(province=province, implementer=centre)
    ProjectFactory(province=province)

    director = person("centre_director", place=province, employer=centre)

    assert (K.SUBMIT, 1) in told(director)
    assert [paper.about for paper in queries.to_sign(director)] == ["project"]


def test_drafts_that_are_not_his_hide_nothing_that_a_person_has_to_sign(db):
    agency = MandateFactory(role="ministry_agency", country=True).user
    for _draft in range(21):
        ItemFactory()
    item = ItemFactory(decision__plan__of_nation=True)

    assert [paper.subject for paper in queries.to_sign(agency)] == [item.decision_id]


@pytest.mark.parametrize(("language", "told"), [("vi", "1 đề án, "), ("en", "1 project, ")])
def test_what_a_decision_to_sign_holds_is_told_in_the_language_of_who_signs(db, language, told):
    agency = MandateFactory(role="ministry_agency", country=True).user
    ItemFactory(decision__plan__of_nation=True)

    with override(language):
        [paper] = queries.to_sign(agency)

    assert paper.note.startswith(told)


def test_work_of_another_province_does_not_wait_here(province):
    NeedFactory(state="confirmed")

    assert queries.tasks(person("centre_officer", place=province)) == []


def test_a_mandate_that_ends_soon_waits_for_its_hand_over(province):
    MandateFactory(role="centre_officer", place=province, valid_to=dt.date(2026, 12, 1))
    MandateFactory(role="centre_officer", place=province, valid_to=dt.date(2027, 6, 1))

    administrator = person("administrator", place=province)

    assert told(administrator) == [(K.HAND_OVER, 1)]


ROLES = (
    "collaborator",
    "commune_officer",
    "centre_officer",
    "department_director",
    "accountant",
    "provincial_approver",
)


@pytest.mark.parametrize("role", ROLES)
def test_the_number_of_rows_does_not_change_the_number_of_queries(
    province, role, django_assert_max_num_queries, django_assert_num_queries
):
    commune = CommuneFactory(province=province)
    user = person(role, place=commune if role in ("collaborator", "commune_officer") else province)

    def fill():
        call = CallFactory(province=province, year=2028 + NeedFactory._meta.model.objects.count())
        for state in ("sent", "confirmed", "surveyed", "proposed"):
            NeedFactory(call=call, commune=commune, state=state)
        for state in ("draft", "submitted", "appraised"):
            ProjectFactory(province=province, state=state)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    fill()
    user.forget_mandates()
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.tasks(user)
    fill()
    fill()
    user.forget_mandates()
    with CaptureQueriesContext(connection) as three:
        queries.tasks(user)

    assert len(one) == len(three)
    assert len(one) <= 18


def sent_back(province, *, due_on, **facts):
    file = ProjectFactory(province=province, state="draft", **facts)
    return StepTakenFactory(
        project=file, name="return", source="submitted", target="draft", on=dt.date(2026, 11, 2), due_on=due_on
    )


def test_a_file_sent_back_waits_for_its_writer_by_its_day_and_not_among_those_being_written(province):
    centre = OrganisationFactory(centre=True, place=province)
    officer = person("centre_officer", place=province, employer=centre)
    asked = sent_back(province, implementer=centre, due_on=dt.date(2026, 11, 25))
    sent_back(province, due_on=dt.date(2026, 11, 25))  # another body's
    begun = ProjectFactory(province=province, implementer=centre)

    found = queries.tasks(officer)

    assert [(task.kind, task.number, task.due, task.subject) for task in found] == [
        (K.COMPLETE_FILE, 1, dt.date(2026, 11, 25), asked.project_id),
        (K.FINISH_FILE, 1, None, begun.pk),
    ]


@pytest.mark.parametrize(("due", "chased"), [(dt.date(2026, 11, 22), []), (dt.date(2026, 11, 21), [1])])
def test_who_asked_is_told_the_day_after(province, due, chased):
    sent_back(province, due_on=due)
    appraiser = person("appraiser", place=province)

    found = [task.number for task in queries.tasks(appraiser) if task.kind == K.CHASE_COMPLETION]

    assert found == chased
    assert queries.overdue(queries.tasks(appraiser), today=dt.date(2026, 11, 22)) == len(chased)


def test_the_agency_chases_its_own_requests_only(province):
    national = {"level": "national", "national": 300_000_000, "local": 0}
    sent_back(province, due_on=dt.date(2026, 11, 20), **national)
    mine = sent_back(province, due_on=dt.date(2026, 11, 20), **national)
    type(mine).objects.filter(pk=mine.pk).update(name="ministry_return")
    agency = MandateFactory(role="ministry_agency", country=True).user

    [task] = [task for task in queries.tasks(agency) if task.kind == K.CHASE_COMPLETION]

    assert (task.number, task.subject) == (1, mine.project_id)


def test_what_waits_for_appraisal_has_the_first_day_of_its_row(province):
    DeadlineRowFactory(
        code="appraisal_base", kind="days_after", month=None, day=None, days=20, year_offset=0,
        level="provincial", province=province,
    )  # fmt: skip
    for on in (dt.date(2026, 11, 9), dt.date(2026, 11, 4)):
        StepTakenFactory(project=ProjectFactory(province=province, state="submitted"), on=on)

    [task] = [task for task in queries.tasks(person("appraiser", place=province)) if task.kind == K.APPRAISE]

    assert (task.number, task.due) == (2, dt.date(2026, 11, 24))


def test_a_project_in_which_one_has_an_interest_does_not_wait_for_him(province):
    mine, other = (ProjectFactory(province=province, state="submitted") for _number in range(2))
    judge = person("appraiser", place=province)
    ConflictFactory(member=MemberFactory(user=judge), subject_uid=mine.uid, reason="Em ruột chủ cơ sở")

    [task] = [task for task in queries.tasks(judge) if task.kind == K.APPRAISE]

    assert (task.number, task.subject) == (1, other.pk)


def test_a_project_that_stands_in_a_draft_decision_waits_for_no_place_in_the_plan(province):
    ItemFactory(project=ProjectFactory(province=province, state="appraised"), decision__state="draft")
    ProjectFactory(province=province, state="appraised")

    [task] = [task for task in queries.tasks(person("appraiser", place=province)) if task.kind == K.PLAN]

    assert task.number == 1


def test_what_waits_for_a_place_leads_to_its_plan_and_of_several_plans_to_their_list(province):
    appraiser = person("appraiser", place=province)
    of_2026 = PlanFactory(province=province, year=2026)
    PlanFactory(province=province, year=2025)
    PlanFactory(year=2026)  # of another province

    def leads():
        [task] = [task for task in queries.tasks(appraiser) if task.kind == K.PLAN]
        return task.number, task.subject

    for _once in range(2):
        ProjectFactory(province=province, state="appraised", year=2026)
    assert leads() == (2, of_2026.pk)
    ProjectFactory(province=province, state="appraised", year=2025)
    assert leads() == (3, None)


def test_what_waits_for_a_plan_that_nobody_has_opened_leads_to_the_list(province):
    ProjectFactory(province=province, state="appraised")

    [task] = [task for task in queries.tasks(person("appraiser", place=province)) if task.kind == K.PLAN]

    assert (task.number, task.subject) == (1, None)


def test_local_projects_wait_for_their_province_to_place_them_and_not_for_the_agency(province):
    ProjectFactory(province=province, state="appraised")
    ProjectFactory(of_nation=True, province=province, state="ministry_appraised")

    assert (K.PLAN, 1) in told(person("ministry_agency", country=True))
    assert (K.PLAN, 2) in told(person("appraiser", place=province))


def test_what_waits_for_liquidation_has_the_first_day_of_the_rows_that_bind_it(province):
    DeadlineRowFactory(code="liquidation", month=1, day=22)
    user = person("department_director", place=province)

    def due():
        return next(task.due for task in queries.tasks(user) if task.kind == K.LIQUIDATE)

    old = ProjectFactory(province=province, state="settled", year=2025)
    ProjectFactory(province=province, state="settled", year=2026)
    assert due() == dt.date(2026, 1, 22)
    DeadlineRowFactory(code="liquidation", month=2, day=15, level="provincial", province=province)
    assert due() == dt.date(2026, 2, 15)
    EntryFactory(envelope=EnvelopeFactory(province=province, year=2025), project=old, kind="carried_out", amount=5)

    assert due() == dt.date(2027, 2, 15)


def test_what_waits_for_settlement_has_the_first_day_counted_from_the_last_acceptance_of_each(province):
    DeadlineRowFactory(code="settlement_dossier", kind="days_after", month=None, day=None, days=15)
    accountant = person("accountant", place=province)

    def due():
        return next(task.due for task in queries.tasks(accountant) if task.kind == K.SETTLE)

    first = AcceptanceFactory(project__province=province, project__state="accepted", on=dt.date(2026, 11, 5))
    assert due() == dt.date(2026, 11, 20)
    AcceptanceFactory(project=first.project, on=dt.date(2026, 11, 12))  # a second part: the file is due after the last
    AcceptanceFactory(project=first.project, on=dt.date(2026, 11, 19), verdict="failed")
    assert due() == dt.date(2026, 11, 27)
    AcceptanceFactory(project__province=province, project__state="accepted", on=dt.date(2026, 11, 8))

    assert due() == dt.date(2026, 11, 23)


def test_what_cannot_be_liquidated_yet_is_told_apart_with_its_reason(province):
    DeadlineRowFactory(code="liquidation", month=1, day=22)
    user, envelope = person("department_director", place=province), EnvelopeFactory(province=province)
    ready, over, short = (ProjectFactory(province=province, state="settled", year=2026) for _number in range(3))
    for project, paid, settled in ((ready, 300, 300), (over, 300, 270), (short, 280, 300)):
        EntryFactory(envelope=envelope, project=project, kind="advanced", amount=paid * 1_000_000)
        EntryFactory(envelope=envelope, project=project, kind="settled", amount=settled * 1_000_000)

    can, cannot = (task for task in queries.tasks(user) if task.kind in (K.LIQUIDATE, K.LIQUIDATE_LATER))

    assert (can.kind, can.number, can.subject) == (K.LIQUIDATE, 1, ready.pk)
    assert (cannot.kind, cannot.number, cannot.subject, cannot.due) == (K.LIQUIDATE_LATER, 2, None, can.due)
    assert cannot.rest == (
        "2 đề án: còn 30 triệu đồng tạm ứng thừa chưa nộp trả, còn 20 triệu đồng đã quyết toán chưa chuyển"
    )


def test_the_calendar_shows_what_lies_between_two_days(province):
    VisitFactory(
        need=NeedFactory(call=CallFactory(province=province), state="survey_planned"), planned_on=dt.date(2026, 12, 3)
    )
    officer = person("centre_officer", place=province)

    found = queries.calendar(officer, since=dt.date(2026, 11, 23), until=dt.date(2026, 12, 3))

    assert [(day.on, day.kind) for day in found] == [(dt.date(2026, 11, 30), "call"), (dt.date(2026, 12, 3), "survey")]
    assert queries.calendar(officer, since=dt.date(2026, 12, 4), until=dt.date(2026, 12, 31)) == []


def test_the_calendar_shows_by_when_files_sent_back_must_be_whole(province):
    asked = sent_back(province, due_on=dt.date(2026, 12, 1))
    days = {"since": dt.date(2026, 11, 30), "until": dt.date(2026, 12, 1)}

    [day] = queries.calendar(person("centre_officer", place=province), **days)

    assert (day.on, day.kind, day.subject) == (dt.date(2026, 12, 1), "completion", asked.project_id)
    assert queries.calendar(person("centre_officer"), **days) == []


def test_national_money_waits_for_the_agency_and_local_money_for_the_province(province):
    for level in ("national", "provincial"):
        ProjectFactory(province=province, level=level, state="approved", granted_national=0, granted_local=0)

    agency = person("ministry_agency", place=None, whole_country=True)
    department = person("department_director", place=province)

    assert (K.ASSIGN, 1) in told(agency)
    assert (K.ASSIGN, 1) in told(department)


def test_a_decision_waits_for_the_approver_of_its_level_once_it_is_submitted(province):
    national = DecisionFactory(plan__province=province, plan__level="national", state="submitted")
    local = DecisionFactory(plan__province=province, plan__level="provincial", plan__year=2028, state="submitted")
    DecisionFactory(plan__province=province, plan__level="provincial", plan__year=2029)

    def waiting(user):
        return [task.subject for task in queries.tasks(user) if task.kind == K.DECIDE]

    assert waiting(person("provincial_approver", place=province)) == [local.pk]
    assert waiting(person("ministry_approver", place=None, whole_country=True)) == [national.pk]
    assert waiting(person("registry_clerk", place=province)) == [national.pk, local.pk]


def test_home_counts_national_money_once_where_agency_and_province_record_it(province):
    EntryFactory(envelope=EnvelopeFactory(of_agency=True), amount=9_000, on=dt.date(2026, 2, 3))
    EntryFactory(envelope=EnvelopeFactory(of_nation=True, province=province), amount=2_000, on=dt.date(2026, 1, 8))
    EntryFactory(envelope=EnvelopeFactory(province=province), amount=300, on=dt.date(2026, 1, 8))

    found = queries.year_of(person("ministry_agency", country=True), year=2026)

    assert (found.money.national.money, found.money.local.money, found.money.all.money) == (9_000, 300, 9_300)
    assert (found.given_by_month[0], found.given_by_month[1], found.given_by_month[-1]) == (2_300, 9_300, 9_300)
    own = queries.year_of(person("department_director", place=province), year=2026)
    assert (own.money.all.money, own.given_by_month[-1]) == (2_300, 2_300)


def test_money_demanded_back_waits_until_all_of_it_has_come(province):
    recovery = RecoveryFactory(project__province=province, project__title="Máy sấy", amount=100_000_000)
    RecoveryReceiptFactory(recovery=recovery, amount=99_999_999)
    RecoveryFactory()  # of another province
    accountant = person("accountant", place=province)

    [task] = [task for task in queries.tasks(accountant) if task.kind == K.RECEIVE_RECOVERY]

    assert (task.due, task.subject, task.within) == (dt.date(2026, 12, 31), recovery.pk, recovery.project_id)
    assert task.rest == "còn 1 đồng: Máy sấy"
    assert K.RECEIVE_RECOVERY not in [task.kind for task in queries.tasks(person("centre_director", place=province))]
    RecoveryReceiptFactory(recovery=recovery, amount=1)
    assert K.RECEIVE_RECOVERY not in [task.kind for task in queries.tasks(accountant)]


def test_what_a_commune_may_lose_is_of_the_money_that_stands_beside_it(province):
    """Its own envelope and what the agency keeps for it; not the province's, which its home does not show as given."""
    here = CommuneFactory(province=province)
    own = EnvelopeFactory(province=province, commune=here, level="communal")
    EntryFactory(envelope=own, amount=150, on=dt.date(2026, 1, 8))
    for envelope, promised, paid in (
        (own, 100, 40),
        (EnvelopeFactory(of_agency=True), 170, 170),
        (EnvelopeFactory(province=province), 350, 0),
    ):
        project = ProjectFactory(province=province, commune=here, state="running", year=2026)
        EntryFactory(envelope=envelope, kind="committed", amount=promised, project=project)
        if paid:
            EntryFactory(envelope=envelope, kind="advanced", amount=paid, project=project)

    commune = queries.year_of(person("commune_officer", place=here), year=2026)
    assert (commune.money.all.money, commune.at_risk, commune.risky) == (150, 60, 1)
    whole = queries.year_of(person("department_director", place=province), year=2026)
    assert (whole.at_risk, whole.risky) == (410, 2)


def test_the_agency_pays_national_advances_alone(db):
    national = AdvanceFactory(project=ProjectFactory(running=True, level="national"), state="confirmed")
    AdvanceFactory(project=ProjectFactory(running=True, level="provincial"), state="confirmed")

    [task] = [t for t in queries.tasks(person("ministry_agency", country=True, place=None)) if t.kind == K.PAY_ADVANCE]

    assert (task.number, task.subject) == (1, national.project_id)


def test_what_goes_along_with_a_mandate_is_what_waits_under_it(province):
    mandate = MandateFactory(role="department_director", place=province)
    other = MandateFactory(role="centre_officer", place=province, user=mandate.user)
    NeedFactory(call=CallFactory(province=province), state="proposed")
    NeedFactory(call=CallFactory(province=province, year=2028), state="confirmed")

    assert [task.kind for task in queries.tasks_under(mandate)] == [K.ANSWER_NEEDS]
    assert [task.kind for task in queries.tasks_under(other)] == [K.PLAN_SURVEY]
