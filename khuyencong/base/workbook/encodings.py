"""Text typed in the fonts of before Unicode (TCVN3, VNI), read as it was meant."""

import re
import unicodedata
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


_TONED_VOWEL = re.compile("[aăâeêioôơuưy][\u0300\u0301\u0303\u0309\u0323]", re.IGNORECASE)
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


def windows_1258(data: bytes) -> str | None:
    """The text, where it was saved in the Vietnamese code page of Windows: there each tone stands behind its own vowel.

    None where the bytes tell otherwise: in TCVN3 and VNI the same bytes are letters and would leave tones without vowels.
    """
    try:
        text = data.decode("cp1258")
    except UnicodeDecodeError:
        return None
    tones = len(_TONE.findall(text))
    if not tones or len(_TONED_VOWEL.findall(text)) < tones:
        return None
    return unicodedata.normalize("NFC", text)


def _squeezed(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return "\n".join(squeeze(line) for line in text.splitlines()).strip("\n")
