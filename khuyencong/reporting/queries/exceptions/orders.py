"""Days in an impossible order, invoices paid twice, advances left open, money demanded back that did not come."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.base.text import uncapitalised
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts import queries as contracts
from khuyencong.projects.models import Project
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame, one_year, up_to


def impossible_orders(frame: Frame) -> list[contracts.Disorder]:
    """Days in an order that cannot be, of one plan year, that nobody has let pass."""
    return contracts.impossible_orders(one_year(frame).projects())


def told_order(row: contracts.Disorder) -> Finding:
    return Finding(row.sentence, row.project)


def told_invoices(rows: Sequence[Any]) -> Finding:
    first = rows[0]
    return Finding(
        _("Hoá đơn %(invoice)s, mã số thuế %(tax)s đứng trong bảng kê của: %(projects)s.")
        % {
            "invoice": str(first),
            "tax": first.seller_tax_code,
            "projects": ", ".join(dict.fromkeys(row.project.code for row in rows)),
        },
        first.project,
        on=first.on,
    )


def open_advances(frame: Frame) -> QuerySet[Project]:
    """Projects not liquidated by the last day of their year with money on account, with ``paid`` and ``spent`` (đồng)."""
    found = contracts.open_after_liquidation_day(up_to(frame), today=clock.today())
    return found.annotate(paid=_sum(EntryKind.ADVANCED), spent=_sum(EntryKind.SETTLED))


def _sum(kind: str) -> Any:
    lines = Entry.objects.filter(project=OuterRef("pk"), kind=kind).order_by().values("project")
    return Coalesce(Subquery(lines.annotate(told=Sum("amount")).values("told")), Value(0))


def told_advance(project: Any) -> Finding:
    state = str(project.get_state_display())
    return Finding(
        _("Năm %(year)s: đã tạm ứng %(paid)s đồng, đã quyết toán %(spent)s đồng, %(state)s.")
        % {
            "year": project.year,
            "paid": dong(project.paid),
            "spent": dong(project.spent),
            "state": uncapitalised(state),
        },
        project,
    )


def open_recoveries(frame: Frame) -> QuerySet[Any]:
    """Decisions to recover money that were not paid in full, of the chosen plan year and those before it."""
    return contracts.open_recoveries(up_to(frame))


def told_recovery(row: Any) -> Finding:
    told = _("%(paper)s: phải thu %(amount)s đồng, đã nộp %(received)s đồng, hạn %(day)s.")
    if clock.today() > row.due_on:
        told = _("%(paper)s: phải thu %(amount)s đồng, đã nộp %(received)s đồng, quá hạn %(day)s.")
    facts = {"paper": row.paper, "amount": dong(row.amount), "received": dong(row.received)}
    return Finding(told % (facts | {"day": f"{row.due_on:%d/%m/%Y}"}), row.project, on=row.decided_on)
