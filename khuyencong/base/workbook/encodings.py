"""Text typed in the fonts of before Unicode (TCVN3, VNI), read as it was meant."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache

from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import TCVN3, VNI, repair, squeeze
from khuyencong.base.workbook.grid import Fault, Sheet

_MODERN_LETTER = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def clean(sheet: Sheet) -> None:
    """Text squeezed and in Unicode; empty cells None.

    What most cells prove to be typed in decides the doubtful ones.  In a sheet that mixes its fonts each doubtful cell is
    decided for itself, and where that is no more than likely ``sheet.doubts`` says so."""
    typed: dict[int, Counter[str]] = defaultdict(Counter)  # the sure cells of each column by their font, "" for Unicode
    doubtful: list[tuple[int, int]] = []
    for number, row in enumerate(sheet.rows):
        for column, value in enumerate(row):
            if not isinstance(value, str):
                continue
            if value.isascii():
                row[column] = value.strip() or None
                continue
            text, encoding = _read(value)
            row[column] = text or None
            if encoding or _MODERN_LETTER.search(text):
                typed[column][encoding or ""] += 1
            else:
                row[column] = value
                doubtful.append((number, column))
    whole = sum(typed.values(), Counter())
    sheet.encoding = _font(whole)
    read = {at: _as_typed(sheet, at) for at in doubtful}
    if sheet.encoding and not whole[""] and whole[sheet.encoding] >= max(3, len(doubtful) / 4):
        read = {at: repair(text, believed=sheet.encoding)[0] for at, text in read.items()}
    elif sheet.encoding:
        mixed = _Mixed(sheet, set(doubtful), whole, typed)
        read = {at: mixed.decide(at, text) for at, text in read.items()}
    for (number, column), text in read.items():
        sheet.rows[number][column] = _squeezed(text) or None


@lru_cache(maxsize=8192)
def _read(value: str) -> tuple[str, str | None]:
    """A cell and the font that proves itself in it; hamlets, communes, products and family names come again and again."""
    text, encoding = repair(value)
    return _squeezed(text), encoding


def _font(typed: Counter[str]) -> str | None:
    """The old font that most cells prove."""
    return next((font for font, _count in typed.most_common() if font), None)


def _as_typed(sheet: Sheet, at: tuple[int, int]) -> str:
    return str(sheet.rows[at[0]][at[1]])


_WORD = re.compile(r"[^\W\d_]+")
_RARE = 20  # a cell of an old font among so many of Unicode is an accident that makes no other cell doubtful
_UNREAD = re.compile("[A-Za-z][¡-¬®¯´¶-¹»-¿]|[§®][A-Za-z]|[Ññ]")  # what no Vietnamese in Unicode has
_FONTS = {TCVN3: "TCVN3 (ABC)", VNI: "VNI"}


class _Mixed:
    """A sheet in which cells of an old font and of Unicode stand beside each other: for each doubtful cell, the words that
    the sure cells of the sheet use, then what the sure cells of its column were typed in, then what most of the sheet was."""

    def __init__(
        self, sheet: Sheet, doubtful: set[tuple[int, int]], whole: Counter[str], typed: Mapping[int, Counter[str]]
    ):
        self.sheet, self.whole, self.typed = sheet, whole, typed
        self.words: set[str] = set()
        for number, row in enumerate(sheet.rows):
            for column, value in enumerate(row):
                if isinstance(value, str) and not value.isascii() and (number, column) not in doubtful:
                    self.words.update(_WORD.findall(value.lower()))

    def decide(self, at: tuple[int, int], typed: str) -> str:
        """The cell as it is read."""
        column = self.typed.get(at[1], self.whole)
        font = _font(column) or _font(self.whole) or ""
        old, new = _squeezed(repair(typed, believed=font)[0]), _squeezed(typed)
        if old == new:
            if _UNREAD.search(new):
                told = _("Không đọc được chữ của ô này (phông %(font)s): “%(typed)s”. Hãy gõ lại bằng Unicode.")
                self.sheet.doubts.append(Fault(self.sheet.name, *at, told % {"font": _FONTS[font], "typed": new[:60]}))
            return new
        as_old, as_new = self._known(old), self._known(new)
        if as_old != as_new:
            return old if as_old > as_new else new
        chosen, other = (old, new) if column[font] > column[""] else (new, old)
        if self.whole[font] * _RARE >= self.whole[""]:
            told = _(
                "Trang tính lẫn chữ Unicode và phông %(font)s: ô này đọc là “%(chosen)s”, cũng có thể là “%(other)s”. Hãy kiểm tra, "
                "gõ lại bằng Unicode nếu sai."
            )
            facts = {"font": _FONTS[font], "chosen": chosen[:60], "other": other[:60]}
            self.sheet.doubts.append(Fault(self.sheet.name, *at, told % facts))
        return chosen

    def _known(self, text: str) -> int:
        return sum(word in self.words for word in _WORD.findall(text.lower()) if not word.isascii())


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
