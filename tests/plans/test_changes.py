"""Whose a change is, what it asks for, and what it does to project and ledger (TT 36/2013 Đ11 and the province's rows)."""

import datetime as dt

import pytest

from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.budgets import operations as budgets
from khuyencong.budgets.queries import available, commitments
from khuyencong.norms.enums import ChangeKind
from khuyencong.notices.models import Message
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import ChangeRequest
from khuyencong.plans.rules import KINDS_OF, authority_of_change
from khuyencong.projects import operations as projects
from tests.factories.budgets import EnvelopeFactory
from tests.factories.establishments import EstablishmentFactory
from tests.factories.norms import ChangeAuthorityFactory
from tests.factories.people import person
from tests.factories.places import CommuneFactory
from tests.factories.plans import ChangeRequestFactory, PlanFactory
from tests.factories.projects import ProjectFactory
from tests.plans.conftest import DAY, JUNE, MILLION, ask, paper
from tests.worlds import own

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(request, built, started, db):
    """The house where the project runs for tests that ask for it, for others the one in which nothing happened yet."""
    return own(started if "running" in request.fixturenames else built)


JULY = dt.date(2026, 7, 1)
MINISTER, AGENCY, DEPARTMENT, CHAIRMAN = (
    "ministry_approver",
    "ministry_agency",
    "department_director",
    "provincial_approver",
)


@pytest.mark.parametrize(
    ("change", "form", "role"),
    [
        ("increase_total", "single", MINISTER),
        ("content", "single", MINISTER),
        ("extend_next_year", "single", MINISTER),
        ("add", "single", MINISTER),
        ("stop", "single", MINISTER),
        ("stop_for_violation", "single", MINISTER),
        ("place", "single", AGENCY),
        ("beneficiary", "single", AGENCY),
        ("partner", "single", AGENCY),
        ("time_in_year", "single", AGENCY),
        ("same_or_less", "single", AGENCY),
        ("other", "single", AGENCY),
        ("place", "group", DEPARTMENT),
        ("beneficiary", "group", DEPARTMENT),
        ("partner", "group", DEPARTMENT),
        ("increase_total", "group", MINISTER),
        ("stop", "group", MINISTER),
        ("time_in_year", "group", AGENCY),
    ],
)
def test_national_changes_belong_to_whom_article_11_names(the_law, change, form, role):
    project = ProjectFactory(of_nation=True, state="running", form=form)

    assert authority_of_change(change, project=project, on=JUNE).role == role


@pytest.mark.parametrize(
    ("change", "role"),
    [
        ("increase_total", CHAIRMAN),
        ("content", CHAIRMAN),
        ("extend_next_year", CHAIRMAN),
        ("add", CHAIRMAN),
        ("stop", CHAIRMAN),
        ("stop_for_violation", CHAIRMAN),
        ("place", DEPARTMENT),
        ("beneficiary", DEPARTMENT),
        ("partner", DEPARTMENT),
        ("time_in_year", DEPARTMENT),
        ("same_or_less", DEPARTMENT),
        ("other", DEPARTMENT),
    ],
)
@pytest.mark.parametrize("level", ["provincial", "communal"])
def test_local_changes_belong_to_whom_the_local_row_names(the_law, level, change, role):
    assert authority_of_change(change, project=ProjectFactory(level=level, running=True), on=JUNE).role == role


def test_a_province_may_order_it_otherwise(the_law, house):
    ChangeAuthorityFactory(change="stop", level="provincial", province=house.province, role=DEPARTMENT, body="Sở")
    own, other = ProjectFactory(province=house.province), ProjectFactory()

    assert authority_of_change("stop", project=own, on=JUNE).role == DEPARTMENT
    assert authority_of_change("stop", project=other, on=JUNE).role == CHAIRMAN


def test_every_kind_of_change_is_decided_by_one_kind_of_decision():
    decided = [kind for kinds in KINDS_OF.values() for kind in kinds]

    assert sorted(decided) == sorted(ChangeKind.values)


# ---- the decision ----


def confirmed(house, project, director, **values):
    return operations.confirm_request(ask(project, director, **values), by=house.department, on=JUNE)


