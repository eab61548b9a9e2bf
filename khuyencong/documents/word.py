"""Papers as Word files that people go on writing in: the house's own template of each form, or the one an administrator put
in its place.  Both are filled by the same placeholders."""

import io
from copy import deepcopy
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docxtpl import DocxTemplate, InlineImage

from khuyencong.documents.papers import (
    Break,
    Each,
    Environment,
    Filled,
    Form,
    Signatures,
    Table,
    Text,
    column_widths,
    ended,
    hint_under,
    number_of,
    qr,
)

FONT = "Times New Roman"
SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}
# what stands in every form beside its own placeholders
FRAME = ("over", "body", "number", "place_day", "qr", "print_code")


class _Compiled(Environment):
    """Compiles the text of a template once, however many papers it is filled for."""

    from_string = lru_cache(maxsize=64)(Environment.from_string)


_WORD = _Compiled(autoescape=True)


class Template(DocxTemplate):
    """Makes the text of a template ready for filling once, however many papers it is filled for."""

    @staticmethod
    @lru_cache(maxsize=64)
    def _ready(text: str) -> str:
        return DocxTemplate.patch_xml(None, text)  # says itself nothing of the one that asks

    def patch_xml(self, src_xml: str) -> str:
        return self._ready(src_xml)


def word(filled: Filled, *, template: bytes | None = None) -> bytes:
    """The filled form as .docx, from ``template`` or else from the house's own."""
    document = Template(io.BytesIO(template if template is not None else own_template(filled.form)))
    context: dict[str, Any] = {**filled.context}
    context["number"] = number_of(context)
    if filled.code:
        drawn = io.BytesIO()
        qr(filled.code).save(drawn, kind="png", scale=3, border=0)
        drawn.seek(0)
        context["qr"], context["print_code"] = InlineImage(document, drawn, width=Cm(1.35)), filled.code
    else:
        context["qr"] = context["print_code"] = ""
    document.render(context, _WORD)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


# ---- the house's own template of a form ----


@lru_cache(maxsize=128)
def own_template(form: Form) -> bytes:
    """The .docx with placeholders that an administrator may take, change and put back."""
    document = docx.Document(io.BytesIO(_empty()))
    section = document.sections[0]
    _paper(section, landscape=form.landscape)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    _code(section)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    document.core_properties.title = form.title
    document.core_properties.author = ""
    _head(document, form)
    closed = False
    for block, next_one in zip_longest(form.blocks, form.blocks[1:]):
        if isinstance(block, Break) and not closed:  # an annex comes after the signature of the paper itself
            _closing(document, form)
            closed = True
        ends = isinstance(next_one, Signatures) or ((next_one is None or isinstance(next_one, Break)) and not closed)
        heads = isinstance(block, Text) and (
            isinstance(next_one, Table) or (block.bold and not block.center) or block.text.endswith(":")
        )
        _block(document, block, kept=ends or heads)
    if not closed:
        _closing(document, form)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@cache
def _empty() -> bytes:
    """The empty document of the library without what it carries along unused: looks of tables that Word knows by itself, all of
    them once more for an older Word, the picture of an empty page.  They were nine tenths of what each paper reads and writes."""
    document = docx.Document()
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()
    for relations in (document.part.rels, document.part.package.rels):
        for name in [
            name for name, one in relations.items() if one.reltype.endswith(("/stylesWithEffects", "/thumbnail"))
        ]:
            del relations[name]
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _paper(section: Any, *, landscape: bool) -> None:
    """A4, margins of NĐ 30/2020."""
    wide, high = Cm(21), Cm(29.7)
    if landscape:
        wide, high = high, wide
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = wide, high
    section.top_margin = section.bottom_margin = Cm(2)
    section.left_margin, section.right_margin = (Cm(2), Cm(1.5)) if landscape else (Cm(3), Cm(1.75))


def _head(document: Any, form: Form) -> None:
    if form.tag:
        _line(document, form.tag, italic=True, align="right", size=11, indent=False)
    if form.head != "party":
        widths = (10, 14) if form.landscape else (6.65, 9.6)
        left, right = _frameless(document, widths).rows[0].cells
        _put(left, ("{%p if over %}", False, 12), ("{{ over|tach|hoa }}", False, 12), ("{%p endif %}", False, 12))
        _add(left, "{{ body|tach|hoa }}", bold=True, size=12)
        _rule(left, 2, of=widths[0])
        for text in ("{%p if number %}", "Số: {{ number }}", "{%p endif %}"):
            _add(left, text, size=13)
        if form.head == "letter":
            _add(left, f"V/v {form.subject}", size=12)
        _put(right, *_motto())
        _rule(right, 5, of=widths[1])
        _add(right, "{{ place_day }}", italic=True)
    else:
        for text, bold, size in _motto():
            _line(document, text, bold=bold, size=size, align="center", indent=False)
        _rule(document, 5, of=25.2 if form.landscape else 16.25)
        for text in ("{%p if place_day %}", "{{ place_day }}", "{%p endif %}"):
            _line(document, text, italic=True, align="right", indent=False)
    _gap(document, 6)
    if form.head != "letter":
        heading = form.heading or form.title
        _line(
            document, heading if "{" in heading else heading.upper(), bold=True, size=14, align="center", indent=False
        )
        if form.subject:
            _line(document, form.subject, bold=True, align="center", indent=False)
        if form.underlined:
            _rule(document, 4.5, of=25.2 if form.landscape else 16.25)
    if form.head == "party":
        for text in ('{%p if number and number != "……" %}', "Số: {{ number }}", "{%p endif %}"):
            _line(document, text, align="center", indent=False)
    if form.to:
        _line(document, f"Kính gửi: {form.to}", align="center", indent=False)


