"""Cells in which a formula came to nothing or was never reckoned: named, not taken for empty, as the reader gives them."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO
from xml.etree import ElementTree

import olefile

from khuyencong.base.workbook.grid import Sheet, column_number
from khuyencong.base.workbook.limits import CHUNK, MAX_COLUMNS, damaged

# what Excel writes where a formula came to nothing, by the number that stands for it in an old workbook
_BY_NUMBER = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
NOT_RECKONED = "#?"  # our own mark of a formula that was saved without its value, as some programs do
FAILURES = frozenset({*_BY_NUMBER.values(), NOT_RECKONED})


def put_errors(data: bytes, sheets: Sequence[Sheet], name: str) -> None:
    """Write Excel's errors, and our mark of formulas without a value, into the cells where they stand, so that they are
    named and not taken for empty."""
    try:
        if data.startswith(b"PK"):
            _put_new(data, sheets)
        else:
            _put_old(data, sheets)
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,  # also what olefile raises
        ValueError,
        IndexError,
        struct.error,
        ElementTree.ParseError,
    ) as error:
        raise damaged(name) from error


def _put(sheet: Sheet, row: int, column: int, text: str) -> None:
    if row < len(sheet.rows) and column < MAX_COLUMNS and text in FAILURES:
        cells = sheet.rows[row]
        cells += [None] * (column + 1 - len(cells))  # the reader's grid ends where nothing has a value
        cells[column] = text


# --- .xlsx: cells of the type "e" --------------------------------------------------------------------------------------

_FAILED = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")(?=[^>]*?\st="e")[^>]*[^/>]>'
    rb"(?:(?!</(?:\w+:)?c>).){0,4000}?<(?:\w+:)?v>(#[A-Z0-9/!?]{2,8})</",
    re.DOTALL,
)
# a formula whose result is empty text has t="str" and is right; one without result was never reckoned
_WITHOUT_VALUE = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")(?![^>]*?\st="str")[^>]*[^/>]>\s*'
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]{0,4000}</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*?\shidden="(?:1|true)")[^>]*?\sr="(\d{1,7})"')
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w+:)?col\b(?=[^>]*?\shidden="(?:1|true)")(?=[^>]*?\smin="(\d{1,5})")(?=[^>]*?\smax="(\d{1,5})")'
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _put_new(data: bytes, sheets: Sequence[Sheet]) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return
        targets = {
            node.get("Id"): (node.get("Target") or "")
            for node in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        parts = {
            node.get("name"): targets.get(node.get(_RELATION), "")
            for node in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter()
            if node.tag.endswith("}sheet")
        }
        for sheet in sheets:
            target = parts.get(sheet.name, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part in names:
                with archive.open(part) as stream:
                    _put_streamed(sheet, stream)


def _put_streamed(sheet: Sheet, stream: IO[bytes]) -> None:
    tail = b""
    while piece := stream.read(CHUNK):
        whole = tail + piece
        if b't="e"' in whole:
            for letters, number, error in _FAILED.findall(whole):
                _put(sheet, int(number) - 1, column_number(letters.decode()) - 1, error.decode())
        if b"<f" in whole or b":f" in whole:
            for letters, number in _WITHOUT_VALUE.findall(whole):
                _put(sheet, int(number) - 1, column_number(letters.decode()) - 1, NOT_RECKONED)
        if b"hidden=" in whole:
            sheet.hidden_rows.update(int(number) - 1 for number in _HIDDEN_ROW.findall(whole))
            for first, last in _HIDDEN_COLUMNS.findall(whole):
                sheet.hidden_columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))
        tail = whole[-8192:]


# --- .xls: records of a stream, each with its kind and its length ------------------------------------------------------

_FORMULA, _END, _SHEET, _ERROR_OR_BOOLEAN, _BEGIN = 0x0006, 0x000A, 0x0085, 0x0205, 0x0809
_WORKSHEET = 0


def _put_old(data: bytes, sheets: Sequence[Sheet]) -> None:
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        stream = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
        book = file.openstream(stream).read() if stream else b""
    begins = [
        struct.unpack_from("<I", body)[0]
        for kind, body in _records(book, 0)
        if kind == _SHEET and body[5] == _WORKSHEET
    ]
    for sheet, begin in zip(sheets, begins, strict=False):  # the reader leaves the order as it is
        for kind, body in _records(book, begin):
            if kind == _ERROR_OR_BOOLEAN and body[7]:
                row, column = struct.unpack_from("<HH", body)
                _put(sheet, row, column, _BY_NUMBER.get(body[6], ""))
            elif kind == _FORMULA and bytes(body[12:14]) == b"\xff\xff" and body[6] == 2:
                row, column = struct.unpack_from("<HH", body)
                _put(sheet, row, column, _BY_NUMBER.get(body[8], ""))


def _records(book: bytes, at: int) -> Iterator[tuple[int, memoryview]]:
    """The records of one part of the stream, charts inside it passed over."""
    view, depth = memoryview(book), 0
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, view[at + 4 : at + 4 + length]
        at += 4 + length