def change(house, request, *, kind="adjust", by=None, submit=True, **values):
    decision = operations.draft_decision(house.plan, kind=kind, by=house.appraiser)
    operations.put_change(decision, request=request, by=house.appraiser, **values)
    if submit:
        letter = paper("submission", signed_on=JUNE)
        operations.submit(decision, by=house.department, on=JUNE, paper=letter)
    order = paper("change_decision", signed_on=JULY)
    return operations.approve(decision, by=by or house.approver, on=JULY, paper=order)


def test_a_request_is_not_taken_up_before_the_department_has_confirmed_it(house, running, director):
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)

    with pytest.raises(NotPossible, match="khi Sở đã xác nhận"):
        operations.put_change(decision, request=ask(running, director), by=house.appraiser)


def test_a_stop_is_not_decided_by_an_adjustment(house, running, director):
    decision = operations.draft_decision(house.plan, kind="adjust", by=house.appraiser)

    with pytest.raises(NotPossible, match="không thuộc quyết định “Điều chỉnh”"):
        operations.put_change(decision, request=confirmed(house, running, director), by=house.appraiser)


def test_stopping_gives_back_what_was_not_paid_out(the_law, house, running, director):
    budgets.advance(house.envelope, project=running, amount=90 * MILLION, by=house.department, on=DAY, paper=paper())
    request = confirmed(house, running, director)

    decision = change(house, request, kind="stop")

    running.refresh_from_db()
    request.refresh_from_db()
    [item] = decision.items.all()
    assert (running.state, request.state) == ("stopped", "decided")
    assert commitments(running) == {house.envelope: 90 * MILLION}
    assert available(house.envelope) == 910 * MILLION
    assert (item.before_local, item.local) == (300 * MILLION, 90 * MILLION)
    assert decision.authority_body == "Chủ tịch Ủy ban nhân dân cấp tỉnh"
    told = Message.objects.get(kind="decision")
    assert (told.recipient, told.body, told.link) == (director, str(decision.paper), f"/ke-hoach/de-nghi/{request.pk}/")


def test_money_that_comes_back_is_told_as_added(house, running, director):
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)
    operations.put_change(decision, request=confirmed(house, running, director), by=house.appraiser)

    told = [check.told for check in queries.checks(decision, items=queries.items_of(decision), on=DAY)]

    assert told[-1] == "KCĐP 2026: 700.000.000 + 300.000.000 trả lại = còn 1.000.000.000 đồng chưa phân bổ"


@pytest.mark.parametrize("by", ["department", "agency", "minister"])
def test_who_has_not_the_authority_does_not_stop(the_law, house, running, director, by):
    with pytest.raises(NotAllowed, match="Chủ tịch Ủy ban nhân dân cấp tỉnh"):
        change(house, confirmed(house, running, director), kind="stop", by=getattr(house, by))

    running.refresh_from_db()
    assert running.state == "approved"


def test_raising_takes_more_from_the_envelope(the_law, house, running, director):
    request = confirmed(house, running, director, kind="increase_total", local=350 * MILLION)

    change(house, request)

    running.refresh_from_db()
    assert running.granted_local == 350 * MILLION
    assert commitments(running) == {house.envelope: 350 * MILLION}
    assert available(house.envelope) == 650 * MILLION


@pytest.mark.parametrize(("raise_to", "goes_through"), [(1_000 * MILLION, True), (1_000 * MILLION + 1, False)])
def test_a_raise_stays_within_the_envelope(the_law, house, running, director, raise_to, goes_through):
    request = confirmed(house, running, director, kind="increase_total", local=raise_to)

    if goes_through:
        change(house, request)
    else:
        with pytest.raises(NotPossible, match="thiếu 1 đồng"):
            change(house, request)

    assert available(house.envelope) == (0 if goes_through else 700 * MILLION)


