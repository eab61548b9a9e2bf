"""An address as words, as they are compared."""

import re
import unicodedata
from functools import lru_cache

from khuyencong.base.text import TONES

_APOSTROPHE = re.compile(r"['’‘ʼ‛`´′]\s*")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[,;:\n()]")
_TONE = re.compile(f"[{''.join(TONES)}]")
_MARKS = re.compile("[\u0300-\u036f]+")
_Y_AFTER_CONSONANT = re.compile("(?<=[bcdđghklmnpqrstvx])y$|(?<=qu)y$")
_BOUNDARY = frozenset(",;:\n()")


@lru_cache(maxsize=65536)
def keys_of(token: str) -> tuple[str, str]:
    """Two keys of a word: without accents, and with them wherever they stand.  i and y, final c and k are one."""
    if token.isdigit():
        number = token.lstrip("0") or "0"
        return number, number
    apart = unicodedata.normalize("NFD", token)
    shape = _TONE.sub("", apart)
    if shape.endswith("k"):
        shape = shape[:-1] + "c"
    tone = "".join(_TONE.findall(apart))
    plain = _MARKS.sub("", shape).replace("đ", "d")
    marked = _Y_AFTER_CONSONANT.sub("i", shape)
    return _Y_AFTER_CONSONANT.sub("i", plain), marked + tone


class Words:
    """An address as words: without accents, with accents, and where each part between commas begins."""

    __slots__ = ("accented", "begins", "marked", "plain")

    def __init__(self, text: str):
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        self.plain: list[str] = []
        self.marked: list[str] = []
        self.begins: list[int] = []
        begin = 0
        for token in _TOKEN.findall(_APOSTROPHE.sub("", text).casefold()):
            if token in _BOUNDARY:
                begin = len(self.plain)
                continue
            plain, marked = keys_of(token)
            self.plain.append(plain)
            self.marked.append(marked)
            self.begins.append(begin)
        self.accented = self.plain != self.marked
