"""What is out of order: days, invoices, advances left open."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import (
    Acceptance,
    Advance,
    Assignment,
    Purchase,
    Voucher,
)
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project

AT_WORK = (ProjectState.ASSIGNED, ProjectState.RUNNING)


def open_after_liquidation_day(scope: QuerySet[Project], *, today: date) -> QuerySet[Project]:
    """Projects not liquidated with money on account from a year whose last day (22/01 of the next) has passed."""
    last = norms.deadline(Deadline.LIQUIDATION, on=today, year=today.year - 1).last_day
    year = today.year - 1 if last is None or today > last else today.year - 2
    still = scope.filter(state__in=(*AT_WORK, ProjectState.ACCEPTED, ProjectState.SETTLED))
    paid = (
        Entry.objects.filter(
            kind=EntryKind.ADVANCED, envelope__year__lte=year, project__in=still.order_by().values("pk")
        )
        .order_by()
        .values("project_id")
        .annotate(amount=Sum("amount"))
        .filter(amount__gt=0)
        .values("project_id")
    )
    return still.filter(pk__in=paid).order_by("year", "code")


@dataclass(frozen=True, slots=True)
class Disorder:
    """Two days in an order that cannot be."""

    project: Project
    sentence: str


def impossible_orders(scope: QuerySet[Project]) -> list[Disorder]:
    """Invoice before contract, advance before contract, acceptance before delivery: entered by import or by hand."""
    found: list[Disorder] = []
    keys = scope.values("pk")
    assigned = dict(Assignment.objects.filter(project__in=keys).values_list("project_id", "signed_on"))
    rows = (
        Voucher.objects.filter(project__in=keys, removed_at=None).select_related("project").order_by("project_id", "on")
    )
    for voucher in rows:
        if (day := assigned.get(voucher.project_id)) and voucher.on < day:
            found.append(
                Disorder(
                    voucher.project,
                    _("Chứng từ %(voucher)s ngày %(on)s trước hợp đồng ngày %(day)s.")
                    % {"voucher": voucher, "on": f"{voucher.on:%d/%m/%Y}", "day": f"{day:%d/%m/%Y}"},
                )
            )
    for advance in Advance.objects.filter(project__in=keys).select_related("project").order_by("project_id", "number"):
        if (day := assigned.get(advance.project_id)) and advance.requested_on < day:
            found.append(
                Disorder(
                    advance.project,
                    _("%(advance)s ngày %(on)s trước hợp đồng ngày %(day)s.")
                    % {"advance": advance, "on": f"{advance.requested_on:%d/%m/%Y}", "day": f"{day:%d/%m/%Y}"},
                )
            )
    accepted = {
        (a.project_id, a.beneficiary_id): a
        for a in Acceptance.objects.filter(project__in=keys).exclude(verdict=Verdict.FAILED).select_related("project")
    }
    delivered = Purchase.objects.filter(support_contract__assignment__project__in=keys).select_related(
        "support_contract__assignment", "support_contract"
    )
    for purchase in delivered:
        contract = purchase.support_contract
        acceptance = accepted.get((contract.assignment.project_id, contract.beneficiary_id))
        if acceptance is not None and (purchase.delivered_on is None or acceptance.on < purchase.delivered_on):
            found.append(
                Disorder(
                    acceptance.project,
                    _("Nghiệm thu ngày %(on)s trước khi bàn giao “%(item)s”.")
                    % {"on": f"{acceptance.on:%d/%m/%Y}", "item": purchase.item},
                )
            )
    return found


def duplicate_invoices(scope: QuerySet[Project]) -> list[list[Voucher]]:
    """Invoices that stand in the lists of two projects (what two sources of one project pay together is no duplicate).
    Two queries."""
    twice = (
        Voucher.objects.filter(removed_at=None)
        .exclude(key="")
        .order_by()
        .values("key")
        .annotate(times=Count("project_id", distinct=True))
        .filter(times__gt=1)
        .values("key")
    )
    groups: dict[str, list[Voucher]] = {}
    rows = Voucher.objects.filter(removed_at=None, key__in=twice).select_related("project").order_by("key", "pk")
    for voucher in rows:
        groups.setdefault(voucher.key, []).append(voucher)
    mine = set(
        scope.filter(pk__in={v.project_id for same in groups.values() for v in same}).values_list("pk", flat=True)
    )
    return [same for same in groups.values() if any(voucher.project_id in mine for voucher in same)]
