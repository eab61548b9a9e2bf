"""The table of projects as offices draw it: which rows are projects, which head a group, which add up, in what unit.

Rows are told apart by what stands in them, never by their position: a number or not, a name, a place, money.  Sums that are
printed are compared with what the rows give; nothing is put right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.base.workbook import Cell, Column, Fault, Header, Sheet, Unreadable

SOURCES = ("national", "local", "counterpart", "other")
MONEY = ("total", *SOURCES)
LARGEST = 10**12  # đồng; a project beyond a thousand billion is an amount typed in another unit

COLUMNS = (
    Column("order", ("TT", "STT", "Số TT", "Số thứ tự")),
    Column(
        "title",
        ("Tên đề án", "Tên đề án, nhiệm vụ", "Tên đề án khuyến công", "Đề án", "Danh mục đề án", "Tên nhiệm vụ")
        + ("Tên chương trình, đề án", "Nội dung đề án", "Tên dự án", "Danh mục", "Nhiệm vụ"),
        required=True,
    ),
    Column(
        "implementer",
        ("Đơn vị thực hiện", "Đơn vị chủ trì", "Chủ đề án", "Cơ quan thực hiện", "Đơn vị tổ chức thực hiện")
        + ("Đơn vị chủ trì thực hiện", "Chủ trì thực hiện", "Cơ quan chủ trì"),
    ),
    Column(
        "beneficiary",
        ("Đơn vị thụ hưởng", "Cơ sở thụ hưởng", "Đối tượng thụ hưởng", "Cơ sở CNNT thụ hưởng", "Thụ hưởng")
        + (
            "Đơn vị được hỗ trợ",
            "Cơ sở được hỗ trợ",
            "Tên cơ sở",
            "Tên đơn vị thụ hưởng",
            "Đơn vị phối hợp, thụ hưởng",
        ),
    ),
    Column("place", ("Địa điểm", "Địa điểm thực hiện", "Địa bàn", "Địa bàn thực hiện", "Nơi thực hiện", "Địa chỉ")),
    Column(
        "content",
        ("Nội dung", "Nội dung thực hiện", "Nội dung chính", "Nội dung hỗ trợ", "Nội dung, quy mô", "Quy mô")
        + ("Mục tiêu, nội dung", "Nội dung công việc"),
    ),
    Column(
        "total",
        ("Tổng kinh phí", "Tổng cộng", "Tổng số", "Tổng", "Tổng vốn", "Tổng mức đầu tư", "Tổng KP", "Tổng dự toán")
        + ("Kinh phí thực hiện", "Tổng kinh phí thực hiện", "Cộng"),
    ),
    Column(
        "national",
        ("KCQG", "Khuyến công quốc gia", "Kinh phí KCQG", "KPKCQG", "KC quốc gia", "Kinh phí khuyến công quốc gia")
        + ("Ngân sách trung ương", "NSTW", "Quốc gia", "Trung ương", "Nguồn KCQG", "KP KCQG"),
    ),
    Column(
        "local",
        (
            "KCĐP",
            "Khuyến công địa phương",
            "Kinh phí KCĐP",
            "KPKCĐP",
            "KC địa phương",
            "Kinh phí khuyến công địa phương",
        )
        + ("Ngân sách địa phương", "NSĐP", "Địa phương", "Ngân sách tỉnh", "Khuyến công tỉnh", "KC tỉnh", "Nguồn KCĐP")
        + ("KP KCĐP", "Ngân sách xã", "Khuyến công xã"),
    ),
    Column(
        "counterpart",
        ("Đối ứng", "Vốn đối ứng", "Kinh phí đối ứng", "Đối ứng của cơ sở", "Vốn tự có", "Cơ sở đối ứng")
        + ("Vốn của cơ sở", "Đơn vị thụ hưởng đóng góp", "Đơn vị thụ hưởng đối ứng", "Vốn doanh nghiệp"),
    ),
    Column("other", ("Nguồn khác", "Khác", "Vốn khác", "Kinh phí khác", "Nguồn vốn khác", "Huy động khác")),
    Column("support", ("Kinh phí hỗ trợ", "Ngân sách hỗ trợ", "Kinh phí khuyến công", "KPKC", "Kinh phí KC")),
    Column("time", ("Thời gian", "Thời gian thực hiện", "Tiến độ", "Thời hạn", "Tiến độ thực hiện")),
    Column("note", ("Ghi chú",)),
    Column("kind", ("Dạng đề án", "Loại đề án", "Dạng hoạt động", "Loại hình đề án")),
)

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
_UNIT_LINE = re.compile(
    r"\b(?:dvt|don vi tinh|don vi|dv tinh|tinh bang)\b(?: tien)?(?: la)? ((?:1 ?000 ?d?|trieu|tr|nghin|ngan|ty|ti|dong|vnd)\b.{0,10})"
)
_UNIT_ALONE = re.compile(r"\(([^()]{2,25})\)")

_TOTAL = re.compile(
    r"(?:tong cong|tong so|tong kinh phi|tong|cong)"
    r"(?: (?:cong|so|kinh phi|toan bo|toan tinh|ca nam|chung|nhom|muc|phan|de an|dot|[ivxlc]+|[a-z]|\d+)\b.*)?"
)
_FOOTER = re.compile(
    r"(nguoi lap|lap bieu|giam doc|pho giam doc|chu tich|pho chu tich|tm|kt|tl|ngay thang|noi nhan|ghi chu|bang chu"
    r"|thu truong|ke toan|ky ten|luu y|so cong thuong|uy ban nhan dan|trong do)\b.*|.*\bngay (\d+ )?thang\b.*"
)
_DITTO = re.compile(r"""["”“'’]+|[-–\s]*nt[-–\s.]*|như trên""", re.IGNORECASE)
_ROMAN = re.compile(r"[IVXLivxl]+")
_LEADING = re.compile(r"([IVX]+|[A-HĐ])\s*[.)/:\-–]\s*(\S.*)", re.DOTALL)
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

    def text(self, key: str) -> str:
        return self.table.text(self.number, key)

    def cell(self, key: str) -> Cell:
        return self.table.cell(self.number, key)

    def fault(self, key: str, reason: str, *, row: int | None = None) -> Fault:
        return self.table.fault(self.number if row is None else row, key, reason)


