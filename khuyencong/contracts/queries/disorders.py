"""What is out of order: days, invoices, advances left open."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import (
    Acceptance,
    Advance,
    Assignment,
    Purchase,
    SupportContract,
    Voucher,
)
from khuyencong.contracts.queries.deadlines import last_overdue_year
from khuyencong.contracts.queries.files import File
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.places.models import Unit
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project
from khuyencong.projects.queries import Disorder, early_steps, not_let_pass, step_before_paper, with_who_cleared

AT_WORK = (ProjectState.ASSIGNED, ProjectState.RUNNING)


def open_after_liquidation_day(scope: QuerySet[Project], *, today: date) -> QuerySet[Project]:
    """Projects not liquidated with money on account from a year whose last day has passed, by the rows that bind their money;
    what was carried over with its paper belongs to the year into which it went.  Three queries now, one more for its rows."""
    still = scope.filter(state__in=(*AT_WORK, ProjectState.ACCEPTED, ProjectState.SETTLED))
    paid = (
        Entry.objects.filter(_overdue(still, today), kind=EntryKind.ADVANCED, project__in=still.order_by().values("pk"))
        .order_by()
        .values("project_id")
        .annotate(amount=Sum("amount"))
        .filter(amount__gt=0)
        .values_list("project_id", flat=True)
    )
    # few: read once, where the list would add up the ledger for its number and again for its rows
    return still.filter(pk__in=list(paid)).order_by("year", "code")


def _overdue(projects: QuerySet[Project], today: date) -> Q:
    """Lines of envelopes whose year had to be liquidated before ``today``: national money by the national rows, local money by
    those of its province."""
    years: dict[int, list[int]] = {}
    with norms.reading():
        nation = last_overdue_year(Level.NATIONAL, None, on=today)
        local = projects.exclude(level=Level.NATIONAL).order_by().values("province")
        for province in Unit.objects.filter(pk__in=local):
            years.setdefault(last_overdue_year(Level.PROVINCIAL, province, on=today), []).append(province.pk)
    if set(years) <= {nation}:
        return Q(envelope__year__lte=nation)
    found = Q(project__level=Level.NATIONAL, envelope__year__lte=nation)
    for year, provinces in years.items():
        of_these = Q(project__province__in=provinces, envelope__year__lte=year)
        found |= of_these & ~Q(project__level=Level.NATIONAL)
    return found


def out_of_order(scope: QuerySet[Project]) -> list[QuerySet[Any]]:
    """What is out of order in these projects and what nobody has let pass, kind by kind, for counting: early steps, vouchers,
    advances, purchases, late deliveries."""
    return [early_steps(scope), *_out_of_order(scope)]


def _out_of_order(scope: QuerySet[Project]) -> list[QuerySet[Any]]:
    keys = scope.order_by().values("pk")
    signed = Assignment.objects.filter(project=OuterRef("project"))
    begun = Subquery(
        signed.values("signed_on")[:1]
    )  # only of what was found: asked of each row it reads the year row by row
    passed = Acceptance.objects.filter(
        project=OuterRef("support_contract__assignment__project"),
        beneficiary=OuterRef("support_contract__beneficiary"),
    ).exclude(verdict=Verdict.FAILED)
    vouchers = Voucher.objects.filter(Exists(signed.filter(signed_on__gt=OuterRef("on"))), removed_at=None)
    advances = Advance.objects.filter(Exists(signed.filter(signed_on__gt=OuterRef("requested_on"))))
    bought = Purchase.objects.filter(support_contract__assignment__project__in=keys)
    early = bought.filter(signed_on__lt=F("support_contract__signed_on"))
    delivered = Coalesce(OuterRef("delivered_on"), Value(date.max))  # one condition: two would be asked of each row
    late = bought.filter(Exists(passed.filter(on__lt=delivered)))
    late = late.annotate(accepted=Subquery(passed.order_by("on").values("on")[:1]))
    of_purchase = "support_contract__assignment__project"
    return [
        not_let_pass(vouchers.filter(project__in=keys).annotate(begun=begun), "voucher"),
        not_let_pass(advances.filter(project__in=keys).annotate(begun=begun), "advance"),
        not_let_pass(early, "purchase", project=of_purchase),
        not_let_pass(late, "delivery", project=of_purchase),
    ]


def impossible_orders(scope: QuerySet[Project]) -> list[Disorder]:
    """Invoice, advance or purchase before its contract, acceptance before delivery, in these projects: entered by import or by
    hand, and let pass by nobody; steps before their paper too.  Six queries: what is out of order is found first, its
    projects are read afterwards, for their rows are wide and few are out of order.
    """
    early_vouchers, early_advances, bought_early, accepted_early = _out_of_order(scope)
    steps = list(early_steps(scope).order_by("project_id", "pk"))
    vouchers = list(early_vouchers.order_by("project_id", "on", "pk"))
    advances = list(early_advances.order_by("project_id", "number", "pk"))
    with_contract = "support_contract__assignment"
    early = list(bought_early.select_related(with_contract).order_by("pk"))
    late = list(accepted_early.select_related(with_contract).order_by("pk"))
    keys = {row.project_id for rows in (steps, vouchers, advances) for row in rows}
    keys |= {row.support_contract.assignment.project_id for rows in (early, late) for row in rows}
    projects = Project.objects.in_bulk(keys)

    def of(purchase: Purchase) -> Project:
        return projects[purchase.support_contract.assignment.project_id]

    return [
        *(step_before_paper(row, projects[row.project_id]) for row in steps),
        *(_early_voucher(row, row.begun, projects[row.project_id]) for row in vouchers),
        *(_early_advance(row, row.begun, projects[row.project_id]) for row in advances),
        *(_early_purchase(row, row.support_contract, of(row)) for row in early),
        *(_late_delivery(row, row.accepted, of(row)) for row in late),
    ]


def orders_of(project: Project, file: File) -> list[Disorder]:
    """The same of one project, with what somebody has let pass, from what its page knows already.  At most two queries;
    vouchers are asked for only where the oldest one may be too early."""
    found: list[Disorder] = []
    if file.assignment is not None:
        begun = file.assignment.signed_on
        early = Voucher.objects.none()
        first = file.assignment.first_voucher_on  # type: ignore[attr-defined]
        if first is not None and first < begun:
            early = Voucher.objects.filter(project=project, removed_at=None, on__lt=begun).order_by("on", "pk")
        found += [_early_voucher(row, begun, project) for row in early]
        found += [_early_advance(row, begun, project) for row in file.advances if row.requested_on < begun]
    accepted = {row.beneficiary_id: row.on for row in reversed(file.acceptances) if row.verdict != Verdict.FAILED}
    bought = [(purchase, contract) for contract in file.contracts for purchase in contract.purchases.all()]
    found += [_early_purchase(row, contract, project) for row, contract in bought if row.signed_on < contract.signed_on]
    for row, contract in bought:
        day = accepted.get(contract.beneficiary_id)
        if day is not None and (row.delivered_on is None or day < row.delivered_on):
            found.append(_late_delivery(row, day, project))
    return with_who_cleared(found)


def orders_of_contract(contract: SupportContract) -> list[Disorder]:
    """What stands in the way of accepting the work of one contract: purchases before it that nobody has let pass."""
    early = contract.purchases.filter(signed_on__lt=contract.signed_on).order_by("pk")
    orders = with_who_cleared([_early_purchase(row, contract, contract.assignment.project) for row in early])
    return [order for order in orders if order.cleared is None]


def _early_voucher(voucher: Voucher, begun: date, project: Project) -> Disorder:
    told = _("Chứng từ %(voucher)s ngày %(on)s trước hợp đồng ngày %(day)s.")
    facts = {"voucher": voucher, "on": _day(voucher.on), "day": _day(begun)}
    return Disorder(project, f"voucher:{voucher.pk}", told % facts)


def _early_advance(advance: Advance, begun: date, project: Project) -> Disorder:
    told = _("%(advance)s ngày %(on)s trước hợp đồng ngày %(day)s.")
    facts = {"advance": advance, "on": _day(advance.requested_on), "day": _day(begun)}
    return Disorder(project, f"advance:{advance.pk}", told % facts)


def _early_purchase(purchase: Purchase, contract: SupportContract, project: Project) -> Disorder:
    told = _("Hợp đồng mua “%(item)s” ký ngày %(on)s trước hợp đồng hỗ trợ ngày %(day)s.")
    facts = {"item": purchase.item, "on": _day(purchase.signed_on), "day": _day(contract.signed_on)}
    return Disorder(project, f"purchase:{purchase.pk}", told % facts)


def _late_delivery(purchase: Purchase, accepted: date, project: Project) -> Disorder:
    told = _("Nghiệm thu ngày %(on)s trước khi bàn giao “%(item)s”.")
    facts = {"on": _day(accepted), "item": purchase.item}
    return Disorder(project, f"delivery:{purchase.pk}", told % facts)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _twice(scope: QuerySet[Project]) -> QuerySet[Voucher]:
    """The vouchers of these projects whose invoice stands in the list of another project too."""
    other = Voucher.objects.filter(key=OuterRef("key"), removed_at=None).exclude(project=OuterRef("project"))
    here = Voucher.objects.filter(project__in=scope.order_by().values("pk"), removed_at=None).exclude(key="")
    return here.filter(Exists(other)).order_by()


def duplicates_counted(scope: QuerySet[Project]) -> QuerySet[Voucher]:
    """One voucher for each invoice that stands twice and once of it in these projects, for counting."""
    return Voucher.objects.filter(pk__in=_twice(scope).values("key").annotate(one=Min("pk")).values("one"))


def duplicate_invoices(scope: QuerySet[Project]) -> list[list[Voucher]]:
    """Invoices that stand in the lists of two projects, once of them in these (what two sources of one project pay together
    is no duplicate).  One query."""
    groups: dict[str, list[Voucher]] = {}
    rows = Voucher.objects.filter(removed_at=None, key__in=_twice(scope).values("key"))
    for voucher in rows.select_related("project").order_by("key", "pk"):
        groups.setdefault(voucher.key, []).append(voucher)
    return list(groups.values())
