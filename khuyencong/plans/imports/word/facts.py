"""The main facts of a project file, each with its place and the words it was taken from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import word
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.base.workbook import key_of
from khuyencong.norms.enums import Level
from khuyencong.places import queries as places
from khuyencong.plans.imports.columns import MONEY, SOURCES
from khuyencong.plans.imports.periods import period_of
from khuyencong.plans.imports.word.lines import Line, Said, clean, lines_of, said, without_number
from khuyencong.plans.imports.word.money import Money, money_of
from khuyencong.plans.imports.word.parts import parts_of
from khuyencong.plans.imports.words import kind_of
from khuyencong.projects.enums import PartNumber

LABELS = {
    "title": gettext_lazy("Tên đề án"),
    "year": gettext_lazy("Năm kế hoạch"),
    "level": gettext_lazy("Cấp quản lý"),
    "kind": gettext_lazy("Dạng đề án"),
    "implementer": gettext_lazy("Đơn vị thực hiện"),
    "beneficiary": gettext_lazy("Đơn vị thụ hưởng"),
    "tax_code": gettext_lazy("Mã số thuế của đơn vị thụ hưởng"),
    "place": gettext_lazy("Địa điểm"),
    "starts_on": gettext_lazy("Bắt đầu"),
    "ends_on": gettext_lazy("Kết thúc"),
    "content": gettext_lazy("Nội dung, quy mô"),
    "machine_type": gettext_lazy("Loại máy móc, thiết bị"),
    "total": gettext_lazy("Tổng kinh phí"),
    "support": gettext_lazy("Kinh phí khuyến công đề nghị hỗ trợ"),
    "national": gettext_lazy("Khuyến công quốc gia"),
    "local": gettext_lazy("Khuyến công địa phương"),
    "counterpart": gettext_lazy("Đối ứng"),
    "other": gettext_lazy("Nguồn khác"),
}
# What a file need not say: its absence is not pointed at.
_MAY_BE_LEFT_OUT = frozenset({"machine_type", "other", "level", "national", "local", "support"})

_SAID = {
    "title": ("ten de an", "ten du an", "ten nhiem vu", "de an"),
    "implementer": (
        "don vi thuc hien",
        "ten don vi thuc hien",
        "don vi chu tri",
        "co quan thuc hien",
        "chu tri thuc hien",
    ),
    "beneficiary": (
        *("don vi thu huong", "ten don vi thu huong", "co so thu huong", "don vi duoc ho tro", "co so duoc ho tro"),
        *("don vi huong loi", "chu dau tu", "ten co so", "co so cong nghiep nong thon"),
    ),
    "place": ("dia diem thuc hien", "dia diem", "noi thuc hien", "dia ban thuc hien"),
    "address": ("dia chi", "tru so"),
    "kind": ("dang de an", "loai de an", "hoat dong khuyen cong", "noi dung hoat dong"),
    "content": ("noi dung ho tro", "noi dung quy mo", "noi dung de an", "noi dung chinh", "noi dung thuc hien"),
    "machine_type": ("loai may moc thiet bi", "ten may moc thiet bi", "may moc thiet bi ho tro"),
    "period": ("thoi gian thuc hien", "tien do thuc hien", "thoi gian"),
    "starts_on": ("thoi gian bat dau", "bat dau", "ngay bat dau"),
    "ends_on": ("thoi gian ket thuc", "ket thuc", "ngay ket thuc", "thoi gian hoan thanh"),
    "year": ("nam ke hoach", "ke hoach nam", "nam thuc hien"),
}
_TAIL = 28  # letters that a label may have behind what is known ("địa điểm thực hiện đề án")
_TAX_CODE = re.compile(
    r"\b(?:ma so (?:thue|doanh nghiep|ho kinh doanh)|mst|msdn)\b\D{0,25}(\d{10}(?:\s?-\s?\d{3})?|\d{12})\b"
)
_YEAR = re.compile(r"\bnam (20\d\d)\b")
_NAME_ENDS = re.compile(r"\s*[;(]|\.\s|,?\s*(?:địa chỉ|mã số thuế|MST|điện thoại|trụ sở|đại diện)\b", re.IGNORECASE)
_PLACE_IN_TITLE = re.compile(
    r".*\btại\s+((?:(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s|(?:X|P|TT|H|Q|TX|TP)\.).+)",
    re.IGNORECASE,
)
_TITLE_ABOVE = re.compile(r"de an(?: khuyen cong(?: (?:quoc gia|dia phuong|tinh))?)?(?: nam \d{4})?")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a file says; ``note`` is what a person should look at."""

    key: str
    value: Any
    where: str  # “Bảng 2, dòng 3”
    told: str  # the words there
    note: str = ""


