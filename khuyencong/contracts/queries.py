"""Reading contracts: where a project stands, how much may be advanced and why, what is due, what is out of order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import position
from khuyencong.contracts import rules
from khuyencong.contracts.enums import AdvanceKind, AdvanceState, Verdict
from khuyencong.contracts.models import (
    Acceptance,
    Advance,
    Assignment,
    BeneficiaryUpdate,
    Liquidation,
    ProgressReport,
    Purchase,
    Settlement,
    SupportContract,
    Tender,
    Voucher,
)
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Stage
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline
from khuyencong.norms.enums import Level as NormLevel
from khuyencong.people.models import User
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import Level, ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules import NORM_KIND

AFTER_APPROVAL = (
    ProjectState.APPROVED,
    ProjectState.ASSIGNED,
    ProjectState.RUNNING,
    ProjectState.ACCEPTED,
    ProjectState.SETTLED,
    ProjectState.LIQUIDATED,
)
AT_WORK = (ProjectState.ASSIGNED, ProjectState.RUNNING)


# ---- one project ----


@dataclass(frozen=True, slots=True)
class File:
    """All that contracts know of one project, for its page."""

    assignment: Assignment | None
    tenders: list[Tender]
    contracts: list[SupportContract]
    reports: list[ProgressReport]
    updates: list[BeneficiaryUpdate]
    advances: list[Advance]
    acceptances: list[Acceptance]
    settlement: Settlement | None
    liquidation: Liquidation | None


def file_of(project: Project) -> File:
    """Everything after approval, oldest first.  Nine queries and three prefetches, whatever the number of rows."""
    return File(
        assignment=Assignment.objects.filter(project=project).select_related("giver", "implementer", "paper").first(),
        tenders=list(Tender.objects.filter(project=project).select_related("paper").order_by("pk")),
        contracts=list(support_contracts(project)),
        reports=list(
            ProgressReport.objects.filter(project=project)
            .select_related("by", "confirmation")
            .order_by("year", "month")
        ),
        updates=list(
            BeneficiaryUpdate.objects.filter(beneficiary__project=project)
            .select_related("beneficiary__establishment", "by")
            .prefetch_related("files")
            .order_by("pk")
        ),
        advances=list(
            Advance.objects.filter(project=project)
            .select_related("envelope", "request", "payment", "report")
            .order_by("number", "pk")
        ),
        acceptances=list(
            Acceptance.objects.filter(project=project)
            .select_related("beneficiary__establishment", "paper")
            .prefetch_related("seats__organisation")
            .order_by("on", "pk")
        ),
        settlement=Settlement.objects.filter(project=project).select_related("paper").first(),
        liquidation=Liquidation.objects.filter(project=project).select_related("paper", "reconciliation").first(),
    )


def support_contracts(project: Project) -> QuerySet[SupportContract]:
    return (
        SupportContract.objects.filter(assignment__project=project)
        .select_related("beneficiary__establishment__organisation", "beneficiary__establishment__commune", "paper")
        .prefetch_related("purchases")
        .order_by("signed_on", "pk")
    )


def helped(project: Project) -> QuerySet[Beneficiary]:
    return project.beneficiaries.filter(removed_on=None)


def not_yet_accepted(project: Project) -> list[Beneficiary]:
    """Beneficiaries whose work has no acceptance that was passed; empty for a project accepted as a whole."""
    accepted = Acceptance.objects.filter(project=project).exclude(verdict=Verdict.FAILED)
    return list(helped(project).exclude(pk__in=accepted.filter(beneficiary__isnull=False).values("beneficiary_id")))


def last_acceptance(project: Project) -> Acceptance | None:
    return Acceptance.objects.filter(project=project).exclude(verdict=Verdict.FAILED).order_by("-on", "-pk").first()


def first_contract_day(project: Project) -> date | None:
    """Nothing can be bought for a project before its task was given."""
    return Assignment.objects.filter(project=project).values_list("signed_on", flat=True).first()


def carried_over(project: Project) -> bool:
    """Whether money of this project was carried into the next year, with its paper."""
    return Entry.objects.filter(project=project, kind=EntryKind.CARRIED_OUT).exists()


# ---- advances ----


@dataclass(frozen=True, slots=True)
class Room:
    """What may be advanced now from one envelope: which kind, how much (đồng), why; ``refusal`` where nothing may."""

    kind: AdvanceKind
    amount: int
    sentence: str
    refusal: str = ""
    verified: bool = True


def _answer(project: Project, *, level: str, on: date) -> norms.AdvanceAnswer:
    kind = NORM_KIND[project.kind]
    if level == Level.NATIONAL:
        return norms.advance_ratio(kind, on=on)
    return norms.advance_ratio(kind, on=on, level=NormLevel.PROVINCIAL, province=project.province)


def room(project: Project, *, envelope: Envelope, on: date, report: ProgressReport | None = None) -> Room:
    """The next advance of one source on a day.  TT 36/2013 Đ13 (first), Đ15 (further), Đ14 (remainder)."""
    own = position(envelope, project=project)
    accepted = project.state in (ProjectState.ACCEPTED, ProjectState.SETTLED)
    kind = rules.kind_of_next(paid_before=own.advanced > 0, accepted=accepted)
    if own.unpaid <= 0:
        return Room(kind, 0, "", refusal=_("Nguồn này đã chuyển hết số đã cam kết cho đề án."))
    if accepted:
        sentence = _("Phần còn lại sau nghiệm thu: %(left)s đồng (Điều 14 TT 36/2013/TT-BCT).") % {
            "left": dong(own.unpaid)
        }
        return Room(kind, own.unpaid, sentence)
    answer = _answer(project, level=envelope.level, on=on)
    if answer.after_acceptance:
        return Room(
            kind,
            0,
            "",
            refusal=_("Dạng đề án này chỉ tạm ứng sau nghiệm thu (%(citation)s).") % {"citation": answer.citation},
        )
    done = report.done if report is not None and report.confirmed_on is not None else None
    if lacking := rules.volume_missing(done, total=project.total, answer=answer):
        return Room(kind, 0, "", refusal=lacking)
    limit = (
        rules.first_limit(own.committed, answer=answer, source_label=str(envelope))
        if kind == AdvanceKind.FIRST
        else rules.ceiling_before_acceptance(own.committed, answer=answer)
    )
    most = own.unpaid if limit.amount is None else min(limit.amount - own.advanced, own.unpaid)
    if most <= 0:
        return Room(
            kind, 0, limit.sentence, refusal=_("Đã tạm ứng tới mức cho phép trước nghiệm thu. ") + limit.sentence
        )
    return Room(kind, most, limit.sentence, verified=limit.verified)


def papers_for(project: Project, *, stage: str, on: date, facts: Iterable[str] = ()) -> list[documents.Line]:
    return projects.checklist(project, stage=stage, on=on, facts=facts)


def papers_for_remainder(project: Project, *, on: date) -> list[documents.Line]:
    """TT 36/2013 Đ14, item by item for the kind of project."""
    return papers_for(project, stage=Stage.REMAINDER, on=on)


# ---- vouchers and settlement ----


def vouchers(project: Project) -> QuerySet[Voucher]:
    """The lines of the lists that stand (removed ones are not counted)."""
    return (
        Voucher.objects.filter(project=project, removed_at=None)
        .select_related("beneficiary__establishment", "by", "file")
        .order_by("on", "pk")
    )


def same_invoice(seller_tax_code: str, symbol: str, number: str) -> Voucher | None:
    """A voucher with this tax code, symbol and number, anywhere in the system."""
    return (
        Voucher.objects.filter(seller_tax_code=seller_tax_code, symbol=symbol, number=number, removed_at=None)
        .exclude(number="")
        .select_related("project")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the vouchers prove, by source, and what is due from the State; đồng."""

    spent: dict[str, int]
    due: rules.Due

    @property
    def spent_total(self) -> int:
        return sum(self.spent.values())


