"""The paragraphs and tables of a .docx in their order, as they are read: what was deleted is left out, what stands in boxes
and controls is not, and each has a place that a person finds again."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from khuyencong.base.errors import Invalid
from khuyencong.base.word.opening import broken, check_word
from khuyencong.base.workbook.encodings import clean
from khuyencong.base.workbook.grid import Sheet

MOST = 20_000  # paragraphs and cells
_SKIPPED = frozenset(map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sectPr", "w:instrText")))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BOX = qn("w:txbxContent")
_PAGE, _BREAK = qn("w:lastRenderedPageBreak"), qn("w:br")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, counted as people do, from 1; ``page`` 0 where the file does not tell."""

    page: int = 0
    paragraph: int = 0
    table: int = 0
    row: int = 0
    column: int = 0

    @property
    def told(self) -> str:
        """“trang 2, đoạn 14”, “bảng 1, dòng 3, cột 2”."""
        named = {"page": self.page, "n": self.paragraph, "table": self.table, "row": self.row, "column": self.column}
        if self.table:
            where = (
                _("bảng %(table)s, dòng %(row)s, cột %(column)s") if self.column else _("bảng %(table)s, dòng %(row)s")
            )
        else:
            where = _("đoạn %(n)s")
        return (_("trang %(page)s, ") if self.page else "") % named + where % named


@dataclass(slots=True)
class Paragraph:
    """One paragraph that says something."""

    text: str
    place: Place
    is_heading: bool = False  # by its style, or written in bold throughout


@dataclass(slots=True)
class Cell:
    text: str
    place: Place


@dataclass(slots=True)
class Table:
    """A table as a grid: a cell over several columns or rows says its words in the first, and nothing in the others."""

    number: int
    page: int
    rows: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)

    def sheet(self) -> Sheet:
        """The same as a sheet, for whatever reads tables by the meaning of their heads."""
        rows: list[list[Any]] = [[cell.text or None for cell in row] for row in self.rows]
        return Sheet(_("Bảng %(number)s") % {"number": self.number}, rows, list(self.merged))


@dataclass(slots=True)
class Document:
    """What a file says, in its order."""

    blocks: list[Paragraph | Table]
    encoding: str | None = None  # TCVN3 or VNI, where it was read in it

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]


def read(data: bytes, name: str) -> Document:
    """The words of a .docx.  Raises Invalid(file=…) for what cannot be opened (``check_word``) and for a file without words."""
    check_word(data, name)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
        reader = _Reader(paged=body.find(f".//{_PAGE}") is not None)
        blocks = list(reader.blocks(body))
    except Exception as error:  # whatever a broken file makes the reader raise is one answer
        raise Invalid(file=broken(name)) from error
    document = Document(blocks)
    _repair(document)
    if not any(_texts(document)):
        raise Invalid(
            file=_("Tệp “%(name)s” không có chữ, có thể chỉ có ảnh chụp. Hãy gửi tệp Word được gõ chữ.")
            % {"name": name}
        )
    return document


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row if cell.text)


def _repair(document: Document) -> None:
    """Old fonts, judged over the whole file as over a sheet; empty paragraphs go."""
    holders: list[Paragraph | Cell] = []
    for block in document.blocks:
        holders += [block] if isinstance(block, Paragraph) else [cell for row in block.rows for cell in row]
    sheet = Sheet("", [[holder.text] for holder in holders])
    clean(sheet)
    for holder, (text,) in zip(holders, sheet.rows, strict=True):
        holder.text = str(text or "")
    document.encoding = sheet.encoding
    document.blocks = [block for block in document.blocks if isinstance(block, Table) or block.text]


class _Reader:
    def __init__(self, *, paged: bool):
        self.page = 1 if paged else 0
        self.paragraph = self.table = self.seen = 0

    def blocks(self, parent: Any) -> Iterator[Paragraph | Table]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield self._table(child)
            elif child.tag not in _SKIPPED:  # a control, a custom mark: what it holds
                yield from self.blocks(child.find(qn("w:sdtContent")) if child.tag == qn("w:sdt") else child)

    def _count(self) -> None:
        self.seen += 1
        if self.seen > MOST:
            raise ValueError("more than anybody reads")

    def _paragraph(self, element: Any) -> Iterator[Paragraph | Table]:
        self._count()
        begins = self.page
        text = self._words(element)
        if text.strip():
            self.paragraph += 1
            turned = bool(self.page) and re.match(r"\s*\f", text) is not None
            place = Place(page=self.page if turned else begins, paragraph=self.paragraph)
            yield Paragraph(text.replace("\f", ""), place, _is_heading(element))
        for box in element.iter(_BOX):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box)

    def _words(self, element: Any) -> str:
        """The text of a paragraph or of what stands in it, a form feed where a page was turned; boxes are left out."""
        parts: list[str] = []
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or tag in (_FALLBACK, _BOX):
                continue
            if tag == qn("w:t"):
                parts.append(child.text or "")
            elif tag == qn("w:tab"):
                parts.append("\t")
            elif tag in (_BREAK, qn("w:cr")):
                parts.append("\n")
            elif tag in (qn("w:noBreakHyphen"), qn("w:softHyphen")):
                parts.append("-" if tag == qn("w:noBreakHyphen") else "")
            elif tag == _PAGE:
                self.page += 1
                parts.append("\f")
            else:
                parts.append(self._words(child))
        return "".join(parts)

    def _table(self, element: Any) -> Table:
        self.table += 1
        table = Table(self.table, self.page)
        spans: dict[int, int] = {}  # column → the row in which the cell above began
        for row in element.iter(qn("w:tr")):
            if next(row.iterancestors(qn("w:tbl"))) is not element:
                continue
            number, cells, column = len(table.rows), [], 0
            for cell in row.iter(qn("w:tc")):
                if next(cell.iterancestors(qn("w:tr"))) is not row:
                    continue
                self._count()
                width, merge = _span(cell), cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                goes_on = merge is not None and merge.get(qn("w:val")) in (None, "continue")
                text = "" if goes_on else self._cell(cell)
                first = spans.get(column, number) if goes_on else number
                spans[column] = first
                if goes_on or width > 1:
                    _merge(table, (first, column), (number, column + width - 1))
                for at in range(column, column + width):
                    place = Place(page=self.page, table=table.number, row=number + 1, column=at + 1)
                    cells.append(Cell(text if at == column else "", place))
                column += width
            table.rows.append(cells)
        return table

    def _cell(self, cell: Any) -> str:
        lines = []
        for paragraph in cell.iter(qn("w:p")):
            if not any(above.tag in (_FALLBACK, _BOX) for above in paragraph.iterancestors()):
                lines.append(self._words(paragraph).replace("\f", ""))
        return "\n".join(line for line in lines if line.strip())


def _merge(table: Table, first: tuple[int, int], last: tuple[int, int]) -> None:
    table.merged[:] = [span for span in table.merged if span[0] != first]
    table.merged.append((first, last))


def _span(cell: Any) -> int:
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    try:
        return max(1, min(64, int(found.get(qn("w:val"))))) if found is not None else 1
    except (TypeError, ValueError):
        return 1


def _is_heading(element: Any) -> bool:
    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if style is not None and re.match(r"(heading|title|tiêu|tieu)", style.get(qn("w:val"), ""), re.IGNORECASE):
        return True
    runs = [run for run in element.iter(qn("w:r")) if any((text.text or "").strip() for text in run.iter(qn("w:t")))]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val"), "true") not in ("0", "false", "off")
