"""Text typed in the fonts of before Unicode (TCVN3, VNI), read as it was meant."""

import re
from collections import Counter

from khuyencong.base.text import repair, squeeze
from khuyencong.base.workbook.grid import Cell, Sheet

_MODERN_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def clean(sheet: Sheet) -> None:
    """Text squeezed and in Unicode; empty cells None.  What most cells prove to be typed in decides the doubtful ones."""
    found: Counter[str] = Counter()
    modern = 0
    doubtful: list[tuple[list[Cell], int]] = []
    for row in sheet.rows:
        for column, value in enumerate(row):
            if not isinstance(value, str):
                continue
            if value.isascii():
                row[column] = value.strip() or None
                continue
            text, encoding = repair(value)
            text = _squeezed(text)
            row[column] = text or None
            if encoding:
                found[encoding] += 1
            elif _MODERN_LETTER.search(text):
                modern += 1
            else:
                row[column] = value
                doubtful.append((row, column))
    best = found.most_common(1)
    believed = best[0][0] if best and best[0][1] >= 3 and not modern and best[0][1] >= len(doubtful) / 4 else None
    for row, column in doubtful:
        text = repair(str(row[column]), believed=believed)[0] if believed else str(row[column])
        row[column] = _squeezed(text) or None
    sheet.encoding = best[0][0] if best else None


def _squeezed(text: str) -> str:
    return "\n".join(squeeze(line) for line in text.splitlines()).strip("\n")
