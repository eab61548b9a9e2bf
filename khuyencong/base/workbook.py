"""Workbooks as offices keep them: grids out of .xlsx, .xls and .csv, header by meaning, numbers and days as typed.

Rows and columns are counted from 0 here; ``cell_name`` says them as people see them.  A file that cannot be used raises
``Invalid(file=…)`` with one sentence; a cell that cannot be read raises ``Unreadable`` with its reason.
"""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.etree import ElementTree

import openpyxl
import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from khuyencong.base.errors import Invalid
from khuyencong.base.text import fold, repair, squeeze

MAX_BYTES = 40 * 1024**2
MAX_UNPACKED = 400 * 1024**2
MAX_RATIO = 100  # unpacked to packed, judged from 20 MB upwards: honest sheets stay below 30
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELLS = 8_000_000
MAX_PARTS = 3_000
_RATIO_FROM = 20 * 1024**2
_CHUNK = 1024**2

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Merged = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, both included


_BEYOND = Decimal(10**16)


class Unreadable(ValueError):
    """What stands in a cell cannot be read as what it should be.  ``str(error)`` is the reason, for a person."""


@dataclass(slots=True)
class Sheet:
    """One sheet, its first row being row 1 of the file: ``rows[11][2]`` is C12.  Empty cells are None."""

    name: str
    rows: list[list[Cell]]
    merged: list[Merged] = field(default_factory=list)
    encoding: str | None = None  # TCVN3 or VNI, where cells had to be read in it
    hidden: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """The cell, None outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column may be called.  The first synonym is its name for people."""

    key: str
    synonyms: Sequence[str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Where the heads stand (``first`` to ``last``), where the data begin, and which column holds what."""

    first: int
    last: int
    start: int
    columns: dict[str, int]
    titles: dict[int, str]  # every head that was found, as written, unknown ones too

    def value(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of a row under this head; None where the sheet has no such column."""
        column = self.columns.get(key)
        return row[column] if column is not None and column < len(row) else None


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty cell: sheet, row and column counted from 0, and the reason for a person."""

    sheet: str
    row: int
    column: int
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The same as people name cells: row from 1, column by its letter."""
        return {
            "sheet": self.sheet,
            "row": self.row + 1,
            "column": column_name(self.column),
            "reason": str(self.reason),
        }


# --- reading -------------------------------------------------------------------------------------------------------


def _refuse(sentence: str) -> Invalid:
    return Invalid(file=sentence)


def read(data: bytes, name: str) -> list[Sheet]:
    """All sheets of a workbook.  Text is Unicode NFC, old fonts are read, integers typed as numbers come as floats.

    Raises Invalid(file=…): damaged, password-protected, too large, bomb-like, or no workbook at all.
    """
    if not data:
        raise _refuse(_("Tệp “%(name)s” không có nội dung.") % {"name": name})
    if len(data) > MAX_BYTES:
        raise _refuse(
            _("Tệp “%(name)s” lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp.")
            % {"name": name, "limit": MAX_BYTES // 1024**2}
        )
    if data.startswith(b"PK"):
        _check_zip(data, name)
        sheets = _calamine(data, name)
        _put_errors(data, sheets, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _protected(name)
        sheets = _calamine(data, name)
    elif name.lower().endswith((".csv", ".txt", ".tsv")):
        sheets = [Sheet(name, _csv(data, name))]
    else:
        raise _refuse(_("Tệp “%(name)s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv.") % {"name": name})
    for sheet in sheets:
        if len(sheet.rows) > MAX_ROWS or max(map(len, sheet.rows), default=0) > MAX_COLUMNS:
            raise _too_wide(name, sheet.name)
        _clean(sheet)
    return sheets


def _protected(name: str) -> Invalid:
    return _refuse(_("Tệp “%(name)s” đặt mật khẩu. Hãy bỏ mật khẩu trong Excel rồi gửi lại.") % {"name": name})


def _damaged(name: str) -> Invalid:
    return _refuse(
        _("Tệp “%(name)s” bị hỏng, không đọc được. Hãy mở bằng Excel, lưu lại rồi gửi lại.") % {"name": name}
    )


def _bomb(name: str) -> Invalid:
    return _refuse(
        _("Tệp “%(name)s” giải nén ra quá lớn so với một bảng tính bình thường nên không được mở.") % {"name": name}
    )


def _too_wide(name: str, sheet: str) -> Invalid:
    return _refuse(
        _("Trang tính “%(sheet)s” của tệp “%(name)s” quá lớn: nhiều nhất %(rows)d dòng và %(columns)d cột.")
        % {"sheet": sheet, "name": name, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
    )


# a cell that holds something; styled empty ones close at once and cost nothing
_FILLED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")[^>]*[^/>]>')


def _check_zip(data: bytes, name: str) -> None:
    """Sizes before anything is parsed: as the archive states them, then as they really come out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise _protected(name)
            names = {part.filename for part in parts}
            if not any(part.startswith("xl/") for part in names):
                raise _refuse(
                    _("Tệp “%(name)s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv.") % {"name": name}
                )
            stated = sum(part.file_size for part in parts)
            if (
                len(parts) > MAX_PARTS
                or stated > MAX_UNPACKED
                or (stated > _RATIO_FROM and stated > MAX_RATIO * len(data))
            ):
                raise _bomb(name)
            budget = MAX_UNPACKED
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    budget -= _check_part(archive, part, budget, name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _damaged(name) from error
    except Exception as error:
        if isinstance(error, Invalid):
            raise
        raise _damaged(name) from error  # zlib.error and whatever else a broken archive raises


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int, name: str) -> int:
    """Unpack one part in pieces, count it, and find cells that stand too far out."""
    size, tail, is_sheet = 0, b"", part.filename.startswith("xl/worksheets/sheet")
    last_row = last_column = 0
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > budget:
                raise _bomb(name)
            if size == len(piece) and b"<!DOCTYPE" in piece[:2000]:
                raise _bomb(name)
            if not is_sheet:
                continue
            whole = tail + piece
            for letters, number_ in _FILLED.findall(whole):
                last_row = max(last_row, int(number_))
                if len(letters) > 1:
                    last_column = max(last_column, _column_number(letters.decode()))
            cut = whole.rfind(b"<")
            tail = whole[cut:] if cut >= 0 and len(whole) - cut < 4096 else b""
    if last_row > MAX_ROWS or last_column > MAX_COLUMNS or last_row * max(last_column, 1) > MAX_CELLS:
        raise _too_wide(name, part.filename.rsplit("/", 1)[-1])
    return size


# what Excel writes where a formula came to nothing; the reader gives such a cell as an empty one
_ERRORS = frozenset({"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
_FAILED = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")(?=[^>]*?\st="e")[^>]*[^/>]>'
    rb"(?:(?!</(?:\w+:)?c>).){0,4000}?<(?:\w+:)?v>(#[A-Z0-9/!?]{2,8})</",
    re.DOTALL,
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _put_errors(data: bytes, sheets: Sequence[Sheet], name: str) -> None:
    """Write Excel's errors into the cells where they stand, so that a broken formula is named and not taken for empty."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
                return
            targets = {
                node.get("Id"): (node.get("Target") or "")
                for node in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            }
            parts = {
                node.get("name"): targets.get(node.get(_RELATION), "")
                for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()
                if node.tag.endswith("}sheet")
            }
            for sheet in sheets:
                target = parts.get(sheet.name, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in names:
                    with archive.open(part) as stream:
                        _put_errors_of(sheet, stream)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, ElementTree.ParseError) as error:
        raise _damaged(name) from error


def _put_errors_of(sheet: Sheet, stream: IO[bytes]) -> None:
    tail = b""
    while piece := stream.read(_CHUNK):
        whole = tail + piece
        if b't="e"' in whole:
            for letters, number_, error in _FAILED.findall(whole):
                row, column, text = int(number_) - 1, _column_number(letters.decode()) - 1, error.decode()
                if row < len(sheet.rows) and column < len(sheet.rows[row]) and text in _ERRORS:
                    sheet.rows[row][column] = text
        tail = whole[-8192:]


def _column_number(letters: str) -> int:
    number_ = 0
    for letter in letters:
        number_ = number_ * 26 + ord(letter) - 64
    return number_


def _calamine(data: bytes, name: str) -> list[Sheet]:
    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                    raise _too_wide(name, meta.name)
                sheets.append(
                    Sheet(
                        meta.name,
                        [list(row) for row in sheet.to_python(skip_empty_area=False)],
                        [(tuple(a), tuple(b)) for a, b in sheet.merged_cell_ranges or ()],
                        hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
                    )
                )
    except Invalid:
        raise
    except python_calamine.PasswordError as error:
        raise _protected(name) from error
    except Exception as error:
        raise _damaged(name) from error
    except BaseException as error:  # a panic of the reader does not descend from Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name) from error
    return sheets


def _csv(data: bytes, name: str) -> list[list[Cell]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "latin-1"]  # what is no UTF-8 was typed in an old font
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _damaged(name)
    if "\0" in text:
        raise _refuse(_("Tệp “%(name)s” không phải bảng tính. Hãy gửi tệp .xlsx, .xls hoặc .csv.") % {"name": name})
    head = text[:20_000]
    delimiter = max(";\t,|", key=lambda mark: (head.count(mark), mark == ";"))
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise _damaged(name) from error


_MODERN_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def _clean(sheet: Sheet) -> None:
    """Text squeezed and in Unicode; empty cells None.  What most cells prove to be typed in decides the doubtful ones."""
    found: Counter[str] = Counter()
    modern = 0
    doubtful: list[tuple[list[Cell], int]] = []
    for row in sheet.rows:
        for column, value in enumerate(row):
            if not isinstance(value, str):
                continue
            if value.isascii():
                row[column] = value.strip() or None
                continue
            text, encoding = repair(value)
            text = "\n".join(squeeze(line) for line in text.splitlines()).strip("\n")
            row[column] = text or None
            if encoding:
                found[encoding] += 1
            elif _MODERN_LETTER.search(text):
                modern += 1
            else:
                row[column] = value
                doubtful.append((row, column))
    best = found.most_common(1)
    believed = best[0][0] if best and best[0][1] >= 3 and not modern and best[0][1] >= len(doubtful) / 4 else None
    for row, column in doubtful:
        text = repair(str(row[column]), believed=believed)[0] if believed else str(row[column])
        row[column] = "\n".join(squeeze(line) for line in text.splitlines()).strip("\n") or None
    sheet.encoding = best[0][0] if best else None


# --- the header ----------------------------------------------------------------------------------------------------

_SEARCHED = 40  # rows in which a header may begin
_DEEPEST = 3  # rows that one header may have
_NOT_A_WORD = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?")


def key_of(text: object) -> str:
    """A head as it is compared: without accents, signs and line ends."""
    return _NOT_A_WORD.sub(" ", fold(str(text))).strip()


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header:
    """The header of a sheet, by what its heads mean: titles above it, two-row heads and merged cells are usual.

    Raises Invalid(file=…) naming the required columns that no row offers.
    """
    covered = {
        (row, column): first
        for first, last in sheet.merged
        if first[0] < _SEARCHED + _DEEPEST
        for row in range(first[0], min(last[0], _SEARCHED + _DEEPEST) + 1)
        for column in range(first[1], min(last[1], MAX_COLUMNS) + 1)
    }

    def shown(row: int, column: int) -> Cell:
        return sheet.cell(*covered.get((row, column), (row, column)))

    wanted = [(column, [key_of(synonym) for synonym in column.synonyms]) for column in columns]
    required = {column.key for column in columns if column.required}
    best: tuple[tuple[int, int, int, int, int], Header] | None = None
    for first in range(min(_SEARCHED, len(sheet.rows))):
        for depth in range(1, _DEEPEST + 1):
            last = first + depth - 1
            if last >= len(sheet.rows):
                break
            paths = _heads(sheet, shown, first, last)
            found, quality = _assign(paths, wanted)
            rank = (len(required & found.keys()), len(found), quality, -depth, -first)
            if found and (best is None or rank > best[0]):
                titles = {column: " / ".join(path) for column, path in paths.items()}
                best = (rank, Header(first, last, last + 1, found, titles))
    if best is None or required - best[1].columns.keys():
        there = best[1].columns if best else {}
        missing = ", ".join(f"“{c.synonyms[0]}”" for c in columns if c.required and c.key not in there)
        raise _refuse(
            _("Trang tính “%(sheet)s” không có dòng tiêu đề với các cột: %(columns)s.")
            % {"sheet": sheet.name, "columns": missing or ", ".join(f"“{c.synonyms[0]}”" for c in columns[:3])}
        )
    header = best[1]
    # heads merged over rows above belong to it: the group "Kinh phí (triệu đồng)" tells the unit of what stands below
    first = min((covered[at][0] for at in covered if header.first <= at[0] <= header.last), default=header.first)
    first = min(first, header.first)
    titles = {column: " / ".join(path) for column, path in _heads(sheet, shown, first, header.last).items()}
    start = header.start
    while start < len(sheet.rows) and _is_numbering(sheet.rows[start]):
        start += 1
    return Header(first, header.last, start, header.columns, titles)


def _heads(sheet: Sheet, shown: Any, first: int, last: int) -> dict[int, list[str]]:
    """For each column its heads from top to bottom, each once."""
    width = max((len(sheet.rows[row]) for row in range(first, last + 1)), default=0)
    paths: dict[int, list[str]] = {}
    for column in range(min(width, MAX_COLUMNS)):
        path: list[str] = []
        for row in range(first, last + 1):
            value = shown(row, column)
            if isinstance(value, str) and (not path or path[-1] != value):
                path.append(value)
        if path and len(path[-1]) <= 200:
            paths[column] = path
    return paths


def _assign(paths: dict[int, list[str]], wanted: list[tuple[Column, list[str]]]) -> tuple[dict[str, int], int]:
    """The best column for each key, no column twice, and how good that is."""
    offers = []
    for column, path in paths.items():
        leaf, whole = key_of(path[-1]), key_of(" ".join(path))
        for order, (want, synonyms) in enumerate(wanted):
            grade = max((_likeness(leaf, whole, synonym) for synonym in synonyms), default=0)
            if grade:
                offers.append((-grade, column, order, want.key))
    found: dict[str, int] = {}
    taken: set[int] = set()
    quality = 0
    for grade, column, _order, key in sorted(offers):
        if key not in found and column not in taken:
            found[key] = column
            taken.add(column)
            quality -= grade
    return found, quality


def _likeness(leaf: str, whole: str, synonym: str) -> int:
    if not synonym:
        return 0
    if leaf == synonym or whole == synonym:
        return 100
    if len(synonym) <= 2:
        return 0
    inside = f" {leaf} "
    if inside.startswith(f" {synonym} "):
        return 60 + min(30, 30 * len(synonym) // len(leaf))
    if f" {synonym} " in inside:
        return 40 + min(15, 15 * len(synonym) // len(leaf)) if len(leaf) < 4 * len(synonym) else 0
    if f" {synonym} " in f" {whole} ":
        return 20 + min(15, 15 * len(synonym) // len(whole)) if len(whole) < 4 * len(synonym) else 0
    return 0


def _is_numbering(row: Sequence[Cell]) -> bool:
    """The line "(1) (2) (3)" or "A B 1 2" under a header."""
    filled = [value for value in row if value is not None and value != ""]
    texts = [str(int(value)) if isinstance(value, float) and value.is_integer() else str(value) for value in filled]
    if len(texts) < 3 or not all(_NUMBERING.fullmatch(text) for text in texts):
        return False
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


# --- cells ---------------------------------------------------------------------------------------------------------

_NOTHING = frozenset({"", "-", "–", "—", "_", "…", "...", "//", "x", "X"})
_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
_GROUPED = {mark: re.compile(rf"\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ".,"}


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
    if text.startswith("#"):
        raise Unreadable(_("Ô chứa lỗi của Excel: %(cell)s.") % {"cell": text})
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


_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})")
_LONG_DAY = re.compile(r"ngay (\d{1,2}) thang (\d{1,2}) nam (\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})\s*[/.\-]\s*(\d{4})")
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
        text = fold(squeeze(cell)).strip(" .,")
        if text in _NOTHING:
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
    raise Unreadable(_("“%(cell)s” không phải là ngày (dd/mm/yyyy).") % {"cell": str(cell)[:60]})


def year(cell: Cell) -> int | None:
    """The year in a cell, also of a whole day; None for an empty one.  Raises Unreadable."""
    found = day(cell)
    return found.year if found is not None else None


def text_of(cell: Cell) -> str:
    """A cell as people see it: whole numbers without ".0", days as dd/mm/yyyy, nothing and Excel's errors as ""."""
    if cell is None or cell in _ERRORS:
        return ""
    if isinstance(cell, bool):
        return _("Có") if cell else _("Không")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return squeeze(str(cell))


def column_name(column: int) -> str:
    """ "A" for column 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """ "C12" for row 11 and column 2 (counted from 0)."""
    return f"{column_name(column)}{row + 1}"


# --- giving a workbook back ----------------------------------------------------------------------------------------

_RED = "FFF4C7C3"
_AUTHOR = "Khuyến công"


def marked(data: bytes, faults: Iterable[Fault], *, name: str = "", limit: int = 10_000) -> bytes:
    """The workbook that was sent, as .xlsx, with each faulty cell coloured and its reason as a comment.

    Above ``limit`` rows only the faulty rows with their numbers and reasons come back: marking all would need too much
    memory.  What was sent as .xls or .csv comes back as .xlsx with its values.  Raises Invalid(file=…) as ``read`` does.
    """
    by_sheet: dict[str, dict[tuple[int, int], list[str]]] = {}
    for fault in faults:
        by_sheet.setdefault(fault.sheet, {}).setdefault((fault.row, fault.column), []).append(str(fault.reason))
    sheets = read(data, name or "")
    if sum(len(sheet.rows) for sheet in sheets) > limit:
        return _faulty_rows(sheets, by_sheet)
    if data.startswith(b"PK"):
        try:
            return _marked_in_place(data, by_sheet)
        except (KeyError, ValueError, TypeError, AttributeError):
            pass  # a part that openpyxl does not understand: the values still come back, marked
    return _marked_copy(sheets, by_sheet)


def _marked_in_place(data: bytes, by_sheet: dict[str, dict[tuple[int, int], list[str]]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    fill = PatternFill("solid", start_color=_RED, end_color=_RED)
    for sheet_name, cells in by_sheet.items():
        if sheet_name not in book.sheetnames:
            continue
        sheet = book[sheet_name]
        whole = {(row, column): merged for merged in sheet.merged_cells.ranges for row, column in merged.cells}
        for (row, column), reasons in cells.items():
            merged = whole.get((row + 1, column + 1))
            at = (merged.min_row, merged.min_col) if merged else (row + 1, column + 1)
            cell = sheet.cell(*at)
            cell.fill = fill
            before = f"{cell.comment.text}\n" if cell.comment else ""
            cell.comment = Comment(before + "\n".join(reasons), _AUTHOR, width=320, height=120)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _new_book(out: io.BytesIO, *, lean: bool) -> xlsxwriter.Workbook:
    options = {
        "constant_memory": lean,
        "in_memory": not lean,
        "strings_to_formulas": False,  # what came as text goes as text, also "=…"
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    return xlsxwriter.Workbook(out, options)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:28] or "Trang"
    found, n = base, 1
    while found.lower() in taken:
        n += 1
        found = f"{base[:25]} {n}"
    taken.add(found.lower())
    return found


def _marked_copy(sheets: list[Sheet], by_sheet: dict[str, dict[tuple[int, int], list[str]]]) -> bytes:
    out = io.BytesIO()
    book = _new_book(out, lean=False)
    red = book.add_format({"bg_color": f"#{_RED[2:]}"})
    red_day = book.add_format({"bg_color": f"#{_RED[2:]}", "num_format": "dd/mm/yyyy"})
    taken: set[str] = set()
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name, taken))
        cells = by_sheet.get(sheet.name, {})
        for number_, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                if value is not None and (number_, column) not in cells:
                    page.write(number_, column, value)
        for (number_, column), reasons in cells.items():
            value = sheet.cell(number_, column)
            page.write(number_, column, value if value is not None else "", red_day if isinstance(value, date) else red)
            page.write_comment(number_, column, "\n".join(reasons), {"author": _AUTHOR, "x_scale": 2})
    book.close()
    return out.getvalue()


def _faulty_rows(sheets: list[Sheet], by_sheet: dict[str, dict[tuple[int, int], list[str]]]) -> bytes:
    out = io.BytesIO()
    book = _new_book(out, lean=True)
    bold, red = book.add_format({"bold": True}), book.add_format({"bg_color": f"#{_RED[2:]}"})
    taken: set[str] = set()
    for sheet in sheets:
        rows: dict[int, dict[int, list[str]]] = {}
        for (row, column), reasons in by_sheet.get(sheet.name, {}).items():
            rows.setdefault(row, {})[column] = reasons
        if not rows:
            continue
        page = book.add_worksheet(_sheet_name(sheet.name, taken))
        width = max(len(sheet.rows[row]) for row in rows if row < len(sheet.rows)) if rows else 0
        page.write_row(0, 0, [_("Dòng"), _("Lỗi"), *(column_name(n) for n in range(width))], bold)
        for line, (row, cells) in enumerate(sorted(rows.items()), start=1):
            page.write(line, 0, row + 1)
            page.write(
                line, 1, "; ".join(f"{cell_name(row, c)}: {' '.join(texts)}" for c, texts in sorted(cells.items()))
            )
            for column in range(width):
                value = sheet.cell(row, column)
                if value is not None or column in cells:
                    page.write(line, column + 2, value if value is not None else "", red if column in cells else None)
    if not taken:
        book.add_worksheet("Trang 1")
    book.close()
    return out.getvalue()
