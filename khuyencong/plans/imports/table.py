"""The table of projects as offices draw it: which rows are projects, which head a group, which add up.

Rows are told apart by what stands in them, never by their position: a number or not, a name, a place, money.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from khuyencong.base import workbook
from khuyencong.base.workbook import Cell, Fault, Header, Sheet
from khuyencong.plans.imports.cells import Cells

_TOTAL = re.compile(
    r"(?:tong cong|tong so|tong kinh phi|tong|cong)"
    r"(?: (?:cong|so|kinh phi|toan bo|toan tinh|ca nam|chung|nhom|muc|phan|de an|dot|[ivxlc]+|[a-z]|\d+"
    r"|nam|quy|giai doan|huyen|thi xa|thanh pho|xa|phuong|cac)\b.*)?"
)
_FOOTER = re.compile(
    r"(nguoi lap|lap bieu|giam doc|pho giam doc|chu tich|pho chu tich|tm|kt|tl|ngay thang|noi nhan|ghi chu|bang chu"
    r"|thu truong|ke toan|ky ten|luu y|so cong thuong|uy ban nhan dan|trong do)\b.*|.*\bngay (\d+ )?thang\b.*"
)
_ROMAN = re.compile(r"[IVXLivxl]+")
_LEADING = re.compile(r"([IVX]+|[A-HĐ])\s*[.)/:\-–]\s*(\S.*)", re.DOTALL)
FIRST_DAY, LAST_DAY = 32_874, 55_153  # 1990 to 2050, as Excel numbers days
_TEXTS = ("implementer", "beneficiary", "place", "content", "time")


@dataclass(slots=True)
class Line:
    """One project as it stands in the table: its own row, and the rows below that belong to it."""

    table: "Table"
    number: int  # from 0
    title: str
    headings: tuple[str, ...] = ()
    more: list[int] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        return [self.number, *self.more]

    @property
    def counted(self) -> list[int]:
        """The rows whose money is the project's: its own alone where it is the sum of those below, by beneficiary."""
        return [self.number] if self.parts else self.rows

    @property
    def parts(self) -> list[int]:
        """The rows below that only divide the money of its own row, which names no beneficiary."""
        if self.text("beneficiary") or not self.table.has_money(self.number):
            return []
        return [row for row in self.more if self.table.has_money(row)]

    def text(self, key: str) -> str:
        return self.table.text(self.number, key)

    @property
    def time(self) -> str:
        """When its work is done; a day that Excel shows as a bare number is told as a day."""
        cell = self.cell("time")
        serial = isinstance(cell, float) and FIRST_DAY <= cell <= LAST_DAY
        return workbook.text_of(workbook.day(cell)) if serial else self.text("time")

    def cell(self, key: str) -> Cell:
        return self.table.cell(self.number, key)

    def fault(self, key: str, reason: str, *, row: int | None = None) -> Fault:
        return self.table.fault(self.number if row is None else row, key, reason)


@dataclass(slots=True)
class Head:
    """A row that heads a group, with the rows under it."""

    number: int
    text: str
    numeral: str
    rank: float
    lines: list[int] = field(default_factory=list)