def test_what_one_project_frees_the_same_decision_gives_to_another(the_law, house, appraised, issued):
    first, second, third = (
        appraised(local=400 * MILLION),
        appraised(local=400 * MILLION),
        appraised(local=200 * MILLION),
    )
    issued(first, second, third)
    head = person("centre_director", place=house.province, employer=house.centre)
    less = confirmed(house, first, head, kind="same_or_less", local=250 * MILLION)
    more = confirmed(house, second, head, kind="increase_total", local=550 * MILLION)
    decision = operations.draft_decision(house.plan, kind="adjust", by=house.appraiser)
    for request in (less, more):
        operations.put_change(decision, request=request, by=house.appraiser)

    operations.submit(decision, by=house.department, on=JUNE, paper=paper("submission", signed_on=JUNE))
    operations.approve(decision, by=house.approver, on=JULY, paper=paper("change_decision", signed_on=JULY))

    assert available(house.envelope) == 0
    assert commitments(first) == {house.envelope: 250 * MILLION}
    assert commitments(second) == {house.envelope: 550 * MILLION}


def test_the_department_moves_the_end_within_the_year_by_itself(the_law, house, running, director):
    request = confirmed(house, running, director, kind="time_in_year", ends_on=dt.date(2026, 12, 20))

    change(house, request, submit=False, by=house.department)

    running.refresh_from_db()
    assert (running.ends_on, running.granted_local) == (dt.date(2026, 12, 20), 300 * MILLION)


def test_a_year_more_is_not_the_departments_to_give(the_law, house, running, director):
    request = confirmed(house, running, director, kind="extend_next_year", ends_on=dt.date(2027, 6, 30))

    with pytest.raises(NotAllowed, match="Chủ tịch"):
        change(house, request, by=house.department)


def test_another_beneficiary_takes_the_place_of_the_first(the_law, house, running, director):
    [leaving] = running.beneficiaries.all()
    coming = EstablishmentFactory(commune=running.commune)
    request = confirmed(house, running, director, kind="beneficiary", leaving=leaving, coming=coming)

    change(house, request, submit=False, by=house.department)

    [now] = running.beneficiaries.filter(removed_on=None)
    assert (now.establishment, now.local) == (coming, leaving.local)
    leaving.refresh_from_db()
    assert leaving.removed_on == JULY


def test_what_is_taken_away_is_first_what_was_not_paid_out_whichever_year_it_stands_in(
    the_law, house, running, director
):
    """Carried over in part: 192 promised of this year and unpaid, 108 of the next and paid out."""
    later = EnvelopeFactory(province=house.province, name="KCĐP 2027", year=2027, given=200 * MILLION)
    who = {"by": house.department, "on": DAY, "paper": paper()}
    budgets.release(house.envelope, project=running, amount=108 * MILLION, **who)
    budgets.commit(later, project=running, amount=108 * MILLION, **who)
    budgets.advance(later, project=running, amount=108 * MILLION, **who)
    request = confirmed(house, running, director, kind="same_or_less", local=150 * MILLION)

    change(house, request)

    assert commitments(running) == {house.envelope: 42 * MILLION, later: 108 * MILLION}


def test_who_was_accepted_is_neither_asked_to_leave_nor_taken_out_by_a_decision(the_law, house, running, director):
    [leaving] = running.beneficiaries.all()
    said = "đã được nghiệm thu ngày 01/07/2026 nên không thôi thụ hưởng nữa"
    request = confirmed(house, running, director, kind="beneficiary", leaving=leaving)  # the day before
    projects.accept_beneficiary(leaving, on=JULY)

    with pytest.raises(NotPossible, match=said):
        change(house, request, submit=False, by=house.department)
    ChangeRequest.objects.filter(pk=request.pk).update(state="refused")
    with pytest.raises(Invalid, match=said) as refusal:
        confirmed(house, running, director, kind="beneficiary", leaving=leaving)
    assert list(refusal.value.fields) == ["leaving"]
    leaving.refresh_from_db()
    assert leaving.removed_on is None


def test_who_takes_the_place_has_no_more_than_the_same_decision_leaves(the_law, house, running, director):
    [leaving] = running.beneficiaries.all()
    coming = EstablishmentFactory(commune=running.commune)
    values = {"leaving": leaving, "coming": coming, "local": 250 * MILLION}
    request = confirmed(house, running, director, kind="beneficiary", **values)

    change(house, request, submit=False, by=house.department)

    running.refresh_from_db()
    came = running.beneficiaries.get(removed_on=None)
    assert (running.granted_local, came.local) == (250 * MILLION, 250 * MILLION)
    assert came.total == came.support + came.counterpart


