"""A Word file as lines that say something, each with its place; and what a line says of itself: a label and its value."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from khuyencong.base.text import squeeze
from khuyencong.base.word import Document, Paragraph, Place, Table
from khuyencong.base.workbook import key_of

_NUMBERING = re.compile(
    r"^\s*(?:(?:phần|mục)\s+)?(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])\s*[.)/:\-]\s*|^\s*[-–+•*]\s*", re.IGNORECASE
)
_PARENTHESES = re.compile(r"\([^()]*\)")
_LONGEST_LABEL = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, or one row of a table with its filled cells."""

    text: str
    place: Place
    is_heading: bool = False
    cells: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The words as they stand, short enough to be shown."""
        return self.text if len(self.text) <= 160 else f"{self.text[:159].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Said:
    """A label with its value; ``at`` is the number of the line."""

    label: str  # as it is compared
    value: str
    line: Line
    at: int


def lines_of(document: Document) -> list[Line]:
    """Every line in its order."""
    return [line for block in document.blocks for line in _lines(block)]


def _lines(block: Paragraph | Table) -> Iterator[Line]:
    if isinstance(block, Paragraph):
        for text in block.text.splitlines():
            if squeeze(text):
                yield Line(squeeze(text), block.place, block.is_heading)
        return
    for row in block.rows:
        filled = [cell for cell in row if cell.text.strip()]
        if filled:
            cells = tuple(squeeze(cell.text) for cell in filled)
            place = Place(page=filled[0].place.page, table=block.number, row=filled[0].place.row)
            yield Line(" | ".join(cells), place, cells=cells)


def without_number(text: str) -> str:
    """A line without the number or the dash it begins with."""
    return _NUMBERING.sub("", text, count=1)


def said(lines: Sequence[Line]) -> list[Said]:
    """Every label with its value: “Tên đề án: …”, a heading with the line below it, two cells of a row."""
    found = []
    for at, line in enumerate(lines):
        if line.cells:
            found += _said_by_row(line, at)
            continue
        label, colon, value = without_number(line.text).partition(":")
        if colon and len(label) <= _LONGEST_LABEL:
            key = label_key(label)
            if value.strip():
                found.append(Said(key, clean(value), line, at))
            elif (below := _below(lines, at)) is not None:
                found.append(Said(key, clean(below.text), below, at + 1))
        elif not colon and len(line.text) <= _LONGEST_LABEL and (line.is_heading or _NUMBERING.match(line.text)):
            below = _below(lines, at)
            if below is not None:
                found.append(Said(label_key(label), clean(below.text), below, at + 1))
    return found


def _said_by_row(line: Line, at: int) -> Iterator[Said]:
    numbered = len(line.cells) > 1 and re.fullmatch(r"(?:\d{1,3}|[IVX]{1,5}|[a-z])[.)]?", line.cells[0])
    cells = line.cells[1:] if numbered else line.cells
    if len(cells) == 2 and len(cells[0]) <= _LONGEST_LABEL:
        yield Said(label_key(without_number(cells[0])), clean(cells[1]), line, at)
    elif len(cells) == 1 and ":" in cells[0]:
        label, _colon, value = without_number(cells[0]).partition(":")
        if value.strip():
            yield Said(label_key(label), clean(value), line, at)


def _below(lines: Sequence[Line], at: int) -> Line | None:
    """The line under a label, unless it is a label or a heading itself."""
    if at + 1 >= len(lines):
        return None
    below = lines[at + 1]
    return (
        None if below.cells or below.is_heading or re.match(r"\s*(?:[IVX]{1,5}|\d{1,2})\s*[.)]", below.text) else below
    )


def label_key(label: str) -> str:
    """A label as it is compared: without what stands in parentheses."""
    return key_of(_PARENTHESES.sub(" ", label))


def clean(value: str) -> str:
    """A value without the marks around it."""
    return squeeze(_PAIRED.sub(r"\1", value.strip().rstrip(".;, ")).strip())


_PAIRED = re.compile(r"^[“\"”«](.*?)[”\"“»]$")
