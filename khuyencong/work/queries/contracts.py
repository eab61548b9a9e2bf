"""What waits among contracts."""

from collections.abc import Iterator

from django.db.models import Count, Exists, Min, OuterRef, Sum
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.contracts import queries as contracts
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, BeneficiaryUpdate
from khuyencong.people.models import User
from khuyencong.projects.models import Beneficiary
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, S, Task, projects_for


def progress(user: User) -> Iterator[Task]:
    today = clock.today()
    if user.holds(P.PROGRESS_REPORT):
        due = contracts.report_due(today.year, today.month, on=today).last_day
        missing = contracts.reports_missing(
            projects_for(user, P.PROGRESS_REPORT).filter(historical=False), year=today.year, month=today.month
        ).aggregate(number=Count("pk"), first=Min("pk"))
        if missing["number"]:
            rest = _("tháng %(month)s cho %(number)s đề án đang thực hiện") % {
                "month": today.month,
                "number": missing["number"],
            }
            yield Task(
                TaskKind.REPORT,
                rest,
                number=missing["number"],
                due=due,
                subject=missing["first"] if missing["number"] == 1 else None,
            )
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


def advances(user: User) -> Iterator[Task]:
    steps = (
        (P.VOLUME_CONFIRM, AdvanceState.REQUESTED, TaskKind.CONFIRM_ADVANCE),
        (P.ADVANCE_PAY, AdvanceState.CONFIRMED, TaskKind.PAY_ADVANCE),
    )
    for permission, state, kind in steps:
        if not user.holds(permission):
            continue
        # few wait: the project of each is looked at, not the advances of all projects of the country
        his = Exists(projects_for(user, permission).filter(pk=OuterRef("project")))
        asked = Advance.objects.filter(his, state=state)
        waiting = asked.aggregate(number=Count("pk"), amount=Sum("amount"), first=Min("project"))
        if waiting["number"]:
            rest = _("theo %(number)s đề nghị tạm ứng, %(amount)s triệu đồng") % {
                "number": waiting["number"],
                "amount": million(waiting["amount"]),
            }
            yield Task(
                kind,
                rest,
                number=waiting["number"],
                subject=waiting["first"] if waiting["number"] == 1 else None,
            )


def acceptances(user: User) -> Iterator[Task]:
    if not user.holds(P.ACCEPT):
        return
    ending = (
        projects_for(user, P.ACCEPT)
        .filter(state=S.RUNNING, historical=False, ends_on__lte=clock.today() + SOON)
        .order_by("ends_on", "pk")
    )
    for project in ending[:10]:
        yield Task(TaskKind.ACCEPT, project.title, due=project.ends_on, note=project.code, subject=project.pk)


def recoveries(user: User) -> Iterator[Task]:
    """Money that a decision demands back and that has not come in full."""
    if not user.holds(P.SETTLE):
        return
    for recovery in contracts.open_recoveries(projects_for(user, P.SETTLE))[:10]:
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
