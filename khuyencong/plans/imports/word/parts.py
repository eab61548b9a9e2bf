"""The eight parts of a project file, told by their headings (TT 36/2013 Đ5)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from khuyencong.base.workbook import key_of
from khuyencong.plans.imports.word.lines import Line, without_number
from khuyencong.projects.enums import PartNumber

# in this order: what is looked for first wins ("nội dung và tiến độ thực hiện" is no "tổ chức thực hiện")
_WORDS = (
    (PartNumber.ORGANISATION, r"^(phuong an )?to chuc thuc hien|^giai phap thuc hien|^phuong an to chuc"),
    (PartNumber.EFFECTS, r"^(danh gia )?hieu qua|^(du kien )?hieu qua|^tinh ben vung"),
    (PartNumber.ESTIMATE, r"^du toan|^kinh phi|^tong (hop )?(kinh phi|du toan)|^nhu cau kinh phi"),
    (PartNumber.NEED, r"^su can thiet|^can cu (xay dung|lap|phap ly)|^tinh cap thiet"),
    (PartNumber.AIMS, r"^muc tieu"),
    (PartNumber.SCALE, r"^quy mo|^(nhung )?(dac )?diem (noi bat|vuot troi)"),
    (PartNumber.CONTENT, r"^noi dung( va| cong viec|$| thuc hien| de an| chinh| ho tro)|^(noi dung )?tien do"),
    (
        PartNumber.PARTIES,
        r"^(cac )?don vi (thuc hien|tham gia|thu huong)|^thong tin (chung|ve)|^gioi thieu|^cac ben",
    ),
)
_PATTERNS = tuple((part, re.compile(pattern)) for part, pattern in _WORDS)
_STYLES = (
    ("part", re.compile(r"^\s*phần\s", re.IGNORECASE)),
    ("roman", re.compile(r"^\s*[IVX]{1,5}\s*[.)/:\-]")),
    ("digit", re.compile(r"^\s*\d\s*[.)/:\-](?!\d)")),
)
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Written:
    """One part as it is written, its heading left out."""

    number: PartNumber
    text: str
    heading: Line


def parts_of(lines: Sequence[Line]) -> list[Written]:
    """The parts with something in them.  Only headings of the one style count in which most parts are numbered, so that
    "1. Mục tiêu" inside a part of "II." opens no part."""
    heads = {at: found for at, line in enumerate(lines) if (found := _head(line)) is not None}
    counted: Counter[str] = Counter()
    for style in {style for style, _part in heads.values()}:
        counted[style] = len({part for own, part in heads.values() if own == style and part is not None})
    if not counted:
        return []
    best = max(("part", "roman", "digit", "bold"), key=lambda style: counted[style])
    if counted[best] < 2:
        return []
    texts: dict[PartNumber, list[str]] = {}
    begins: dict[PartNumber, Line] = {}
    now: PartNumber | None = None
    for at, line in enumerate(lines):
        style, part = heads.get(at, ("", None))
        if style == best and (part is not None or best == "roman" or line.is_heading):
            now = part
            if part is not None:
                begins.setdefault(part, line)
                texts.setdefault(part, [])
                if after := _after_colon(line.text):
                    texts[part].append(after)
        elif now is not None:
            texts[now].append(line.text)
    return [
        Written(part, "\n".join(texts[part]).strip(), begins[part])
        for part in PartNumber
        if "".join(texts.get(part, [])).strip()
    ]


def _head(line: Line) -> tuple[str, PartNumber | None] | None:
    if line.cells:
        return None
    style = next((name for name, pattern in _STYLES if pattern.match(line.text)), "bold" if line.is_heading else "")
    title = without_number(line.text).partition(":")[0]
    if not style or len(title) > _LONGEST:
        return None
    plain = key_of(without_number(title))
    return style, next((part for part, pattern in _PATTERNS if pattern.search(plain)), None)


def _after_colon(text: str) -> str:
    title, colon, after = text.partition(":")
    if not colon or not after.strip():
        return ""
    return text if key_of(without_number(title)).startswith("don vi") else after.strip()
