"""Working days of Vietnam: weekends, holidays and the swapped days of each year."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _free(year: int) -> frozenset[date]:
    return frozenset(holidays.VN(years=year, observed=True))


@lru_cache(maxsize=64)
def _swapped(year: int) -> frozenset[date]:
    """Saturdays and Sundays worked in exchange for a bridge day."""
    return frozenset(getattr(holidays.VN(years=year), "weekend_workdays", ()))


def is_working_day(day: date, *, exceptions: Mapping[date, bool] | None = None) -> bool:
    """``exceptions`` (day → worked or not) is what an administrator has entered; it wins over what is computed."""
    if exceptions and day in exceptions:
        return exceptions[day]
    if day.weekday() >= 5:
        return day in _swapped(day.year)
    return day not in _free(day.year)


def working_days_between(start: date, end: date, *, exceptions: Mapping[date, bool] | None = None) -> int:
    """How many working days lie after ``start`` up to and including ``end``; 0 when ``end`` is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, exceptions=exceptions) for day in days)


def add_working_days(start: date, days: int, *, exceptions: Mapping[date, bool] | None = None) -> date:
    """The day on which ``days`` working days after ``start`` end: the last day of a deadline counted in working days."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, exceptions=exceptions)
    return day
