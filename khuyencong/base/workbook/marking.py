"""The workbook given back with its faults marked."""

import io
import re
from collections.abc import Iterable
from datetime import date

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from khuyencong.base.sentences import again
from khuyencong.base.workbook.grid import Fault, Merged, Sheet, cell_name, column_name
from khuyencong.base.workbook.reading import read

_RED = "FFF4C7C3"
_AUTHOR = "Khuyến công"
_MERGED_CELLS = 200_000  # of all merged ranges together: the library makes an object of each


def marked(data: bytes, faults: Iterable[Fault], *, name: str = "", limit: int = 10_000) -> bytes:
    """The workbook that was sent, as .xlsx, in the language that is active, with each faulty cell coloured and its reason as a comment.

    Above ``limit`` rows only the faulty rows with their numbers and reasons come back: marking all would need too much
    memory.  What was sent as .xls or .csv comes back as .xlsx with its values.  Raises Invalid(file=…) as ``read`` does.
    """
    by_sheet = _by_sheet(faults)
    sheets = read(data, name or "")
    if sum(len(sheet.rows) for sheet in sheets) > limit:
        return _faulty_rows(sheets, by_sheet)
    if data.startswith(b"PK") and sum(_cells(merged) for sheet in sheets for merged in sheet.merged) <= _MERGED_CELLS:
        try:
            return _marked_in_place(data, by_sheet)
        except (KeyError, ValueError, TypeError, AttributeError):
            pass  # a part that openpyxl does not understand: the values still come back, marked
    return _marked_copy(sheets, by_sheet)


def _cells(merged: Merged) -> int:
    (top, left), (bottom, right) = merged
    return (bottom - top + 1) * (right - left + 1)


def marked_sheets(sheets: list[Sheet], faults: Iterable[Fault]) -> bytes:
    """The same for sheets that came without a workbook (a pasted table)."""
    return _marked_copy(sheets, _by_sheet(faults))


def _by_sheet(faults: Iterable[Fault]) -> dict[str, dict[tuple[int, int], list[str]]]:
    found: dict[str, dict[tuple[int, int], list[str]]] = {}
    for fault in faults:
        found.setdefault(fault.sheet, {}).setdefault((fault.row, fault.column), []).append(again(fault.reason))
    return found


def _marked_in_place(data: bytes, by_sheet: dict[str, dict[tuple[int, int], list[str]]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    fill = PatternFill("solid", start_color=_RED, end_color=_RED)
    for sheet_name, cells in by_sheet.items():
        if sheet_name not in book.sheetnames:
            continue
        sheet = book[sheet_name]
        for (row, column), reasons in cells.items():
            merged = next(
                (
                    one
                    for one in sheet.merged_cells.ranges
                    if one.min_row <= row + 1 <= one.max_row and one.min_col <= column + 1 <= one.max_col
                ),
                None,
            )
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
        width = max((len(sheet.rows[row]) for row in rows if row < len(sheet.rows)), default=0)
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
