"""How long 100,000 addresses take, and whether the whole conversion table is read right."""

import csv
import time
from collections import defaultdict

from khuyencong.base.text import fold
from khuyencong.places import operations, queries

ADDRESSES = 100_000


def addresses() -> list[str]:
    """As many as asked, from the conversion table, written in several ways."""
    names = {}
    for file in ("former_provinces.csv", "former_districts.csv"):
        with (operations.DATA / file).open(encoding="utf-8") as lines:
            names |= {(file, row["code"]): row["full_name"] for row in csv.DictReader(lines)}
    with (operations.DATA / "former_communes.csv").open(encoding="utf-8") as lines:
        plain = [
            f"{row['full_name']}, {names['former_districts.csv', row['district_code']]}, "
            f"{names['former_provinces.csv', row['province_code']]}"
            for row in csv.DictReader(lines)
        ]
    ways = (str, str.upper, fold, lambda text: text.replace(",", ""), lambda text: f"Thôn 3, {text}")
    return [ways[n % len(ways)](plain[n * 7 % len(plain)]) for n in range(ADDRESSES)]


def run() -> dict[str, float]:
    """Loads the register if needed and measures; seconds, and the share of old communes read right."""
    operations.load()
    queries.forget()
    begin = time.perf_counter()
    read = queries.gazetteer().resolve
    built = time.perf_counter() - begin
    texts = addresses()
    begin = time.perf_counter()
    for text in texts:
        read(text)
    return {
        "register in memory, s": built,
        "100,000 addresses, s": time.perf_counter() - begin,
        "share right": _share(),
    }


def _share() -> float:
    wanted: dict[str, set[str]] = defaultdict(set)
    with (operations.DATA / "conversion.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            wanted[row["old_code"]].add(row["new_code"])
    index, right, total = queries.gazetteer(), 0, 0
    for unit in index.units.values():
        if unit.level != "commune" or not unit.in_conversion_table or unit.valid_from != operations.UNRECORDED:
            continue
        name = unit.other_names.split("; ")[0] or unit.full_name
        found = index.resolve(f"{name}, {unit.parent.full_name}, {unit.province.full_name}")
        total += 1
        right += found.old is unit and {new.code for new in found.current} == wanted[unit.code]
    return right / total
