"""The one clock of the house.  What the law counts from is a date on a paper; this is only when we wrote it down."""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The calendar day in Vietnam."""
    return timezone.localdate()


def now() -> datetime:
    """This moment by the clock of Vietnam: for expiry of links and for journal lines, never for what the law counts."""
    return timezone.localtime()


def local(moment: datetime) -> datetime:
    """The same moment as a clock in Vietnam shows it."""
    return timezone.localtime(moment)


def day_of(moment: datetime) -> date:
    """The day in Vietnam on which this moment lies."""
    return timezone.localdate(moment)
