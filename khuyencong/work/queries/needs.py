"""What waits among needs and surveys."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.needs.enums import NeedState
from khuyencong.needs.models import Call, Need, NoNeed, Visit
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.people.models import User
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.models import Project
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, Counted, Sums, Task

SEASON = timedelta(days=60)  # how long before the day of the law a call that is still to be made is told of


def calls_to_open(user: User) -> Iterator[Task]:
    """The call for next year in a province that has none yet, from its season on: before the yearly day by which files reach
    the department, or else the agency, and a year after the last call was opened; where neither is known nobody can tell.
    Two queries beyond the rows of law, for all provinces."""
    if not user.holds(P.CALL_OPEN):
        return
    today, here = clock.today(), user.scope(P.CALL_OPEN).provinces
    coming = today.year + 1
    last: dict[int, Call] = {}
    for call in Call.objects.filter(province__in=here, year__lte=coming).order_by("year"):
        last[call.province_id] = call
    silent = [key for key in here if key not in last or last[key].year < coming]
    if not silent:
        return
    for province in Unit.objects.filter(pk__in=silent).order_by("sort_key"):
        before = last.get(province.pk)
        again = _a_year_on(before.opens_on, years=coming - before.year) if before else None
        lawful = _registered_by(coming, province, on=today)
        due = lawful.last_day
        if not any(begins is not None and begins <= today for begins in (again, due and due - SEASON)):
            continue
        told = []
        if before is not None:
            told.append(
                _("Đợt năm %(year)s mở ngày %(day)s") % {"year": before.year, "day": f"{before.opens_on:%d/%m/%Y}"}
            )
        if lawful.default is not None:
            told.append(f"{lawful.label}: {lawful.citation}")
        rest = _("năm %(year)s, %(place)s") % {"year": coming, "place": province.named_inside}
        yield Task(TaskKind.OPEN_CALL, rest, due=due or again, note=". ".join(told))


def _a_year_on(day: date, *, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, monthrange(day.year + years, day.month)[1]))


def _registered_by(year: int, province: Unit, *, on: date) -> norms.DeadlineAnswer:
    """The day by which the files of that year's plan are registered: the province's own, else that of national money."""
    asked = (
        (Deadline.REGISTRATION_TO_DEPARTMENT, Level.PROVINCIAL),
        (Deadline.REGISTRATION_TO_DEPARTMENT, Level.NATIONAL),
        (Deadline.LIST_TO_AGENCY, Level.NATIONAL),
    )
    answers = (norms.deadline(code, on=on, year=year, level=level, province=province) for code, level in asked)
    return next(
        (answer for answer in answers if answer.day is not None), norms.DeadlineAnswer(code=Deadline.LIST_TO_AGENCY)
    )


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


def without_file(user: User) -> QuerySet[Need]:
    """Needs that the department planned and for which no project file was begun."""
    return (
        Need.objects.within(user.scope(P.PROJECT_DRAFT))
        .filter(state=NeedState.PLANNED, call__year__gt=clock.today().year)
        .exclude(pk__in=Project.needs.through.objects.values("need_id"))
    )


def files_to_write(user: User) -> Iterator[Counted]:
    if user.holds(P.PROJECT_DRAFT) and user.holds(P.NEED_PROPOSE):
        yield Counted(without_file(user), _file_to_write)


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
