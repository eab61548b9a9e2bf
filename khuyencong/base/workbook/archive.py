"""An .xlsx is an archive: how much comes out of it is known before anything is parsed."""

import io
import re
import zipfile

from khuyencong.base.errors import Invalid
from khuyencong.base.workbook import limits
from khuyencong.base.workbook.grid import column_number

# a cell that holds something; styled empty ones close at once and cost nothing
_FILLED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\sr="([A-Z]{1,3})(\d{1,7})")[^>]*[^/>]>')


def check_archive(data: bytes, name: str) -> None:
    """Sizes before anything is parsed: as the archive states them, then as they really come out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise limits.protected(name)
            names = {part.filename for part in parts}
            if not any(part.startswith("xl/") for part in names):
                raise limits.no_workbook(name, data)
            stated = sum(part.file_size for part in parts)
            if (
                len(parts) > limits.MAX_PARTS
                or stated > limits.MAX_UNPACKED
                or (stated > limits.RATIO_FROM and stated > limits.MAX_RATIO * len(data))
            ):
                raise limits.bomb(name)
            budget = limits.MAX_UNPACKED
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    budget -= _check_part(archive, part, budget, name)
    except Invalid:
        raise
    except Exception as error:  # zlib.error and whatever else a broken archive raises
        raise limits.damaged(name) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, budget: int, name: str) -> int:
    """Unpack one part in pieces, count it, and find cells that stand too far out."""
    size, tail, is_sheet = 0, b"", part.filename.startswith("xl/worksheets/sheet")
    last_row = last_column = 0
    with archive.open(part) as stream:
        while piece := stream.read(limits.CHUNK):
            size += len(piece)
            if size > budget:
                raise limits.bomb(name)
            if size == len(piece) and b"<!DOCTYPE" in piece[:2000]:
                raise limits.bomb(name)
            if not is_sheet:
                continue
            whole = tail + piece
            for letters, number_ in _FILLED.findall(whole):
                last_row = max(last_row, int(number_))
                if len(letters) > 1:
                    last_column = max(last_column, column_number(letters.decode()))
            cut = whole.rfind(b"<")
            tail = whole[cut:] if cut >= 0 and len(whole) - cut < 4096 else b""
    if (
        last_row > limits.MAX_ROWS
        or last_column > limits.MAX_COLUMNS
        or last_row * max(last_column, 1) > limits.MAX_CELLS
    ):
        raise limits.too_wide(name, part.filename.rsplit("/", 1)[-1])
    return size
