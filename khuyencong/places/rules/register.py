"""The register in memory: every unit with the names it goes by, and what it became."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from khuyencong.places.enums import Kind, Level
from khuyencong.places.models import Unit
from khuyencong.places.rules.kinds import COMMUNES, kind_before, split_name
from khuyencong.places.rules.words import Words

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
LONGEST_NAME = 7
# what people call provinces and a city besides their names
_CALLED: dict[Level, dict[str, tuple[str, ...]]] = {
    Level.PROVINCE: {
        "Hồ Chí Minh": ("hcm", "tphcm", "tp hcm", "sài gòn", "tp hồ chí minh", "hochiminh"),
        "Hà Nội": ("hn", "hanoi"),
        "Huế": ("thừa thiên huế", "thừa thiên - huế"),
        "Bà Rịa - Vũng Tàu": ("brvt", "vũng tàu bà rịa"),
        "Đắk Lắk": ("daklak", "đăklăk", "đaklak", "đắklắk"),
        "Đắk Nông": ("daknong", "đăknông", "đắknông"),
        "Kon Tum": ("kontum",),
        "Gia Lai": ("gialai",),
    },
    Level.DISTRICT: {"Buôn Ma Thuột": ("bmt",)},
}
_Name = tuple[Unit, str, Kind, bool]  # a name it goes by, with accents; the kind it has with this name; its own name


@dataclass(slots=True)
class Match:
    """A name found in an address: from the word ``begin`` (its kind included), as these units, each with a grade."""

    begin: int
    kinds: frozenset[Kind] | None
    full: bool  # introduced by its kind, or alone between commas
    # unit; kind: 2 as typed, 1 not typed, 0 another; accents: 2 as typed, 1 not typed, 0 others; by its own name
    units: list[tuple[Unit, int, int, bool]]


class Register:
    """All units with the names they go by, and what each became.  Built once; then to find a name costs no query."""

    def __init__(self, units: Iterable[Unit], successions: Iterable[tuple[int, int]]):
        self.units = {unit.pk: unit for unit in units}
        self.names: dict[str, dict[str, list[_Name]]] = {level: {} for level in Level}
        self.joined: dict[str, dict[str, list[_Name]]] = {level: {} for level in Level}  # "Krông A Na", "Krông Ana"
        onward: Mapping[int, list[int]] = defaultdict(list)
        for old, new in successions:
            onward[old].append(new)
        self._onward = dict(onward)
        children: Mapping[int, list[int]] = defaultdict(list)
        for unit in self.units.values():
            above = self.units.get(unit.parent_id or 0)
            if unit.level == Level.COMMUNE and above is not None and above.level == Level.DISTRICT:
                children[above.pk].append(unit.pk)
            self._link(unit)
            self._index(unit)
        self.today: dict[int, tuple[int, ...]] = {pk: self._follow(pk) for pk in self.units}
        for district, communes in children.items():
            parts = {new for pk in (district, *communes) for new in self.today[pk]}
            self.today[district] = self.in_order(parts)
        # where the territory of a commune of today lay before: districts and provinces
        self.came_from: Mapping[int, set[int]] = defaultdict(set)
        for pk, unit in self.units.items():
            if unit.level == Level.COMMUNE:
                for new in self.today[pk]:
                    self.came_from[new].update(above for above in (unit.parent_id, unit.province_id) if above)

    def _link(self, unit: Unit) -> None:
        """Parents and provinces are the objects at hand: reading them costs no query."""
        for field in ("parent", "province"):
            above = getattr(unit, field + "_id")
            unit._state.fields_cache[field] = self.units.get(above) if above else None

    def _index(self, unit: Unit) -> None:
        level = Level(unit.level)
        full_names = [unit.full_name, *filter(None, unit.other_names.split("; "))]
        names = []
        for full_name in full_names:
            try:
                names.append(split_name(full_name, level))
            except ValueError:
                names.append((unit.kind, full_name))
        names += [(unit.kind, called) for called in _CALLED.get(level, {}).get(unit.name, ())]
        seen = set()
        for kind, name in names:
            words = Words(name)
            entries = [(" ".join(words.plain), " ".join(words.marked))]
            if len(words.plain) == 1 and words.plain[0] in _ROMAN:
                entries.append((_ROMAN[words.plain[0]],) * 2)
            for plain, marked in entries:
                if (plain, marked, kind) not in seen:
                    seen.add((plain, marked, kind))
                    self.names[level].setdefault(plain, []).append((unit, marked, Kind(kind), name == unit.name))
                    together = (unit, marked.replace(" ", ""), Kind(kind), name == unit.name)
                    self.joined[level].setdefault(plain.replace(" ", ""), []).append(together)

    def _follow(self, pk: int) -> tuple[int, ...]:
        """The units of today that a unit became, through as many changes as there were."""
        reached, open_, seen = set(), [pk], set()
        while open_:
            at = open_.pop()
            if at in seen:
                continue
            seen.add(at)
            if self.units[at].valid_to is None:
                reached.add(at)
            open_ += [new for new in self._onward.get(at, ()) if new in self.units]
        return self.in_order(reached)

    def in_order(self, keys: Iterable[int]) -> tuple[int, ...]:
        """The keys of units by their codes."""
        return tuple(sorted(keys, key=lambda pk: self.units[pk].code))

    def today_of(self, unit: Unit) -> tuple[Unit, ...]:
        """The units of today that ``unit`` became; itself when it still is."""
        return tuple(self.units[pk] for pk in self.today.get(unit.pk, ()))

    def province_today(self, unit: Unit) -> Unit | None:
        """The province of today above a unit of any day."""
        if unit.level != Level.PROVINCE:
            provinces = {self.units[pk].province_id for pk in self.today.get(unit.pk, ())}
            if len(provinces) == 1:
                return self.units.get(provinces.pop() or 0)
        above = unit if unit.level == Level.PROVINCE else self.units.get(unit.province_id or 0)
        parts = self.today.get(above.pk, ()) if above else ()
        return self.units[parts[0]] if len(parts) == 1 else None

    def ending(self, level: Level, words: Words, end: int) -> Iterator[Match]:
        """Names of this level that end before word ``end``, longest first; names of other tongues in any division into words."""
        if not end:
            return
        for at in range(max(words.begins[end - 1], end - LONGEST_NAME), end):
            if match := self.named(level, words, at, end):
                yield match

    def named(self, level: Level, words: Words, at: int, end: int) -> Match | None:
        """What the words from ``at`` to ``end`` name at this level; None where nothing goes by that name."""
        if found := self.names[level].get(" ".join(words.plain[at:end])):
            return self._match(found, words, at, end)
        if found := self.joined[level].get("".join(words.plain[at:end])):
            return self._match(found, words, at, end, between="")
        return None

    def _match(self, found: list[_Name], words: Words, at: int, end: int, *, between: str = " ") -> Match:
        prefix = kind_before(words, at) if at > words.begins[at] else None
        kinds = prefix[1] if prefix else None
        begin = prefix[0] if prefix else at
        marked = words.marked[at:end]
        typed = between.join(marked)
        bare = marked == words.plain[at:end]
        units = []
        for unit, spelled, kind, own in found:
            accents = 1 if not words.accented else 2 if typed == spelled else 1 if bare else 0
            units.append((unit, 1 if kinds is None else 2 if kind in kinds else 0, accents, own))
        return Match(begin, kinds, kinds is not None or at == words.begins[end - 1], units)

    def inside(self, words: Words, end: int) -> Iterator[Match]:
        """Communes named with their kind somewhere before ``end``, the last first ("xã A gần chợ, huyện B")."""
        names = self.names[Level.COMMUNE]
        for at in range(end - 1, 0, -1):
            if at == words.begins[at] or not (prefix := kind_before(words, at)) or not prefix[1] & COMMUNES:
                continue
            for stop in range(min(end, at + LONGEST_NAME), at, -1):
                if words.begins[stop - 1] == words.begins[at] and (found := names.get(" ".join(words.plain[at:stop]))):
                    match = self._match(found, words, at, stop)
                    match.full = False
                    yield match
                    return