class Table(Cells):
    """One sheet with its header and its projects."""

    def __init__(self, sheet: Sheet, header: Header):
        super().__init__(sheet, header)
        self.lines: list[Line] = []
        self.heads: list[Head] = []
        self.totals: list[tuple[int, str, int]] = []  # row, label, how many projects stood before it
        self.warnings: list[Fault] = []
        self._sort_out()

    @cached_property
    def used(self) -> frozenset[str]:
        """The money columns in which any project has something."""
        return frozenset(
            key for key in self.money if any(self.cell(line.number, key) is not None for line in self.lines)
        )

    def _filled(self, row: int) -> list[int]:
        return [column for column, value in enumerate(self.sheet.rows[row]) if value not in (None, "")]

    def _order(self, row: int) -> str:
        value = self.cell(row, "order")
        if isinstance(value, float):
            return f"{value:g}"
        return workbook.text_of(value).strip(" .()/:") if not self.covered(row, "order") else ""

    def has_money(self, row: int) -> bool:
        """Whether any money cell holds a figure; a signature below the table does not."""
        return any(re.search(r"[\d#]", str(value)) for key in self.money if (value := self.cell(row, key)) is not None)

    def _texts(self, row: int) -> list[str]:
        return [key for key in _TEXTS if self.text(row, key)]

    def _sort_out(self) -> None:
        """Give every row its part: a project, the head of a group, a sum, or nothing."""
        candidates = [row for row in range(self.header.start, len(self.sheet.rows)) if self._filled(row)]
        last = max((row for row in candidates if self._counts(row)), default=-1)
        rows = [row for row in candidates if row <= last and not self._is_repeated_head(row)]
        stack: list[Head] = []
        for at, row in enumerate(rows):
            following = rows[at + 1] if at + 1 < len(rows) else None
            label = self._label(row)
            if self._is_total(row, label):
                self.totals.append((row, label, len(self.lines)))
                continue
            if workbook.key_of(label) == "trong do":
                continue
            if self._divides(row):
                self.lines[-1].more.append(row)
                continue
            head = self._head(row, following)
            if head is not None:
                while stack and stack[-1].rank >= head.rank:
                    stack.pop()
                stack.append(head)
                self.heads.append(head)
                continue
            title = self.text(row, "title")
            if self._continues(row, title):
                self.lines[-1].more.append(row)
            elif title or (self._is_numbered(row) and self._texts(row)) or (self._texts(row) and self.has_money(row)):
                for above in stack:
                    above.lines.append(len(self.lines))
                self.lines.append(Line(self, row, title, tuple(above.text for above in stack)))

    def _counts(self, row: int) -> bool:
        """Whether a row can be of the table at all, and not of what is signed below it."""
        label = self._label(row)
        if self._is_total(row, label):
            return True
        if _FOOTER.fullmatch(workbook.key_of(label)) and not self._is_numbered(row):
            return False
        return (
            self.has_money(row)
            or (bool(self.text(row, "title")) and self._is_numbered(row))
            or (bool(self.text(row, "title")) and len(self._texts(row)) >= 2)
        )

    def _label(self, row: int) -> str:
        title = self.text(row, "title") if not self.covered(row, "title") else ""
        if title:
            return title
        return next((str(value) for value in self.sheet.rows[row] if isinstance(value, str) and len(value) > 1), "")

    def _is_repeated_head(self, row: int) -> bool:
        own = workbook.key_of(self.text(row, "title"))
        leaf = workbook.key_of(self.header.titles.get(self.header.columns["title"], "").rpartition(" / ")[2])
        return own == leaf or (own.isdigit() and not self._texts_beyond_numbers(row))

    def _texts_beyond_numbers(self, row: int) -> bool:
        return any(re.search(r"[^\W\d_]{2,}", str(value)) for value in self.sheet.rows[row] if isinstance(value, str))

    def _is_total(self, row: int, label: str) -> bool:
        if self.text(row, "beneficiary") or self.text(row, "place"):
            return False
        return bool(label) and _TOTAL.fullmatch(workbook.key_of(label)) is not None

    def _is_numbered(self, row: int) -> bool:
        return bool(re.fullmatch(r"\d+(\.\d+)*|[IVX]+\.\d+", self._order(row)))

    def _follows_project(self) -> bool:
        """Whether a project stands above and no head of a group since."""
        return bool(self.lines) and not (self.heads and self.heads[-1].number > self.lines[-1].number)

    def _divides(self, row: int) -> bool:
        """One of several that a project is made up of: "- HTX A" or "a) HTX A" below it, 1.1 below a "đề án nhóm" 1."""
        if not self._follows_project() or self.covered(row, "title"):
            return False
        above, order = self.lines[-1], self._order(row)
        carried = self.text(row, "implementer")
        if carried and carried != above.text("implementer"):
            return False
        number = self._order(above.number)
        if order and order.startswith(f"{number}.") and number:
            return "de an nhom" in workbook.key_of(above.title)
        listed = re.match(r"[-–+•*]\s*\S", self.text(row, "title")) or re.fullmatch(r"[-–+•*]|[a-zđ]", order)
        return bool(listed) and (not order or not order.isdigit()) and bool(number) and number[:1].isdigit()

    def _continues(self, row: int, title: str) -> bool:
        """A further beneficiary of the project above: its title spans the rows, or nothing but a beneficiary is given."""
        if not self._follows_project():
            return False
        if self.covered(row, "title"):
            return True
        return not title and not self._is_numbered(row) and bool(self.text(row, "beneficiary"))

    def _head(self, row: int, following: int | None) -> Head | None:
        """The row as the head of a group, or None."""
        if self.covered(row, "title"):
            return None
        title, numeral, texts = self.text(row, "title"), self._order(row), self._texts(row)
        if not title:
            words = [value for value in self.sheet.rows[row] if isinstance(value, str)]
            if len(words) != 1 or (texts and len(self._filled(row)) > 1):
                return None
            if match := _LEADING.fullmatch(words[0].strip()):
                numeral, title = match[1], match[2]
            elif not self.has_money(row) and following is not None and len(self._filled(row)) == 1:
                numeral, title = "", words[0]
            else:
                return None
            return Head(row, " ".join(title.split()), numeral, self._rank(numeral, following))
        if not numeral and not texts and (match := _LEADING.fullmatch(title)):
            return Head(row, match[2], match[1], self._rank(match[1], following))
        rank = self._rank(numeral, following)
        if numeral and rank < 2:
            both = "implementer" in texts and ("place" in texts or "beneficiary" in texts)
            return None if both else Head(row, title, numeral, rank)
        below = self._order(following) if following is not None else ""
        if following is not None and numeral and below.startswith(f"{numeral}."):
            if "de an nhom" in workbook.key_of(title) and "implementer" in texts:
                return None  # one project, whose beneficiaries stand below
            return None if {"beneficiary", "place"} <= set(texts) else Head(row, title, numeral, rank)
        if texts or following is None:
            return None
        if not numeral:
            return Head(row, title, "", rank) if below or not self.has_money(row) else None
        deeper = bool(self.text(following, "title")) and self._rank(below, None) > rank and below != ""
        listed = not below and self.text(following, "title")[:1] in "-–+•"
        return Head(row, title, numeral, rank) if deeper or listed else None

    def _rank(self, numeral: str, following: int | None) -> float:
        """How high a head stands: letters over Roman numerals over figures; a name alone over what it is followed by."""
        if not numeral:
            below = self._order(following) if following is not None else ""
            rank = self._rank(below, None) if below else 9
            return rank - 0.5 if rank < 2 else 8
        if re.fullmatch(r"[A-HĐ]", numeral) and not (numeral in "CD" and not self._lettered):
            return 0
        if _ROMAN.fullmatch(numeral) and (numeral.isupper() or numeral.islower()):
            return 1
        if re.fullmatch(r"\d+(\.\d+)*", numeral):
            return 2 + numeral.count(".")
        if re.fullmatch(r"[IVX]+(\.\d+)+", numeral):
            return 1 + numeral.count(".")
        return 6 if re.fullmatch(r"[a-zđ]", numeral) else 7

    @cached_property
    def _lettered(self) -> bool:
        return any(self._order(row) in ("A", "B") for row in range(self.header.start, len(self.sheet.rows)))
