"""Reading contracts: where a project stands, how much may be advanced and why, what is due, what is out of order."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import position
from khuyencong.budgets.rules import Balance
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
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.models import Paper
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
    ProjectState.STOPPED,
)
AT_WORK = (ProjectState.ASSIGNED, ProjectState.RUNNING)
NEWEST = 200  # papers among which a search over the whole country looks for contracts


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
    """Everything after approval, oldest first.  At most nine queries and four prefetches, whatever the number of rows."""
    ended = project.state in (ProjectState.SETTLED, ProjectState.LIQUIDATED)
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
        settlement=Settlement.objects.filter(project=project).select_related("paper").first() if ended else None,
        liquidation=Liquidation.objects.filter(project=project).select_related("paper").first() if ended else None,
    )


def only_of(file: File, beneficiaries: Collection[int]) -> File:
    """The same file as one of the beneficiaries may see it: its own contract, figures and acceptance, nobody else's money."""
    return replace(
        file,
        contracts=[c for c in file.contracts if c.beneficiary_id in beneficiaries],
        reports=[],
        updates=[u for u in file.updates if u.beneficiary_id in beneficiaries],
        advances=[],
        acceptances=[a for a in file.acceptances if a.beneficiary_id in beneficiaries],
        settlement=None,
        liquidation=None,
    )


def latest_updates(project: Project, *, year: int, month: int) -> list[BeneficiaryUpdate]:
    """What each beneficiary last told up to this month; from these the implementer writes its report."""
    told: dict[int, BeneficiaryUpdate] = {}
    rows = (
        BeneficiaryUpdate.objects.filter(beneficiary__project=project, beneficiary__removed_on=None)
        .filter(Q(year__lt=year) | Q(year=year, month__lte=month))
        .select_related("beneficiary__establishment")
        .order_by("year", "month", "pk")
    )
    for update in rows:
        told[update.beneficiary_id] = update
    return list(told.values())


def support_contracts(project: Project) -> QuerySet[SupportContract]:
    return (
        SupportContract.objects.filter(assignment__project=project)
        .select_related("beneficiary__establishment__organisation", "beneficiary__establishment__commune", "paper")
        .prefetch_related("purchases")
        .order_by("signed_on", "pk")
    )


def helped(project: Project) -> QuerySet[Beneficiary]:
    """Those whom a decision has approved and none has taken out; proposals of a group wait for theirs (Mẫu 11)."""
    return project.beneficiaries.filter(removed_on=None, approved_on__isnull=False).select_related(
        "establishment__organisation"
    )


def without_contract(project: Project) -> list[Beneficiary]:
    """Approved beneficiaries that have no support contract yet."""
    signed = SupportContract.objects.filter(beneficiary__project=project).values("beneficiary_id")
    return list(helped(project).exclude(pk__in=signed).order_by("pk"))


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


def budget_years(project: Project) -> set[int]:
    """The years whose vouchers may be settled: the plan year and those of the envelopes that promise it money (carried
    over, or given for a later year of a project of several years)."""
    given = Entry.objects.filter(project=project, kind=EntryKind.COMMITTED, amount__gt=0)
    return {project.year, *given.order_by().values_list("envelope__year", flat=True)}


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


def room(
    project: Project,
    *,
    envelope: Envelope,
    on: date,
    report: ProgressReport | None = None,
    own: Balance | None = None,
) -> Room:
    """The next advance of one source on a day.  TT 36/2013 Đ13 (first), Đ15 (further), Đ14 (remainder).

    ``own``: what the project has in the envelope, where the caller knows it already.
    """
    own = own or position(envelope, project=project)
    accepted = project.state in (ProjectState.ACCEPTED, ProjectState.SETTLED)
    answer = _answer(project, level=envelope.level, on=on)
    kind = rules.kind_of_next(paid_before=own.advanced > 0, accepted=accepted, only_after=answer.after_acceptance)
    if own.committed <= 0:
        return Room(kind, 0, "", refusal=_("Nguồn này không cam kết kinh phí cho đề án."))
    if own.unpaid <= 0:
        return Room(kind, 0, "", refusal=_("Nguồn này đã chuyển hết số đã cam kết cho đề án."))
    if accepted:
        if kind == AdvanceKind.FIRST:
            told = _("Tạm ứng một lần sau nghiệm thu: %(left)s đồng (%(citation)s).")
            citation, verified = answer.citation, answer.is_verified
        else:
            told = _("Phần còn lại sau nghiệm thu: %(left)s đồng (%(citation)s).")
            citation, verified = _("Điều 14 TT 36/2013/TT-BCT"), True
        return Room(kind, own.unpaid, told % {"left": dong(own.unpaid), "citation": citation}, verified=verified)
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
        if kind == AdvanceKind.FIRST or not rules.runs_several_years(project)
        else rules.ceiling_before_acceptance(own.committed, answer=answer)
    )
    most = own.unpaid if limit.amount is None else min(limit.amount - own.advanced, own.unpaid)
    if most <= 0:
        return Room(
            kind, 0, limit.sentence, refusal=_("Đã tạm ứng tới mức cho phép trước nghiệm thu. ") + limit.sentence
        )
    return Room(kind, most, limit.sentence, verified=limit.verified)


