"""One project after its approval: contracts, reports, acceptances, and who still waits."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet, Sum

from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import (
    Acceptance,
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
)
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project


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
    appendices: list[ContractAppendix]
    recoveries: list[Recovery]

    @property
    def ended_by_force_majeure(self) -> bool:
        return any(row.force_majeure for row in self.acceptances)


def file_of(project: Project) -> File:
    """Everything after approval, oldest first.  At most eleven queries and four prefetches, whatever the number of rows."""
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
            .select_related("beneficiary__establishment", "paper", "explanation")
            .prefetch_related("seats__organisation")
            .order_by("on", "pk")
        ),
        settlement=Settlement.objects.filter(project=project).select_related("paper").first() if ended else None,
        liquidation=Liquidation.objects.filter(project=project).select_related("paper").first() if ended else None,
        appendices=list(appendices(project)),
        recoveries=list(recoveries(project)) if ended or project.state == ProjectState.STOPPED else [],
    )


def appendices(project: Project) -> QuerySet[ContractAppendix]:
    """The appendices of both layers, oldest first."""
    of = Q(assignment__project=project) | Q(support_contract__assignment__project=project)
    found = ContractAppendix.objects.filter(of).order_by("signed_on", "pk")
    return found.select_related("paper", "support_contract__beneficiary__establishment")


def recoveries(project: Project) -> QuerySet[Recovery]:
    """Decisions to recover money, oldest first, each with what has come of it (``received``, đồng)."""
    found = Recovery.objects.filter(project=project).select_related("envelope", "paper")
    return found.annotate(received=Sum("receipts__amount", default=0)).order_by("decided_on", "pk")


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
