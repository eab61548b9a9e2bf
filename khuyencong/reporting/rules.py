"""When a stated total and its parts agree.  No law; arithmetic as a reader of the document would do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from khuyencong.reporting.enums import Discrepancy


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
