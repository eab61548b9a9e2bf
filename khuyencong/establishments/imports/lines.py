"""The rows of a sheet that tell of something, before judgement."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from khuyencong.base import clock, workbook
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook import Cell, Column, Fault, Header, Sheet
from khuyencong.base.workbook.judging import Line, Progress
from khuyencong.establishments.imports.rows import Checked

STEP = 2_000  # rows between two signs of progress, and rows that show how a column writes its numbers
_TOTAL = re.compile(
    r"(tong cong(?! ty\b)|tong so|cong chung)( .*)?|(tong|cong)( (toan|xa|huyen|tinh|nhom|muc|phan|[ivx]+)\b.*)?"
)
_NUMERAL = re.compile(r"[ivxlc]+|[a-z]|[ivxlc\d]+( \d+)+")
_PLACE_HEADING = re.compile(r"(?:[ivxlc\d]+[.)]?\s+)?((?:huyen|thi xa|thanh pho|quan|xa|phuong|thi tran|tinh)\s.+)")
_HEADED_YEAR = re.compile(r"(?<!\d)(19[9]\d|20\d\d)(?!\d)")
_SCALES = (("ty", 10**9), ("trieu", 10**6), ("tr d", 10**6), ("trd", 10**6), ("nghin", 10**3), ("1000", 10**3))


class Table:
    """One sheet with its header, and what stands above the rows once for all of them."""

    def __init__(self, sheet: Sheet, header: Header):
        self.sheet, self.header = sheet, header
        self._scales: dict[str, int] = {}
        self._marks: dict[str, str | None] = {}
        self._years: dict[tuple[str, ...], int | None] = {}

    @cached_property
    def _above(self) -> list[str]:
        return [str(value) for row in self.sheet.rows[: self.header.first] for value in row if isinstance(value, str)]

    def _title(self, key: str) -> str:
        column = self.header.columns.get(key)
        return self.header.titles.get(column, "") if column is not None else ""

    def scale(self, key: str) -> int:
        """How many đồng one unit of this column is, by its head or a line "ĐVT: triệu đồng" above it."""
        if key not in self._scales:
            money = (word for word in self._above if "đồng" in word.lower() or "dong" in fold(word))
            self._scales[key] = next(
                (
                    scale
                    for text in (self._title(key), *money)
                    for word, scale in _SCALES
                    if f" {word} " in f" {workbook.key_of(text)} "
                ),
                1,
            )
        return self._scales[key]

    def untold_units(self) -> Iterator[Fault]:
        """The columns of money of which nothing tells in what they count: they are read in đồng."""
        for key in ("revenue", "export"):
            column = self.header.columns.get(key)
            told = f" {workbook.key_of(' '.join([self._title(key), *self._above]))} "
            if (
                column is not None
                and self.scale(key) == 1
                and not any(f" {word} " in told for word in ("dong", "vnd", "d"))
            ):
                reason = _(
                    "Tệp không ghi đơn vị tiền của cột này; hiểu là đồng. Nếu khác, hãy ghi “(triệu đồng)” vào tiêu đề cột."
                )
                yield Fault(self.sheet.name, self.header.last, column, reason)

    def mark(self, key: str) -> str | None:
        """How this column writes its decimals."""
        if key not in self._marks:
            below, column = self.sheet.rows[self.header.start :][:STEP], self.header.columns[key]
            self._marks[key] = workbook.decimal_mark(cells[column] for cells in below if len(cells) > column)
        return self._marks[key]

    def year(self, *keys: str) -> int | None:
        """The year that the heads of these columns or the lines above the table tell."""
        if keys not in self._years:
            told = (_HEADED_YEAR.search(text) for text in (*map(self._title, keys), *self._above))
            years = (int(match[1]) for match in told if match)
            self._years[keys] = next((year for year in years if year <= clock.today().year), None)
        return self._years[keys]


def tables(data: bytes, name: str, columns: Sequence[Column], *, passed: list[Fault]) -> list[Table]:
    """The tables of this kind in a workbook; what was not read is put into ``passed``.  Raises Invalid(file=…)."""
    return [Table(sheet, header) for sheet, header in workbook.tables(data, name, columns, passed=passed)]


def told_lines(checked: Checked, found: Iterable[Table], main: str, progress: Progress) -> Iterator[tuple[Line, Table]]:
    """The rows to be judged; the head of a group is passed over, and said so."""
    done = 0
    for table in found:
        for line, heading in _lines(table.sheet, table.header, main):
            if heading:
                reason = _("Dòng này không có gì ngoài tên nên được coi là tiêu đề nhóm, không nhập.")
                checked.warnings.append(Fault(table.sheet.name, line.number, table.header.columns[main], reason))
                continue
            done += 1
            if done % STEP == 0:
                progress(done)
            yield line, table


def _lines(sheet: Sheet, header: Header, main: str) -> Iterator[tuple[Line, bool]]:
    """The rows that tell of something: no empty rows, totals, names of places or repeated heads; and whether it is only
    the head of a group: a numeral and a few words."""
    group = ""
    column = header.columns[main]
    title = workbook.key_of(header.titles.get(column, "").rpartition(" / ")[2])
    for number in range(header.start, len(sheet.rows)):
        cells = sheet.rows[number]
        filled = [at for at, value in enumerate(cells) if value is not None]
        if not filled:
            continue
        words = [str(cells[at]) for at in filled if isinstance(cells[at], str)]
        lone = len(words) <= 2 and len(filled) <= 2 and not isinstance(header.value(cells, main), float)
        if lone and (heading := _place_heading(words)):
            group = heading
            continue
        own = workbook.key_of(header.value(cells, main) or "")
        if own == title or _TOTAL.fullmatch(own or workbook.key_of(words[0] if words else "")):
            continue
        headed = lone and len(header.columns) > 2 and _is_headed(cells, filled, column)
        yield Line(sheet, header, number, cells, group), headed
        sheet.rows[number] = []  # judged: a hundred thousand rows of cells need not wait for the last of them


def _is_headed(cells: Sequence[Cell], filled: Sequence[int], column: int) -> bool:
    if len(filled) == 1:
        return True
    return filled[0] != column and _NUMERAL.fullmatch(workbook.key_of(cells[filled[0]])) is not None


def _place_heading(words: list[str]) -> str:
    for word in words:
        if match := _PLACE_HEADING.fullmatch(" ".join(fold(word).split())):
            return word[-len(match[1]) :] if len(fold(word)) == len(word) else word
    return ""
