"""Every read of the register of administrative units."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Max, Q, When

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.places.enums import Kind
from khuyencong.places.models import REFORM, Succession, Unit, UnitQuerySet
from khuyencong.places.rules import Gazetteer, Resolution, kind_first

_held: tuple[Any, Gazetteer] | None = None


def _stamp() -> tuple:
    """What tells that the register in the database is another than the one in memory."""
    units = Unit.objects.aggregate(n=Count("pk"), last=Max("pk"), ended=Count("valid_to"))
    return (units["n"], units["last"], units["ended"])


def gazetteer() -> Gazetteer:
    """The register in memory, one a process (about 30 MB): one small query asks whether it is still right.

    Whoever resolves many addresses keeps it: ``read = gazetteer().resolve``."""
    global _held
    stamp = _stamp()
    if _held is None or _held[0] != stamp:
        fields = ("latitude", "longitude", "area_km2", "sort_key", "folded", "source")
        units = Unit.objects.defer(*fields).order_by("pk")
        _held = (stamp, Gazetteer(units, Succession.objects.order_by("pk").values_list("old_id", "new_id")))
    return _held[1]


def forget() -> None:
    """Let the register in memory go; the next question builds it again."""
    global _held
    _held = None


def resolve(text: str, on: date | None = None) -> Resolution:
    """What an address means today: old unit, successors, certainty (see ``rules.Gazetteer.resolve``)."""
    return gazetteer().resolve(text, on)


def written_in(year: int) -> date | None:
    """The day by which an address of a plan of this year is read: one of after the merger means the units of that time, also
    where one of before bore the same name.  None: of any day."""
    return date(year, 1, 1) if year > REFORM.year else None


def locate(text: str, province: Unit | None = None, on: date | None = None) -> dict[str, Any]:
    """The four fields of a Located record for an address as written.

    ``province`` (a unit of today) is taken where the address names none.  Raises Invalid(place_text=…) when no province
    can be told, or when the address lies in another province than the one given."""
    index = gazetteer()
    text = " ".join(text.split())[:300]
    found = index.resolve(text, on) if province is None else index.resolve_in(province, text, on)
    if province is not None and found.province is not None and found.province.pk != province.pk:
        raise Invalid(
            place_text=_("“%(text)s” thuộc %(there)s, không thuộc %(here)s.")
            % {"text": text, "there": found.province, "here": province}
        )
    where = found.province or province
    if where is None:
        raise Invalid(
            place_text=_("Không xác định được tỉnh của địa điểm “%(text)s”. Hãy ghi thêm tên tỉnh.") % {"text": text}
        )
    return {"province": where, "commune": found.commune, "place_text": text, "place_unit": found.unit}


def current_provinces() -> UnitQuerySet:
    """Today's provinces and centrally-run cities, in alphabetical order."""
    return Unit.objects.provinces().current().order_by("sort_key")


def province_by_code(code: str) -> Unit:
    """Today's province with this NSO code.  Raises Invalid(province=…) when there is none."""
    unit = Unit.objects.provinces().current().filter(code=code.strip().zfill(2)).first()
    if unit is None:
        raise Invalid(province=_("Không có tỉnh, thành phố nào hiện nay mang mã “%(code)s”.") % {"code": code})
    return unit


def communes_of(province: Unit) -> UnitQuerySet:
    """Today's communes, wards and special zones of a province of today, in alphabetical order."""
    return Unit.objects.communes().current().filter(province=province).order_by("sort_key")


def successors(unit: Unit) -> UnitQuerySet:
    """The units that directly followed ``unit``, by the conversion table or a later change."""
    return Unit.objects.filter(predecessions__old=unit).distinct().order_by("code", "valid_from")


def today_of(unit: Unit) -> tuple[Unit, ...]:
    """The units of today that ``unit`` became, through all changes; itself when it still is."""
    return gazetteer().today_of(unit)


def province_today(unit: Unit) -> Unit | None:
    """The province of today above a unit of any day."""
    return gazetteer().province_today(unit)


def as_of(unit: Unit, day: date) -> Unit | None:
    """The row that held for the same unit (code and level) on ``day``: Đồng Nai of 2025 for Đồng Nai of today.

    None where the code named no unit or another one then (before 1 July 2025 codes meant other units)."""
    if unit.holds_on(day):
        return unit
    for relation in ("predecessions__old", "successions__new"):
        found = (
            Unit.objects.on(day)
            .filter(level=unit.level, code=unit.code, name=unit.name)
            .filter(
                **({"successions__new": unit} if relation == "predecessions__old" else {"predecessions__old": unit})
            )
            .first()
        )
        if found is not None:
            return found
    return None


def search(text: str, *, province: Unit | None = None, limit: int = 20, former: bool = False) -> Sequence[Unit]:
    """Units of today whose name begins with or contains ``text``, with or without accents: for choosing one.

    A word of the kind before the name ("phường", "TP.", "x.") is left off where no name holds it, and units of that kind come
    first; where still none is found the text is read as an address.  ``former`` gives those of before as well, after today's."""
    key = fold(" ".join(text.split()))
    units = Unit.objects.all() if former else Unit.objects.current()
    if province is not None:
        units = units.filter(province=province)
    units = units.select_related("province", "parent")
    before = kind_first(key)
    found = list(_named(units, key, before)[:limit])
    found = [unit for unit in found if key in unit.folded] or found
    if not found and (before is not None or "," in key):
        read = gazetteer().resolve(text)
        meant = [unit.pk for unit in (read.unit, *read.current) if unit is not None]
        found = list(_named(units.filter(pk__in=meant), "")[:limit])
    return found


def _named(units: UnitQuerySet, key: str, before: tuple[frozenset[Kind], str] | None = None) -> UnitQuerySet:
    """The units whose names hold ``key`` and after them, where it begins with a word of some kinds, those whose names hold the
    rest: today's before those of before, of these kinds before others, the whole name before its beginning."""
    standing = F("valid_to").desc(nulls_first=True)
    near = [When(folded=key, then=0), When(folded__startswith=key, then=1)]
    if before is None:
        return units.filter(folded__contains=key).order_by(standing, Case(*near, default=2), "sort_key", "pk")
    kinds, rest = before
    near += [When(folded=rest, then=2), When(folded__startswith=rest, then=3)]
    whole = Case(When(folded__contains=key, then=0), default=1)
    # of no kinds Django leaves a bare number, which PostgreSQL would take for the number of a column
    of_kind = [Case(When(folded__contains=key, then=0), When(kind__in=kinds, then=1), default=2)] if kinds else []
    found = units.filter(Q(folded__contains=key) | Q(folded__contains=rest))
    return found.order_by(whole, standing, *of_kind, Case(*near, default=4), "sort_key", "pk")
