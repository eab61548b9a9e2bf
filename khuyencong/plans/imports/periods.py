"""When the work of a project begins and ends, as offices write it."""

import re
from calendar import monthrange
from datetime import date

from khuyencong.base.text import fold

_DAY = r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})"
_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def period_of(text: str, year: int) -> tuple[date | None, date | None]:
    """First and last day of "Tháng 3-11/2026", "03/2026 - 10/2026", "15/03/2026-30/10/2026", "Từ 15/03/2026", "Quý II-IV",
    "Năm 2026"; (None, None) when unclear."""
    plain = _plain(text)
    if match := re.fullmatch(rf"(?:tu )?(?:ngay )?{_DAY}\s*(?:-|den)\s*(?:ngay )?{_DAY}", plain):
        first, last = _day(*match.groups()[:3]), _day(*match.groups()[3:])
        return (first, last) if first and last and first <= last else (None, None)
    if match := re.fullmatch(rf"(?:tu )?(?:ngay )?(\d{{1,2}})[/.](\d{{1,2}})\s*(?:-|den)\s*(?:ngay )?{_DAY}", plain):
        first, last = _day(match[1], match[2], match[5]), _day(*match.groups()[2:])
        return (first, last) if first and last and first <= last else (None, None)
    if match := re.fullmatch(rf"(tu|den) (?:ngay )?{_DAY}", plain):
        day = _day(*match.groups()[1:])
        return (day, None) if match[1] == "tu" else (None, day)
    if match := re.fullmatch(
        r"(?:tu )?(?:thang )?(\d{1,2})\s*(?:[/.]\s*(\d{4}))?\s*(?:-|den|den thang)\s*(?:thang )?(\d{1,2})\s*[/.]\s*(\d{4})",
        plain,
    ):
        return _months(int(match[2] or match[4]), int(match[1]), int(match[4]), int(match[3]))
    if match := re.fullmatch(
        r"(?:tu )?thang (\d{1,2})\s*(?:-|den|den thang)\s*(?:thang )?(\d{1,2})(?: nam (\d{4}))?", plain
    ):
        own = int(match[3] or year)
        return _months(own, int(match[1]), own, int(match[2]))
    if match := re.fullmatch(
        r"(?:tu )?quy (i{1,3}|iv|[1-4])(?:\s*(?:[-,+&]|va|den)\s*(?:quy )?(i{1,3}|iv|[1-4]))*(?:\s*[-,]?\s*(i{1,3}|iv))?"
        r"\s*(?:[/.]|nam)?\s*(\d{4})?",
        plain,
    ):
        quarters = [_QUARTER[word] for word in re.findall(r"\b(iv|i{1,3}|[1-4])\b", plain)]
        own = int(match[4] or year)
        return _months(own, min(quarters) * 3 - 2, own, max(quarters) * 3)
    if plain in ("ca nam", "trong nam"):
        return _months(year, 1, year, 12)
    if match := re.fullmatch(r"(?:trong |ca )?(?:nam )?(\d{4})", plain):
        return _months(int(match[1]), 1, int(match[1]), 12)
    if match := re.fullmatch(r"(?:tu )?(?:nam )?(\d{4})\s*(?:-|,|den|den nam)\s*(?:nam )?(\d{4})", plain):
        return _months(int(match[1]), 1, int(match[2]), 12)
    return None, None


def has_false_day(text: str) -> bool:
    """Whether a day that is written out is none: 31/11/2026."""
    return any(_day(*day) is None for day in re.findall(_DAY, fold(text)))


def _plain(text: str) -> str:
    plain = re.sub(r"\bden het\b", "den", fold(text).replace("–", "-"))
    return re.sub(r"\bt(?:h|hg)?\.? ?(?=\d{1,2}\b)", "thang ", plain)  # "T3", "Th.3", "Thg 3"


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if 1990 <= int(year) <= 2100 else None
    except ValueError:
        return None


def _months(year: int, month: int, last_year: int, last_month: int) -> tuple[date | None, date | None]:
    if not (1 <= month <= 12 and 1 <= last_month <= 12 and 1990 <= year <= last_year <= 2100):
        return None, None
    first, last = date(year, month, 1), date(last_year, last_month, monthrange(last_year, last_month)[1])
    return (first, last) if first <= last else (None, None)
