"""One project after its approval: contracts, reports, acceptances, and who still waits."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import (
    Acceptance,
    AcceptanceSeat,
    Advance,
    Assignment,
    BeneficiaryUpdate,
    ContractAppendix,
    Liquidation,
    ProgressReport,
    Recovery,
    Settlement,
    SupportContract,
    Tender,
    Voucher,
)
from khuyencong.contracts.queries.lists import with_lateness
from khuyencong.organisations.queries import name_then
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project


@dataclass(frozen=True, slots=True)
class File:
    """All that contracts know of one project, for its page."""

    assignment: Assignment | None
    tenders: list[Tender]
    listed: list[Beneficiary]
    contracts: list[SupportContract]
    reports: list[ProgressReport]
    advances: list[Advance]
    acceptances: list[Acceptance]
    settlement: Settlement | None
    liquidation: Liquidation | None
    appendices: list[ContractAppendix]
    recoveries: list[Recovery]

    @property
    def ended_by_force_majeure(self) -> bool:
        return any(row.force_majeure for row in self.acceptances)


def task_in(scope: QuerySet[Project]) -> Assignment | None:
    """The task of the only project in ``scope``, with its ``project``; None where it was given none.  One query."""
    return _only(_tasks().filter(project__in=scope))


def file_of(project: Project, *, assignment: Assignment | None = None) -> File:
    """Everything after approval, oldest first, with whom the project helps (``listed``, in the order in which they came).  At
    most twelve queries, whatever the number of rows; what is rare (tenders, appendices, recoveries) is asked for only where
    the task says that there is some."""
    ended = project.state in (ProjectState.SETTLED, ProjectState.LIQUIDATED)
    assignment = assignment or _only(_tasks().filter(project=project))
    contracts = list(_all_contracts().filter(assignment__project=project))
    signed = [contract.beneficiary for contract in contracts if contract.beneficiary.removed_on is None]
    waits = assignment is None or assignment.has_unsigned  # type: ignore[attr-defined]
    return File(
        assignment=assignment,
        tenders=list(Tender.objects.filter(project=project).select_related("paper").order_by("pk"))
        if assignment is None or assignment.has_tender  # type: ignore[attr-defined]
        else [],
        listed=projects.helped(project) if waits else sorted(signed, key=lambda beneficiary: beneficiary.pk),
        contracts=contracts,
        reports=[] if assignment is None else list(_all_reports().filter(project=project)),
        advances=list(
            Advance.objects.filter(project=project)
            .select_related("envelope", "request", "confirmation", "payment", "report")
            .order_by("number", "pk")
        ),
        acceptances=list(
            Acceptance.objects.filter(project=project)
            .select_related("beneficiary__establishment", "paper", "explanation")
            .prefetch_related(Prefetch("seats", _seats()))
            .order_by("on", "pk")
        ),
        settlement=Settlement.objects.filter(project=project).select_related("paper").first() if ended else None,
        liquidation=Liquidation.objects.filter(project=project).select_related("paper").first()
        if project.state == ProjectState.LIQUIDATED
        else None,
        appendices=list(appendices(project)) if assignment is not None and assignment.has_appendix else [],  # type: ignore[attr-defined]
        recoveries=list(recoveries(project)) if assignment is not None and assignment.has_recovery else [],  # type: ignore[attr-defined]
    )


def _only(tasks: QuerySet[Assignment]) -> Assignment | None:
    """The one task that there is, unsorted: for sorting, Django compares each of the columns and subqueries asked for."""
    return next(iter(tasks.order_by()[:1]), None)


def _seats() -> QuerySet[AcceptanceSeat]:
    """Seats, each with what its body was called on the day of the acceptance (``body_then``; None: as today)."""
    then = name_then("organisation", "acceptance__on", short=True)
    return AcceptanceSeat.objects.select_related("organisation").annotate(body_then=then)


@cache
def _all_reports() -> QuerySet[ProgressReport]:
    return with_lateness(ProgressReport.objects.select_related("by", "confirmation")).order_by("year", "month")


def _last_told() -> dict[str, Subquery]:
    """What the beneficiary of a contract told last, as columns: month, year, work done (đồng) and how many pictures."""
    told = BeneficiaryUpdate.objects.filter(beneficiary=OuterRef("beneficiary")).order_by("-pk")
    told = told.annotate(files_told=Count("files"))
    names = {"told_month": "month", "told_year": "year", "told_done": "done", "told_files": "files_told"}
    return {name: Subquery(told.values(column)[:1]) for name, column in names.items()}


@cache  # put together once a process; whoever asks it narrows it first
def _tasks() -> QuerySet[Assignment]:
    """Tasks, each with the day of its project's oldest voucher, what its vouchers sum to by source (``spent_…``, đồng),
    whether there are tenders, appendices, recoveries, and helped ones without a contract, and what its parties were called
    when it was signed (``giver_then``, ``implementer_then``; None: as today)."""
    tenders = Tender.objects.filter(project=OuterRef("project"))
    of = Q(assignment=OuterRef("pk")) | Q(support_contract__assignment=OuterRef("pk"))
    vouchers = Voucher.objects.filter(project=OuterRef("project"), removed_at=None).order_by("on")
    spent = vouchers.order_by().values("project").annotate(amount=Sum("amount")).values("amount")
    helped = Beneficiary.objects.filter(project=OuterRef("project"), removed_on=None)
    unsigned = helped.filter(~Exists(SupportContract.objects.filter(beneficiary=OuterRef("pk"))))
    places = ("project__province", "project__commune__province", "project__implementer", "project__dossier")
    return Assignment.objects.select_related("giver", "implementer", "paper", *places).annotate(
        giver_then=name_then("giver", "signed_on", short=True),
        implementer_then=name_then("implementer", "signed_on", short=True),
        has_tender=Exists(tenders),
        has_unsigned=Exists(unsigned),
        has_appendix=Exists(ContractAppendix.objects.filter(of)),
        first_voucher_on=Subquery(vouchers.values("on")[:1]),
        has_recovery=Exists(Recovery.objects.filter(project=OuterRef("project"))),
        **{f"spent_{source}": Subquery(spent.filter(source=source)) for source in Source.values},
    )


def spent_of(task: Assignment) -> dict[str, int]:
    """What the vouchers of a task found by ``task_in`` sum to, by source, đồng."""
    return {source: getattr(task, f"spent_{source}") or 0 for source in Source.values}


def appendices(project: Project) -> QuerySet[ContractAppendix]:
    """The appendices of both layers, oldest first."""
    of = Q(assignment__project=project) | Q(support_contract__assignment__project=project)
    found = ContractAppendix.objects.filter(of).order_by("signed_on", "pk")
    return found.select_related("paper", "support_contract__beneficiary__establishment")


def recoveries(project: Project) -> QuerySet[Recovery]:
    """Decisions to recover money, oldest first, each with what has come of it (``received``, đồng)."""
    found = Recovery.objects.filter(project=project).select_related("envelope", "paper")
    return found.annotate(received=Sum("receipts__amount", default=0)).order_by("decided_on", "pk")


def open_recoveries(scope: QuerySet[Project]) -> QuerySet[Recovery]:
    """Decisions to recover money of these projects that were not paid in full, with ``received`` (đồng), first due first."""
    mine = Exists(scope.order_by().filter(pk=OuterRef("project")))  # recoveries are few, projects of all years many
    found = Recovery.objects.filter(mine).select_related("project", "envelope", "paper")
    found = found.annotate(received=Sum("receipts__amount", default=0))
    return found.filter(received__lt=F("amount")).order_by("due_on", "pk")


def only_of(file: File, beneficiaries: Collection[int]) -> File:
    """The same file as one of the beneficiaries may see it: its own contract, figures and acceptance, nobody else's money."""
    return replace(
        file,
        listed=[b for b in file.listed if b.pk in beneficiaries],
        contracts=[c for c in file.contracts if c.beneficiary_id in beneficiaries],
        reports=[],
        advances=[],
        acceptances=[a for a in file.acceptances if a.beneficiary_id in beneficiaries],
        settlement=None,
        liquidation=None,
        appendices=[
            a for a in file.appendices if a.support_contract and a.support_contract.beneficiary_id in beneficiaries
        ],
        recoveries=[],
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
    """The second layer, oldest first, with what each beneficiary was called when it signed (``party_then``; None: as today)."""
    return _with_party().filter(assignment__project=project)


@cache
def _with_party() -> QuerySet[SupportContract]:
    return (
        SupportContract.objects.select_related("beneficiary__establishment__organisation", "paper")
        .select_related("beneficiary__establishment__commune", "beneficiary__establishment__province")
        .select_related("beneficiary__paper")
        .annotate(party_then=name_then("beneficiary__establishment__organisation", "signed_on"))
        .prefetch_related("purchases")
        .order_by("signed_on", "pk")
    )


@cache
def _all_contracts() -> QuerySet[SupportContract]:
    """With what each beneficiary told last."""
    return _with_party().annotate(**_last_told())


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
