"""The projects and needs that a line of the home counts: the list behind it shows these and no others."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from khuyencong.authority.permissions import Permission as P
from khuyencong.budgets.queries import Unequal
from khuyencong.needs.enums import NeedState
from khuyencong.needs.models import Need
from khuyencong.people.models import User
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project
from khuyencong.work.enums import TaskKind as K
from khuyencong.work.queries import contracts
from khuyencong.work.queries.needs import without_file
from khuyencong.work.queries.projects import (
    being_written,
    groups_to_approve,
    late_completions,
    late_opinions,
    steps,
)
from khuyencong.work.queries.shared import projects_for


def _keys(found: Iterable[Unequal]) -> QuerySet[Project]:
    return Project.objects.filter(pk__in=[one.key for one in found])


def _in(*found: QuerySet[Any]) -> QuerySet[Project]:
    of_any = (Q(pk__in=one.order_by().values("project")) for one in found)
    return Project.objects.filter(reduce(or_, of_any, Q(pk__in=())))


# beyond the steps of a file, which tell it themselves
LISTED: dict[K, Callable[[User], QuerySet[Project]]] = {
    K.FINISH_FILE: being_written,
    K.CHASE_COMPLETION: lambda user: _in(*late_completions(user)),
    K.CHASE_OPINION: lambda user: _in(*late_opinions(user)),
    K.APPROVE_BENEFICIARIES: lambda user: _in(groups_to_approve(user)),
    K.SHARE_OUT: lambda user: projects.over_granted(projects_for(user, P.BENEFICIARIES_APPROVE)),
    K.REPORT: contracts.reports_to_write,
    K.CONFIRM_ADVANCE: lambda user: _in(contracts.advances_waiting(user, K.CONFIRM_ADVANCE)),
    K.PAY_ADVANCE: lambda user: _in(contracts.advances_waiting(user, K.PAY_ADVANCE)),
    K.RETURN_SURPLUS: lambda user: _keys(contracts.paid_too_much(user)),
    K.ASK_REMAINDER: lambda user: _keys(contracts.remainder_not_asked(user)),
    K.LIQUIDATE: lambda user: contracts.to_liquidate(user)[0],
    K.LIQUIDATE_LATER: lambda user: _keys(contracts.to_liquidate(user)[1]),
}


def projects_of(user: User, kind: str) -> QuerySet[Project]:
    """What this line counts for this person; none for a kind that no line counts by projects."""
    if step := steps(user).get(K(kind)):
        permission, wanted = step
        return projects_for(user, permission).filter(wanted, historical=False)
    return LISTED[K(kind)](user) if K(kind) in LISTED else Project.objects.none()


def needs_of(user: User, kind: str) -> QuerySet[Need]:
    """The same of a line that counts needs, where a list is behind it."""
    if kind == K.WRITE_FILE:
        return without_file(user)
    if kind == K.PROPOSE_NEEDS:
        return Need.objects.within(user.scope(P.NEED_PROPOSE)).filter(state=NeedState.SURVEYED)
    return Need.objects.none()
