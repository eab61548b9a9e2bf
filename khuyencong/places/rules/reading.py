"""An address read from its end, and judged: what was meant, and how sure that is."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from khuyencong.places.enums import Certainty, Kind, Level
from khuyencong.places.models import REFORM, Unit
from khuyencong.places.rules.kinds import CITY, COMMUNES, DISTRICTS, PROVINCE, kind_before
from khuyencong.places.rules.register import LONGEST_NAME, Match, Register
from khuyencong.places.rules.words import Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an address means: the unit of before (if it names one), its successors of today, and how sure that is.

    ``province`` is the province of today as far as it can be told, also where the commune cannot."""

    text: str
    old: Unit | None
    current: tuple[Unit, ...]
    certainty: Certainty
    province: Unit | None = None

    @property
    def commune(self) -> Unit | None:
        """The commune of today, when it is one and no other."""
        sure = self.certainty in (Certainty.EXACT, Certainty.LIKELY)
        return self.current[0] if sure and len(self.current) == 1 else None

    @property
    def unit(self) -> Unit | None:
        """The unit that was written: the old one, else the one of today."""
        return self.old or self.commune


_PARENTHESES = re.compile(r"\([^()]*\)?")


@dataclass(slots=True)
class _Reading:
    """One way to understand an address, with what speaks for it."""

    level: Level
    unit: Unit
    score: int  # how much of the address it explains
    direct: int
    kind: int
    accents: int
    register: tuple[bool, bool]  # in the conversion table; by its own name
    match: Match
    province: Match | None
    district: bool
    complete: bool = False
    doubtful: bool = False


