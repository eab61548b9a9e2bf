"""Official forms as this house writes them: one description, from which both the Word file and the PDF are made.

A form belongs to the package whose records it tells of (``<package>/papers.py``); that package gives the context, this one
only lays it out.  Texts are Vietnamese whatever language the page is read in, and hold placeholders in double braces::

    Text("Tổng kinh phí {{ total|dong }} đồng (bằng chữ: {{ total|chu }}).")

A fact that is missing (None, or a name that the context lacks) becomes dots, to be filled in by hand; an empty text is
left empty.  ``Table`` and ``Each`` name a list of the context, whose
entries are ``row``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import segno
from jinja2 import ChainableUndefined, Template, nodes
from jinja2.sandbox import SandboxedEnvironment

from khuyencong.base.money import dong, million
from khuyencong.base.text import vnd_words

DOTS = "……"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; with ``when`` only where that name of the context holds something."""

    text: str
    bold: bool = False
    italic: bool = False
    center: bool = False
    indent: bool = True
    when: str = ""


@dataclass(frozen=True, slots=True)
class Each:
    """One paragraph for each ``row`` of a list of the context; ``last`` is the text of the last one, where it ends otherwise."""

    rows: str
    text: str
    last: str = ""
    bold: bool = False
    italic: bool = False
    indent: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """``group`` is the head above several neighbouring columns; ``weight`` 0 is as narrow as its words."""

    head: str
    value: str
    weight: float = 0
    align: str = "left"  # left, right, center
    group: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each entry of ``rows``; an entry whose ``strong`` holds is bold (subtotals, totals).  With ``when`` only
    where that name of the context holds something; ``height`` (cm) leaves room to write and sign by hand."""

    rows: str
    columns: tuple[Column, ...]
    size: float = 11
    when: str = ""
    height: float = 0


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs, side by side: (title, name).  The last line of a paper that is no letter of a body."""

    blocks: tuple[tuple[str, str], ...]
    hint: str = "(Ký, ghi rõ họ tên, đóng dấu)"


@dataclass(frozen=True, slots=True)
class Break:
    """A new page: an annex, lying where its table is wide."""

    landscape: bool = False


Block = Text | Each | Table | Signatures | Break


@dataclass(frozen=True, slots=True)
class Form:
    """An official form: what it is, which article asks for it, what stands on it.

    ``head``: ``body`` is the letterhead of an issuing body (NĐ 30/2020: name and number left, motto right), ``letter`` the
    same for a công văn, which has no name but its subject under the number, ``party`` the motto over a paper between parties
    or of a private person.  A paper that bears no number has an empty ``number``.

    ``given``: whether the law prescribes the body of this form and we have read it; where not, the layout is ours and
    ``docs/forms.md`` says so.  ``of``: the kind of record.
    """

    key: str
    title: str
    article: str
    of: str
    blocks: tuple[Block, ...]
    heading: str = ""  # the name of the paper in capitals; empty: the title
    subject: str = ""  # what it is about, under the name
    tag: str = ""  # “Mẫu 7”, upper right
    head: str = "body"
    landscape: bool = False
    given: bool = False
    paper_kind: str = "other"
    to: str = ""
    receivers: tuple[str, ...] = ()
    signer: tuple[str, str] | None = None  # (title, name) of the one who signs for the body

    @property
    def underlined(self) -> bool:
        """A paper with a name of its own has a short line under what it is about (NĐ 30/2020, Phụ lục I); a “Mẫu” has none."""
        return self.head == "body" and not self.tag and bool(self.subject)


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a form is not among those offered for a record as it stands, in one sentence.  ``refused``: nothing true could be
    written on it yet; otherwise it is another form, which may still be printed."""

    why: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with its context: what a renderer gets.  ``code`` is what its QR says (empty: none)."""

    form: Form
    context: Mapping[str, Any]
    code: str = ""


def qr(code: str) -> segno.QRCode:
    """The code of a print as it is drawn.  One mask for all: to choose the best of eight takes longer than to lay out the page."""
    return segno.make(code, error="m", micro=False, mask=3)


class Dots(ChainableUndefined):
    """What nobody has entered is left open, as on paper."""

    def __str__(self) -> str:
        return DOTS


def _amount(write: Callable[[int], str]) -> Callable[[Any], str]:
    def told(value: Any) -> str:
        if isinstance(value, str) and value == "":
            return ""
        return write(int(value)) if isinstance(value, int) and not isinstance(value, bool) else DOTS

    return told


def _day(value: Any) -> str:
    if isinstance(value, str) and value == "":
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else DOTS