@dataclass(slots=True)
class _Head:
    """A row that heads a group, with the rows under it."""

    number: int
    text: str
    numeral: str
    rank: float
    lines: list[int] = field(default_factory=list)


class Table:
    """One sheet with its header, its unit and its projects."""

    def __init__(self, sheet: Sheet, header: Header, *, unit: int | None = None):
        self.sheet, self.header = sheet, header
        self.lines: list[Line] = []
        self.warnings: list[Fault] = []
        self._above = {
            (row, column): first
            for first, last in sheet.merged
            if first[0] >= header.start and first[1] == last[1]
            for row in range(first[0], min(last[0], len(sheet.rows) - 1) + 1)
            for column in (first[1],)
            if row != first[0]
        }
        self._sort_out()
        self.unit = unit or self._unit()
        self._compare_sums()

    # --- cells ---

    def has(self, key: str) -> bool:
        """Whether the sheet has this column at all."""
        return key in self.header.columns

    def cell(self, row: int, key: str) -> Cell:
        """The cell under this head; for a cell that is covered by a merged one above it, that one, and for "nt" what stands above."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        if key in (*MONEY, "support"):
            return self.sheet.cell(row, column)
        value = self.sheet.cell(*self._above.get((row, column), (row, column)))
        while isinstance(value, str) and _DITTO.fullmatch(value) and row > self.header.start:
            row -= 1
            value = self.sheet.cell(*self._above.get((row, column), (row, column)))
        return value

    def covered(self, row: int, key: str) -> bool:
        """Whether this cell is part of one that began above."""
        return (row, self.header.columns.get(key, -1)) in self._above

    def text(self, row: int, key: str) -> str:
        return " ".join(workbook.text_of(self.cell(row, key)).split())

    def fault(self, row: int, key: str, reason: str) -> Fault:
        return Fault(self.sheet.name, row, self.header.columns.get(key, self.header.columns["title"]), reason)

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The money columns that the sheet has."""
        return tuple(key for key in (*MONEY, "support") if key in self.header.columns)

    @cached_property
    def used(self) -> frozenset[str]:
        """The money columns in which any project has something."""
        return frozenset(
            key for key in self.money if any(self.cell(line.number, key) is not None for line in self.lines)
        )

    @cached_property
    def mark(self) -> str | None:
        """How the sheet writes its decimals, where its cells tell."""
        columns = [self.header.columns[key] for key in self.money]
        return workbook.decimal_mark(
            row[column] for row in self.sheet.rows[self.header.start :] for column in columns if column < len(row)
        )

    def raw(self, row: int, key: str) -> Decimal | None:
        """The number in a money cell, in the unit of the sheet.  Raises Unreadable."""
        return workbook.number(self.cell(row, key), decimal=self.mark)

    def amount(self, row: int, key: str) -> int | None:
        """The same in whole đồng.  Raises Unreadable."""
        value = self.raw(row, key)
        return None if value is None else self.in_dong(value)

    def in_dong(self, value: Decimal) -> int:
        return int((value * self.unit).quantize(Decimal(1), ROUND_HALF_UP))

    def is_fine(self, row: int, key: str) -> bool:
        """Whether the cell is written finer than money is counted, so that a đồng may be lost in rounding."""
        try:
            value = self.raw(row, key)
        except Unreadable:
            return False
        return value is not None and (value * self.unit) % (1_000 if self.unit > 1_000 else 1) != 0

    # --- which row is what ---

    def _filled(self, row: int) -> list[int]:
        return [column for column, value in enumerate(self.sheet.rows[row]) if value not in (None, "")]

    def _order(self, row: int) -> str:
        value = self.cell(row, "order")
        if isinstance(value, float):
            return f"{value:g}"
        return workbook.text_of(value).strip(" .()/:") if not self.covered(row, "order") else ""

    def _has_money(self, row: int) -> bool:
        """Whether any money cell holds a figure; a signature below the table does not."""
        return any(re.search(r"\d", str(value)) for key in self.money if (value := self.cell(row, key)) is not None)

    def _texts(self, row: int) -> list[str]:
        return [key for key in _TEXTS if self.text(row, key)]

    def _sort_out(self) -> None:
        """Give every row its part: a project, the head of a group, a sum, or nothing."""
        self._heads: list[_Head] = []
        self._totals: list[tuple[int, str, int]] = []  # row, label, how many projects stood before it
        candidates = [row for row in range(self.header.start, len(self.sheet.rows)) if self._filled(row)]
        last = max((row for row in candidates if self._counts(row)), default=-1)
        rows = [row for row in candidates if row <= last and not self._is_repeated_head(row)]
        stack: list[_Head] = []
        for at, row in enumerate(rows):
            following = rows[at + 1] if at + 1 < len(rows) else None
            label = self._label(row)
            if self._is_total(row, label):
                self._totals.append((row, label, len(self.lines)))
                continue
            head = self._head(row, following)
            if head is not None:
                while stack and stack[-1].rank >= head.rank:
                    stack.pop()
                stack.append(head)
                self._heads.append(head)
                continue
            title = self.text(row, "title")
            if self._continues(row, title):
                self.lines[-1].more.append(row)
            elif title or (self._is_numbered(row) and self._texts(row)) or (self._texts(row) and self._has_money(row)):
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
            self._has_money(row)
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

    def _continues(self, row: int, title: str) -> bool:
        """A further beneficiary of the project above: its title spans the rows, or nothing but a beneficiary is given."""
        if not self.lines or (self._heads and self._heads[-1].number > self.lines[-1].number):
            return False
        if self.covered(row, "title"):
            return True
        return not title and not self._is_numbered(row) and bool(self.text(row, "beneficiary"))

    def _head(self, row: int, following: int | None) -> _Head | None:
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
            elif not self._has_money(row) and following is not None and len(self._filled(row)) == 1:
                numeral, title = "", words[0]
            else:
                return None
            return _Head(row, " ".join(title.split()), numeral, self._rank(numeral, following))
        if not numeral and not texts and (match := _LEADING.fullmatch(title)):
            return _Head(row, match[2], match[1], self._rank(match[1], following))
        rank = self._rank(numeral, following)
        if numeral and rank < 2:
            both = "implementer" in texts and ("place" in texts or "beneficiary" in texts)
            return None if both else _Head(row, title, numeral, rank)
        below = self._order(following) if following is not None else ""
        if following is not None and numeral and below.startswith(f"{numeral}."):
            return None if {"beneficiary", "place"} <= set(texts) else _Head(row, title, numeral, rank)
        if texts or following is None:
            return None
        if not numeral:
            return _Head(row, title, "", rank) if below or not self._has_money(row) else None
        deeper = bool(self.text(following, "title")) and self._rank(below, None) > rank and below != ""
        listed = not below and self.text(following, "title")[:1] in "-–+•"
        return _Head(row, title, numeral, rank) if deeper or listed else None

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

    # --- the unit ---

    def _unit(self) -> int:
        """How many đồng one unit of the money columns is: by the heads, by a line above them, else by the size of the
        numbers, and then it is said so.  Raises Invalid(file=…) where the numbers leave it open."""
        heads = [self.header.titles.get(self.header.columns[key], "") for key in self.money]
        above = [str(value) for row in self.sheet.rows[: self.header.start] for value in row if isinstance(value, str)]
        lines = [match[1] for text in above if (match := _UNIT_LINE.search(workbook.key_of(text)))]
        money = [match[1] for text in above if (match := _UNIT_ALONE.search(text))]
        for texts in (heads, lines, money):
            found = {unit for text in texts if (unit := _unit_in(text))}
            if len(found) == 1:
                return found.pop()
            if found:
                raise Invalid(
                    file=_("Trang tính “%(sheet)s” ghi nhiều đơn vị tiền khác nhau (%(units)s); mỗi bảng chỉ dùng một.")
                    % {"sheet": self.sheet.name, "units": ", ".join(str(UNIT_LABELS[unit]) for unit in sorted(found))}
                )
        sizes = [abs(value) for line in self.lines for key in self.money if (value := self._quiet(line.number, key))]
        if not sizes:
            return UNITS["million"]
        middle, top = median(sizes), max(sizes)
        if min(sizes) >= 1_000_000:
            unit = 1
        elif top < 100_000 and middle < 20_000:
            unit = 1_000_000
        else:
            raise Invalid(
                file=_("Trang tính “%(sheet)s” không ghi đơn vị tiền và các con số không cho thấy rõ. Hãy ghi “ĐVT: triệu đồng” "
                       "phía trên bảng hoặc chọn đơn vị khi gửi tệp.")
                % {"sheet": self.sheet.name}
            )  # fmt: skip
        first = next(key for key in self.money)
        self.warnings.append(
            self.fault(
                self.header.last,
                first,
                _("Tệp không ghi đơn vị tiền; theo độ lớn của các con số, hiểu là %(unit)s.")
                % {"unit": UNIT_LABELS[unit]},
            )
        )
        return unit

    def _quiet(self, row: int, key: str) -> Decimal | None:
        try:
            return self.raw(row, key)
        except Unreadable:
            return None

    # --- printed sums ---

    def _given(self, numbers: Sequence[int], key: str) -> tuple[int, int]:
        """What the rows of these projects give in a column, in đồng, and how much of it may be rounding."""
        total = slack = 0
        for number in numbers:
            for row in self.lines[number].rows:
                value = self._quiet(row, key)
                if value is not None:
                    total += self.in_dong(value)
                    slack += self.is_fine(row, key)
        return total, slack

    def _compare_sums(self) -> None:
        for head in self._heads:
            if head.lines and self._has_money(head.number):
                self._compare(head.number, head.text, [head.lines])
        for row, label, before in self._totals:
            key = workbook.key_of(label)
            open_ = [head for head in self._heads if head.number < row and head.lines]
            named = [h for h in open_ if h.numeral and key.split()[-1] == h.numeral.lower() and len(key.split()) <= 3]
            everything = list(range(len(self.lines)))
            if named:
                choices = [named[-1].lines]
            elif key.startswith("tong cong") or not open_ or (before in (0, len(self.lines)) and key != "cong"):
                choices = [everything]
            elif before == len(self.lines):
                choices = [everything, *(head.lines for head in reversed(open_))]
            else:
                choices = [*(head.lines for head in reversed(open_) if head.lines[-1] == before - 1), everything]
            self._compare(row, label, choices)

    def _compare(self, row: int, label: str, choices: Sequence[Sequence[int]]) -> None:
        """Warn of each printed number that the rows do not give; of several groups that may be meant, the best."""
        best: list[Fault] | None = None
        for numbers in choices:
            wrong = []
            for key in self.money:
                try:
                    printed = self.amount(row, key)
                except Unreadable as error:
                    wrong.append(self.fault(row, key, str(error)))
                    continue
                if printed is None:
                    continue
                given, slack = self._given(numbers, key)
                if abs(printed - given) > slack + self.is_fine(row, key):
                    wrong.append(self.fault(row, key, self._difference(label, printed, given)))
            if best is None or len(wrong) < len(best):
                best = wrong
        self.warnings += best or []

    def _difference(self, label: str, printed: int, given: int) -> str:
        return _("“%(label)s” ghi %(printed)s đồng, các dòng cộng lại %(given)s đồng, lệch %(difference)s đồng.") % {
            "label": label[:60],
            "printed": dong(printed),
            "given": dong(given),
            "difference": dong(printed - given),
        }


