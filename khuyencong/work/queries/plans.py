"""What waits among plans."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Max, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.sentences import counted
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.plans import queries as plans
from khuyencong.plans.enums import DecisionState, RequestState
from khuyencong.plans.models import ChangeRequest, Decision
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import APPROVERS, Counted, S, Sums, Task, inside, projects_for


def plans_waiting(user: User) -> Iterator[Task | Counted]:
    if user.holds(P.PLAN_DRAFT):
        ready = Q(state=S.APPRAISED) & ~Q(level=Level.NATIONAL) | Q(state=S.MINISTRY_APPRAISED)
        passed = projects_for(user, P.PLAN_DRAFT).filter(ready, historical=False)
        if user.scope(P.PLAN_DRAFT).whole_country:  # the agency's; local plans are the province's to draft
            passed = passed.filter(level=Level.NATIONAL)
        waiting = plans.with_plan(plans.unplaced(passed))
        yield Counted(waiting, _to_place, first=Min("plan_key"), second=Max("plan_key"))
    for decision in islice(_to_decide(user), 10):
        yield Task(TaskKind.DECIDE, inside(decision), due=None, subject=decision.pk)
    if user.holds(P.OPINION_GIVE):
        for asked in plans.waiting_opinions(user)[:10]:
            yield Task(
                TaskKind.GIVE_OPINION,
                _("về %(decision)s") % {"decision": inside(asked.decision)},
                due=asked.due_on,
                subject=asked.pk,
                within=asked.decision_id,
                since=asked.asked_on,
            )
    if user.holds(P.CHANGE_CONFIRM):
        requests = ChangeRequest.objects.within(user.scope(P.CHANGE_CONFIRM)).filter(state=RequestState.REQUESTED)
        yield Counted(requests, _to_confirm)


def _to_place(told: Sums) -> Task:
    rest = counted("%(number)s đề án đã đạt thẩm định", told.number) % {"number": told.number}
    plan = told.first if told.first == told.second else None  # of several plans their list is opened
    return Task(TaskKind.PLAN, rest, number=told.number, subject=plan)


def _to_confirm(told: Sums) -> Task:
    rest = ngettext("%(number)s đề nghị điều chỉnh", "%(number)s đề nghị điều chỉnh", told.number)
    return Task(TaskKind.CONFIRM_CHANGE, rest % {"number": told.number}, number=told.number, subject=told.only)


def _to_decide(user: User) -> Iterator[Decision]:
    """Submitted decisions that this person may issue himself, or record for who signed them."""
    if not any(user.holds(p) for p in (*APPROVERS.values(), P.PAPER_RECORD)):
        return
    submitted = plans.waiting_decisions(user).filter(state=DecisionState.SUBMITTED)
    yield from (
        decision
        for decision in submitted.iterator()
        if user.may(APPROVERS[Level(decision.plan.level)], place=decision.plan.commune or decision.plan.province)
        or user.may(P.PAPER_RECORD, place=decision.plan.province)
    )