def papers_for(
    project: Project,
    *,
    stage: str,
    on: date,
    facts: Iterable[str] = (),
    beneficiaries: Sequence[Beneficiary] | None = None,
) -> list[documents.Line]:
    """The papers that the law asks for at a stage of the contract, missing ones first."""
    return projects.checklist(project, stage=stage, on=on, facts=facts, beneficiaries=beneficiaries)


def papers_for_remainder(project: Project, *, on: date) -> list[documents.Line]:
    """TT 36/2013 Đ14, item by item for the kind of project."""
    return papers_for(project, stage=Stage.REMAINDER, on=on)


def papers_for_advance(project: Project, *, kind: str, on: date) -> list[documents.Line]:
    """What must lie in the dossier before this advance: Đ13 for the first, Đ14 for the remainder, nothing new between."""
    stage = STAGE_OF_ADVANCE.get(kind)
    return papers_for(project, stage=stage, on=on) if stage else []


STAGE_OF_ADVANCE: dict[str, str] = {AdvanceKind.FIRST: Stage.FIRST_ADVANCE, AdvanceKind.REMAINDER: Stage.REMAINDER}


# ---- vouchers and settlement ----


def vouchers(project: Project) -> QuerySet[Voucher]:
    """The lines of the lists that stand (removed ones are not counted)."""
    return (
        Voucher.objects.filter(project=project, removed_at=None)
        .select_related("beneficiary__establishment", "by", "file")
        .order_by("on", "pk")
    )


def same_invoice(seller_tax_code: str, symbol: str, number: str) -> Voucher | None:
    """A voucher with this tax code, symbol and number, anywhere in the system, however it was typed."""
    key = rules.invoice_key(seller_tax_code, symbol, number)
    return next(iter(invoices_taken([key]).get(key, [])), None)


def invoices_taken(keys: Iterable[str]) -> dict[str, list[Voucher]]:
    """The standing vouchers of these invoices (``rules.invoice_key``), by key.  One query."""
    found: dict[str, list[Voucher]] = {}
    wanted = {key for key in keys if key}
    rows = Voucher.objects.filter(key__in=wanted, removed_at=None).select_related("project").order_by("pk")
    for voucher in rows if wanted else ():
        found.setdefault(voucher.key, []).append(voucher)
    return found


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
    percent, basis = share_of(project)
    return Reckoning(
        spent,
        rules.state_due(
            granted_national=project.granted_national or 0,
            granted_local=project.granted_local or 0,
            spent_total=sum(spent.values()),
            spent_national=spent[Source.NATIONAL],
            spent_local=spent[Source.LOCAL],
            percent=percent,
            basis=basis,
        ),
    )


def share_of(project: Project) -> tuple[Decimal | None, str]:
    """The percent of the cost that the State pays, and where it comes from; None where support is no share of the cost.

    The norm's of the day of appraisal; where none is loaded the share that the decision itself gave.
    """
    if not project.granted_counterpart or not project.granted:
        return None, ""
    if (percent := percent_of(project)) is not None:
        return percent, ""
    granted, whole = project.granted, project.granted_total or project.granted
    told = _("Chưa có định mức tỷ lệ trong hệ thống: lấy tỷ lệ của quyết định phê duyệt, %(granted)s / %(whole)s đồng.")
    return Decimal(granted) * 100 / whole, told % {"granted": dong(granted), "whole": dong(whole)}


def percent_of(project: Project) -> Decimal | None:
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
    return _day(project, Deadline.SETTLEMENT_DOSSIER, on=on, after=last)


def liquidation_due(project: Project, *, on: date) -> date | None:
    """The last day to liquidate the contract of this plan year (TT 36/2013 Đ18.2)."""
    year = project.year + 1 if carried_over(project) else project.year
    return _day(project, Deadline.LIQUIDATION, on=on, year=year)


