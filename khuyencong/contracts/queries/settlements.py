"""Vouchers, and what the State owes by them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from khuyencong.base import clock
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts import rules
from khuyencong.contracts.enums import AcceptanceForm, Verdict
from khuyencong.contracts.models import Acceptance, Settlement, Voucher
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.organisations.rules import ways_kept
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Project


def carried_over(project: Project) -> bool:
    """Whether money of this project was carried into the next year, with its paper."""
    return Entry.objects.filter(project=project, kind=EntryKind.CARRIED_OUT).exists()


def budget_years(project: Project) -> set[int]:
    """The years whose vouchers may be settled: the plan year and those of the envelopes that promise it money (carried
    over, or given for a later year of a project of several years)."""
    given = Entry.objects.filter(project=project, kind=EntryKind.COMMITTED, amount__gt=0)
    return {project.year, *given.order_by().values_list("envelope__year", flat=True)}


def whole_cost(project: Project) -> int:
    """What all of the project costs, as decided, or as it was drawn up where nothing is decided; đồng."""
    return project.granted_total or project.total


def settled_beside(project: Project) -> dict[str, int]:
    """What was settled of the money that no envelope carries, by source in đồng; nothing before the settlement."""
    beside = (Source.COUNTERPART, Source.OTHER)
    row = Settlement.objects.filter(project=project).values(*beside).first()
    return {source: row[source] for source in beside} if row else {}


def vouchers(project: Project) -> QuerySet[Voucher]:
    """The lines of the lists that stand (removed ones are not counted)."""
    return (
        Voucher.objects.filter(project=project, removed_at=None)
        .select_related("beneficiary__establishment", "by", "file")
        .order_by("on", "pk")
    )


def other_vouchers(project: Project) -> set[rules.OtherVoucher]:
    """The standing vouchers of this project that are no invoices, by what they are compared by.  One query."""
    names = ("kind", "number", "content", "on", "amount", "source")
    rows = Voucher.objects.filter(project=project, removed_at=None, key="").values(*names)
    return {rules.other_voucher(**row) for row in rows}


def same_invoice(seller_tax_code: str, symbol: str, number: str) -> Voucher | None:
    """A voucher with this tax code, symbol and number, anywhere in the system, however it was typed."""
    key = rules.invoice_key(seller_tax_code, symbol, number)
    return next(iter(invoices_taken([key]).get(key, [])), None)


def invoices_taken(keys: Iterable[str]) -> dict[str, list[Voucher]]:
    """The standing vouchers of these invoices (``rules.invoice_key``), by key.  One query."""
    return invoices_near(keys)[0]


def invoices_near(keys: Iterable[str]) -> tuple[dict[str, list[Voucher]], dict[str, list[Voucher]]]:
    """The same, and by their keys without symbol the standing vouchers that may be these invoices: of the same seller and number,
    where one of the two has no symbol.  One query."""
    wanted = {key for key in keys if key}
    bare = {rules.without_symbol(key) for key in wanted}
    asked = Q(key__in=wanted | bare)
    if unsigned := wanted & bare:  # those of this seller with whatever symbol
        asked |= Q(seller_tax_code__in={code for key in unsigned for code in ways_kept(key.partition("|")[0])})
    taken: dict[str, list[Voucher]] = {}
    like: dict[str, list[Voucher]] = {}
    rows = Voucher.objects.filter(asked, removed_at=None).exclude(key="").select_related("project").order_by("pk")
    for voucher in rows if wanted else ():
        if voucher.key in wanted:
            taken.setdefault(voucher.key, []).append(voucher)
        like.setdefault(rules.without_symbol(voucher.key), []).append(voucher)
    return taken, like


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What the vouchers prove, by source, what is due from the State, and what counts of the counterpart; đồng."""

    spent: dict[str, int]
    due: rules.Due
    counterpart: int
    granted: tuple[int, int]  # national, local

    @property
    def spent_total(self) -> int:
        return sum(self.spent.values())

    def beyond_grant(self, more: Mapping[str, int] | None = None) -> list[str]:
        """What ``rules.beyond_grant`` says of these vouchers, with ``more`` of each source (đồng) that is to be entered."""
        spent = {source: amount + (more or {}).get(source, 0) for source, amount in self.spent.items()}
        return rules.beyond_grant(spent, national=self.granted[0], local=self.granted[1])