def reckoning(project: Project) -> Reckoning:
    """The settlement as it would be now.  Support that is a share of the cost follows the money really spent."""
    found = dict(vouchers(project).order_by().values_list("source").annotate(amount=Sum("amount")))
    spent = {source: found.get(source, 0) for source in Source.values}
    percent = percent_of(project)
    return Reckoning(
        spent,
        rules.state_due(
            granted_national=project.granted_national or 0,
            granted_local=project.granted_local or 0,
            spent_total=sum(spent.values()),
            spent_national=spent[Source.NATIONAL],
            spent_local=spent[Source.LOCAL],
            percent=percent,
        ),
    )


def percent_of(project: Project):
    """The share of the cost that the norm of the project's day gives; None where support is no share of the cost."""
    if not project.norm_line or not project.counterpart:
        return None
    level = Level.NATIONAL if (project.granted_national or 0) else project.level
    answer = projects.norm_answer(
        project, code=project.norm_line, cost=max(project.total, 1), level=level, on=project.rules_on or clock.today()
    )
    if answer is None:
        return None
    percents = [line.percent for line in answer.lines if line.percent is not None]
    return min(percents) if percents else None


def settlement_due(project: Project, *, last: date, on: date) -> date | None:
    """The last day for the settlement file, counted from the last acceptance (TT 36/2013 Đ18.1)."""
    answer = norms.deadline(Deadline.SETTLEMENT_DOSSIER, on=on, after=last, **_scope(project))
    return answer.last_day


