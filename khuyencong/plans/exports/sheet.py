"""A table of projects drawn as a sheet: letterhead, heads over two rows, groups with subtotals, A4 landscape."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any
from unicodedata import normalize

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from khuyencong.base.money import MILLION
from khuyencong.plans.exports.rows import SOURCES, Group, Row, sums_of

FONT = "Times New Roman"
LONGEST = 32_000  # characters that a cell of Excel holds, with room for the word that says so
CUT = "… (xem tiếp trong hồ sơ đề án)"
LINE = 15.0  # points of one line
FINEST = 3  # decimals that are shown of triệu đồng


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, its head, its width in characters; ``group`` is the head above several."""

    key: str
    head: str
    width: float
    group: str = ""
    align: str = "left"

    @property
    def is_money(self) -> bool:
        return self.key in MONEY


MONEY = ("before", "total", *SOURCES)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the table.  ``titles`` are (text, how) with how one of title, strong, slanted."""

    name: str  # of the sheet
    left: Sequence[str]
    place_day: str
    titles: Sequence[tuple[str, str]]
    closing: str
    signer: tuple[str, str]
    tag: str = ""
    signed: bool = True  # whether a signature closes it


def draw(frame: Frame, columns: Sequence[Column], groups: Sequence[Group]) -> io.BytesIO:
    """The workbook, ready to be read from its first byte."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": frame.titles[0][0], "author": ""})
    _Drawing(book, frame, columns, groups).draw()
    book.close()
    target.seek(0)
    return target


def decimals_of(amounts: Iterable[int]) -> int:
    """How many decimals of triệu đồng these amounts need, at most three."""
    return max(
        (0 if not n % MILLION else 1 if not n % 100_000 else 2 if not n % 10_000 else 3 for n in amounts), default=0
    )


