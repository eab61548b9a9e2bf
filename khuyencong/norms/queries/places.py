"""Where production may be supported on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.norms import rules
from khuyencong.norms.enums import (
    PlaceBasis,
    Verified,
)
from khuyencong.norms.models import (
    PlaceRule,
)
from khuyencong.norms.queries.answers import Eligibility, Place
from khuyencong.norms.queries.reading import Book, book_of_many
from khuyencong.norms.queries.rows import citation_of
from khuyencong.places.enums import Kind
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.models import REFORM, Succession, Unit

TELLS_PROVINCE = ("province", "province__code", "province__valid_from")  # columns of a record, for ``province_told``
ProvinceTold = tuple[int, str, date]


def province_told(told: ProvinceTold) -> Unit:
    """A province as far as it decides which rows bind its money, from columns that were asked with the record itself."""
    key, code, valid_from = told
    return Unit(pk=key, level=UnitLevel.PROVINCE, code=code, valid_from=valid_from)


def units_on(unit: Unit, on: date) -> list[Unit]:
    """The unit or units that this one was, is or became on ``on``, through changes of type, mergers and divisions."""
    if unit.holds_on(on):
        return [unit]
    read = book_of_many()
    if read is not None:
        return read.once(("units on", unit.pk, on), lambda: _units_in(read, unit, on))
    units = Unit.objects.on(on).select_related("parent", "province")
    if (unit.valid_from >= REFORM) == (on >= REFORM):
        return list(units.filter(level=unit.level, code=unit.code))
    through = Succession.objects.filter(old__valid_from__lt=REFORM, new__valid_from__gte=REFORM)
    if on >= REFORM:
        codes = list(through.filter(old__level=unit.level, old__code=unit.code).values_list("new__code", flat=True))
    else:
        codes = list(through.filter(new__level=unit.level, new__code=unit.code).values_list("old__code", flat=True))
    return list(units.filter(level=unit.level, code__in=codes).order_by("code"))


def _units_in(read: Book, unit: Unit, on: date) -> list[Unit]:
    """The same from what was read for many."""
    codes = [unit.code]
    if (unit.valid_from >= REFORM) != (on >= REFORM):
        codes = sorted(set(read.through_reform(unit, after=on >= REFORM)))
    return [there for code in codes if (there := read.unit(unit.level, code, on=on)) is not None]


def candidates(place: Place, on: date) -> list[Unit]:
    """The units of ``on`` that a unit or a resolved address may mean; several where nobody can tell."""
    if isinstance(place, Unit):
        return units_on(place, on)
    written = [place.old] if place.old is not None and on < REFORM else list(place.current)
    if not written and place.old is not None:
        written = [place.old]
    found = {unit.pk: unit for written_unit in written for unit in units_on(written_unit, on)}
    return list(found.values())


def province_on(place: Place | None, on: date) -> Unit | None:
    """The one province of ``on`` where this place lies; None when there is none or more than one."""
    if place is None:
        return None
    found = {}
    for unit in candidates(place, on):
        top = unit if unit.level == UnitLevel.PROVINCE else unit.province
        for province in units_on(top, on) if top is not None else ():
            found[province.pk] = province
    if not found and not isinstance(place, Unit) and place.province is not None:  # "Đắk Lắk" and nothing below
        found = {province.pk: province for province in units_on(place.province, on)}
    return next(iter(found.values())) if len(found) == 1 else None


def facts_of(unit: Unit | None, on: date) -> dict[str, str]:
    """The dated facts of a unit on ``on``, or on its last day when it has ended before."""
    if unit is None:
        return {}
    day = on if unit.valid_to is None or on < unit.valid_to else unit.valid_to - timedelta(days=1)
    read = book_of_many()
    if read is not None:
        return {fact.name: fact.value for fact in read.facts(unit) if fact.holds_on(day)}
    there = unit.facts.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    return {fact.name: fact.value for fact in there.order_by("valid_from")}


def _locality(unit: Unit, on: date, given: Mapping[str, str]) -> rules.Locality:
    top = unit.province
    if top is not None:
        top = next(iter(units_on(top, on)), top)
    district = unit.parent if unit.parent is not None and unit.parent.level == UnitLevel.DISTRICT else None
    city = None
    if district is not None and district.kind == Kind.PROVINCIAL_CITY:
        city = district
    elif district is not None and district.kind == Kind.URBAN_DISTRICT:
        city = top
    facts = {**facts_of(unit, on), **given}
    known_class = given.get(rules.CITY_CLASS) or facts_of(city, on).get(rules.CITY_CLASS) if city is not None else None
    day, known = rules.converted(facts)
    return rules.Locality(
        name=unit.full_name,
        unit_kind=unit.kind if unit.level == UnitLevel.COMMUNE else "",
        district_kind=(
            unit.kind if unit.level == UnitLevel.DISTRICT else district.kind if district is not None else ""
        ),
        province_kind=top.kind if top is not None else "",
        city=city.full_name if city is not None else "",
        city_class=rules.city_class(known_class) if known_class else None,
        converted_on=day,
        conversion_known=known,
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What the rules say of one unit, by which row, and from which former units that was inferred."""

    finding: rules.Finding
    row: PlaceRule | None = None
    inferred_from: tuple[str, ...] = ()


