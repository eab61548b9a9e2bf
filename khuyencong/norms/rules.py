"""What the law says, from facts to facts: no row is looked up here and no clock is asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khuyencong.base.money import at_most, dong, million
from khuyencong.base.text import fold
from khuyencong.norms.enums import PlaceBasis
from khuyencong.norms.models import PlaceRule

CITY_CLASS = "city_class"
CONVERTED = "converted_from_commune"
PRIORITY_AREA = "priority_area"
NEVER = ("no", "khong", "never")  # “đã tra cứu: không chuyển từ xã”


@dataclass(frozen=True, slots=True)
class Locality:
    """What the place rules ask about one unit of the legal day."""

    name: str
    unit_kind: str
    district_kind: str = ""
    province_kind: str = ""
    city: str = ""  # the city whose class counts; empty: the unit lies in no city
    city_class: str | None = None  # None: not known
    converted_on: date | None = None
    conversion_known: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule put to one locality: it fits, it does not, or a named fact is missing."""

    result: bool | None
    missing: tuple[str, ...] = ()


def listed(text: str) -> tuple[str, ...]:
    """``"ward, commune"`` → ``("ward", "commune")``."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def city_class(value: str) -> str:
    """“Loại I”, “loại 1”, “1” are one class; “đặc biệt” is ``special``."""
    word = fold(value).replace("do thi", "").replace("loai", "").strip()
    return {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "dac biet": "special"}.get(word, word)


def years_later(day: date, years: int) -> date:
    """The same day ``years`` later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def fits(rule: PlaceRule, at: Locality, *, planning_year: int) -> Finding:
    """Whether production at this locality meets one rule of place (NĐ 45/2012 Đ1.2, TT 46/2012 Đ3.1; NĐ 235/2025 Đ1.1).

    A condition that the rule leaves empty is not asked.  A fact that nobody has recorded gives ``None`` and its name;
    it is asked for only where everything else fits.  Conversion is counted to 31 December of the year before the plan
    is made (TT 46/2012 Đ3.1đ).
    """
    if rule.basis != PlaceBasis.UNIT:
        return Finding(False)
    for asked, given in (
        (rule.unit_kinds, at.unit_kind),
        (rule.district_kinds, at.district_kind),
        (rule.province_kinds, at.province_kind),
    ):
        if asked and given not in listed(asked):
            return Finding(False)
    if rule.city_classes:
        if not at.city:
            return Finding(False)
        if at.city_class is None:
            return Finding(None, (_("loại đô thị của %(city)s") % {"city": at.city},))
        if at.city_class not in listed(rule.city_classes):
            return Finding(False)
    if rule.converted_within_years is not None:
        if not at.conversion_known:
            return Finding(None, (_("ngày chuyển từ xã thành phường của %(unit)s (nếu có)") % {"unit": at.name},))
        counted_to = date(planning_year - 1, 12, 31)
        if at.converted_on is None or counted_to > years_later(at.converted_on, rule.converted_within_years):
            return Finding(False)
    return Finding(True)


def together(findings: Iterable[Finding], *, any_is_enough: bool) -> Finding:
    """One answer from many.  With ``any_is_enough`` rules are alternatives; without, all parts must agree."""
    found = list(findings)
    if any_is_enough and any(f.result for f in found):
        return Finding(True)
    missing = tuple(dict.fromkeys(fact for f in found for fact in f.missing))
    if not any_is_enough and found and all(f.result is True for f in found):
        return Finding(True)
    if found and all(f.result is False for f in found):
        return Finding(False)
    return Finding(None, missing)


def converted(facts: Mapping[str, str]) -> tuple[date | None, bool]:
    """The day a ward ceased to be a commune, and whether anybody knows: ``"2021-03-01"``, ``"no"`` or nothing."""
    value = facts.get(CONVERTED, "").strip()
    if not value:
        return None, False
    if fold(value) in NEVER:
        return None, True
    try:
        return date.fromisoformat(value), True
    except ValueError:
        return None, False


@dataclass(frozen=True, slots=True)
class Sum:
    """One step of the arithmetic: what comes out, and its words."""

    amount: int
    words: str


class Wording:
    """Amounts of one sentence in one unit: triệu đồng, or đồng where thousands do not suffice."""

    def __init__(self, *amounts: int | None):
        self.exact = any(amount is not None and amount % 1000 for amount in amounts)

    def short(self, amount: int) -> str:
        if self.exact:
            return dong(amount)
        return million(amount, 6).rstrip("0") if amount % 1000 else million(amount)

    def long(self, amount: int) -> str:
        if self.exact or amount % 1000:
            return _("%(amount)s đồng") % {"amount": dong(amount)}
        return _("%(amount)s triệu đồng") % {"amount": million(amount)}


def same_body(written: str, named: str) -> bool:
    """“HĐND tỉnh Đắk Lắk” is a “Hội đồng nhân dân cấp tỉnh”: the kind of body, however it is written."""

    def kind(text: str) -> str:
        words = fold(text).replace("hdnd", "hoi dong nhan dan").replace("ubnd", "uy ban nhan dan")
        return " ".join(words.removeprefix("chu tich ").split()[:4])

    return kind(written) == kind(named)


def article_words(article: str) -> str:
    """“khoản 4 Điều 8” as the reader's language names the parts of a text; numbers and letters stay."""
    words = {
        "điểm": pgettext("văn bản", "điểm"),
        "khoản": pgettext("văn bản", "khoản"),
        "Điều": pgettext("văn bản", "Điều"),
        "Chương": pgettext("văn bản", "Chương"),
    }
    return re.sub(r"\b(điểm|khoản|Điều|Chương)\b", lambda part: words[part[1]], article)


def number(value: Decimal) -> str:
    """``Decimal("2.50")`` → ``2,5``."""
    return f"{value.normalize():f}".replace(".", ",")


def ceiling(cost: int, *, percent: Decimal | None, cap: int | None, words: Wording) -> Sum:
    """``percent`` of ``cost`` đồng, at most ``cap``, never more than the cost; at least one of the two must be given."""
    parts = []
    amount = cost
    if percent is not None:
        amount = at_most(cost, percent / 100)
        parts.append(
            _("%(percent)s%% × %(cost)s = %(product)s")
            % {"percent": number(percent), "cost": words.short(cost), "product": words.short(amount)}
        )
    else:
        parts.append(_("chi phí %(cost)s") % {"cost": words.short(cost)})
    if cap is not None:
        amount = min(amount, cap)
        parts.append(_("không quá %(cap)s") % {"cap": words.short(cap)})
    return Sum(amount, "; ".join(parts))