def _unit_in(text: str) -> int | None:
    key = workbook.key_of(text)
    return next((unit for pattern, unit in _UNIT_WORDS if pattern.search(key)), None)


def tables(data: bytes, name: str, columns: Sequence[Column] = COLUMNS, *, unit: int | None = None) -> list[Table]:
    """The tables of projects in a workbook, one a sheet.  Raises Invalid(file=…) where there is none."""
    found, refusal = [], None
    for sheet in workbook.read(data, name):
        if sheet.hidden or not sheet.rows:
            continue
        try:
            header = workbook.find_header(sheet, columns)
        except Invalid as error:
            refusal = refusal or error
            continue
        if not any(key in header.columns for key in (*MONEY, "support")):
            refusal = refusal or Invalid(
                file=_("Trang tính “%(sheet)s” không có cột kinh phí nào.") % {"sheet": sheet.name}
            )
            continue
        table = Table(sheet, header, unit=unit)
        if table.lines:
            found.append(table)
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có đề án nào.") % {"name": name})
    return found


def lines_of(found: Sequence[Table]) -> Iterator[Line]:
    """Every project of every table, in the order of the file."""
    for table in found:
        yield from table.lines


def folded_words(text: str) -> str:
    """Without accents and signs, for comparing names."""
    return workbook.key_of(fold(text))
