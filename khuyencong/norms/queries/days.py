"""Days that are worked or free although the reckoned calendar says otherwise."""

from datetime import date

from khuyencong.norms.models import ExceptionalDay
from khuyencong.norms.queries.reading import book


def exceptional_days() -> dict[date, bool]:
    """Each such day, and whether it is worked; one query, and one for all questions inside ``reading``."""
    read = book()
    return _days() if read is None else read.table("exceptional days", _days)


def _days() -> dict[date, bool]:
    return dict(ExceptionalDay.objects.values_list("day", "works"))