def test_another_commune_of_the_province(the_law, house, running, director):
    commune = CommuneFactory(province=house.province)
    request = confirmed(house, running, director, kind="place", new_commune=commune)

    change(house, request, submit=False, by=house.department)

    running.refresh_from_db()
    assert running.commune == commune


def test_the_gravest_line_decides_whose_the_decision_is(the_law, house, appraised, issued):
    first, second = appraised(), appraised()
    issued(first, second)
    head = person("centre_director", place=house.province, employer=house.centre)
    light = confirmed(house, first, head, kind="time_in_year", ends_on=dt.date(2026, 12, 20))
    grave = confirmed(house, second, head, kind="increase_total", local=310 * MILLION)
    decision = operations.draft_decision(house.plan, kind="adjust", by=house.appraiser)

    operations.put_change(decision, request=light, by=house.appraiser)
    before = queries.authority_of(decision, on=JULY).role
    operations.put_change(decision, request=grave, by=house.appraiser)

    assert (before, queries.authority_of(decision, on=JULY).role) == (DEPARTMENT, CHAIRMAN)


@pytest.mark.parametrize(
    ("form", "kind", "by", "allowed"),
    [
        ("single", "place", "agency", True),
        ("single", "place", "department", False),
        ("single", "place", "minister", False),
        ("group", "place", "department", True),
        ("group", "place", "agency", False),
        ("single", "stop", "minister", True),
        ("single", "stop", "agency", False),
        ("single", "stop", "department", False),
    ],
)
def test_national_changes_are_issued_by_whom_article_11_names(the_law, house, form, kind, by, allowed):
    plan = PlanFactory(level="national", province=house.province)
    project = ProjectFactory(of_nation=True, state="running", form=form, province=house.province)
    values = {"new_commune": CommuneFactory(province=house.province)} if kind == "place" else {}
    money = EnvelopeFactory(of_nation=True, province=house.province, given=300 * MILLION)
    budgets.commit(money, project=project, amount=300 * MILLION, by=house.agency, on=DAY, paper=paper())
    request = ChangeRequestFactory(project=project, kind=kind, confirmed=True, **values)
    decision = operations.draft_decision(plan, kind="stop" if kind == "stop" else "adjust", by=house.agency)
    operations.put_change(decision, request=request, by=house.agency)
    if kind == "stop":
        operations.submit(decision, by=house.agency, on=JUNE, paper=paper("submission", signed_on=JUNE))
    order = paper("change_decision", signed_on=JULY)

    if allowed:
        operations.approve(decision, by=getattr(house, by), on=JULY, paper=order)
    else:
        with pytest.raises(NotAllowed):
            operations.approve(decision, by=getattr(house, by), on=JULY, paper=order)

    decision.refresh_from_db()
    assert decision.state == ("approved" if allowed else ("submitted" if kind == "stop" else "draft"))


def test_a_violation_is_stopped_without_the_implementers_letter(the_law, house, running):
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)

    with pytest.raises(Invalid, match="sai phạm"):
        operations.put_violation(decision, project=running, reason="", by=house.appraiser)
    operations.put_violation(decision, project=running, reason="Kê khai sai máy móc", by=house.appraiser)
    operations.submit(decision, by=house.department, on=JUNE, paper=paper("submission", signed_on=JUNE))
    operations.approve(decision, by=house.approver, on=JULY, paper=paper("change_decision", signed_on=JULY))

    running.refresh_from_db()
    assert (running.state, available(house.envelope)) == ("stopped", 1_000 * MILLION)


def test_requests_wait_for_the_decision_of_their_kind(house, running, director):
    request = confirmed(house, running, director)

    assert list(queries.requests_to_decide(house.plan, DecisionKind.STOP)) == [request]
    assert list(queries.requests_to_decide(house.plan, DecisionKind.ADJUST)) == []
    decision = operations.draft_decision(house.plan, kind="stop", by=house.appraiser)
    operations.put_change(decision, request=request, by=house.appraiser)
    assert list(queries.requests_to_decide(house.plan, DecisionKind.STOP)) == []
