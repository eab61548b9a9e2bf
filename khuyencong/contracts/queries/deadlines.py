"""The last days of the law for what follows a contract."""

from datetime import date
from typing import Any

from khuyencong.contracts.queries.settlements import carried_over
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.projects.models import Project


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
        own = norms.deadline(code, on=on, level=Level.PROVINCIAL, province=project.province, **count).last_day
        if own is not None:
            return own
    return norms.deadline(code, on=on, **count).last_day


def report_due(year: int, month: int, *, on: date) -> date | None:
    """The last day for the monthly report (before the 25th, TT 36/2013 Đ23.3a)."""
    return norms.deadline(Deadline.MONTHLY_REPORT, on=on, year=year, month=month).last_day
