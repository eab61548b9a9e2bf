"""The money of a year, for home."""

from dataclasses import dataclass

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Cast, Substr

from khuyencong.base import clock
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import YearMoney, added_up, money_of_year
from khuyencong.budgets.rules import given_once
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from khuyencong.work.queries.shared import S

LOCAL, AGENCY, ALLOTTED = "local", "agency", "allotted"  # whose money: local, national with the agency or in a province


@dataclass(frozen=True, slots=True)
class Year:
    """The money of a year in one territory, in đồng: given, paid out, by national and local, month by month.

    ``at_risk``: promised from this money and not yet paid, of ``risky`` projects.
    """

    year: int
    money: YearMoney
    given_by_month: tuple[int, ...]  # cumulative, from January to now
    paid_by_month: tuple[int, ...]
    paid_the_year_before: tuple[int, ...]  # the same months
    at_risk: int
    risky: int


def year_of(user: User, *, year: int, province: int | None = None) -> Year:
    """The figures of home, from the ledger.  Three queries."""
    visible = Envelope.objects.visible_to(user)
    if province is not None:
        visible = visible.filter(province_id=province)
    lines = _lines(visible, year=year)
    months = _by_month(lines)
    last = clock.today().month if year == clock.today().year else 12

    def line(of: int, kind: EntryKind) -> tuple[int, ...]:
        # what a decision gave before its year began is there in January
        steps = (
            sum(a for (y, k, at, _by), a in months.items() if (y, k) == (of, kind) and at <= m)
            for m in range(1, last + 1)
        )
        return tuple(steps)

    def given() -> tuple[int, ...]:
        # what the agency was given and a province was allotted of it: once
        def by(whose: str, until: int) -> int:
            kind = EntryKind.ALLOCATED
            return sum(a for (y, k, at, w), a in months.items() if (y, k, w) == (year, kind, whose) and at <= until)

        return tuple(by(LOCAL, m) + given_once(by(AGENCY, m), by(ALLOTTED, m)) for m in range(1, last + 1))

    at_risk = Project.objects.visible_to(user).filter(
        year=year, state__in=(S.APPROVED, S.ASSIGNED, S.RUNNING), historical=False
    )
    if province is not None:
        at_risk = at_risk.filter(province_id=province)
    # of the money that stands beside it: these envelopes, and what the agency keeps for projects of the territory
    told = Q(envelope__in=visible.order_by()) | Q(envelope__level=Level.NATIONAL, envelope__province=None)
    unpaid = Sum(Case(When(kind=EntryKind.COMMITTED, then=F("amount")), default=-F("amount")))
    promises = Entry.objects.filter(told, kind__in=(EntryKind.COMMITTED, EntryKind.ADVANCED))
    risk = (
        promises.filter(project__in=at_risk.order_by().values("pk"))
        .order_by()
        .values("project")
        .annotate(left=unpaid)
        .aggregate(amount=Sum("left"), number=Count("project", filter=Q(left__gt=0)))
    )
    sums = added_up((line.level, line.of, line.province, line.kind, line.amount) for line in lines if line.of == year)
    return Year(
        year,
        money_of_year(user, year=year, province=province, sums=sums),
        given(),
        line(year, EntryKind.ADVANCED),
        line(year - 1, EntryKind.ADVANCED),
        risk["amount"] or 0,
        risk["number"] or 0,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """Lines of the ledger together: of which envelopes, of what kind, of which month (2026-03), how much (đồng)."""

    level: str
    province: int | None
    of: int
    kind: str
    month: str
    amount: int


def _lines(envelopes: QuerySet[Envelope], *, year: int) -> list[_Line]:
    """All kinds of this year's envelopes, and what was given and paid of those of the year before."""
    flows = Q(kind__in=(EntryKind.ALLOCATED, EntryKind.ADVANCED))
    there = Entry.objects.filter(envelope__in=envelopes.filter(year__in=(year - 1, year)).order_by())
    # a year and a month asked of the day are reckoned by Python for each line on SQLite; how it is written says both
    month = Substr(Cast("on", CharField()), 1, 7)
    by = ("envelope__level", F("envelope__province"), "envelope__year", "kind", month)
    rows = there.filter(flows | Q(envelope__year=year)).order_by().values_list(*by).annotate(amount=Sum("amount"))
    return [_Line(*row) for row in rows]


def _by_month(lines: list[_Line]) -> dict[tuple[int, str, int, str], int]:
    """What was given and paid: year of the envelope, kind, month of that year (0: before it began), whose → đồng."""
    found: dict[tuple[int, str, int, str], int] = {}
    for line in lines:
        year, month = map(int, line.month.split("-"))
        at = 0 if year < line.of else 12 if year > line.of else month
        whose = LOCAL if line.level != Level.NATIONAL else AGENCY if line.province is None else ALLOTTED
        key = (line.of, line.kind, at, whose)
        found[key] = found.get(key, 0) + line.amount
    return found
