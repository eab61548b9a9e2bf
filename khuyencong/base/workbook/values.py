"""What stands in one cell: a number, a day, a code, a text."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold, squeeze
from khuyencong.base.workbook.failures import FAILURES, NOT_RECKONED
from khuyencong.base.workbook.grid import Cell

_BEYOND = Decimal(10**16)


class Unreadable(ValueError):
    """What stands in a cell cannot be read as what it should be.  ``str(error)`` is the reason, for a person."""


_NOTHING = frozenset({"", "-", "–", "—", "_", "…", "...", "//"})
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
# a figure that says itself what it counts: "1438,5 trđ", "12tr", "0,5 tỷ đồng"
_OWN_UNITS = (
    (re.compile(r"(.*\d\)?)\s*(?:tỷ|tỉ|ty)(?: ?(?:đồng|đ|vnđ))?\.?", re.IGNORECASE), 10**9),
    (re.compile(r"(.*\d\)?)\s*(?:(?:triệu|trieu|tr)(?:[. ]?(?:đồng|dong|đ|vnđ))?|trd)\.?", re.IGNORECASE), 10**6),
    (re.compile(r"(.*\d\)?)\s*(?:(?:nghìn|ngàn|ng)(?:[. ]?(?:đồng|đ|vnđ))?|k)\.?", re.IGNORECASE), 10**3),
    (re.compile(r"(.*\d\)?)\s*(?:đồng|vnđ|vnd|đ|₫)\.?", re.IGNORECASE), 1),
)
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ".,"}


def failure(cell: Cell) -> str:
    """What is wrong with a cell in which a formula came to nothing, in a sentence; "" for any other cell."""
    if not isinstance(cell, str) or cell not in FAILURES:
        return ""
    if cell == NOT_RECKONED:
        return _("Ô chứa công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi gửi lại.")
    return _("Ô chứa lỗi của Excel: %(cell)s.") % {"cell": cell}


def number(cell: Cell, *, decimal: str | None = None) -> Decimal | None:
    """The number in a cell, None for an empty one ("-" too).  "1.438,5", "1,438.5", "1 438", "(12)", 1438.5.

    A number of more than 16 digits before the comma is a slip of the hand, not a figure of anything: it is refused here,
    so that nobody has to reckon with it.

    One mark alone is read as Vietnamese papers do: "1.438" a thousand and more, "1,438" a bit more than one, unless
    ``decimal`` ("," or "."; see ``decimal_mark``) says how the column writes.  Raises Unreadable.
    """
    value = _number(cell, decimal)
    if value is not None and abs(value) >= _BEYOND:
        raise Unreadable(_("“%(cell)s” là số quá lớn.") % {"cell": squeeze(str(cell))[:60]})
    return value


def money(cell: Cell, *, unit: int, decimal: str | None = None) -> Decimal | None:
    """An amount in đồng: of a column that counts in ``unit`` đồng, or in the unit that the cell itself names ("1438,5 trđ",
    "12tr").  None for an empty cell.  Raises Unreadable."""
    plain, own = own_unit(cell)
    value = number(plain, decimal=decimal)
    return None if value is None else value * (own or unit)


def own_unit(cell: Cell) -> tuple[Cell, int | None]:
    """The figure of a cell without the unit that it names, and how many đồng that unit is; None where it names none."""
    if isinstance(cell, str) and not cell.isdigit():
        text = squeeze(unicodedata.normalize("NFC", cell))
        for pattern, unit in _OWN_UNITS:
            if match := pattern.fullmatch(text):
                return match[1], unit
    return cell, None


def _number(cell: Cell, decimal: str | None) -> Decimal | None:
    if cell is None or isinstance(cell, bool):
        if cell is None:
            return None
        raise Unreadable(_("Đúng/Sai không phải là số."))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise Unreadable(_("Không phải là số."))
        return Decimal(repr(round(cell, 6))).normalize() if not cell.is_integer() else Decimal(int(cell))
    if not isinstance(cell, str):
        raise Unreadable(_("“%(cell)s” là ngày, không phải là số.") % {"cell": cell})
    text = _CURRENCY.sub("", squeeze(cell))
    if text in _NOTHING:
        return None
    if told := failure(text):
        raise Unreadable(told)
    negative = (text.startswith("(") and text.endswith(")")) or text[0] in "-–−"
    plain = text.strip("()-–−+ ").replace(" ", "").replace("'", "")
    try:
        if not re.fullmatch(r"\d[\d.,]*", plain):
            raise InvalidOperation
        value = Decimal(_plain_number(plain, decimal))
    except InvalidOperation as error:
        raise Unreadable(_("“%(cell)s” không phải là số.") % {"cell": squeeze(cell)[:60]}) from error
    return -value if negative else value


def _plain_number(text: str, decimal: str | None) -> str:
    dots, commas = text.count("."), text.count(",")
    if dots and commas:
        mark = "," if text.rfind(",") > text.rfind(".") else "."
        group = "." if mark == "," else ","
        whole, _mark, fraction = text.rpartition(mark)
        if mark in whole or not _GROUPED[group].fullmatch(whole):
            raise InvalidOperation
        return f"{whole.replace(group, '')}.{fraction}"
    if not dots and not commas:
        return text
    mark = "." if dots else ","
    if text.count(mark) > 1:
        if not _GROUPED[mark].fullmatch(text):
            raise InvalidOperation
        return text.replace(mark, "")
    grouped = _GROUPED[mark].fullmatch(text) and not text.startswith("0")
    if grouped and mark != (decimal or ","):
        return text.replace(mark, "")
    return text.replace(mark, ".")


def decimal_mark(cells: Iterable[Cell]) -> str | None:
    """How a column writes its decimals, by the cells that leave no doubt; None when none does or they disagree."""
    marks = set()
    for cell in cells:
        text = _CURRENCY.sub("", squeeze(cell)).strip("()-– ").replace(" ", "") if isinstance(cell, str) else ""
        if not re.fullmatch(r"\d[\d.,]*", text):
            continue
        if "." in text and "," in text:
            marks.add("," if text.rfind(",") > text.rfind(".") else ".")
            continue
        for mark, other in ((".", ","), (",", ".")):
            if text.count(mark) > 1:
                marks.add(other)
            elif text.count(mark) == 1 and not _GROUPED[mark].fullmatch(text):
                marks.add(mark)
    return marks.pop() if len(marks) == 1 else None


def code(cell: Cell, width: int = 0) -> str:
    """A code as text: the number 1 typed for "01" comes back with its noughts."""
    if cell is None:
        return ""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else squeeze(str(cell))
    return text.zfill(width) if text.isdigit() else text


def tax_code(cell: Cell) -> str:
    """A tax code as text.  Excel takes the leading nought of a number: nine digits were ten, eleven were twelve."""
    text = code(cell)
    if isinstance(cell, float) and text.isdigit() and len(text) in (9, 11):
        return text.zfill(len(text) + 1)
    return text


def phone(cell: Cell) -> str:
    """The first telephone number in a cell, with the nought that Excel takes from a number."""
    text = re.split(r"[;,/]| - ", code(cell))[0]
    return f"0{text}" if isinstance(cell, float) and len(text) == 9 else text


_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_LONG_DAY = re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})\s*(?:[/.\-]|nam)\s*(\d{4})")
_YEAR = re.compile(r"(?:nam )?(\d{4})")
_FIRST_SERIAL = date(1899, 12, 30)


def day(cell: Cell) -> date | None:
    """The day in a cell: a date, "dd/mm/yyyy", "ngày 5 tháng 3 năm 2024", Excel's serial; None for an empty one.

    A month or a year alone gives its first day (``year`` keeps years apart).  Raises Unreadable.
    """
    if cell is None:
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if 1900 <= cell <= 2100 and float(cell).is_integer():
            return date(int(cell), 1, 1)
        if 10_000 <= cell <= 80_000:
            return _FIRST_SERIAL + timedelta(days=int(cell))
    elif isinstance(cell, str):
        if told := failure(cell):
            raise Unreadable(told)
        text = fold(squeeze(cell)).strip(" .,")
        if text in _NOTHING or text == "x":
            return None
        if re.fullmatch(r"\d{5}", text):
            return day(float(text))
        try:
            if match := _ISO_DAY.fullmatch(text):
                return date(int(match[1]), int(match[2]), int(match[3]))
            if match := _DAY.fullmatch(text) or _LONG_DAY.search(text):
                written = int(match[3])
                return date(written + 2000 if written < 100 else written, int(match[2]), int(match[1]))
            if match := _MONTH.fullmatch(text):
                return date(int(match[2]), int(match[1]), 1)
            if (match := _YEAR.fullmatch(text)) and 1900 <= int(match[1]) <= 2100:
                return date(int(match[1]), 1, 1)
        except ValueError as error:
            raise Unreadable(_("“%(cell)s” không phải là ngày có thật.") % {"cell": cell[:60]}) from error
    raise Unreadable(_("“%(cell)s” không phải là ngày (dd/mm/yyyy).") % {"cell": text_of(cell)[:60]})


def year(cell: Cell) -> int | None:
    """The year in a cell, also of a whole day; None for an empty one.  Raises Unreadable."""
    try:
        found = day(cell)
    except Unreadable as error:
        if isinstance(cell, str) and failure(cell):
            raise
        raise Unreadable(_("“%(cell)s” không phải là năm.") % {"cell": text_of(cell)[:60]}) from error
    return found.year if found is not None else None


def text_of(cell: Cell) -> str:
    """A cell as people see it: whole numbers without ".0", days as dd/mm/yyyy, nothing and Excel's errors as ""."""
    if cell is None or cell in FAILURES:
        return ""
    if isinstance(cell, bool):
        return _("Có") if cell else _("Không")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return squeeze(str(cell))