@dataclass(slots=True)
class Found:
    """All that was found.  Money in đồng; ``lines`` as ``projects.operations.set_cost_lines`` takes them."""

    facts: dict[str, Fact] = field(default_factory=dict)
    parts: dict[int, Fact] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    lines_where: str = ""
    notes: list[str] = field(default_factory=list)
    encoding: str | None = None

    @property
    def missing(self) -> list[str]:
        """The names of what the file does not say, or not clearly enough."""
        names = [str(label) for key, label in LABELS.items() if key not in self.facts and key not in _MAY_BE_LEFT_OUT]
        if not {"national", "local"} & self.facts.keys():
            told = "support" in self.facts
            names.append(
                _("Kinh phí khuyến công là quốc gia hay địa phương")
                if told
                else _("Kinh phí khuyến công đề nghị hỗ trợ")
            )
        if not self.lines:
            names.append(_("Dự toán theo dòng và nguồn"))
        return names + [
            _("Phần %(number)s. %(name)s") % {"number": part.value, "name": part.label}
            for part in PartNumber
            if part.value not in self.parts
        ]

    def value(self, key: str) -> Any:
        """What was found under this name; None for nothing."""
        fact = self.facts.get(key)
        return fact.value if fact is not None else None


def read(data: bytes, name: str) -> Found:
    """The facts of a .docx.  Raises Invalid(file=…) in one sentence for a file that cannot be read."""
    document = word.read(data, name)
    lines = lines_of(document)
    found = Found(encoding=document.encoding)
    _take_words(found, said(lines), lines)
    _take_place(found)
    _take_money(found, money_of(document))
    for part in parts_of(lines):
        where = _at(part.heading)
        found.parts[part.number.value] = Fact(f"part_{part.number.value}", part.text, where, part.heading.told)
    return found


def _at(line: Line) -> str:
    told = line.place.told
    return told[:1].upper() + told[1:]


def _take_words(found: Found, told: Sequence[Said], lines: Sequence[Line]) -> None:
    first = {key: one for key in _SAID if (one := _best(told, _SAID[key])) is not None}
    if "title" not in first and (above := _title_above(lines)) is not None:
        first["title"] = above
    for key in ("title", "content", "machine_type"):
        if key in first:
            _put(found, key, first[key].value, first[key].line)
    for key in ("implementer", "beneficiary"):
        if key in first and (who := clean(_NAME_ENDS.split(first[key].value)[0])):
            _put(found, key, who, first[key].line)
    since = first["beneficiary"].at if "beneficiary" in first else 0
    _take_tax_code(found, lines, since)
    address = next((one for one in told if one.at >= since and _means(one, _SAID["address"])), None)
    where = first.get("place") or address
    if where is not None:
        _put(found, "place", re.sub(r"(?i)^tại\s+", "", where.value)[:300], where.line)
    elif (title := found.facts.get("title")) and (named := _PLACE_IN_TITLE.search(title.value)):
        place = clean(named[1].rstrip(' .”"'))[:300]
        found.facts["place"] = Fact("place", place, title.where, title.told, _("Hiểu theo tên đề án; hãy xem lại."))
    _take_year(found, first.get("year"), lines)
    _take_period(found, first)
    _take_year_of_period(found)
    if "kind" in first and (kind := kind_of(first["kind"].value)):
        _put(found, "kind", kind, first["kind"].line)
    elif (title := found.facts.get("title")) and (kind := kind_of(title.value)):
        found.facts["kind"] = Fact("kind", kind, title.where, title.told, _("Hiểu theo tên đề án; hãy xem lại."))


def _put(found: Found, key: str, value: Any, line: Line, note: str = "") -> None:
    found.facts[key] = Fact(key, value, _at(line), line.told, note)


def _means(one: Said, words: Sequence[str]) -> bool:
    return any(
        one.label == known
        or (" " in known and one.label.startswith(f"{known} ") and len(one.label) - len(known) <= _TAIL)
        for known in words
    )


def _best(told: Sequence[Said], words: Sequence[str]) -> Said | None:
    """The first that is called exactly so, else the first that begins so."""
    exact = next((one for one in told if one.label in words and one.value), None)
    return exact or next((one for one in told if _means(one, words) and one.value), None)


def _title_above(lines: Sequence[Line]) -> Said | None:
    """A title page: “ĐỀ ÁN KHUYẾN CÔNG NĂM 2027”, and the name in the line below; or “Tên đề án “…””."""
    for at, line in enumerate(lines[:60]):
        if match := re.match(r"tên đề án\s*[“\"](.+)", without_number(line.text), re.IGNORECASE):
            return Said("title", clean(match[1].rstrip('”"')), line, at)
        if _TITLE_ABOVE.fullmatch(key_of(line.text)) and at + 1 < len(lines) and not lines[at + 1].cells:
            below = lines[at + 1]
            if len(below.text) >= 15 and ":" not in below.text:
                return Said("title", clean(below.text), below, at + 1)
    return None


def _take_tax_code(found: Found, lines: Sequence[Line], since: int) -> None:
    codes = [
        (at, re.sub(r"\s", "", match[1]), line)
        for at, line in enumerate(lines)
        for match in _TAX_CODE.finditer(fold(line.text).replace("|", " "))
    ]
    if codes:
        _at_line, code, line = next((one for one in codes if one[0] >= since), codes[0])
        others = {other for _n, other, _l in codes} - {code}
        note = _("Tệp còn ghi mã số thuế khác: %(codes)s.") % {"codes": ", ".join(sorted(others))} if others else ""
        _put(found, "tax_code", code, line, note)


