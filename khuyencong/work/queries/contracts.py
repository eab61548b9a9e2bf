"""What waits among contracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Count, Exists, Min, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.kept import kept
from khuyencong.base.money import dong, million
from khuyencong.base.sentences import counted
from khuyencong.budgets.queries import Unequal, unequal
from khuyencong.contracts import queries as contracts
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, BeneficiaryUpdate, Recovery
from khuyencong.norms import queries as norms
from khuyencong.people.models import User
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, Counted, S, Sums, Task, projects_for


def progress(user: User) -> Iterator[Task]:
    today = clock.today()
    if user.holds(P.PROGRESS_REPORT):
        yield from _to_report(reports_to_write(user), today=today)
    if user.holds(P.PROGRESS_REPORT_OWN):
        bodies = user.scope(P.PROGRESS_REPORT_OWN).bodies
        told = BeneficiaryUpdate.objects.filter(year=today.year, month=today.month).values("beneficiary_id")
        mine = (
            Beneficiary.objects.filter(
                establishment__organisation_id__in=bodies, project__state=S.RUNNING, removed_on=None
            )
            .exclude(pk__in=told)
            .select_related("project__province")
        )
        for beneficiary in mine[:10]:
            rest = _("tháng %(month)s: %(project)s") % {"month": today.month, "project": beneficiary.project.title}
            due = contracts.report_due(today.year, today.month, on=today, project=beneficiary.project).last_day
            yield Task(TaskKind.TELL_PROGRESS, rest, due=due, subject=beneficiary.pk, within=beneficiary.project_id)


@dataclass(frozen=True, slots=True)
class ToldThisMonth:
    """What an establishment has sent of this month, and when the next month is due."""

    update: BeneficiaryUpdate
    next: contracts.NextMonth


def told_this_month(user: User) -> list[ToldThisMonth]:
    """The last figures of this month for each running project of who sends his own; one query beyond the rows of law."""
    if not user.holds(P.PROGRESS_REPORT_OWN):
        return []
    today = clock.today()
    bodies = user.scope(P.PROGRESS_REPORT_OWN).bodies
    sent = BeneficiaryUpdate.objects.filter(
        year=today.year,
        month=today.month,
        beneficiary__establishment__organisation_id__in=bodies,
        beneficiary__project__state=S.RUNNING,
        beneficiary__removed_on=None,
    ).select_related("beneficiary__project__province")
    last = {one.beneficiary_id: one for one in sent.order_by("pk")}
    return [ToldThisMonth(one, contracts.told_until(one.beneficiary.project, on=today)) for one in last.values()]


def reports_to_write(user: User) -> QuerySet[Project]:
    """The projects whose report of this month this person has yet to send."""
    today = clock.today()
    return contracts.reports_missing(projects_for(user, P.PROGRESS_REPORT), year=today.year, month=today.month)


def _to_report(unreported: QuerySet[Project], *, today: date) -> Iterator[Task]:
    """One line for all that is not reported yet, due by the first of the rows that bind their money."""
    missing = unreported.order_by()
    told = missing.values_list("level", *norms.TELLS_PROVINCE).annotate(number=Count("pk"), first=Min("pk"))
    found = [(level, tuple(of), number, first) for level, *of, number, first in told]
    if not found:
        return
    number, first = sum(one[2] for one in found), min(one[3] for one in found)
    rest = counted("tháng %(month)s cho %(number)s đề án đang thực hiện", number) % {
        "month": today.month,
        "number": number,
    }
    due = contracts.first_report((one[:2] for one in found), year=today.year, month=today.month, on=today)
    yield Task(TaskKind.REPORT, rest, number=number, due=due, subject=first if number == 1 else None)


ADVANCES = {
    TaskKind.CONFIRM_ADVANCE: (P.VOLUME_CONFIRM, AdvanceState.REQUESTED),
    TaskKind.PAY_ADVANCE: (P.ADVANCE_PAY, AdvanceState.CONFIRMED),
}


def advances_waiting(user: User, kind: TaskKind) -> QuerySet[Advance]:
    """Few wait: the project of each is looked at, not the advances of all projects of the country.  One that was stopped is
    paid no more."""
    permission, state = ADVANCES[kind]
    his = Exists(projects_for(user, permission).filter(pk=OuterRef("project")).exclude(state=S.STOPPED))
    return Advance.objects.filter(his, state=state)


def advances(user: User) -> Iterator[Counted]:
    for kind, (permission, _state) in ADVANCES.items():
        if user.holds(permission):
            asked = advances_waiting(user, kind)
            yield Counted(asked, partial(_advance, kind), second=Sum("amount"), first=Min("project"))


def _advance(kind: TaskKind, told: Sums) -> Task:
    rest = counted("theo %(number)s đề nghị tạm ứng, %(amount)s triệu đồng", told.number) % {
        "number": told.number,
        "amount": million(told.second),
    }
    return Task(kind, rest, number=told.number, subject=told.only)


def acceptances(user: User) -> Iterator[Task]:
    if not user.holds(P.ACCEPT):
        return
    ending = (
        projects_for(user, P.ACCEPT)
        .filter(state=S.RUNNING, historical=False, ends_on__lte=clock.today() + SOON)
        .order_by("ends_on", "pk")
    )
    # of those that are shown: asked of all that end, SQLite answers it for each before it sorts them
    shown = Project.objects.filter(pk__in=ending.values("pk")[:10])
    for project in shown.annotate(machines_awaited=contracts.machines_awaited()).order_by("ends_on", "pk"):
        note, waits = project.code, project.machines_awaited
        if waits:
            note = _("%(code)s: chờ đơn vị thực hiện hoặc cơ sở ghi máy đã mua, bàn giao") % {"code": note}
        yield Task(
            TaskKind.ACCEPT, project.title, due=project.ends_on, note=note, subject=project.pk, waits_for_others=waits
        )


def recoveries(user: User) -> Iterator[Task]:
    """Money that a decision demands back and that has not come in full."""
    if not user.holds(P.SETTLE):
        return
    for recovery in _demanded(user)[:10]:
        rest = _("còn %(owed)s đồng: %(project)s") % {
            "owed": dong(recovery.amount - recovery.received),  # type: ignore[attr-defined]
            "project": recovery.project.title,
        }
        yield Task(
            TaskKind.RECEIVE_RECOVERY,
            rest,
            due=recovery.due_on,
            note=recovery.project.code,
            subject=recovery.pk,
            within=recovery.project_id,
        )


def _demanded(user: User) -> list[Recovery]:
    """What decisions demand back and has not come in full, first due first: few, asked for once a page."""
    his = projects_for(user, P.SETTLE)
    return kept(("demanded", str(his.query)), lambda: list(contracts.open_recoveries(his)))


def paid_too_much(user: User) -> list[Unequal]:
    """Ended projects that were paid more than was settled, and of which no decision demands it back."""
    demanded = {recovery.project_id for recovery in _demanded(user)}
    return [one for one in _unequal(user, P.SETTLE) if one.over and one.key not in demanded]


def remainder_not_asked(user: User) -> list[Unequal]:
    """Settled projects of which money is due that nobody has asked for yet."""
    his = projects_for(user, P.ADVANCE_REQUEST).filter(historical=False)
    asked = Advance.objects.filter(state__in=(AdvanceState.REQUESTED, AdvanceState.CONFIRMED)).values("project")
    return [one for one in unequal(his.filter(state=S.SETTLED).exclude(pk__in=asked)) if one.short]


def endings(user: User) -> Iterator[Task]:
    """What stands between settlement and the end of a contract: money paid too much, also to a project that was stopped, and
    money settled that nobody has asked for yet.  What a decision demands back is told with it."""
    if user.holds(P.SETTLE):
        yield from _ending(TaskKind.RETURN_SURPLUS, [(one, one.over) for one in paid_too_much(user)])
    if user.holds(P.ADVANCE_REQUEST):
        yield from _ending(TaskKind.ASK_REMAINDER, [(one, one.short) for one in remainder_not_asked(user)])


def to_liquidate(user: User) -> tuple[QuerySet[Project], list[Unequal]]:
    """The settled projects of which the contracts can be ended now, and those of which they cannot yet."""
    settled = projects_for(user, P.LIQUIDATE).filter(state=S.SETTLED, historical=False)
    waiting = [one for one in _unequal(user, P.LIQUIDATE) if one.state == S.SETTLED]
    return settled.exclude(pk__in=[one.key for one in waiting]), waiting


def liquidations(user: User) -> Iterator[Task]:
    """The contracts that can be ended now; apart from them those that cannot yet, with what stands in the way."""
    if not user.holds(P.LIQUIDATE):
        return
    free, waiting = to_liquidate(user)
    if ready := contracts.contracts_of(free):
        rest = ngettext("%(number)s đề án", "%(number)s đề án", ready.number) % {"number": ready.number}
        rest += ", " + _("%(amount)s triệu đồng kinh phí khuyến công") % {"amount": million(ready.asked)}
        due = contracts.first_liquidation(ready.contracts, on=clock.today())
        only = ready.first if ready.number == 1 else None
        yield Task(TaskKind.LIQUIDATE, rest, number=ready.number, due=due, subject=only)
    if waiting:
        rest = ngettext("%(number)s đề án", "%(number)s đề án", len(waiting)) % {"number": len(waiting)}
        due = contracts.first_liquidation((one.contract for one in waiting), on=clock.today())
        only = waiting[0].key if len(waiting) == 1 else None
        rest = f"{rest}: {', '.join(_standing_in_the_way(waiting))}"
        yield Task(TaskKind.LIQUIDATE_LATER, rest, number=len(waiting), due=due, subject=only)


def _unequal(user: User, permission: P) -> list[Unequal]:
    """What is settled or stopped and was paid otherwise.  Who settles and ends the same contracts asks once a page."""
    his = projects_for(user, permission).filter(state__in=(S.SETTLED, S.STOPPED), historical=False)
    return kept(("unequal", str(his.query)), lambda: unequal(his))


def _standing_in_the_way(waiting: Sequence[Unequal]) -> Iterator[str]:
    if over := sum(one.over for one in waiting):
        yield _("còn %(amount)s triệu đồng tạm ứng thừa chưa nộp trả") % {"amount": million(over)}
    if short := sum(one.short for one in waiting):
        yield _("còn %(amount)s triệu đồng đã quyết toán chưa chuyển") % {"amount": million(short)}


def _ending(kind: TaskKind, found: list[tuple[Unequal, int]]) -> Iterator[Task]:
    """One task for all of them, due when the first of their contracts must have ended."""
    if not found:
        return
    rest = ngettext("%(number)s đề án, %(amount)s triệu đồng", "%(number)s đề án, %(amount)s triệu đồng", len(found))
    rest %= {"number": len(found), "amount": million(sum(amount for _project, amount in found))}
    contracted = (project.contract for project, _amount in found if project.state == S.SETTLED)
    due = contracts.first_liquidation(contracted, on=clock.today())
    subject = found[0][0].key if len(found) == 1 else None
    yield Task(kind, rest, number=len(found), due=due, subject=subject)
