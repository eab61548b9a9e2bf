"""Reading an address: from the words that people write to units of the register, old and new.

An address is read from its end: province, district, commune.  Nothing is guessed: what several units could be meant by
is ambiguous and all are named; what is not in the register is unknown.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from khuyencong.base.text import TONES
from khuyencong.places.enums import Certainty, FactName, Kind, Level
from khuyencong.places.models import REFORM, Unit

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


# --- words ---------------------------------------------------------------------------------------------------------

_APOSTROPHE = re.compile(r"['’‘ʼ‛`´′]\s*")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[,;:\n()]")
_TONE = re.compile(f"[{''.join(TONES)}]")
_MARKS = re.compile("[\u0300-\u036f]+")
_Y_AFTER_CONSONANT = re.compile("(?<=[bcdđghklmnpqrstvx])y$|(?<=qu)y$")
_PARENTHESES = re.compile(r"\([^()]*\)?")
_BOUNDARY = frozenset(",;:\n()")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}


@lru_cache(maxsize=65536)
def _word(token: str) -> tuple[str, str]:
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
            plain, marked = _word(token)
            self.plain.append(plain)
            self.marked.append(marked)
            self.begins.append(begin)
        self.accented = self.plain != self.marked


# --- the word before a name ----------------------------------------------------------------------------------------

_PROVINCE = frozenset({Kind.PROVINCE, Kind.CITY})
_CITY = frozenset({Kind.CITY, Kind.PROVINCIAL_CITY})
_DISTRICT = frozenset({Kind.DISTRICT, Kind.ISLAND_DISTRICT})
_URBAN = frozenset({Kind.URBAN_DISTRICT})
_TOWN = frozenset({Kind.TOWN})
_COMMUNE = frozenset({Kind.COMMUNE})
_WARD = frozenset({Kind.WARD})
_TOWNSHIP = frozenset({Kind.TOWNSHIP})
_ZONE = frozenset({Kind.SPECIAL_ZONE})

_ONE = {
    "tinh": ("tinh", "tỉnh", _PROVINCE),
    "t": ("t", "t", _PROVINCE),
    "tp": ("tp", "tp", _CITY),
    "huien": ("huyen", "huyện", _DISTRICT),
    "huyen": ("huyen", "huyện", _DISTRICT),
    "h": ("h", "h", _DISTRICT),
    "quan": ("quan", "quận", _URBAN),
    "q": ("q", "q", _URBAN),
    "tx": ("tx", "tx", _TOWN),
    "xa": ("xa", "xã", _COMMUNE),
    "x": ("x", "x", _COMMUNE),
    "phuong": ("phuong", "phường", _WARD),
    "p": ("p", "p", _WARD),
    "f": ("f", "f", _WARD),
    "tt": ("tt", "tt", _TOWNSHIP),
    "ttr": ("ttr", "ttr", _TOWNSHIP),
    "dk": ("dk", "đk", _ZONE),
}
_TWO = {
    ("thanh", "pho"): ("thành", "phố", _CITY),
    ("t", "p"): ("t", "p", _CITY),
    ("thi", "xa"): ("thị", "xã", _TOWN),
    ("t", "x"): ("t", "x", _TOWN),
    ("thi", "tran"): ("thị", "trấn", _TOWNSHIP),
    ("t", "t"): ("t", "t", _TOWNSHIP),
    ("dac", "khu"): ("đặc", "khu", _ZONE),
    ("huyen", "dao"): ("huyện", "đảo", _DISTRICT),
}
_ONE_WORD = {
    key: (frozenset({_word(typed)[1], _word(proper)[1]}), kinds) for key, (typed, proper, kinds) in _ONE.items()
}
_TWO_WORDS = {
    key: (frozenset({key[0], _word(first)[1]}), frozenset({key[1], _word(second)[1]}), kinds)
    for key, (first, second, kinds) in _TWO.items()
}
_LONGEST_NAME = 7
_KIND_WORDS = {
    Kind.PROVINCE: "tỉnh",
    Kind.CITY: "thành phố",
    Kind.DISTRICT: "huyện",
    Kind.URBAN_DISTRICT: "quận",
    Kind.TOWN: "thị xã",
    Kind.PROVINCIAL_CITY: "thành phố",
    Kind.COMMUNE: "xã",
    Kind.WARD: "phường",
    Kind.TOWNSHIP: "thị trấn",
    Kind.SPECIAL_ZONE: "đặc khu",
}
_KIND_LEVELS = {
    Level.PROVINCE: (Kind.PROVINCE, Kind.CITY),
    Level.DISTRICT: (Kind.DISTRICT, Kind.URBAN_DISTRICT, Kind.TOWN, Kind.PROVINCIAL_CITY),
    Level.COMMUNE: (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP, Kind.SPECIAL_ZONE),
}


def split_name(full_name: str, level: str) -> tuple[str, str]:
    """Kind and bare name: "Thị trấn Ea Kar" is (township, "Ea Kar").  Raises ValueError for an unknown kind."""
    low = full_name.lower()
    for kind in _KIND_LEVELS[Level(level)]:
        if low.startswith(_KIND_WORDS[kind] + " "):
            return kind, full_name[len(_KIND_WORDS[kind]) + 1 :]
    raise ValueError(full_name)


def _prefix(words: Words, end: int) -> tuple[int, frozenset[Kind]] | None:
    """The word for the kind that ends before ``end`` in the same part, and where it begins."""
    begin = words.begins[end - 1] if end else 0
    plain, marked = words.plain, words.marked
    if end - begin >= 2 and (found := _TWO_WORDS.get((plain[end - 2], plain[end - 1]))):
        first, second, kinds = found
        if marked[end - 2] in first and marked[end - 1] in second:
            return end - 2, kinds
    if end > begin and (one := _ONE_WORD.get(plain[end - 1])):
        spelled, kinds = one
        if marked[end - 1] in spelled:
            return end - 1, kinds
    return None


# --- the register in memory ----------------------------------------------------------------------------------------

# what people call provinces besides their names
_CALLED = {
    "Hồ Chí Minh": ("hcm", "tphcm", "tp hcm", "sài gòn", "tp hồ chí minh", "hochiminh"),
    "Hà Nội": ("hn", "hanoi"),
    "Huế": ("thừa thiên huế", "thừa thiên - huế"),
    "Bà Rịa - Vũng Tàu": ("brvt", "vũng tàu bà rịa"),
    "Đắk Lắk": ("daklak", "đăklăk", "đaklak", "đắklắk"),
    "Đắk Nông": ("daknong", "đăknông", "đắknông"),
    "Kon Tum": ("kontum",),
    "Gia Lai": ("gialai",),
}


_Name = tuple[Unit, str, Kind, bool]  # a name it goes by, with accents; the kind it has with this name; its own name


@dataclass(slots=True)
class _Match:
    """A name found in an address: from the word ``begin`` (its kind included), as these units, each with a grade."""

    begin: int
    name_begin: int
    kinds: frozenset[Kind] | None
    full: bool  # introduced by its kind, or alone between commas
    # unit; kind: 2 as typed, 1 not typed, 0 another; accents: 2 as typed, 1 not typed, 0 others; by its own name
    units: list[tuple[Unit, int, int, bool]]


class Gazetteer:
    """All units with the names they go by.  Built once; then each address costs some microseconds and no query."""

    def __init__(self, units: Iterable[Unit], successions: Iterable[tuple[int, int]]):
        self.units = {unit.pk: unit for unit in units}
        self._names: dict[str, dict[str, list[_Name]]] = {level: {} for level in Level}
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
            self.today[district] = tuple(sorted(parts, key=lambda pk: self.units[pk].code))
        # where the territory of a commune of today lay before: districts and provinces
        self._came_from: Mapping[int, set[int]] = defaultdict(set)
        for pk, unit in self.units.items():
            if unit.level == Level.COMMUNE:
                for new in self.today[pk]:
                    self._came_from[new].update(above for above in (unit.parent_id, unit.province_id) if above)

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
        names += [(unit.kind, called) for called in _CALLED.get(unit.name, ())] if level == Level.PROVINCE else []
        seen = set()
        for kind, name in names:
            words = Words(name)
            entries = [(" ".join(words.plain), " ".join(words.marked))]
            if len(words.plain) == 1 and words.plain[0] in _ROMAN:
                entries.append((_ROMAN[words.plain[0]],) * 2)
            for plain, marked in entries:
                if (plain, marked, kind) not in seen:
                    seen.add((plain, marked, kind))
                    self._names[level].setdefault(plain, []).append((unit, marked, Kind(kind), name == unit.name))

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
        return tuple(sorted(reached, key=lambda pk: self.units[pk].code))

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

    # --- finding names ---

    def _ending(self, level: Level, words: Words, end: int) -> Iterator[_Match]:
        """Names of this level that end before word ``end``, longest first."""
        if not end:
            return
        begin = words.begins[end - 1]
        names, plain = self._names[level], words.plain
        for at in range(max(begin, end - _LONGEST_NAME), end):
            if found := names.get(" ".join(plain[at:end])):
                yield self._match(found, words, at, end)

    def _match(self, found: list[_Name], words: Words, at: int, end: int) -> _Match:
        prefix = _prefix(words, at) if at > words.begins[at] else None
        kinds = prefix[1] if prefix else None
        begin = prefix[0] if prefix else at
        marked = words.marked[at:end]
        typed = " ".join(marked)
        bare = marked == words.plain[at:end]
        units = []
        for unit, spelled, kind, own in found:
            accents = 1 if not words.accented else 2 if typed == spelled else 1 if bare else 0
            units.append((unit, 1 if kinds is None else 2 if kind in kinds else 0, accents, own))
        return _Match(begin, at, kinds, kinds is not None or at == words.begins[end - 1], units)

    def _inside(self, words: Words, end: int) -> Iterator[_Match]:
        """Communes named with their kind somewhere before ``end``, the last first ("xã A gần chợ, huyện B")."""
        names = self._names[Level.COMMUNE]
        for at in range(end - 1, 0, -1):
            if at == words.begins[at] or not (prefix := _prefix(words, at)) or not prefix[1] & _COMMUNES:
                continue
            for stop in range(min(end, at + _LONGEST_NAME), at, -1):
                if words.begins[stop - 1] == words.begins[at] and (found := names.get(" ".join(words.plain[at:stop]))):
                    match = self._match(found, words, at, stop)
                    match.full = False
                    yield match
                    return

    # --- reading ---

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

    def _provinces(self, words: Words, end: int) -> Iterator[_Match | None]:
        for match in self._ending(Level.PROVINCE, words, end):
            if match.kinds is not None:
                if not match.kinds & _PROVINCE:
                    continue  # "thị xã Quảng Trị"
                if match.kinds is _CITY:
                    match.units = [found for found in match.units if found[1] == 2]  # not "thành phố Bắc Ninh"
                else:
                    match.units = [(unit, 2, accents, own) for unit, _, accents, own in match.units]
            top = max((found[2] for found in match.units), default=0)
            match.units = [found for found in match.units if found[2] == top]
            if match.units:
                yield match
                if match.kinds is not None and match.kinds is _PROVINCE:
                    return
        yield None

    def _readings(self, words: Words, end: int, province: _Match | None) -> Iterator["_Reading"]:
        named = {unit.pk for unit, *_ in province.units} if province else None
        with_district = False
        for district in self._ending(Level.DISTRICT, words, end):
            if district.kinds is not None and not district.kinds & _DISTRICTS:
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
        return 1 if unit.valid_from >= REFORM and any(named & self._came_from[pk] for pk in self.today[unit.pk]) else 0

    def _communes(
        self,
        words: Words,
        end: int,
        province: _Match | None,
        districts: list[tuple[Unit, int, int, int]] | None,
        district: _Match | None,
    ) -> Iterator["_Reading"]:
        named = {unit.pk for unit, *_ in province.units} if province else None
        grades = {unit.pk: (kind, accents, direct) for unit, kind, accents, direct in districts or ()}
        some = False
        for matches in (self._ending(Level.COMMUNE, words, end), self._inside(words, end)):
            for match in matches:
                if match.kinds is not None and not match.kinds & _COMMUNES:
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
                            came = set().union(*(self._came_from[pk] for pk in self.today[unit.pk]))
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
            at > words.begins[at] and (prefix := _prefix(words, at)) is not None and bool(prefix[1] & _COMMUNES)
            for at in range(1, end)
        )

    def _unknown_district(self, words: Words, end: int) -> bool:
        """A district named with its kind that is not in the register contradicts whatever else is found."""
        for at in range(1, end):
            prefix = _prefix(words, at) if at > words.begins[at] else None
            if prefix is None or not prefix[1] & _DISTRICTS:
                continue
            if len(words.plain[prefix[0]]) == 1 and prefix[0] != words.begins[at]:
                continue  # a single letter inside something else
            before = _prefix(words, prefix[0]) if prefix[0] > words.begins[at] else None
            if before is not None and before[1] & _COMMUNES:
                continue  # "xa Quan Ba": part of a commune's name
            city = prefix[1] is _CITY and self._names[Level.PROVINCE].get(" ".join(words.plain[at:end]))
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
        communes: list["_Reading"],
        districts: list["_Reading"],
        province: Unit | None,
        on: date | None,
    ) -> Resolution:
        communes = _best(
            communes, lambda r: (r.score, r.accents > 0 and r.kind, r.direct, r.accents, r.kind, r.register)
        )
        if not communes:
            return self._district(text, _best(districts, lambda r: (r.score, r.direct, r.kind, r.accents)), province)
        first = communes[0]
        found = {reading.unit.pk: reading.unit for reading in communes}
        if not first.district and first.match.kinds is None and districts:
            # "Ba Đình, Hà Nội": the ward of today or the district of before
            units = [*found.values(), *(reading.unit for reading in districts)]
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

    def _district(self, text: str, readings: list["_Reading"], province: Unit | None) -> Resolution:
        """Nothing below the district: one that became a single unit is clear, else all its successors are named."""
        found = {reading.unit.pk: reading.unit for reading in readings}
        if len(found) != 1:
            if found:
                return self._several(text, list(found.values()), province)
            return Resolution(text, None, (), Certainty.UNKNOWN, province)
        [unit] = found.values()
        current = self.today[unit.pk]
        alone = len(current) == 1
        certainty = Certainty.UNKNOWN if not current else Certainty.EXACT if alone else Certainty.AMBIGUOUS
        if alone and not readings[0].province:
            certainty = Certainty.LIKELY
        return self._answer(text, unit, current, certainty)

    def _several(self, text: str, units: list[Unit], province: Unit | None) -> Resolution:
        parts = {pk for unit in units for pk in self.today[unit.pk]}
        current = tuple(sorted(parts, key=lambda pk: self.units[pk].code))
        certainty = Certainty.UNKNOWN if not current else Certainty.LIKELY if len(current) == 1 else Certainty.AMBIGUOUS
        return self._answer(text, None, current, certainty, province)

    def _answer(
        self, text: str, old: Unit | None, current: tuple[int, ...], certainty: Certainty, province: Unit | None = None
    ) -> Resolution:
        units = tuple(self.units[pk] for pk in current)
        known = self._common_province(units) if units else self.province_today(old) if old else None
        return Resolution(text, old, units, certainty, known or province)


_COMMUNES = _COMMUNE | _WARD | _TOWNSHIP | _ZONE
_DISTRICTS = _DISTRICT | _URBAN | _TOWN | {Kind.PROVINCIAL_CITY}


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
    match: _Match
    province: _Match | None
    district: bool
    complete: bool = False
    doubtful: bool = False


def _best(items: list[T], key: Callable[[T], Any]) -> list[T]:
    """Those with the greatest key."""
    if not items:
        return []
    keys = [key(item) for item in items]
    top = max(keys)
    return [item for item, own in zip(items, keys, strict=True) if own == top]


def fact_wrong(name: str, value: str) -> str:
    """Why this value cannot be the fact of this name; empty where it can."""
    if name == FactName.CITY_CLASS and value not in ("1", "2", "3", "special"):
        return _("Loại đô thị ghi 1, 2, 3 hoặc special.")
    if name == FactName.CONVERTED and value != "no":
        try:
            date.fromisoformat(value)
        except ValueError:
            return _("Ghi ngày thành phường theo dạng năm-tháng-ngày, ví dụ 2022-02-10; chưa từng là xã thì ghi no.")
    return ""