def _take_year(found: Found, named: Said | None, lines: Sequence[Line]) -> None:
    if named is not None and (match := re.search(r"\b(20\d\d)\b", named.value)):
        _put(found, "year", int(match[1]), named.line)
        return
    for line in lines[:40]:
        plain = fold(line.text)
        if not re.search(r"\b(de an|khuyen cong|ke hoach)\b", plain) or re.search(
            r"\b(can cu|ngay|nghi dinh)\b", plain
        ):
            continue
        if match := _YEAR.search(plain):
            _put(found, "year", int(match[1]), line)
            return


def _take_period(found: Found, first: dict[str, Said]) -> None:
    year = found.value("year") or 0
    if "period" in first:
        begin, end = period_of(_period_words(first["period"].value), year)
        for key, day in (("starts_on", begin), ("ends_on", end)):
            if day is not None:
                _put(found, key, day, first["period"].line)
    for key, place in (("starts_on", 0), ("ends_on", 1)):
        if key in first and key not in found.facts:
            value = re.sub(r"^(từ|đến)\s+", "", _period_words(first[key].value), flags=re.IGNORECASE)
            value = re.sub(r"(?i)^(?:tháng\s*)?(\d{1,2})/(\d{4})$", r"\1/\2-\1/\2", value)
            if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", value):
                value = f"{value}-{value}"
            if (day := period_of(value, year)[place]) is not None:
                _put(found, key, day, first[key].line)


def _period_words(value: str) -> str:
    """“từ tháng 3 năm 2027 đến hết tháng 11 năm 2027” as it is read elsewhere."""
    value = re.sub(r"(?i)(\d{1,2})\s+năm\s+(\d{4})", r"\1/\2", re.sub(r"\([^()]*\)", "", value))
    value = re.sub(r"(?i)\bhết\s+", "", value)
    return clean(re.split(r"[;.]\s", re.sub(r"\s*/\s*", "/", value))[0])


def _take_year_of_period(found: Found) -> None:
    if "year" not in found.facts and (begin := found.facts.get("starts_on")):
        told = _("Hiểu theo thời gian thực hiện; hãy xem lại.")
        found.facts["year"] = Fact("year", begin.value.year, begin.where, begin.told, told)


def _take_place(found: Found) -> None:
    """What the place is called today."""
    fact = found.facts.get("place")
    if fact is None:
        return
    meant = places.resolve(fact.value)
    for key, unit in (("province", meant.province), ("commune", meant.commune)):
        if unit is not None:
            note = _("Nay là %(unit)s.") % {"unit": unit} if key == "commune" and meant.old is not None else ""
            found.facts[key] = Fact(key, unit, fact.where, fact.told, note)
    if meant.commune is None and meant.current:
        names = ", ".join(str(unit) for unit in meant.current[:6])
        found.notes.append(
            _("Địa điểm “%(place)s” nay có thể là: %(names)s. Hãy chọn đúng xã, phường.")
            % {"place": fact.value, "names": names}
        )
    elif meant.commune is None:
        found.notes.append(
            _("Không nhận ra xã, phường của địa điểm “%(place)s”. Hãy chọn trong danh sách.") % {"place": fact.value}
        )


def _take_money(found: Found, money: Money) -> None:
    for key in (*MONEY, "support"):
        told = [amount for amount in money.amounts if amount.key == key]
        if not told or (key == "support" and {"national", "local"} & found.facts.keys()):
            continue
        first = told[0]
        others = sorted({amount.dong for amount in told} - {first.dong})
        note = (
            _("Chỗ khác trong tệp ghi: %(amounts)s đồng.") % {"amounts": "; ".join(dong(other) for other in others)}
            if others
            else ""
        )
        place = first.place.told
        found.facts[key] = Fact(key, first.dong, place[:1].upper() + place[1:], first.told, note)
    sources = [found.value(source) for source in (*SOURCES, "support")]
    whole, stated = sum(amount or 0 for amount in sources), found.value("total")
    if stated is not None and any(amount is not None for amount in sources) and whole != stated:
        found.notes.append(
            _("Tổng kinh phí trong tệp là %(stated)s đồng, các nguồn cộng lại là %(whole)s đồng.")
            % {"stated": dong(stated), "whole": dong(whole)}
        )
    found.lines, found.notes = money.lines, found.notes + money.notes
    if money.lines:
        found.lines_where = _("Bảng %(number)s") % {"number": money.table}
    for key, level in (("national", Level.NATIONAL), ("local", Level.PROVINCIAL)):
        if found.value(key):
            fact = found.facts[key]
            found.facts["level"] = Fact(
                "level", level, fact.where, fact.told, _("Hiểu theo nguồn kinh phí; hãy xem lại.")
            )
            break