def _of_unit(unit: Unit, on: date, rows: list[PlaceRule], given: Mapping[str, str], planning_year: int) -> _Part:
    """One unit of the day against all rules of the day."""
    if unit.level == UnitLevel.PROVINCE:
        return _Part(rules.Finding(None, (_("xã, phường, đặc khu nơi sản xuất"),)))
    if unit.level == UnitLevel.DISTRICT:
        return _of_district(unit, on, rows, given, planning_year)
    at = _locality(unit, on, given)
    found = [(row, rules.fits(row, at, planning_year=planning_year)) for row in rows]
    for row, finding in found:
        if finding.result:
            return _Part(finding, row)
    asks_old_map = any(row.district_kinds or row.city_classes for row in rows)
    if asks_old_map and unit.valid_from >= REFORM:
        # the rule speaks of districts and city classes, which this unit no longer has: ask the units it was made of
        before = units_on(unit, REFORM - timedelta(days=1))
        if not before:
            fact = _("đơn vị hành chính cũ hình thành %(unit)s") % {"unit": unit.full_name}
            return _Part(rules.Finding(None, (fact,)))
        parts = [_of_unit(old, on, rows, given, planning_year) for old in before]
        whole = rules.together((part.finding for part in parts), any_is_enough=False)
        if whole.result is None and not whole.missing:
            whole = rules.Finding(
                None, (_("nơi sản xuất thuộc đơn vị cũ nào của %(unit)s") % {"unit": unit.full_name},)
            )
        decisive = next((part.row for part in parts if part.row is not None), None)
        return _Part(whole, decisive, tuple(old.full_name for old in before))
    return _Part(rules.together((finding for _row, finding in found), any_is_enough=True))


def _of_district(unit: Unit, on: date, rows: list[PlaceRule], given: Mapping[str, str], planning_year: int) -> _Part:
    """A district alone: clear where each kind of commune in it is eligible; else it must be told which commune is meant."""
    communes = Unit.objects.on(on).filter(parent=unit, level=UnitLevel.COMMUNE).select_related("parent", "province")
    one_of_each = {commune.kind: commune for commune in communes.order_by("code")}
    parts = [_of_unit(commune, on, rows, given, planning_year) for commune in one_of_each.values()]
    if parts and all(part.finding.result for part in parts):
        return parts[0]
    fact = _("xã, phường, thị trấn nơi sản xuất trong %(unit)s") % {"unit": unit.full_name}
    return _Part(rules.Finding(None, (fact,)))


def place_eligibility(
    place: Place | None,
    *,
    on: date,
    craft_village: bool = False,
    cleaner_production: bool = False,
    facts: Mapping[str, str] | None = None,
    planning_year: int | None = None,
) -> Eligibility:
    """Whether production at ``place`` may be supported on the legal day ``on``.

    Before 15/10/2025 by kind of unit, class of city and conversion from a commune (NĐ 45/2012 Đ1.2, TT 46/2012 Đ3.1);
    from then by kind of unit and of province (NĐ 235/2025 Đ1.1).  ``craft_village``: the place lies in a craft village
    recognised on that day.  ``cleaner_production``: no limit of place (TT 46/2012 Đ3.2).  ``facts`` add to the dated facts
    of ``places`` (``city_class``, ``converted_from_commune``).  A missing fact gives None and its name.
    """
    read = book_of_many()
    given, year = facts or {}, planning_year or on.year
    if read is None or given or not isinstance(place, Unit):
        return _eligibility(place, on, craft_village, cleaner_production, given, year)
    return read.once(
        ("place", place.pk, on, craft_village, cleaner_production, year),
        lambda: _eligibility(place, on, craft_village, cleaner_production, given, year),
    )