class Gazetteer(Register):
    """Reads addresses: each costs some microseconds and no query."""

    def resolve(self, text: str, on: date | None = None) -> Resolution:
        """What an address means today.  ``on`` is the day on which it was written, where that is known: it decides
        between a unit of before 1 July 2025 and one of after that bear the same name."""
        if "(" in text and (outside := _PARENTHESES.sub(" ", text)).strip(" ,;"):
            without = self.resolve(outside, on)  # "xã A, huyện B (nay là xã C)"
            if without.current:
                return replace(without, text=text)
        words = Words(text)
        end = len(words.plain)
        while end and (words.plain[end - 1].isdigit() and len(words.plain[end - 1]) >= 5):
            end -= 1  # a postal code
        if end >= 2 and words.plain[end - 2 : end] == ["viet", "nam"]:
            end -= 2
        elif end and words.plain[end - 1] in ("vietnam", "vn"):
            end -= 1
        best: list[_Reading] = []
        province_only: Unit | None = None
        district_readings: list[_Reading] = []
        for province in self._provinces(words, end):
            rest = province.begin if province else end
            if province and province_only is None:
                province_only = self._common_province(unit for unit, *_ in province.units)
                if not rest:
                    break  # a province and nothing else
            found = list(self._readings(words, rest, province))
            district_readings += [reading for reading in found if reading.level == Level.DISTRICT]
            best += [reading for reading in found if reading.level == Level.COMMUNE]
            if any(reading.complete for reading in found):
                break
        return self._judge(text, words, best, district_readings, province_only, on)

    def resolve_in(self, province: Unit, text: str, on: date | None = None) -> Resolution:
        """The same, where the province of today is known in which a text without one must lie.

        A text that is the name of a province ("Phú Yên") is that, also where a commune of ``province`` bears it too."""
        found = self.resolve(text, on)
        here = found.province is not None and found.province.pk == province.pk
        if found.commune is None and (found.province is None or (here and found.current)):
            narrowed = self.resolve(f"{text}, {province.full_name}", on)
            if narrowed.current or found.province is None:
                return narrowed
        return found

    def _provinces(self, words: Words, end: int) -> Iterator[Match | None]:
        for match in self.ending(Level.PROVINCE, words, end):
            if match.kinds is not None:
                if not match.kinds & PROVINCE:
                    continue  # "thị xã Quảng Trị"
                if match.kinds is CITY:
                    match.units = [found for found in match.units if found[1] == 2]  # not "thành phố Bắc Ninh"
                else:
                    match.units = [(unit, 2, accents, own) for unit, _, accents, own in match.units]
            top = max((found[2] for found in match.units), default=0)
            match.units = [found for found in match.units if found[2] == top]
            if match.units:
                yield match
                if match.kinds is not None and match.kinds is PROVINCE:
                    return
        yield None

    def _readings(self, words: Words, end: int, province: Match | None) -> Iterator[_Reading]:
        named = {unit.pk for unit, *_ in province.units} if province else None
        with_district = False
        for district in self.ending(Level.DISTRICT, words, end):
            if district.kinds is not None and not district.kinds & DISTRICTS:
                continue  # "phường Ba Đình"
            inside = [(u, k, a, d) for u, k, a, _ in district.units if (d := self._within(u, named))]
            inside = _best(inside, lambda found: (found[1], found[2]))
            if not inside:
                continue
            complete = False
            for reading in self._communes(words, district.begin, province, inside, district):
                with_district = complete = True
                yield reading
            if not complete and not self._names_commune(words, district.begin):
                for unit, kind, accents, direct in inside:
                    score = (6 if province else 3) + district.full
                    yield _Reading(
                        Level.DISTRICT, unit, score, direct, kind, accents, (True, True), district, province, True
                    )
        if not with_district and not self._unknown_district(words, end):
            yield from self._communes(words, end, province, None, None)

    def _within(self, unit: Unit, named: set[int] | None) -> int:
        """2: in the province as named; 1: in what that province became or came from; 0: elsewhere."""
        if named is None:
            return 1
        if unit.province_id in named:
            return 2
        if unit.valid_to is not None and any(pk in named for pk in self.today.get(unit.province_id or 0, ())):
            return 1
        return 1 if unit.valid_from >= REFORM and any(named & self.came_from[pk] for pk in self.today[unit.pk]) else 0

    def _communes(
        self,
        words: Words,
        end: int,
        province: Match | None,
        districts: list[tuple[Unit, int, int, int]] | None,
        district: Match | None,
    ) -> Iterator[_Reading]:
        named = {unit.pk for unit, *_ in province.units} if province else None
        grades = {unit.pk: (kind, accents, direct) for unit, kind, accents, direct in districts or ()}
        some = False
        for matches in (self.ending(Level.COMMUNE, words, end), self.inside(words, end)):
            for match in matches:
                if match.kinds is not None and not match.kinds & COMMUNES:
                    continue
                parted = district is None or words.begins[match.begin] != words.begins[district.begin]
                if not match.full and match.kinds is None and parted:
                    # a few words at the end of something longer ("Công ty An Phú"): only where no comma parts them
                    # from their district does that name a place
                    continue
                for unit, kind, accents, own in match.units:
                    if grades:
                        here = [pk for pk in grades if unit.parent_id == pk]
                        through = not here and unit.valid_from >= REFORM
                        if through:
                            came = set().union(*(self.came_from[pk] for pk in self.today[unit.pk]))
                            here = [pk for pk in grades if pk in came]
                        if not here:
                            continue
                        district_kind, district_accents, direct = grades[here[0]]
                        score = 8 + 3 + (3 if province else 0) + match.full - (2 if through else 0)
                        score -= 0 if accents else 4
                        kind_grade, accent_grade = (kind, district_kind), (accents, district_accents)
                    else:
                        direct = self._within(unit, named)
                        if not direct:
                            continue
                        score = 8 + (3 if province else 0) + match.full - (0 if accents else 4)
                        kind_grade, accent_grade, through = (kind, 1), (accents, 1), False
                    some = True
                    complete = bool(province and grades and match.full and not through and match.kinds)
                    yield _Reading(
                        Level.COMMUNE,
                        unit,
                        score,
                        direct,
                        sum(kind_grade),
                        sum(accent_grade),
                        (unit.in_conversion_table, own),
                        match,
                        province,
                        bool(grades),
                        complete=complete and 0 not in kind_grade,
                        doubtful=through or 0 in kind_grade or 0 in accent_grade,
                    )
            if some:
                return

    def _names_commune(self, words: Words, end: int) -> bool:
        """Whether a commune is named with its kind before ``end``: then one that is not found stays unknown."""
        return any(
            at > words.begins[at] and (prefix := kind_before(words, at)) is not None and bool(prefix[1] & COMMUNES)
            for at in range(1, end)
        )

    def _unknown_district(self, words: Words, end: int) -> bool:
        """A district named with its kind that is not in the register contradicts whatever else is found."""
        for at in range(1, end):
            prefix = kind_before(words, at) if at > words.begins[at] else None
            if prefix is None or not prefix[1] & DISTRICTS:
                continue
            if len(words.plain[prefix[0]]) == 1 and prefix[0] != words.begins[at]:
                continue  # a single letter inside something else
            before = kind_before(words, prefix[0]) if prefix[0] > words.begins[at] else None
            if before is not None and before[1] & COMMUNES:
                continue  # "xa Quan Ba": part of a commune's name
            city = prefix[1] is CITY and self.names[Level.PROVINCE].get(" ".join(words.plain[at:end]))
            if not (city and any(kind is Kind.CITY for *_, kind, _own in city)):
                return True
        return False

    def _common_province(self, units: Iterable[Unit]) -> Unit | None:
        provinces = {province.pk: province for unit in units if (province := self.province_today(unit))}
        return next(iter(provinces.values())) if len(provinces) == 1 else None

    def _judge(
        self,
        text: str,
        words: Words,
        communes: list[_Reading],
        districts: list[_Reading],
        province: Unit | None,
        on: date | None,
    ) -> Resolution:
        communes = _best(
            communes,
            # "xã", "thị trấn" in one district: which of two goes by its own name tells nothing where no kind was typed
            lambda r: (
                *(r.score, r.accents > 0 and r.kind, r.direct, r.accents, r.kind, r.register[0]),
                r.match.kinds is None or r.register[1],
            ),
        )
        if not communes:
            best = _best(districts, lambda r: (r.score, r.direct, r.kind, r.accents))
            return self._district(text, words, best, province)
        first = communes[0]
        found = {reading.unit.pk: reading.unit for reading in communes}
        # where the province was read as one, its last word is no district: "Ea Kao, Đắk Lắk" lies not in huyện Lắk
        or_districts = [reading for reading in districts if reading.province or not first.province]
        if not first.district and first.match.kinds is None and or_districts:
            # "Ba Đình, Hà Nội": the ward of today or the district of before
            units = [*found.values(), *(reading.unit for reading in or_districts)]
            return self._several(text, units, province)
        if len(found) > 1:
            old = [unit for unit in found.values() if unit.valid_from < REFORM]
            new = [unit for unit in found.values() if unit.valid_from >= REFORM]
            if on is not None and old and new:
                found = {unit.pk: unit for unit in (old if on < REFORM else new)}
            elif old and new and len({pk for unit in new for pk in self.today[unit.pk]}) == 1:
                target = self.today[new[0].pk][0]
                if all(target in self.today[unit.pk] for unit in old):
                    sure = all(self.today[unit.pk] == (target,) for unit in old)
                    certainty = Certainty.EXACT if sure and first.province and not first.doubtful else Certainty.LIKELY
                    ended = next((unit for unit in new if unit.valid_to is not None), None)
                    return self._answer(text, ended, (target,), certainty)
            if len(found) > 1:
                return self._several(text, list(found.values()), province)
        [unit] = found.values()
        current = self.today[unit.pk]
        if beside := self._beside(Level.COMMUNE, words, unit):
            return self._several(text, [unit, *beside], province)
        if not current:
            certainty = Certainty.UNKNOWN
        elif len(current) > 1:
            certainty = Certainty.AMBIGUOUS
        elif (
            first.province and not first.doubtful and first.match.full and (first.district or unit.valid_from >= REFORM)
        ):
            certainty = Certainty.EXACT
        else:
            certainty = Certainty.LIKELY
        return self._answer(text, unit if unit.valid_to is not None else None, current, certainty)

    def _beside(self, level: Level, words: Words, chosen: Unit) -> list[Unit]:
        """Other units that the address names with their kind in a part of their own: "xã A; xã B", "huyện A và huyện B"."""
        kinds = COMMUNES if level == Level.COMMUNE else DISTRICTS
        own, province = self.today[chosen.pk], self.province_today(chosen)
        found: dict[int, Unit] = {}
        after = -1  # where a name has just ended
        for at in range(1, len(words.plain)):
            prefix = kind_before(words, at) if at > words.begins[at] else None
            if prefix is None or not prefix[1] & kinds:
                continue
            if prefix[0] not in (words.begins[at], after) and words.plain[prefix[0] - 1] != "va":
                continue
            for stop in range(min(len(words.plain), at + LONGEST_NAME), at, -1):
                if words.begins[stop - 1] != words.begins[at] or not self._ends_name(words, stop):
                    continue
                match = self.named(level, words, at, stop)
                units = [unit for unit, kind, accents, _own in (match.units if match else ()) if kind == 2 and accents]
                units = [
                    unit
                    for unit in units
                    if unit.parent_id == chosen.parent_id or self.province_today(unit) == province
                ]
                if not units:
                    continue
                if all(unit.pk != chosen.pk and self.today[unit.pk] != own for unit in units):
                    near = [unit for unit in units if unit.parent_id == chosen.parent_id]
                    found.update((unit.pk, unit) for unit in near or units)
                after = stop
                break
        return list(found.values())

    @staticmethod
    def _ends_name(words: Words, stop: int) -> bool:
        """Whether a name may end before word ``stop``: at the end of its part, before “và”, or where a kind follows."""
        if stop == len(words.plain) or words.begins[stop] == stop or words.plain[stop] == "va":
            return True
        return any(
            (prefix := kind_before(words, at)) is not None and prefix[0] == stop
            for at in (stop + 1, stop + 2)
            if at < len(words.plain)
        )

    def _district(self, text: str, words: Words, readings: list[_Reading], province: Unit | None) -> Resolution:
        """Nothing below the district: one that became a single unit is clear, else all its successors are named."""
        found = {reading.unit.pk: reading.unit for reading in readings}
        if len(found) != 1:
            if found:
                return self._several(text, list(found.values()), province)
            return Resolution(text, None, (), Certainty.UNKNOWN, province)
        [unit] = found.values()
        if beside := self._beside(Level.DISTRICT, words, unit):
            return self._several(text, [unit, *beside], province)
        current = self.today[unit.pk]
        alone = len(current) == 1
        certainty = Certainty.UNKNOWN if not current else Certainty.EXACT if alone else Certainty.AMBIGUOUS
        if alone and not readings[0].province:
            certainty = Certainty.LIKELY
        return self._answer(text, unit, current, certainty)

    def _several(self, text: str, units: list[Unit], province: Unit | None) -> Resolution:
        parts = {pk for unit in units for pk in self.today[unit.pk]}
        current = self.in_order(parts)
        certainty = Certainty.UNKNOWN if not current else Certainty.LIKELY if len(current) == 1 else Certainty.AMBIGUOUS
        return self._answer(text, None, current, certainty, province)

    def _answer(
        self, text: str, old: Unit | None, current: tuple[int, ...], certainty: Certainty, province: Unit | None = None
    ) -> Resolution:
        units = tuple(self.units[pk] for pk in current)
        known = self._common_province(units) if units else self.province_today(old) if old else None
        return Resolution(text, old, units, certainty, known or province)


def _best(items: list[T], key: Callable[[T], Any]) -> list[T]:
    """Those with the greatest key."""
    if not items:
        return []
    keys = [key(item) for item in items]
    top = max(keys)
    return [item for item, own in zip(items, keys, strict=True) if own == top]
