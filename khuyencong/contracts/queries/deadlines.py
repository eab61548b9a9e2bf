"""The days of the law for what follows a contract, each with its text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Subquery, Sum

from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import Verdict
from khuyencong.contracts.models import Acceptance
from khuyencong.contracts.queries.settlements import carried_over, volume_done
from khuyencong.documents.enums import Fact
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.places.models import Unit
from khuyencong.projects.models import Project


def settlement_due(project: Project, *, last: date, on: date) -> norms.DeadlineAnswer:
    """The day for the settlement file, counted from the last acceptance (TT 36/2013 Đ18.1)."""
    return _day(project, Deadline.SETTLEMENT_DOSSIER, on=on, after=last)


def liquidation_due(project: Project, *, on: date, carried: bool | None = None) -> norms.DeadlineAnswer:
    """The day to liquidate the contract of this plan year (TT 36/2013 Đ18.2).  ``carried``: whether its money was carried
    over, where the caller knows it already."""
    carried = carried_over(project) if carried is None else carried
    year = project.year + 1 if carried else project.year
    return _day(project, Deadline.LIQUIDATION, on=on, year=year)


def settlement_facts(project: Project, *, with_invoice: bool, on: date) -> set[str]:
    """What is true of a settlement on this day and changes the papers that it asks for (TT 36/2013 Đ18, Đ19)."""
    last_day = liquidation_due(project, on=on).last_day
    told = {
        Fact.INVOICES_AGENCY: with_invoice,
        Fact.OVERDUE: last_day is not None and on > last_day,
        Fact.FORCE_MAJEURE: volume_done(project) is not None,
    }
    return {fact.value for fact, holds in told.items() if holds}


@dataclass(frozen=True, slots=True)
class Contracts:
    """Projects counted together: how many, what they ask of the State (đồng), the first of them, and their contracts as
    ``first_liquidation`` takes them."""

    number: int
    asked: int
    first: int
    contracts: list[tuple[str, norms.ProvinceTold, int, bool]]


def contracts_of(projects: QuerySet[Project]) -> Contracts | None:
    """All of these together; None where there are none.  One query."""
    carried = Exists(Entry.objects.filter(project=OuterRef("pk"), kind=EntryKind.CARRIED_OUT))
    told = projects.order_by().annotate(kept=carried).values_list("level", "year", "kept", *norms.TELLS_PROVINCE)
    sums = {"number": Count("pk"), "asked": Sum(F("national") + F("local")), "first": Min("pk")}
    rows = list(told.annotate(**sums))
    if not rows:
        return None
    return Contracts(
        number=sum(row[-3] for row in rows),
        asked=sum(int(row[-2]) for row in rows),
        first=min(row[-1] for row in rows),
        contracts=[(row[0], tuple(row[3:-3]), row[1], row[2]) for row in rows],
    )


def first_settlement(projects: QuerySet[Project], *, on: date) -> date | None:
    """The first day by which the settlement file of one of these projects must be there, each counted from its own last
    acceptance.  Two queries: of the days, and of the rows."""
    passed = Acceptance.objects.filter(project=OuterRef("pk")).exclude(verdict=Verdict.FAILED)
    last = projects.order_by().annotate(ended=Subquery(passed.order_by("-on").values("on")[:1])).exclude(ended=None)
    firsts: dict[tuple[str, norms.ProvinceTold | None], date] = {}
    for level, *of, first in last.values_list("level", *norms.TELLS_PROVINCE).annotate(first=Min("ended")):
        # where a project of national money lies tells nothing of its days
        money = (level, None if level == Level.NATIONAL else tuple(of))
        firsts[money] = min(first, firsts.get(money, first))
    with norms.reading():
        days = [
            day_of_money(
                level, of and norms.province_told(of), Deadline.SETTLEMENT_DOSSIER, on=on, after=first
            ).last_day
            for (level, of), first in firsts.items()
        ]
    return min((day for day in days if day is not None), default=None)


def first_liquidation(contracts: Iterable[tuple[str, norms.ProvinceTold, int, bool]], *, on: date) -> date | None:
    """The first day by which one of several contracts must have ended, of which are known the level and the province of their
    money, their plan year and whether it was carried over.  One query, of the rows."""
    # where a project of national money lies tells nothing of its days
    asked = {(level, None if level == Level.NATIONAL else of, year + kept) for level, of, year, kept in contracts}
    with norms.reading():
        days = [
            day_of_money(level, of and norms.province_told(of), Deadline.LIQUIDATION, on=on, year=year).last_day
            for level, of, year in asked
        ]
    return min((day for day in days if day is not None), default=None)


def last_overdue_year(level: str, province: Unit | None, *, on: date) -> int:
    """The newest plan year whose contracts had to be liquidated before ``on``, by the rows that bind this money."""
    for year in (on.year, on.year - 1):
        last = day_of_money(level, province, Deadline.LIQUIDATION, on=on, year=year).last_day
        if last is not None and on > last:
            return year
    return on.year - 2


def report_due(year: int, month: int, *, on: date, project: Project | None = None) -> norms.DeadlineAnswer:
    """The day for the monthly report (TT 36/2013 Đ23.3a); without ``project`` that of national money."""
    if project is None:
        return norms.deadline(Deadline.MONTHLY_REPORT, on=on, year=year, month=month)
    return _day(project, Deadline.MONTHLY_REPORT, on=on, year=year, month=month)


@dataclass(frozen=True, slots=True)
class NextMonth:
    """When the figures of the month after this one may be sent, and by when; ``due`` None where no row says it."""

    begins: date
    due: date | None


def told_until(project: Project, *, on: date) -> NextMonth:
    """Of who has sent the figures of the month of ``on``: the days of the next one."""
    begins = date(on.year + on.month // 12, on.month % 12 + 1, 1)
    return NextMonth(begins, report_due(begins.year, begins.month, on=on, project=project).last_day)


def first_report(money: Iterable[tuple[str, norms.ProvinceTold]], *, year: int, month: int, on: date) -> date | None:
    """The first day by which one of several projects is to be reported this month, of which are known the level and the province
    of their money.  One query, of the rows."""
    # where a project of national money lies tells nothing of its days
    asked = {(level, None if level == Level.NATIONAL else of) for level, of in money}
    count: dict[str, Any] = {"on": on, "year": year, "month": month}
    with norms.reading():
        days = [
            day_of_money(level, of and norms.province_told(of), Deadline.MONTHLY_REPORT, **count).last_day
            for level, of in asked
        ]
    return min((day for day in days if day is not None), default=None)


def _day(project: Project, code: str, *, on: date, **count: Any) -> norms.DeadlineAnswer:
    return day_of_money(project.level, project.province, code, on=on, **count)


def day_of_money(level: str, province: Unit | None, code: str, *, on: date, **count: Any) -> norms.DeadlineAnswer:
    """The day of the rows that bind this money; where the province has none, the usual national one."""
    if level != Level.NATIONAL:
        own = norms.deadline(code, on=on, level=Level.PROVINCIAL, province=province, **count)
        if own.last_day is not None:
            return own
    return norms.deadline(code, on=on, **count)
