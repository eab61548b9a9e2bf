"""The rows of a sheet that tell of something, before judgement."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.text import fold
from khuyencong.base.workbook import Cell, Column, Fault, Header, Sheet
from khuyencong.establishments.imports.rows import Checked

STEP = 2_000  # rows between two signs of progress, and keys in one question to the database
Progress = Callable[[int], None]


def silent(done: int) -> None:
    """Nobody waits."""


_TOTAL = re.compile(
    r"(tong cong(?! ty\b)|tong so|cong chung)( .*)?|(tong|cong)( (toan|xa|huyen|tinh|nhom|muc|phan|[ivx]+)\b.*)?"
)
_NUMERAL = re.compile(r"[ivxlc]+|[a-z]|[ivxlc\d]+( \d+)+")
_PLACE_HEADING = re.compile(r"(?:[ivxlc\d]+[.)]?\s+)?((?:huyen|thi xa|thanh pho|quan|xa|phuong|thi tran|tinh)\s.+)")
_HEADED_YEAR = re.compile(r"(?<!\d)(19[9]\d|20\d\d)(?!\d)")
_SCALES = (("ty", 10**9), ("trieu", 10**6), ("tr d", 10**6), ("trd", 10**6), ("nghin", 10**3), ("1000", 10**3))


@dataclass(slots=True)
class Line:
    """One row with its cells, before judgement."""

    sheet: Sheet
    header: Header
    number: int  # from 0
    cells: Sequence[Cell]
    group: str  # the place that a heading above names
    heading: bool = False  # a numeral and a few words: the head of a group of rows

    def text(self, key: str) -> str:
        return workbook.text_of(self.header.value(self.cells, key))

    def column(self, key: str) -> int:
        return self.header.columns.get(key, self.header.columns["name"])


def sheets_of(data: bytes, name: str, columns: Sequence[Column]) -> list[tuple[Sheet, Header]]:
    """The sheets that hold such a table.  Raises Invalid(file=…) when none does, with the reason of the first."""
    found, refusal = [], None
    for sheet in workbook.read(data, name):
        if sheet.hidden or not sheet.rows:
            continue
        try:
            found.append((sheet, workbook.find_header(sheet, columns)))
        except Invalid as error:
            refusal = refusal or error
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có dòng nào.") % {"name": name})
    return found


def told_lines(
    checked: Checked, sheets: Iterable[tuple[Sheet, Header]], main: str, progress: Progress
) -> Iterator[Line]:
    """The rows to be judged; the head of a group is passed over, and said so."""
    done = 0
    for line in _lines(sheets, main):
        if line.heading:
            reason = _("Dòng này không có gì ngoài tên nên được coi là tiêu đề nhóm, không nhập.")
            checked.warnings.append(Fault(line.sheet.name, line.number, line.header.columns[main], reason))
            continue
        done += 1
        if done % STEP == 0:
            progress(done)
        yield line


def _lines(sheets: Iterable[tuple[Sheet, Header]], main: str) -> Iterator[Line]:
    """The rows that tell of something: no empty rows, totals, names of places or repeated heads."""
    for sheet, header in sheets:
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
            first = workbook.key_of(cells[filled[0]])
            headed = len(filled) == 1 or (filled[0] != column and _NUMERAL.fullmatch(first) is not None)
            yield Line(sheet, header, number, cells, group, lone and headed and len(header.columns) > 2)


def _place_heading(words: list[str]) -> str:
    for word in words:
        if match := _PLACE_HEADING.fullmatch(" ".join(fold(word).split())):
            return word[-len(match[1]) :] if len(fold(word)) == len(word) else word
    return ""


def scale_of(sheet: Sheet, header: Header, key: str) -> int:
    """How many đồng one unit of this column is, by its head or a line "ĐVT: triệu đồng" above it."""
    column = header.columns.get(key)
    if column is None:
        return 1
    above = [str(value) for row in sheet.rows[: header.first] for value in row if isinstance(value, str)]
    for text in (
        header.titles.get(column, ""),
        *(word for word in above if "đồng" in word.lower() or "dong" in fold(word)),
    ):
        folded = workbook.key_of(text)
        for word, scale in _SCALES:
            if f" {word} " in f" {folded} ":
                return scale
    return 1


def year_of(sheet: Sheet, header: Header, key: str) -> int | None:
    column = header.columns.get(key)
    titles = [header.titles.get(column, "")] if column is not None else []
    titles += [str(value) for row in sheet.rows[: header.first] for value in row if isinstance(value, str)]
    for text in titles:
        if (match := _HEADED_YEAR.search(text)) and int(match[1]) <= clock.today().year:
            return int(match[1])
    return None
