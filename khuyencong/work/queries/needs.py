"""What waits among needs and surveys."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.needs.enums import NeedState
from khuyencong.needs.models import Call, Need, NoNeed, Visit
from khuyencong.people.models import User
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.models import Project
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, Counted, Sums, Task


def silent_communes(user: User) -> Iterator[Task]:
    if not user.holds(P.NEED_REGISTER):
        return
    communes = user.scope(P.NEED_REGISTER).communes
    if not communes:
        return
    today = clock.today()
    units = Unit.objects.filter(pk__in=communes).only("pk", "full_name", "province_id")
    calls = Call.objects.filter(province_id__in=[unit.province_id for unit in units], opens_on__lte=today).order_by(
        "-year"
    )
    newest = {call.province_id: call for call in reversed(calls)}
    answered = set(
        Need.objects.filter(call__in=newest.values(), commune_id__in=communes)
        .exclude(state=NeedState.WITHDRAWN)
        .values_list("commune_id", flat=True)
    ) | set(
        NoNeed.objects.filter(call__in=newest.values(), commune_id__in=communes).values_list("commune_id", flat=True)
    )
    silent: dict[int, list[Unit]] = {}
    for unit in units:
        call = newest.get(unit.province_id or 0)
        if call is not None and unit.pk not in answered and call.commune_deadline >= today - SOON:
            silent.setdefault(call.pk, []).append(unit)
    for call in newest.values():
        waiting = silent.get(call.pk, [])
        if not waiting:
            continue
        rest = (
            _("năm %(year)s của %(commune)s") % {"year": call.year, "commune": waiting[0].named_inside}
            if len(waiting) == 1
            else counted("năm %(year)s: còn %(number)s xã, phường chưa trả lời", len(waiting))
            % {"year": call.year, "number": len(waiting)}
        )
        yield Task(TaskKind.ANSWER_CALL, rest, number=len(waiting), due=call.commune_deadline, subject=call.pk)


def needs_waiting(user: User) -> Iterator[Task]:
    steps = (
        (P.NEED_CONFIRM, NeedState.SENT, TaskKind.CONFIRM_NEEDS),
        (P.SURVEY_PLAN, NeedState.CONFIRMED, TaskKind.PLAN_SURVEY),
        (P.NEED_PROPOSE, NeedState.SURVEYED, TaskKind.PROPOSE_NEEDS),
        (P.NEED_DECIDE, NeedState.PROPOSED, TaskKind.ANSWER_NEEDS),
    )
    mine = [(permission, state, kind) for permission, state, kind in steps if user.holds(permission)]
    found = _counted({state: user.scope(permission) for permission, state, _kind in mine})
    for _permission, state, kind in mine:
        waiting = found[state]
        if waiting["number"]:
            rest = ngettext("%(number)s nhu cầu", "%(number)s nhu cầu", waiting["number"]) % {
                "number": waiting["number"]
            }
            if waiting["communes"] > 1 or kind != TaskKind.CONFIRM_NEEDS:  # to a commune its own needs are its own
                rest += " " + counted("của %(communes)s xã, phường", waiting["communes"]) % {
                    "communes": waiting["communes"]
                }
            due = waiting["due"] if kind == TaskKind.CONFIRM_NEEDS else None
            yield Task(kind, rest, number=waiting["number"], due=due)


def _counted(wanted: Mapping[NeedState, Scope]) -> dict[NeedState, dict[str, Any]]:
    """Of the needs in each of these states, inside the territory asked for: their number, their communes, the first day by
    which a commune answers.  One query for each different territory."""
    together: dict[tuple[Any, ...], list[NeedState]] = {}
    for state, scope in wanted.items():
        together.setdefault((scope.whole_country, scope.provinces, scope.communes), []).append(state)
    found = {}
    for states in together.values():
        told = {
            f"{name}_{state}": of(condition)
            for state in states
            for condition in [Q(state=state)]
            for name, of in (
                ("number", lambda only: Count("pk", filter=only)),
                ("communes", lambda only: Count("commune", distinct=True, filter=only)),
                ("due", lambda only: Min("call__commune_deadline", filter=only)),
            )
        }
        sums = Need.objects.within(wanted[states[0]]).filter(state__in=states).aggregate(**told)
        for state in states:
            found[state] = {name: sums[f"{name}_{state}"] for name in ("number", "communes", "due")}
    return found


def files_to_write(user: User) -> Iterator[Counted]:
    """Needs that the department planned and for which no project file was begun."""
    if not (user.holds(P.PROJECT_DRAFT) and user.holds(P.NEED_PROPOSE)):
        return
    waiting = (
        Need.objects.within(user.scope(P.PROJECT_DRAFT))
        .filter(state=NeedState.PLANNED, call__year__gt=clock.today().year)
        .exclude(pk__in=Project.needs.through.objects.values("need_id"))
    )
    yield Counted(waiting, _file_to_write)


def _file_to_write(told: Sums) -> Task:
    rest = ngettext(
        "cho %(number)s nhu cầu đã được đưa vào kế hoạch",
        "cho %(number)s nhu cầu đã được đưa vào kế hoạch",
        told.number,
    )
    return Task(TaskKind.WRITE_FILE, rest % {"number": told.number}, number=told.number, subject=told.only)


def visits(user: User) -> Iterator[Task]:
    if not user.holds(P.SURVEY_RECORD):
        return
    ahead = (
        Visit.objects.filter(need__in=Need.objects.within(user.scope(P.SURVEY_RECORD)), surveyed_on=None)
        .filter(planned_on__lte=clock.today() + timedelta(days=14))
        .values("plan", "plan__name")
        .annotate(number=Count("pk"), due=Min("planned_on"))
        .order_by("due", "plan")
    )
    for row in ahead[:20]:
        rest = ngettext("%(number)s điểm", "%(number)s điểm", row["number"]) % {"number": row["number"]}
        yield Task(
            TaskKind.SURVEY,
            rest + ", " + row["plan__name"],
            number=row["number"],
            due=row["due"],
            subject=row["plan"],
        )