def craft_villages_count_from(on: date) -> PlaceRule | None:
    """The rule by which a recognised craft village will be a place of support, where none is in force on ``on`` yet."""
    rows = PlaceRule.objects.filter(basis=PlaceBasis.CRAFT_VILLAGE, province=None).select_related("instrument")
    if rows.on(on).exists():
        return None
    return rows.filter(valid_from__gt=on).order_by("valid_from", "pk").first()


def _place_rules(on: date) -> list[PlaceRule]:
    read = book_of_many()
    if read is not None:
        return [row for row in read.rows(PlaceRule, on) if row.province_id is None]
    there = PlaceRule.objects.on(on).filter(province=None)
    # a handful, sorted here: to write the order into the question costs more than to bring them into it
    return sorted(there.select_related("instrument").order_by(), key=lambda row: (row.valid_from, row.pk))


def _eligibility(
    place: Place | None,
    on: date,
    craft_village: bool,
    cleaner_production: bool,
    facts: Mapping[str, str],
    year: int,
) -> Eligibility:
    rows = _place_rules(on)
    for asked, basis in (
        (cleaner_production, PlaceBasis.CLEANER_PRODUCTION),
        (craft_village, PlaceBasis.CRAFT_VILLAGE),
    ):
        row = next((row for row in rows if row.basis == basis), None) if asked else None
        if row is not None:
            return Eligibility(True, _sentence(row.text), citation_of(row), (), row.verified)
    if not rows:
        reason = _("Chưa có quy định về địa bàn cho ngày này trong hệ thống.")
        return Eligibility(None, reason, "", (_("quy định về địa bàn vào ngày %(day)s") % {"day": f"{on:%d/%m/%Y}"},))
    unit_rows = [row for row in rows if row.basis == PlaceBasis.UNIT]
    units = candidates(place, on) if place is not None else []
    if not units:
        return Eligibility(
            None, _("Chưa xác định được địa bàn sản xuất."), "", (_("địa điểm sản xuất (xã, phường, đặc khu)"),)
        )
    parts = [_of_unit(unit, on, unit_rows, facts, year) for unit in units]
    finding = rules.together((part.finding for part in parts), any_is_enough=False)
    if finding.result is None and not finding.missing:
        finding = rules.Finding(
            None, (_("xã, phường cụ thể: %(units)s") % {"units": ", ".join(u.full_name for u in units)},)
        )
    named = ", ".join(unit.full_name for unit in units)
    former = [name for part in parts for name in part.inferred_from]
    if former:  # the text does not say how to read it over the new map: that is our own inference
        named = _("%(place)s (suy từ đơn vị cũ: %(former)s)") % {"place": named, "former": ", ".join(former)}
    if finding.result:
        row = next(part.row for part in parts if part.row is not None)
        reason = _("%(place)s: %(rule)s.") % {"place": named, "rule": row.text}
        cited = citation_of(row, sure=not former)
        return Eligibility(True, reason, cited, (), Verified.NO if former else row.verified)
    law = unit_rows[0] if unit_rows else rows[0]
    sure = Verified.YES if not former and all(row.is_verified for row in unit_rows) else Verified.NO
    citation = "; ".join(dict.fromkeys(citation_of(row) for row in unit_rows if row.is_verified)) or citation_of(law)
    if former:
        citation = f"{citation}, {_('chưa kiểm chứng')}"
    if finding.result is False:
        reason = _("%(place)s không thuộc địa bàn được hỗ trợ vào ngày %(day)s.") % {
            "place": named,
            "day": f"{on:%d/%m/%Y}",
        }
        return Eligibility(False, reason, citation, (), sure)
    reason = _(
        "Chưa kết luận được %(place)s có thuộc địa bàn được hỗ trợ vào ngày %(day)s hay không; còn thiếu: %(facts)s."
    ) % {"place": named, "day": f"{on:%d/%m/%Y}", "facts": "; ".join(finding.missing)}
    return Eligibility(None, reason, citation, finding.missing, sure)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