def _day(project: Project, code: str, *, on: date, **count: Any) -> date | None:
    """The day of the rows that bind this money; where the province has none, the usual national one."""
    if project.level != Level.NATIONAL:
        own = norms.deadline(code, on=on, level=NormLevel.PROVINCIAL, province=project.province, **count).last_day
        if own is not None:
            return own
    return norms.deadline(code, on=on, **count).last_day


def report_due(year: int, month: int, *, on: date) -> date | None:
    """The last day for the monthly report (before the 25th, TT 36/2013 Đ23.3a)."""
    return norms.deadline(Deadline.MONTHLY_REPORT, on=on, year=year, month=month).last_day


# ---- what waits, what is late ----


def reports_missing(scope: QuerySet[Project], *, year: int, month: int) -> QuerySet[Project]:
    """Projects at work without the report of this month."""
    made = ProgressReport.objects.filter(year=year, month=month).values("project_id")
    return scope.filter(state=ProjectState.RUNNING, historical=False).exclude(pk__in=made)


def advances_waiting(scope: QuerySet[Project], *, state: str) -> QuerySet[Advance]:
    return (
        Advance.objects.filter(project__in=scope, state=state)
        .select_related("project", "envelope")
        .order_by("requested_on", "pk")
    )


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


def board(user: User) -> QuerySet[Project]:
    """The projects with a contract or waiting for one, in a person's territory."""
    return Project.objects.visible_to(user).filter(state__in=AFTER_APPROVAL, historical=False)


def with_figures(scope: QuerySet[Project]) -> QuerySet[Project]:
    """Adds ``contracted``, ``advanced``, ``settled`` (state money, đồng; None where nothing yet) and ``accepted_on``."""
    mine = {"project": OuterRef("pk")}
    paid = Entry.objects.filter(**mine, kind=EntryKind.ADVANCED).order_by().values("project")
    return scope.annotate(
        contracted=Subquery(Assignment.objects.filter(**mine).values_list(F("national") + F("local"))),
        advanced=Subquery(paid.annotate(amount=Sum("amount")).values("amount")),
        settled=Subquery(Settlement.objects.filter(**mine).values_list(F("national") + F("local"))),
        accepted_on=Subquery(
            Acceptance.objects.filter(**mine).exclude(verdict=Verdict.FAILED).order_by("-on").values("on")[:1]
        ),
    )


def late_reports(scope: QuerySet[Project]) -> QuerySet[ProgressReport]:
    """Monthly reports sent on the 25th of their month or later (TT 36/2013 Đ23.3a)."""
    later = (
        Q(sent_on__year__gt=F("year"))
        | Q(sent_on__year=F("year"), sent_on__month__gt=F("month"))
        | Q(sent_on__year=F("year"), sent_on__month=F("month"), sent_on__day__gte=25)
    )
    return ProgressReport.objects.filter(later, project__in=scope).select_related("project").order_by("-sent_on", "-pk")


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


def search(user: User, *, folded: str, limit: int = 10) -> list[tuple[str, Any, Project]]:
    """Kind, paper and project of the contracts whose paper holds these words; two queries.  For the whole country
    the newest papers are looked for first: one province's projects are few, a country's are not."""
    own = user.scope()
    if own.whole_country:
        kinds = (PaperKind.ASSIGNMENT, PaperKind.SUPPORT_CONTRACT)
        papers = Paper.objects.filter(folded__contains=folded, kind__in=kinds).order_by("-signed_on", "-pk")
        keys = papers.values("pk")[:NEWEST]
        given = Assignment.objects.filter(paper__in=keys)
        supports = SupportContract.objects.filter(paper__in=keys)
    else:
        scope = board(user)
        given = Assignment.objects.filter(project__in=scope, paper__folded__contains=folded)
        supports = SupportContract.objects.filter(assignment__project__in=scope, paper__folded__contains=folded)
    tasks = given.select_related("paper", "project").order_by("-signed_on", "-pk")[:limit]
    found = [(str(task.get_form_display()), task.paper, task.project) for task in tasks]
    if not own.whole_country and own.bodies and not own.provinces and not own.communes:
        supports = supports.filter(
            Q(beneficiary__establishment__organisation_id__in=own.bodies) | Q(assignment__implementer_id__in=own.bodies)
        )
    rows = supports.select_related("paper", "assignment__project").order_by("-signed_on", "-pk")[:limit]
    found += [(_("Hợp đồng hỗ trợ"), row.paper, row.assignment.project) for row in rows]
    return found[:limit]