def long_day(value: Any) -> str:
    """As papers write a day (NĐ 30/2020): days below 10 and the first two months have a nought before them."""
    if not isinstance(value, date):
        return "ngày … tháng … năm …"
    month = f"{value:%m}" if value.month < 3 else str(value.month)
    return f"ngày {value:%d} tháng {month} năm {value.year}"


def _shown(value: Any) -> Any:
    return DOTS if value is None else value


APART = re.compile(r" (?=(?:tỉnh|thành phố) )", re.IGNORECASE)
SHORT = 22  # letters that stand in one line beside the motto


def in_lines(name: Any) -> str:
    """The name of a body over a paper: what it is, below that of which province, where both do not go into one line."""
    text = str(name)
    return text if len(text) <= SHORT or text.startswith("UBND") else APART.sub("\n", text, count=1)


PEOPLE = ("người ", "kế toán", "thành viên", "thư ký", "cán bộ")


def hint_under(title: str, hint: str) -> str:
    """Only who stands for a body puts its seal; who signs as himself has none."""
    return hint.replace(", đóng dấu", "") if title.lower().startswith(PEOPLE) else hint


def ended(receivers: Sequence[str]) -> list[str]:
    """“Nơi nhận” as NĐ 30/2020 writes it: a line each, a semicolon after it, a full stop after the last."""
    return [f"- {text}{';' if n < len(receivers) else '.'}" for n, text in enumerate(receivers, start=1)]


ENDS = re.compile(r"{{([^{}]+)}}\.(?=[\s<]|$)")  # a placeholder before a full stop


def closed(value: Any) -> str:
    """A full stop after what was filled in: none after dots left open, no second one."""
    shown = (
        DOTS if value is None else value if isinstance(value, str) else str(value)
    )  # str keeps what is marked as safe
    return shown if shown.endswith(("…", ".")) else shown + "."


FILTERS: dict[str, Callable[..., Any]] = {
    "cham": closed,
    "dong": _amount(dong),  # 1.234.567
    "trieu": _amount(million),  # 1,235
    "chu": _amount(vnd_words),  # Một triệu …
    "ngay": _day,  # 22/11/2026
    "ngay_dai": long_day,  # ngày 22 tháng 11 năm 2026
    "hoa": lambda value: str(value).upper(),
    "tach": in_lines,
    "ten": lambda value: (
        "" if value is None or isinstance(value, Dots) else value
    ),  # under a signature: empty, not dots
}


class Environment(SandboxedEnvironment):
    """Where placeholders are filled: no attribute of a record, no call, only what the context holds.  Each text is
    compiled once: the same forms are filled again and again.  A full stop behind a placeholder belongs to what is filled in:
    dots left open and a name like “Co., Ltd.” get no other."""

    KEPT = 4096

    def __init__(self, *, autoescape: bool = False) -> None:
        super().__init__(undefined=Dots, autoescape=autoescape, finalize=_shown)
        self.filters.update(FILTERS)
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:
        found = self._compiled.get(source)
        if found is None:
            if len(self._compiled) >= self.KEPT:
                self._compiled.clear()
            told = ENDS.sub(r"{{ (\1)|cham }}", source)
            found = self._compiled[source] = super().from_string(told, globals, template_class)
        return found


_PLAIN = Environment()


def fill(text: str, context: Mapping[str, Any]) -> str:
    """The text with its placeholders filled; what is missing stands as dots."""
    return _PLAIN.from_string(text).render(context) if "{" in text else text


def names_in(form: Form) -> list[str]:
    """Every placeholder of a form, in the order in which it stands: ``project.title``, ``lines[].content``."""
    found: dict[str, None] = {}

    def walk(text: str, rows: str = "") -> None:
        for node in _PLAIN.parse(text).find_all((nodes.Getattr, nodes.Name)):
            path = path_of(node)
            if rows and (path == "row" or path.startswith("row.")):
                path = f"{rows}[]{path[3:]}"
            if not any(other.startswith(f"{path}.") for other in found):
                found.pop(path.rsplit(".", 1)[0], None)
                found[path] = None

    for block in form.blocks:
        match block:
            case Text():
                walk(block.text)
                if block.when:
                    walk(f"{{{{ {block.when} }}}}")
            case Each():
                walk(block.text, block.rows)
                walk(block.last, block.rows)
            case Table():
                for column in block.columns:
                    walk(column.head)
                    walk(column.value, block.rows)
                if block.when:
                    walk(f"{{{{ {block.when} }}}}")
            case Signatures():
                for title, name in block.blocks:
                    walk(title)
                    walk(name)
    for text in (form.heading, form.subject, form.to, *form.receivers, *(form.signer or ())):
        walk(text)
    return list(found)


