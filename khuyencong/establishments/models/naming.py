"""What a name is found and compared by."""

import re
from typing import Any

from django.db import models

from khuyencong.base.text import fold

# Words that say what kind of body it is and nothing of which one, without accents; the longest first.
_LEGAL_WORDS = (
    ("trach", "nhiem", "huu", "han"),
    ("hai", "thanh", "vien", "tro", "len"),
    ("lien", "hiep", "hop", "tac", "xa"),
    ("mot", "thanh", "vien"),
    ("hai", "thanh", "vien"),
    ("1", "thanh", "vien"),
    ("2", "thanh", "vien"),
    ("doanh", "nghiep", "tu", "nhan"),
    ("co", "so", "san", "xuat"),
    ("hop", "tac", "xa"),
    ("to", "hop", "tac"),
    ("ho", "kinh", "doanh"),
    ("ho", "san", "xuat"),
    ("ho", "gia", "dinh"),
    ("xuat", "nhap", "khau"),
    ("ho", "ong"),
    ("ho", "ba"),
    ("co", "so"),
    ("cong", "ty"),
    ("c", "ty"),
    ("co", "phan"),
    ("doanh", "nghiep"),
    ("san", "xuat"),
    ("thuong", "mai"),
    ("dich", "vu"),
    ("kinh", "doanh"),
    *(
        (word,)
        for word in (
            "cs cssx cty ctcp tnhh mtv 1tv 2tv cp htx lhhtx tht dntn dn hkd hkdct sx tm dv sxtm sxkd tmdv sxtmdv xnk kd sxdv va"
        ).split()
    ),
)
_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _words in _LEGAL_WORDS:
    _BY_FIRST.setdefault(_words[0], []).append(_words)
_APART = re.compile(r"[^0-9a-z]+")
_DOTTED = re.compile(r"(?<![a-z])([a-z])\.(?=[a-z])")  # T.N.H.H, C.TY


def name_key(name: str) -> str:
    """What tells one establishment of a commune from another: ``Cơ sở Ngọc Tứ`` and ``CS Ngoc Tu`` → ``ngoc tu``.

    Accents, punctuation and words of legal form are dropped; where nothing else is left, the whole folded name stays.
    """
    tokens = _APART.sub(" ", _DOTTED.sub(r"\1", fold(name))).split()
    kept, at = [], 0
    while at < len(tokens):
        for words in _BY_FIRST.get(tokens[at], ()):
            if tuple(tokens[at : at + len(words)]) == words:
                at += len(words)
                break
        else:
            kept.append(tokens[at])
            at += 1
    return " ".join(kept or tokens)[:150]


def code_key(text: str) -> str:
    """A serial number or an invoice as it is compared: letters and digits alone, without leading zeros of each part."""
    parts = re.findall(r"[0-9A-Z]+", fold(text).upper())
    return "".join(part.lstrip("0") or "0" for part in parts)[:80]


class Named(models.Model):
    """Whatever is found by its name: ``save`` keeps the folded name, a bulk insert must ask ``derive``."""

    name: models.CharField
    folded: models.CharField

    class Meta:
        abstract = True

    def derive(self) -> None:
        self.folded = fold(self.name)[:220]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        if (written := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*written, "folded"}
        super().save(*args, **kwargs)