def in_million(amount: int) -> float:
    """đồng in triệu đồng, exact to the đồng when it is read back."""
    return float(Decimal(amount) / MILLION)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width; words longer than a line are broken."""
    return sum(len(wrap(line, max(2, int(width * 1.2)))) or 1 for line in text.split("\n"))


class _Drawing:
    def __init__(self, book: Any, frame: Frame, columns: Sequence[Column], groups: Sequence[Group]):
        self.book, self.frame, self.columns, self.groups = book, frame, list(columns), groups
        self.sheet = book.add_worksheet(frame.name)
        self.at = {column.key: number for number, column in enumerate(self.columns)}
        self.last = len(self.columns) - 1
        rows = [row for group in groups for row in group.rows]
        amounts, divided = (
            [n for row in rows for n in _all(row)],
            [n for row in rows for one in row.parts for n in _all(one)],
        )
        self.decimals = decimals_of(amounts)
        self.hidden = any(n % 10 ** (6 - FINEST) for n in (*amounts, *divided))
        self._formats: dict[tuple, Any] = {}

    def look(self, **how: Any) -> Any:
        """A format of the book, made once."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"font_name": FONT, "font_size": 11, "valign": "vcenter"} | how)
        return self._formats[key]

    def draw(self) -> None:
        sheet = self.sheet
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.5, top=0.7, bottom=0.7)
        sheet.set_footer("&C&P/&N")
        for number, column in enumerate(self.columns):
            sheet.set_column(number, number, column.width)
        row = self._heads(self._top(0))
        row = self._body(row)
        row = self._foot(row)
        sheet.print_area(0, 0, row, self.last)

    # ---- above the table ----

    def _top(self, row: int) -> int:
        middle = max(2, round(self.last * 0.4))
        motto = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
        if self.frame.tag:
            self._line(row, self.frame.tag, align="right", italic=True)
            row += 1
        left = [*self.frame.left, ""][:2] if self.frame.left else []
        for number, text in enumerate(motto if left else ()):
            own, bold = left[number], number == len([name for name in left if name]) - 1
            self._span(row + number, 0, middle - 1, own, align="center", bold=bold)
            self._span(row + number, middle, self.last, text, align="center", bold=True)
        if left:
            row += len(motto)
            if self.frame.place_day:
                self._span(row, middle, self.last, self.frame.place_day, align="center", italic=True)
            row += 2
        styles: dict[str, dict[str, Any]] = {
            "title": {"bold": True, "font_size": 14},
            "strong": {"bold": True},
            "slanted": {"italic": True},
        }
        for text, how in self.frame.titles:
            self._line(row, text, align="center", **styles[how])
            row += 1
        self._line(row, "Đơn vị tính: triệu đồng", align="right", italic=True)
        return row + 1

    def _line(self, row: int, text: str, **how: Any) -> None:
        self._span(row, 0, self.last, text, **how)

    def _span(self, row: int, first: int, last: int, text: str, **how: Any) -> None:
        """Text over several columns, as high as it needs."""
        width = sum(column.width for column in self.columns[first : last + 1])
        if (lines := lines_of(text, width * 11 / how.get("font_size", 11))) > 1:
            self.sheet.set_row(row, LINE * lines)
        self.sheet.merge_range(row, first, row, last, "", self.look(text_wrap=True, **how))
        self.sheet.write_string(row, first, text, self.look(text_wrap=True, **how))

    def _heads(self, row: int) -> int:
        how = self.look(bold=True, border=1, align="center", text_wrap=True, bg_color="#EAF1EE")
        start = 0
        while start <= self.last:
            column, end = self.columns[start], start
            while column.group and end < self.last and self.columns[end + 1].group == column.group:
                end += 1
            if column.group and end > start:
                self.sheet.merge_range(row, start, row, end, column.group, how)
                for number in range(start, end + 1):
                    self.sheet.write_string(row + 1, number, self.columns[number].head, how)
            else:
                self.sheet.merge_range(row, start, row + 1, start, column.head, how)
            start = end + 1
        self.sheet.set_row(row + 1, 32)
        self.sheet.repeat_rows(row, row + 1)
        self.sheet.freeze_panes(row + 2, 2)
        return row + 2

    # ---- the table ----

    def _body(self, row: int) -> int:
        heads = []
        for group in self.groups:
            heads.append(row)
            row = self._group(row, group)
        everything = [one for group in self.groups for one in group.rows]
        self._sums(row, "", "Tổng cộng", everything, self._added(heads), bold=True)
        return row + 1

    def _group(self, row: int, group: Group) -> int:
        head, first = row, row + 1
        row = first
        for number, one in enumerate(group.rows, start=1):
            self._project(row, number, one)
            row += 1
            finer = max(self.decimals, decimals_of(n for part in one.parts for n in _all(part)))
            for part in one.parts:
                self._part(row, part, finer)
                row += 1
        parted = any(one.parts for one in group.rows)
        self._sums(head, group.numeral, group.name, group.rows, self._ranged(first, row - 1, parted=parted), bold=True)
        return row

    def _height(self, row: int, one: Row) -> None:
        """As high as its longest cell: not every program fits a row to its words."""
        lines = (lines_of(one.words.get(column.key, ""), column.width) for column in self.columns)
        self.sheet.set_row(row, min(409, LINE * max(lines) + 2))

    def _project(self, row: int, number: int, one: Row) -> None:
        self._height(row, one)
        self.sheet.write_number(row, 0, number, self.look(border=1, align="center"))
        self._words(row, one)
        self._money(row, one)

    def _part(self, row: int, part: Row, decimals: int) -> None:
        self._height(row, part)
        self.sheet.write_blank(row, 0, None, self.look(border=1))
        self._words(row, part, italic=True)
        self._money(row, part, decimals=decimals, italic=True)

    def _words(self, row: int, one: Row, **how: Any) -> None:
        for number, column in enumerate(self.columns):
            if column.is_money or number == 0:
                continue
            text = normalize("NFC", one.words.get(column.key, ""))
            style = self.look(border=1, text_wrap=True, align=column.align, **how)
            if text:
                self.sheet.write_string(row, number, text if len(text) <= LONGEST else text[:LONGEST] + CUT, style)
            else:
                self.sheet.write_blank(row, number, None, style)

    def _money(self, row: int, one: Row, *, decimals: int | None = None, **how: Any) -> None:
        number_look = self._number(self.decimals if decimals is None else decimals, **how)
        for key in (key for key in MONEY if key in self.at):
            column = self.at[key]
            if key == "total" and one.amounts:
                cells = f"{self._name(row, SOURCES[0])}:{self._name(row, SOURCES[-1])}"
                self.sheet.write_formula(
                    row, column, f"=SUM({cells})", number_look, in_million(sum(one.amounts.values()))
                )
            elif (amount := one.before if key == "before" else one.amounts.get(key, 0)) or "before" in self.at:
                self.sheet.write_number(row, column, in_million(amount), number_look)
            else:
                self.sheet.write_blank(row, column, None, number_look)

    def _number(self, decimals: int, **how: Any) -> Any:
        pattern = "[$-42A]#,##0" + (f".{'0' * decimals}" if decimals else "")
        return self.look(border=1, align="right", num_format=pattern, **how)

    def _sums(self, row: int, numeral: str, name: str, rows: Sequence[Row], formula: Any, **how: Any) -> None:
        """A head or the last line: its name over the columns of words, each sum a formula with its value."""
        self.sheet.write_string(row, 0, numeral, self.look(border=1, align="center", **how))
        money = [number for number, column in enumerate(self.columns) if column.is_money]
        self.sheet.merge_range(row, 1, row, money[0] - 1, "", self.look(border=1, text_wrap=True, **how))
        self.sheet.write_string(row, 1, name, self.look(border=1, text_wrap=True, **how))
        sums = sums_of(rows)
        sums["total"] = sum(sums[source] for source in SOURCES)
        for number in range(money[0], self.last + 1):
            column = self.columns[number]
            if column.is_money:
                value = in_million(sums[column.key])
                self.sheet.write_formula(
                    row, number, formula(xl_col_to_name(number)), self._number(self.decimals, **how), value
                )
            else:
                self.sheet.write_blank(row, number, None, self.look(border=1))

    @staticmethod
    def _ranged(first: int, last: int, *, parted: bool) -> Any:
        """The sum of a group: of its numbered rows alone where rows below them divide their money."""
        rows = f"{first + 1}:{{0}}{last + 1}"
        if parted:
            return lambda name: f'=SUMIF($A{first + 1}:$A{last + 1},">0",{name}{rows.format(name)})'
        return lambda name: f"=SUM({name}{rows.format(name)})"

    @staticmethod
    def _added(heads: Sequence[int]) -> Any:
        return lambda name: "=" + ("+".join(f"{name}{row + 1}" for row in heads) or "0")

    def _name(self, row: int, key: str) -> str:
        return f"{xl_col_to_name(self.at[key])}{row + 1}"

    # ---- below the table ----

    def _foot(self, row: int) -> int:
        row += 1
        if self.hidden:
            told = "Ô tiền giữ đủ đến đồng; số hiển thị làm tròn đến nghìn đồng."
            self._line(row, told, italic=True)
            row += 1
        self._line(row, self.frame.closing)
        row += 1
        if self.frame.signed:
            middle = max(2, round(self.last * 0.6))
            self._span(row + 1, middle, self.last, self.frame.signer[0], align="center", bold=True)
            self._span(row + 6, middle, self.last, self.frame.signer[1], align="center", bold=True)
            row += 6
        return row


def _all(row: Row) -> list[int]:
    return [*row.amounts.values(), row.before]
