"""What waits among project files."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.base.sentences import counted
from khuyencong.contracts import queries as contracts
from khuyencong.councils.enums import Tier
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level, ProjectForm
from khuyencong.people.models import User
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import Counted, S, Sums, Task, projects_for


def steps(user: User) -> dict[TaskKind, tuple[P, Q]]:
    """The steps of a file that wait in its state alone: who may take each, and of which projects."""
    free = ~Q(uid__in=projects.in_conflict_with(user))  # who has a conflict of interest judges the others
    return {
        TaskKind.SUBMIT: (P.PROJECT_SUBMIT, Q(state=S.DRAFT)),
        TaskKind.APPRAISE: (P.PROJECT_APPRAISE, Q(state=S.SUBMITTED) & free),
        TaskKind.REGISTER: (P.PROJECT_REGISTER, Q(state=S.APPRAISED, level=Level.NATIONAL)),
        TaskKind.APPRAISE_MINISTRY: (P.PROJECT_APPRAISE_MINISTRY, Q(state=S.REGISTERED) & free),
        TaskKind.ASSIGN: (P.ASSIGN, Q(state=S.APPROVED)),
        TaskKind.SIGN_SUPPORT: (P.CONTRACT_SIGN, Q(state=S.ASSIGNED)),
        TaskKind.SETTLE: (P.SETTLE, Q(state=S.ACCEPTED)),
    }


def being_written(user: User) -> QuerySet[Project]:
    """The files that this person writes and that were not sent back to him."""
    mine = projects_for(user, P.PROJECT_DRAFT)
    back = projects.open_completions(mine).order_by().values("project")
    return mine.filter(state=S.DRAFT).exclude(pk__in=back)


def groups_to_approve(user: User) -> QuerySet[Beneficiary]:
    """Establishments of group projects of which the list has not been approved."""
    his = projects_for(user, P.BENEFICIARIES_APPROVE)
    groups = his.filter(state__in=(S.APPROVED, S.ASSIGNED, S.RUNNING), form=ProjectForm.GROUP, historical=False)
    return Beneficiary.objects.filter(project__in=groups, approved_on=None, removed_on=None)


def projects_waiting(user: User) -> Iterator[Task | Counted]:
    today = clock.today()
    mine = [(permission, wanted, kind) for kind, (permission, wanted) in steps(user).items() if user.holds(permission)]
    told = _counted({kind: (projects_for(user, permission), wanted) for permission, wanted, kind in mine})
    for _permission, _wanted, kind in mine:
        waiting = told[kind]
        if not waiting["number"]:
            continue
        rest = ngettext("%(number)s đề án", "%(number)s đề án", waiting["number"]) % {"number": waiting["number"]}
        rest += ", " + _("%(amount)s triệu đồng kinh phí khuyến công") % {"amount": million(waiting["asked"] or 0)}
        yield Task(
            kind,
            rest,
            number=waiting["number"],
            due=_due_of(user, kind, year=waiting["year"], today=today),
            subject=waiting["first"] if waiting["number"] == 1 else None,
        )
    if user.holds(P.PROJECT_DRAFT) and not user.holds(P.PROJECT_SUBMIT):
        yield Counted(being_written(user), _being_written)


def _being_written(told: Sums) -> Task:
    rest = ngettext("%(number)s đề án đang lập", "%(number)s đề án đang lập", told.number)
    return Task(TaskKind.FINISH_FILE, rest % {"number": told.number}, number=told.number, subject=told.only)


def _counted(wanted: Mapping[TaskKind, tuple[QuerySet[Project], Q]]) -> dict[TaskKind, dict[str, Any]]:
    """Of each kind of task the number of projects, what they ask for (đồng), the first of them and the first year.  One
    query for each different territory."""
    together: dict[str, list[TaskKind]] = {}
    found: dict[TaskKind, dict[str, Any]] = {}
    for kind, (found_here, _condition) in wanted.items():
        try:
            together.setdefault(str(found_here.query), []).append(kind)
        except EmptyResultSet:  # nowhere at all
            found[kind] = {"number": 0}
    for kinds in together.values():
        told: dict[str, Any] = {}
        any_of = Q()
        for kind in kinds:
            only = wanted[kind][1]
            any_of |= only
            told[f"number_{kind}"] = Count("pk", filter=only)
            told[f"asked_{kind}"] = Sum(F("national") + F("local"), filter=only)
            told[f"first_{kind}"] = Min("pk", filter=only)
            told[f"year_{kind}"] = Min("year", filter=only)
        sums = wanted[kinds[0]][0].filter(any_of, historical=False).aggregate(**told)
        for kind in kinds:
            found[kind] = {name: sums[f"{name}_{kind}"] for name in ("number", "asked", "first", "year")}
    return found


def completions(user: User) -> Iterator[Task | Counted]:
    """Files sent back: to their writer each with the day by which it must be whole again, to who asked those that are late."""
    if user.holds(P.PROJECT_DRAFT):
        for asked in projects.open_completions(projects_for(user, P.PROJECT_DRAFT))[:10]:
            yield Task(
                TaskKind.COMPLETE_FILE,
                asked.project.title,
                due=asked.until,
                note=Truncator(f"{asked.project.code}: {asked.note}").chars(160),
                subject=asked.project_id,
                since=asked.on,
            )
    for late in late_completions(user):
        yield _chased(TaskKind.CHASE_COMPLETION, late, day="until")


def late_completions(user: User) -> list[QuerySet[Any]]:
    """What has not come back in time to who asked for it, of each tier that is this person's."""
    # an extension only leads later: what is not past its own day is not past the last one either
    past = {"due_on__lt": clock.today(), "until__lt": clock.today()}
    tiers = ((P.PROJECT_APPRAISE, "return"), (P.PROJECT_APPRAISE_MINISTRY, "ministry_return"))
    return [
        projects.open_completions(projects_for(user, permission)).filter(name=name, **past)
        for permission, name in tiers
        if user.holds(permission)
    ]


