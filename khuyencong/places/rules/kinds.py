"""The word before a name: xã, phường, huyện, tỉnh and their short forms."""

from khuyencong.places.enums import Kind, Level
from khuyencong.places.rules.words import Words, keys_of

PROVINCE = frozenset({Kind.PROVINCE, Kind.CITY})
CITY = frozenset({Kind.CITY, Kind.PROVINCIAL_CITY})
_DISTRICT = frozenset({Kind.DISTRICT, Kind.ISLAND_DISTRICT})
_URBAN = frozenset({Kind.URBAN_DISTRICT})
_TOWN = frozenset({Kind.TOWN})
_COMMUNE = frozenset({Kind.COMMUNE})
_WARD = frozenset({Kind.WARD})
_TOWNSHIP = frozenset({Kind.TOWNSHIP})
_ZONE = frozenset({Kind.SPECIAL_ZONE})
_ONE = {
    "tinh": ("tinh", "tỉnh", PROVINCE),
    "t": ("t", "t", PROVINCE),
    "tp": ("tp", "tp", CITY),
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
    ("thanh", "pho"): ("thành", "phố", CITY),
    ("t", "p"): ("t", "p", CITY),
    ("thi", "xa"): ("thị", "xã", _TOWN),
    ("t", "x"): ("t", "x", _TOWN),
    ("thi", "tran"): ("thị", "trấn", _TOWNSHIP),
    ("t", "t"): ("t", "t", _TOWNSHIP),
    ("dac", "khu"): ("đặc", "khu", _ZONE),
    ("huyen", "dao"): ("huyện", "đảo", _DISTRICT),
}
_ONE_WORD = {
    key: (frozenset({keys_of(typed)[1], keys_of(proper)[1]}), kinds) for key, (typed, proper, kinds) in _ONE.items()
}
_TWO_WORDS = {
    key: (frozenset({key[0], keys_of(first)[1]}), frozenset({key[1], keys_of(second)[1]}), kinds)
    for key, (first, second, kinds) in _TWO.items()
}
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


def kind_before(words: Words, end: int) -> tuple[int, frozenset[Kind]] | None:
    """The word for the kind that ends before ``end`` in the same part, and where it begins."""
    begin = words.begins[end - 1] if end else 0
    plain, marked = words.plain, words.marked
    if end - begin >= 2 and (found := _TWO_WORDS.get((plain[end - 2], plain[end - 1]))):
        first, second, kinds = found
        if marked[end - 2] in first and marked[end - 1] in second:
            return end - 2, kinds
    if end > begin and (one := _ONE_WORD.get(plain[end - 1])):
        spelled, kinds = one
        if words.accented and marked[end - 1] == "quan":
            return None  # among words with their accents it is no quận: "H. Văn Quan Lạng Sơn"
        if marked[end - 1] in spelled:
            return end - 1, kinds
    return None


def kind_first(folded: str) -> tuple[frozenset[Kind], str] | None:
    """The kinds that the first words of a folded text name, with the name after them: "tp. buon ma thuot", "p.hoa xuan"."""
    words = folded.replace(".", " ").split()
    if len(words) > 2 and (two := _TWO.get((words[0], words[1]))):
        return two[2], " ".join(words[2:])
    if len(words) > 1 and (one := _ONE.get(words[0])):
        return one[2], " ".join(words[1:])
    return None


COMMUNES = _COMMUNE | _WARD | _TOWNSHIP | _ZONE
DISTRICTS = _DISTRICT | _URBAN | _TOWN | {Kind.PROVINCIAL_CITY}
