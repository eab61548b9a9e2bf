"""Files read into sheets: .xlsx, .xls and .csv."""

import csv
import io
from typing import Any

import python_calamine

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _
from khuyencong.base.workbook import limits
from khuyencong.base.workbook.archive import check_archive
from khuyencong.base.workbook.encodings import clean, windows_1258
from khuyencong.base.workbook.failures import put_errors
from khuyencong.base.workbook.grid import Cell, Sheet


def read(data: bytes, name: str) -> list[Sheet]:
    """All sheets of a workbook.  Text is Unicode NFC, old fonts are read, integers typed as numbers come as floats.

    Raises Invalid(file=…): damaged, password-protected, too large, bomb-like, or no workbook at all.
    """
    if not data:
        raise Invalid(file=_("Tệp “%(name)s” không có nội dung.") % {"name": name})
    if len(data) > limits.MAX_BYTES:
        raise Invalid(
            file=_("Tệp “%(name)s” lớn hơn %(limit)d MB. Hãy chia thành nhiều tệp.")
            % {"name": name, "limit": limits.MAX_BYTES // 1024**2}
        )
    if data.startswith(b"PK"):
        check_archive(data, name)
        sheets = _calamine(data, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise limits.protected(name)
        sheets = _calamine(data, name)
    elif name.lower().endswith((".csv", ".txt", ".tsv")) or _is_plain_text(data):
        sheets = [Sheet(name, _csv(data, name))]
    else:
        raise limits.no_workbook(name, data)
    for sheet in sheets:
        if len(sheet.rows) > limits.MAX_ROWS or max(map(len, sheet.rows), default=0) > limits.MAX_COLUMNS:
            raise limits.too_wide(name, sheet.name)
        clean(sheet)
    return sheets


def _calamine(data: bytes, name: str) -> list[Sheet]:
    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            for meta in book.sheets_metadata:
                if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.total_height > limits.MAX_ROWS or sheet.total_width > limits.MAX_COLUMNS:
                    raise limits.too_wide(name, meta.name)
                rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
                sheets.append(
                    Sheet(
                        meta.name,
                        rows,
                        [(tuple(a), tuple(b)) for a, b in sheet.merged_cell_ranges or ()],
                        hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
                    )
                )
    except Invalid:
        raise
    except python_calamine.PasswordError as error:
        raise limits.protected(name) from error
    except Exception as error:
        raise limits.damaged(name) from error
    except BaseException as error:  # a panic of the reader does not descend from Exception
        if type(error).__name__ != "PanicException":
            raise
        raise limits.damaged(name) from error
    put_errors(data, sheets, name)
    return sheets


def _is_plain_text(data: bytes) -> bool:
    """Whether a file of another name is lines of cells all the same: text from its first byte, and no page or script."""
    start = data[:4096]
    return (
        b"\n" in start
        and any(mark in start for mark in (b";", b"\t", b","))
        and not start.lstrip().startswith((b"<", b"%", b"{", b"["))
        and not any(byte < 32 and byte not in b"\t\r\n" for byte in start)
    )


def _csv(data: bytes, name: str) -> list[list[Cell]]:
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise limits.damaged(name) from error
        text = windows_1258(data) or data.decode("latin-1")  # what is no UTF-8 was typed in an old code or font
    if "\0" in text:
        raise limits.no_workbook(name)
    head = text[:20_000]
    delimiter = max(";\t,|", key=lambda mark: (head.count(mark), mark == ";"))
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise limits.damaged(name) from error