def _chased(kind: TaskKind, late: QuerySet[Any], *, day: str = "due_on") -> Counted:
    """One line for all projects of which something is late."""

    def say(told: Sums) -> Task:
        rest = ngettext("%(number)s đề án", "%(number)s đề án", told.number) % {"number": told.number}
        return Task(kind, rest, number=told.number, due=told.due, subject=told.only)

    return Counted(late, say, number=Count("project", distinct=True), first=Min("project"), due=Min(day))


def file_opinions(user: User) -> Iterator[Task | Counted]:
    """Questions to the body where this person works; to who asked, those that are late."""
    for late in late_opinions(user):
        yield _chased(TaskKind.CHASE_OPINION, late)
    if not user.holds(P.OPINION_GIVE):
        return
    for asked in projects.waiting_opinions(user)[:10]:
        yield Task(
            TaskKind.GIVE_FILE_OPINION,
            _("về hồ sơ %(project)s") % {"project": asked.project.title},
            due=asked.due_on,
            note=Truncator(f"{asked.project.code}: {asked.question}" if asked.question else asked.project.code).chars(
                160
            ),
            subject=asked.pk,
            within=asked.project_id,
            since=asked.asked_on,
        )


def late_opinions(user: User) -> list[QuerySet[Any]]:
    """What this person asked other bodies and has not been answered in time, of each tier that is his."""
    return [
        projects.late_opinions(projects_for(user, permission), state=state, on=clock.today())
        for state, permission in projects.JUDGED_BY.items()
        if user.holds(permission) and user.holds(P.OPINION_ASK)
    ]


def _due_of(user: User, kind: TaskKind, *, year: int, today: date) -> date | None:
    if kind == TaskKind.SETTLE:
        accepted = projects_for(user, P.SETTLE).filter(state=S.ACCEPTED, historical=False)
        return contracts.first_settlement(accepted, on=today)
    if kind == TaskKind.APPRAISE:
        return projects.first_appraisal_due(projects_for(user, P.PROJECT_APPRAISE), tier=Tier.BASE)
    if kind == TaskKind.APPRAISE_MINISTRY:
        return projects.first_appraisal_due(projects_for(user, P.PROJECT_APPRAISE_MINISTRY), tier=Tier.MINISTRY)
    if kind != TaskKind.REGISTER:
        return None
    return norms.deadline(Deadline.LIST_TO_AGENCY, on=today, year=year).last_day


def beneficiaries(user: User) -> Iterator[Counted]:
    if not user.holds(P.BENEFICIARIES_APPROVE):
        return
    waiting = groups_to_approve(user)
    yield Counted(waiting, _to_approve, second=Count("project", distinct=True), first=Min("project"))
    yield Counted(projects.over_granted(projects_for(user, P.BENEFICIARIES_APPROVE)), _to_share_out)


def _to_approve(told: Sums) -> Task:
    groups = told.second
    rest = counted("%(number)s cơ sở của %(projects)s đề án nhóm (Mẫu 11)", told.number) % {
        "number": told.number,
        "projects": groups,
    }
    only = told.first if groups == 1 else None
    return Task(TaskKind.APPROVE_BENEFICIARIES, rest, number=groups, subject=only)


def _to_share_out(told: Sums) -> Task:
    rest = ngettext("%(number)s đề án", "%(number)s đề án", told.number) % {"number": told.number}
    rest += ", " + _("kinh phí được duyệt ít hơn phần của các đơn vị thụ hưởng")
    return Task(TaskKind.SHARE_OUT, rest, number=told.number, subject=told.only)
