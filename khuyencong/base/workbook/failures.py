"""Cells in which a formula came to nothing or was never reckoned: named, not taken for empty."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import IO
from xml.etree import ElementTree

from khuyencong.base.workbook.grid import Sheet, column_number
from khuyencong.base.workbook.limits import CHUNK, MAX_COLUMNS, damaged

# what Excel writes where a formula came to nothing; the reader gives such a cell as an empty one
ERRORS = frozenset({"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
NOT_RECKONED = "#?"  # our own mark of a formula that was saved without its value, as some programs do
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
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def put_errors(data: bytes, sheets: Sequence[Sheet], name: str) -> None:
    """Write Excel's errors, and our mark of formulas without a value, into the cells where they stand, so that they are
    named and not taken for empty."""
    try:
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
                        _put_errors_of(sheet, stream)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, ElementTree.ParseError) as error:
        raise damaged(name) from error


def _put_errors_of(sheet: Sheet, stream: IO[bytes]) -> None:
    tail = b""
    while piece := stream.read(CHUNK):
        whole = tail + piece
        if b't="e"' in whole:
            for letters, number_, error in _FAILED.findall(whole):
                if (text := error.decode()) in ERRORS:
                    _put(sheet, letters, number_, text)
        if b"<f" in whole or b":f" in whole:
            for letters, number_ in _WITHOUT_VALUE.findall(whole):
                _put(sheet, letters, number_, NOT_RECKONED)
        tail = whole[-8192:]


def _put(sheet: Sheet, letters: bytes, number_: bytes, text: str) -> None:
    row, column = int(number_) - 1, column_number(letters.decode()) - 1
    if row < len(sheet.rows) and column < MAX_COLUMNS:
        cells = sheet.rows[row]
        cells += [None] * (column + 1 - len(cells))  # the reader's grid ends where nothing has a value
        cells[column] = text