def liquidation_due(project: Project, *, on: date) -> date | None:
    """The last day to liquidate the contract of this plan year (TT 36/2013 Đ18.2)."""
    year = project.year + 1 if carried_over(project) else project.year
    return norms.deadline(Deadline.LIQUIDATION, on=on, year=year, **_scope(project)).last_day


def report_due(year: int, month: int, *, on: date) -> date | None:
    """The last day for the monthly report (before the 25th, TT 36/2013 Đ23.3a)."""
    return norms.deadline(Deadline.MONTHLY_REPORT, on=on, year=year, month=month).last_day


def _scope(project: Project) -> dict:
    # where the province has no row of its own the national days are shown as the usual ones
    return {"level": NormLevel.NATIONAL, "province": None}


# ---- what waits, what is late ----


def reports_missing(scope: QuerySet[Project], *, year: int, month: int) -> QuerySet[Project]:
    """Projects at work without the report of this month."""
    made = ProgressReport.objects.filter(year=year, month=month).values("project_id")
    return scope.filter(state=ProjectState.RUNNING).exclude(pk__in=made)


def advances_waiting(scope: QuerySet[Project], *, state: str) -> QuerySet[Advance]:
    return (
        Advance.objects.filter(project__in=scope, state=state)
        .select_related("project", "envelope")
        .order_by("requested_on", "pk")
    )


def open_after_liquidation_day(scope: QuerySet[Project], *, today: date) -> QuerySet[Project]:
    """Projects with money on account whose year's last day has passed (auditor's page)."""
    last_years = today.year - 1 if today >= date(today.year, 1, 1) else today.year
    late = scope.filter(state__in=(*AT_WORK, ProjectState.ACCEPTED, ProjectState.SETTLED), year__lte=last_years)
    paid = Entry.objects.filter(kind=EntryKind.ADVANCED).values("project_id")
    return late.filter(pk__in=paid).order_by("year", "code")


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
    """Invoices that stand in two lists."""
    keys = (
        Voucher.objects.filter(removed_at=None)
        .exclude(number="")
        .exclude(seller_tax_code="")
        .order_by()
        .values("seller_tax_code", "symbol", "number")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    groups = []
    for key in keys[:500]:
        same = list(
            Voucher.objects.filter(
                removed_at=None,
                seller_tax_code=key["seller_tax_code"],
                symbol=key["symbol"],
                number=key["number"],
            ).select_related("project")
        )
        if any(scope.filter(pk=voucher.project_id).exists() for voucher in same):
            groups.append(same)
    return groups


def board(user: User) -> QuerySet[Project]:
    """The projects with a contract or waiting for one, in a person's territory."""
    return Project.objects.visible_to(user).filter(state__in=AFTER_APPROVAL)


def late_reports(scope: QuerySet[Project]) -> QuerySet[ProgressReport]:
    """Monthly reports sent on or after the 25th."""
    return ProgressReport.objects.filter(project__in=scope, sent_on__day__gte=25).select_related("project")


def soon(days: int = 7) -> date:
    return clock.today() + timedelta(days=days)


def invariants() -> list[str]:
    """What must hold and no constraint can say."""
    found = []
    paid = (
        Advance.objects.filter(state=AdvanceState.PAID)
        .order_by()
        .values("project_id", "envelope_id")
        .annotate(amount=Sum("amount"))
    )
    for row in paid:
        ledger = (
            Entry.objects.filter(project_id=row["project_id"], envelope_id=row["envelope_id"], kind=EntryKind.ADVANCED)
            .filter(amount__gt=0)
            .aggregate(total=Sum("amount"))["total"]
            or 0
        )
        if ledger < row["amount"]:
            found.append(
                _("Đề án %(project)s: tạm ứng đã chuyển %(paid)s đồng nhưng sổ ghi %(ledger)s đồng.")
                % {"project": row["project_id"], "paid": dong(row["amount"]), "ledger": dong(ledger)}
            )
    wrong = SupportContract.objects.filter(
        Q(national__gt=0) | Q(local__gt=0), beneficiary__approved_on=None, assignment__project__historical=False
    )
    found += [
        _("%(contract)s ký với đơn vị thụ hưởng chưa được duyệt.") % {"contract": contract} for contract in wrong[:50]
    ]
    return found