def reckoning(
    project: Project, *, acceptances: Sequence[Acceptance] | None = None, spent: dict[str, int] | None = None
) -> Reckoning:
    """The settlement as it would be now.  Support that is a share of the cost follows the money really spent.
    ``acceptances``, ``spent`` (đồng by source): where the caller has them already."""
    if spent is None:
        found = dict(vouchers(project).order_by().values_list("source").annotate(amount=Sum("amount")))
        spent = {source: found.get(source, 0) for source in Source.values}
    accepted = None
    if project.state != ProjectState.RUNNING:
        rows = list(Acceptance.objects.filter(project=project)) if acceptances is None else acceptances
        accepted = _accepted(project, rows)
    return Reckoning(
        spent,
        due=rules.state_due(
            granted_national=project.granted_national or 0,
            granted_local=project.granted_local or 0,
            granted_total=project.granted_total or 0,
            spent=spent,
            percent=percent_of(project),
            accepted=accepted,
        ),
        counterpart=rules.counterpart_settled(spent, accepted),
        granted=(project.granted_national or 0, project.granted_local or 0),
    )


def _accepted(project: Project, acceptances: Sequence[Acceptance]) -> rules.Accepted | None:
    volumes = accepted_volumes(project, acceptances=acceptances)
    if volumes is None:
        return None
    forced = volume_done(project, acceptances=acceptances) is not None
    ground = Ground.FORCE_MAJEURE if forced else Ground.PAY_BACK
    basis = norms.ground(ground, on=project.rules_on or clock.today(), of=project).citation
    return rules.Accepted(*volumes, forced=forced, basis=basis)


def accepted_volumes(project: Project, *, acceptances: Sequence[Acceptance] | None = None) -> tuple[int, int] | None:
    """What was accepted so far of the State's part and of the counterpart's, đồng; None before the first acceptance."""
    rows = Acceptance.objects.filter(project=project) if acceptances is None else acceptances
    passed = [row for row in rows if row.verdict != Verdict.FAILED]
    return (sum(row.state_volume for row in passed), sum(row.counterpart_volume for row in passed)) if passed else None


def accepted_for_invoice(acceptances: Iterable[Acceptance]) -> bool:
    """Whether the work was accepted as that of an implementer who invoices who gave the task (Mẫu 5b, 5c): the settlement's file
    is then that of TT 36/2013 Đ19.2."""
    forms = {row.form for row in acceptances if row.verdict != Verdict.FAILED}
    return bool(forms) and AcceptanceForm.A not in forms


def volume_done(project: Project, *, acceptances: Sequence[Acceptance] | None = None) -> int | None:
    """The State's part of all that was accepted, where force majeure ended the work (TT 36/2013 Đ18.4); else None."""
    if project.state == ProjectState.RUNNING:
        return None
    rows = Acceptance.objects.filter(project=project) if acceptances is None else acceptances
    passed = [row for row in rows if row.verdict != Verdict.FAILED]
    return sum(row.state_volume for row in passed) if any(row.force_majeure for row in passed) else None


def percent_of(project: Project) -> Decimal | None:
    """The share of the cost that the norm of the day of appraisal gives; None where none is loaded or none was chosen."""
    if not project.norm_line:
        return None
    level = Level.NATIONAL if (project.granted_national or 0) else project.level
    province = None if level == Level.NATIONAL else project.province
    return norms.share(project.norm_line, on=project.rules_on or clock.today(), level=level, province=province)
