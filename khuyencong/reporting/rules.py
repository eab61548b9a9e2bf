"""When a stated total and its parts agree (no law; arithmetic as a reader of the document would do it); from which day to
which a period runs."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from khuyencong.reporting.enums import Discrepancy, Period


@dataclass(frozen=True, slots=True)
class Said:
    """A figure as stated: its range, and to what it was rounded (0: written out); ``given`` False: named without figure."""

    low: Decimal
    high: Decimal
    step: Decimal = Decimal(0)
    given: bool = True


@dataclass(frozen=True, slots=True)
class Comparison:
    computed: Decimal
    difference: Decimal  # stated less computed
    kind: Discrepancy | None  # None: they agree


def compare(total: Said, parts: Sequence[Said], *, list_is_open: bool) -> Comparison:
    """What the parts give against the stated total.

    In this order: equal (or inside the range that the parts span): they agree.  A list that its document leaves open
    ("…") proves nothing wrong: *danh sách để ngỏ*, as long as the parts stay below the total.  A part named without a
    figure, parts below the total: *thiếu thành phần*.  A difference within half of all the steps to which total and parts
    were rounded (183 tỷ against 182,6 tỷ: 0,4 within 0,5): *làm tròn*; a count is never rounded unless its document says
    so.  Everything else: *lệch*.  Nothing is repaired.
    """
    low, high = sum((p.low for p in parts), Decimal(0)), sum((p.high for p in parts), Decimal(0))
    if low <= total.high and total.low <= high:
        return Comparison(low, total.low - low, None)
    nearest = low if low > total.high else high
    stated = total.high if low > total.high else total.low
    difference = stated - nearest
    below = difference > 0
    allowed = (total.step + sum((p.step for p in parts), Decimal(0))) / 2
    if below and list_is_open:
        kind = Discrepancy.OPEN_LIST
    elif below and not all(p.given for p in parts):
        kind = Discrepancy.PART_MISSING
    elif abs(difference) <= allowed:
        kind = Discrepancy.ROUNDING
    else:
        kind = Discrepancy.GAP
    return Comparison(nearest, difference, kind)


def ratio(part: int, whole: int) -> Decimal | None:
    """``part`` of ``whole`` with three decimals, half up; None where there is no whole."""
    if not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.001"), ROUND_HALF_UP)


_MONTHS = {
    Period.Q1: (1, 3),
    Period.Q2: (4, 6),
    Period.HALF: (1, 6),
    Period.Q3: (7, 9),
    Period.Q4: (10, 12),
    Period.YEAR: (1, 12),
}  # in the order in which they end


def span(year: int, period: Period) -> tuple[date | None, date]:
    """The first and the last day of a period.  One that begins with the year has no first day: what was decided for the plan
    before its year began belongs to it."""
    first, last = _MONTHS[period]
    begin = date(year, first, 1) if first > min(months[0] for months in _MONTHS.values()) else None
    return begin, date(year, last, monthrange(year, last)[1])


def ended(today: date) -> list[tuple[int, Period]]:
    """The last period of each kind that is over: a quarter, a half year, a year, in the order in which they ended."""
    over = [(year, p) for year in (today.year - 1, today.year) for p in _MONTHS if span(year, p)[1] < today]
    quarters = [one for one in over if one[1] not in (Period.HALF, Period.YEAR)]
    last = [quarters[-1], *(max(one for one in over if one[1] == kind) for kind in (Period.HALF, Period.YEAR))]
    return sorted(last, key=lambda one: span(*one)[1])
