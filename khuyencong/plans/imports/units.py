"""In what unit a table counts its money."""

import re
from collections.abc import Sequence
from statistics import median

from django.utils.translation import gettext_lazy

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.workbook import Fault
from khuyencong.plans.imports.cells import Cells

UNITS = {"dong": 1, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
UNIT_LABELS = {
    1: gettext_lazy("đồng"),
    1_000: gettext_lazy("nghìn đồng"),
    1_000_000: gettext_lazy("triệu đồng"),
    1_000_000_000: gettext_lazy("tỷ đồng"),
}
_UNIT_WORDS = (
    (re.compile(r"\b(trieu dong|trieu d|trd|tr dong|tr d|trieu)\b"), 1_000_000),
    (re.compile(r"\b(ty dong|ty d|ti dong)\b"), 1_000_000_000),
    (re.compile(r"\b(nghin dong|ngan dong|1 ?000 ?(?:dong|d)|nghin d|ngan d)\b"), 1_000),
    (re.compile(r"\b(dong|vnd|vn d)\b"), 1),
)
UNIT_LINE = re.compile(
    r"\b(?:dvt|don vi tinh|don vi|dv tinh|tinh bang)\b(?: tien)?(?: la)? ((?:1 ?000 ?d?|trieu|tr|nghin|ngan|ty|ti|dong|vnd)\b.{0,10})"
)
_UNIT_ALONE = re.compile(r"\(([^()]{2,25})\)")


def unit_of(cells: Cells, rows: Sequence[int]) -> tuple[int, Fault | None]:
    """How many đồng one unit of the money columns is: by the heads, by a line above them, else by the size of the
    numbers in ``rows``, and then a warning says so.  Raises Invalid(file=…) where the numbers leave it open."""
    heads = [cells.header.titles.get(cells.header.columns[key], "") for key in cells.money]
    above = [str(value) for row in cells.sheet.rows[: cells.header.start] for value in row if isinstance(value, str)]
    lines = [match[1] for text in above if (match := UNIT_LINE.search(workbook.key_of(text)))]
    money = [match[1] for text in above if (match := _UNIT_ALONE.search(text))]
    for texts in (heads, lines, money):
        found = {unit for text in texts if (unit := unit_in(text))}
        if len(found) == 1:
            return found.pop(), None
        if found:
            raise Invalid(
                file=_("Trang tính “%(sheet)s” ghi nhiều đơn vị tiền khác nhau (%(units)s); mỗi bảng chỉ dùng một.")
                % {"sheet": cells.sheet.name, "units": together(", ", (UNIT_LABELS[unit] for unit in sorted(found)))}
            )
    sizes = [
        abs(value)
        for row in rows
        for key in cells.money
        if workbook.own_unit(cells.cell(row, key))[1] is None and (value := cells.quiet(row, key))
    ]
    if not sizes:
        return UNITS["million"], None
    middle, top = median(sizes), max(sizes)
    if min(sizes) >= 1_000_000:
        unit = 1
    elif top < 100_000 and middle < 20_000:
        unit = 1_000_000
    else:
        raise Invalid(
            file=_("Trang tính “%(sheet)s” không ghi đơn vị tiền và các con số không cho thấy rõ. Hãy ghi “ĐVT: triệu đồng” "
                   "phía trên bảng hoặc chọn đơn vị khi gửi tệp.")
            % {"sheet": cells.sheet.name}
        )  # fmt: skip
    told = _("Tệp không ghi đơn vị tiền; theo độ lớn của các con số, hiểu là %(unit)s.") % {"unit": UNIT_LABELS[unit]}
    return unit, cells.fault(cells.header.last, cells.money[0], told)


def unit_in(text: str) -> int | None:
    """How many đồng the unit is that a text names; None where it names none."""
    key = workbook.key_of(text)
    return next((unit for pattern, unit in _UNIT_WORDS if pattern.search(key)), None)


_COMMA_AND_THREE = re.compile(r"[1-9]\d{0,2},\d{3}")


def doubtful_marks(cells: Cells) -> list[Fault]:
    """A warning where a sheet writes its money as "300,000" only: a decimal comma here, a thousand in other programs."""
    if cells.mark is not None:
        return []
    for row in range(cells.header.start, len(cells.sheet.rows)):
        for key in cells.money:
            value = cells.cell(row, key)
            if isinstance(value, str) and _COMMA_AND_THREE.fullmatch(value.strip()):
                told = _("“%(cell)s” đọc là %(read)s %(unit)s vì dấu phẩy ngăn phần thập phân. Nếu dấu phẩy ngăn hàng nghìn, "
                         "hãy định dạng ô là số hoặc gõ dấu chấm.") % {
                    "cell": value.strip(), "read": f"{cells.quiet(row, key):f}".replace(".", ","), "unit": UNIT_LABELS[cells.unit],
                }  # fmt: skip
                return [cells.fault(row, key, told)]
    return []
