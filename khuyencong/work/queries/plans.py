"""What waits among plans."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.plans import queries as plans
from khuyencong.plans.enums import DecisionState, RequestState
from khuyencong.plans.models import ChangeRequest, Decision
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import APPROVERS, S, Task, inside, projects_for


def plans_waiting(user: User) -> Iterator[Task]:
    if user.holds(P.PLAN_DRAFT):
        ready = Q(state=S.APPRAISED) & ~Q(level=Level.NATIONAL) | Q(state=S.MINISTRY_APPRAISED)
        passed = projects_for(user, P.PLAN_DRAFT).filter(ready, historical=False)
        waiting = plans.unplaced(passed).aggregate(number=Count("pk"))
        if waiting["number"]:
            rest = _("%(number)s đề án đã đạt thẩm định") % waiting
            yield Task(TaskKind.PLAN, rest, number=waiting["number"])
    for decision in islice(_to_decide(user), 10):
        yield Task(TaskKind.DECIDE, inside(decision), due=None, subject=decision.pk)
    if user.holds(P.OPINION_GIVE):
        for asked in plans.waiting_opinions(user)[:10]:
            yield Task(
                TaskKind.GIVE_OPINION,
                _("về %(decision)s") % {"decision": inside(asked.decision)},
                due=asked.due_on,
                subject=asked.decision_id,
                since=asked.asked_on,
            )
    if user.holds(P.CHANGE_CONFIRM):
        asked = ChangeRequest.objects.within(user.scope(P.CHANGE_CONFIRM)).filter(state=RequestState.REQUESTED)
        number = asked.count()
        if number:
            rest = ngettext("%(number)s đề nghị điều chỉnh", "%(number)s đề nghị điều chỉnh", number) % {
                "number": number
            }
            yield Task(TaskKind.CONFIRM_CHANGE, rest, number=number)


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