def path_of(node: Any) -> str:
    """The dotted name that a template asks for here; empty for what is no name."""
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def laid_out(filled: Filled) -> dict[str, Any]:
    """The form with everything filled in, as plain data for a layout."""
    form, context = filled.form, filled.context
    blocks: list[dict[str, Any]] = []
    whole = LANDSCAPE if form.landscape else PORTRAIT
    for block in form.blocks:
        if isinstance(block, Break):
            whole = LANDSCAPE if block.landscape else PORTRAIT
        blocks.extend(_laid(block, context, whole))
    signer = [fill(text, context) for text in form.signer] if form.signer else []
    return {
        "title": form.title,
        "heading": fill(form.heading or form.title, context),
        "subject": fill(form.subject, context),
        "underlined": form.underlined,
        "tag": form.tag,
        "head": form.head,
        "landscape": form.landscape,
        "over": in_lines(context.get("over", "")),
        "body": in_lines(context.get("body", "")),
        "number": number_of(context),
        "place_day": context.get("place_day", ""),
        "to": fill(form.to, context),
        "receivers": ended([fill(text, context) for text in form.receivers]),
        "signer": signer,
        "blocks": blocks,
    }


PORTRAIT, LANDSCAPE = 16.25, 26.2  # cm between the margins


def column_widths(table: Table, whole: float) -> list[float]:
    """How wide each column is, in cm, where the table is ``whole``: narrow ones by the longest word of their head, amounts wide
    enough for eleven digits, the others by weight over what is left."""
    found: dict[int, float] = {}
    for i, column in enumerate(table.columns):
        if not column.weight:
            longest = max(map(len, column.head.split()), default=1)
            found[i] = max(0.9 if column.align != "right" else 1.9, 0.26 * longest + 0.4)
    least = table.size * 6.3 / 72 * 2.54 + 0.3  # “12.345.678.000” and the air beside it
    while True:
        open_still = {i: column.weight for i, column in enumerate(table.columns) if i not in found}
        each = max(whole - sum(found.values()), 0) / (sum(open_still.values()) or 1)
        short = [i for i, w in open_still.items() if is_amount(table.columns[i]) and w * each < least]
        if not short or len(short) == len(open_still):
            return [found.get(i, open_still.get(i, 0) * each) for i in range(len(table.columns))]
        found |= dict.fromkeys(short, least)


def is_amount(column: Column) -> bool:
    """Whether a column holds đồng, which are never torn over two lines."""
    return bool(column.weight) and "|dong" in column.value


def number_of(context: Mapping[str, Any]) -> str:
    """The number, dots where it will be given later; empty on a paper that bears none."""
    number = context.get("number")
    return DOTS if number is None else number


def _laid(block: Block, context: Mapping[str, Any], whole: float) -> list[dict[str, Any]]:
    match block:
        case Text():
            if block.when and not _held(context, block.when):
                return []
            return [_paragraph(fill(block.text, context), block)]
        case Each():
            rows = _list(context, block.rows)
            texts = [block.text] * (len(rows) - 1) + [block.last or block.text]
            return [
                _paragraph(fill(text, {**context, "row": row}), block) for text, row in zip(texts, rows, strict=False)
            ]
        case Table():
            if block.when and not _held(context, block.when):
                return []
            rows = [
                {
                    "strong": bool(_of(row, "strong")),
                    "cells": [fill(column.value, {**context, "row": row}) for column in block.columns],
                }
                for row in _list(context, block.rows)
            ]
            columns = [
                {
                    "head": fill(c.head, context),
                    "weight": c.weight,
                    "width": wide if is_amount(c) else 0,
                    "align": c.align,
                    "group": c.group,
                }
                for c, wide in zip(block.columns, column_widths(block, whole), strict=True)
            ]
            return [{"kind": "table", "columns": columns, "rows": rows, "size": block.size, "height": block.height}]
        case Signatures():
            signed = [
                {"title": fill(title, context), "name": fill(name, context), "hint": hint_under(title, block.hint)}
                for title, name in block.blocks
            ]
            return [{"kind": "signatures", "blocks": signed}]
        case Break():
            return [{"kind": "break", "landscape": block.landscape}]


def _paragraph(text: str, block: Text | Each) -> dict[str, Any]:
    return {
        "kind": "text",
        "text": text,
        "bold": block.bold,
        "italic": block.italic,
        "center": isinstance(block, Text) and block.center,
        "indent": block.indent,
    }


def _of(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def _held(context: Mapping[str, Any], path: str) -> Any:
    found: Any = context
    for name in path.split("."):
        found = _of(found, name)
    return found


def _list(context: Mapping[str, Any], path: str) -> Sequence[Any]:
    return _held(context, path) or ()