def _motto() -> tuple[tuple[str, bool, float], ...]:
    return (("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, 12.5), ("Độc lập - Tự do - Hạnh phúc", True, 13))


def _block(document: Any, block: Any, *, kept: bool) -> None:
    """One block; ``kept``: its last paragraph stands on the page of what follows, so that who signs never signs on an empty
    page and no heading ends one."""
    match block:
        case Text():
            if block.when:
                _line(document, f"{{%p if {block.when} %}}", indent=False)
            _line(
                document,
                block.text,
                bold=block.bold,
                italic=block.italic,
                align="center" if block.center else "both",
                indent=block.indent and not block.center,
                kept=kept,
            )
            if block.when:
                _line(document, "{%p endif %}", indent=False)
        case Each():
            _line(document, f"{{%p for row in {block.rows} %}}", indent=False)
            look: dict[str, Any] = {"bold": block.bold, "italic": block.italic, "align": "both", "indent": block.indent}
            if block.last or kept:
                _line(document, "{%p if loop.last %}", indent=False)
                _line(document, block.last or block.text, kept=kept, **look)
                _line(document, "{%p else %}", indent=False)
            _line(document, block.text, **look)
            if block.last or kept:
                _line(document, "{%p endif %}", indent=False)
            _line(document, "{%p endfor %}", indent=False)
        case Table():
            if block.when:
                _line(document, f"{{%p if {block.when} %}}", indent=False)
            _table(document, block)
            _gap(document, 4)
            if block.when:
                _line(document, "{%p endif %}", indent=False)
        case Break():
            section = document.add_section(WD_SECTION.NEW_PAGE)
            _paper(section, landscape=block.landscape)
            section.different_first_page_header_footer = False
            section.footer_distance = Cm(0.6)
        case Signatures():
            cells = _frameless(document, _shares(block, _text_width(document) / Cm(1))).rows[0].cells
            for cell, (title, name) in zip(cells, block.blocks, strict=True):
                _put(cell, (title if "{" in title else title.upper(), True, 13))
                _add(cell, hint_under(title, block.hint), italic=True, size=11)
                for _blank in range(4):
                    _add(cell, "")
                _add(cell, name, bold=True)


def _shares(block: Signatures, whole: float) -> tuple[float, ...]:
    """Of three who sign, a long office gets the wider share."""
    letters = [max(len(title), 16) if len(block.blocks) > 2 else 1 for title, _name in block.blocks]
    return tuple(whole * some / sum(letters) for some in letters)


def _table(document: Any, block: Table) -> None:
    grouped = any(column.group for column in block.columns)
    heads = 2 if grouped else 1
    table = document.add_table(rows=heads, cols=len(block.columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    widths: list[int] = [Cm(wide) for wide in column_widths(block, _text_width(document) / Cm(1))]
    _padded(table)
    for row in table.rows:
        _repeat(row)
    start = 0
    while start < len(block.columns):
        column, end = block.columns[start], start
        while (
            grouped and column.group and end + 1 < len(block.columns) and block.columns[end + 1].group == column.group
        ):
            end += 1
        top = table.cell(0, start)
        if grouped and column.group:
            top = top.merge(table.cell(0, end))
            _write(top, column.group, bold=True, align="center", size=block.size)
            for n in range(start, end + 1):
                _write(table.cell(1, n), block.columns[n].head, bold=True, align="center", size=block.size)
        else:
            if grouped:
                top = top.merge(table.cell(1, start))
            _write(top, column.head, bold=True, align="center", size=block.size)
        start = end + 1
    _write(table.add_row().cells[0], f"{{%tr for row in {block.rows} %}}", size=block.size)
    for strong in (True, False):
        _write(table.add_row().cells[0], "{%tr if row.strong %}" if strong else "{%tr else %}", size=block.size)
        row = table.add_row()
        _whole(row)
        if block.height:
            row.height, row.height_rule = Cm(block.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        for cell, column in zip(row.cells, block.columns, strict=True):
            _write(cell, column.value, bold=strong, align=column.align, size=block.size)
    _write(table.add_row().cells[0], "{%tr endif %}", size=block.size)
    _write(table.add_row().cells[0], "{%tr endfor %}", size=block.size)
    _fix(table, widths)


def _text_width(document: Any) -> int:
    section = document.sections[-1]
    return section.page_width - section.left_margin - section.right_margin


def _padded(table: Any) -> None:
    """A little air above and below the words of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(width))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _fix(table: Any, widths: list[int]) -> None:
    """Word reads the width of each cell, LibreOffice that of the grid."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table._tbl.tr_lst:
        for cell in row.tc_lst:
            start = cell.grid_offset
            cell.width = sum(widths[start : start + cell.grid_span])


def _closing(document: Any, form: Form) -> None:
    if not form.signer and not form.receivers:
        return
    left, right = _frameless(document, (8, 8)).rows[0].cells
    if form.receivers:
        _write(left, "Nơi nhận:", bold=True, italic=True, size=12)
        left.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        for text in ended(form.receivers):
            _add(left, text, size=11, align="left")
    if form.signer:
        title, name = form.signer
        _write(right, title if "{" in title else title.upper(), bold=True, align="center")
        right.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP
        for _blank in range(4):
            _add(right, "")
        _add(right, name, bold=True)


# ---- small parts ----


def _line(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float | None = None,
    align: str = "left",
    indent: bool = True,
    kept: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    if kept:
        paragraph.paragraph_format.keep_with_next = True
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align == "both" else SIDES[align]
    if indent:
        paragraph.paragraph_format.first_line_indent = Cm(1)
    _run(paragraph, text, bold=bold, italic=italic, size=size)


def _run(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None) -> None:
    run = paragraph.add_run()
    run._r.append(deepcopy(_letters(bold, italic, size)))
    run.text = text


@lru_cache(maxsize=64)
def _letters(bold: bool, italic: bool, size: float | None) -> Any:
    """How the letters of a run look, made once for the many that look alike."""
    run = docx.Document(io.BytesIO(_empty())).add_paragraph().add_run()
    run.bold, run.italic = bold, italic
    run.font.name = FONT
    if size:
        run.font.size = Pt(size)
    return run._r.rPr


def _write(cell: Any, text: str, *, bold=False, italic=False, align="left", size: float | None = None) -> None:
    """The first paragraph of a cell."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = SIDES[align]
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, bold=bold, italic=italic, size=size)
    if size:
        _mark(paragraph, size)


def _mark(paragraph: Any, size: float) -> None:
    """A cell that stays empty is as high as its neighbours."""
    letters, high = OxmlElement("w:rPr"), OxmlElement("w:sz")
    high.set(qn("w:val"), str(round(size * 2)))
    letters.append(high)
    paragraph._p.get_or_add_pPr().append(letters)


def _add(cell: Any, text: str, *, bold=False, italic=False, align="center", size: float | None = None) -> None:
    paragraph = cell.add_paragraph()
    paragraph.alignment = SIDES[align]
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, text, bold=bold, italic=italic, size=size)


def _put(cell: Any, *lines: tuple[str, bool, float]) -> None:
    """The lines of a cell of a frameless table, which begins at the top."""
    for number, (text, bold, size) in enumerate(lines):
        if number:
            _add(cell, text, bold=bold, size=size)
        else:
            _write(cell, text, bold=bold, size=size, align="center")
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.TOP


def _frameless(document: Any, widths: tuple[float, ...]) -> Any:
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _fix(table, [Cm(width) for width in widths])
    _whole(table.rows[0])
    return table


def _repeat(row: Any) -> None:
    """The head stands again on each page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    """A row is not torn over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _gap(document: Any, points: float) -> None:
    """A little room between a table and what follows."""
    shape = document.add_paragraph().paragraph_format
    shape.line_spacing, shape.space_after = Pt(points), Pt(0)


def _code(section: Any) -> None:
    """The code of the print at the foot of the first page, where a scan finds it."""
    section.footer_distance = Cm(0.6)
    paragraph = section.first_page_footer.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _run(paragraph, "{{ qr }}")
    _run(
        paragraph,
        "{% if print_code %}  Mã bản in {{ print_code }}. Giữ mã này khi ký và quét để bản quét tự về đúng hồ sơ.{% endif %}",
        size=7.5,
    )


def _rule(where: Any, width: float, *, of: float) -> None:
    """The short line under the motto and under the name of a body."""
    paragraph = where.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Cm((of - 0.4 - width) / 2)
    shape.space_before, shape.space_after, shape.line_spacing = Pt(3), Pt(3), Pt(3)
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)
