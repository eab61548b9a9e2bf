"""``python -m benchmarks``: make the data set in a database of its own, measure, print one table.

``make bench`` on SQLite, ``make bench-postgres`` on PostgreSQL.  ``--only lists`` (search, records, home, report, places,
law, ranking, forms, import, memory) measures a part; ``--list NAME`` one list; ``--share 0.1`` makes a smaller country for a quick look;
``--fresh`` makes the data set anew also when it is there.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable
from itertools import chain

from benchmarks import database
from benchmarks.measure import HEAD, ROUNDS, Row, pace, settings

PARTS = ("lists", "search", "records", "home", "report", "places", "law", "ranking", "forms", "import", "memory")


def main(asked: argparse.Namespace) -> int:
    import django

    django.setup()
    import platform

    from django.core.management import call_command

    from benchmarks import data, forms, importing, law, memory, pages, places, ranking
    from khuyencong.tools.startup import collect_static
    from khuyencong.web.common.warm import warm

    settings.rounds = asked.rounds
    begin = time.perf_counter()
    wanted, (there, made) = database.fingerprint(asked.share), database.kept()
    if asked.fresh or not (there == wanted or (asked.as_is and there)):
        database.empty()
        call_command("migrate", verbosity=0)
        data.make(data.Sizes(share=asked.share), say)
        made = time.perf_counter() - begin
        database.keep(wanted, made)
    collect_static()
    warm()  # as a web process does
    size = ", ".join(f"{number:,} {name}" for name, number in data.numbers())
    print(f"{database.version()}, Python {platform.python_version()}: {size}\n")
    print(f"the fixed piece of work, before: {pace():.0f} ms\n\n{HEAD}")

    row = Row("the data set, when it was made", 300, made, made, unit="s")
    over = int(row.over)
    print(row.told(), flush=True)

    def resolved() -> Iterable[Row]:
        taken = places.run()
        yield Row("100,000 addresses resolved", 20, *[taken["100,000 addresses, s"]] * 2, unit="s")

    parts: dict[str, Callable[[], Iterable[Row]]] = {
        "lists": lambda: chain(pages.lists(asked.list), pages.numbers(asked.list)),
        "search": pages.search,
        "records": pages.records,
        "home": pages.home,
        "report": pages.report,
        "places": resolved,
        "law": law.rows,
        "ranking": ranking.rows,
        "forms": forms.rows,
        "import": lambda: importing.rows(int(100_000 * asked.share)),
        "memory": memory.rows,
    }
    for name in asked.only or PARTS:
        for row in parts[name]():
            over += row.over
            print(row.told(), flush=True)
    print(
        f"\n{over} over the limit; {time.perf_counter() - begin:.0f} s in all; the fixed piece of work, after: {pace():.0f} ms"
    )
    return 0


def say(told: str) -> None:
    print(told, file=sys.stderr, flush=True)


def read(words: list[str]) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument("--only", action="append", choices=PARTS)
    reader.add_argument("--list", default="", help="one list, by a part of its name")
    reader.add_argument("--share", type=float, default=1.0)
    reader.add_argument("--rounds", type=int, default=ROUNDS, help="how often each address is asked")
    reader.add_argument("--fresh", action="store_true")
    reader.add_argument(
        "--as-is", action="store_true", help="take the data set that is there, though the code has changed"
    )
    return reader.parse_args(words)


if __name__ == "__main__":
    database.choose()
    sys.exit(main(read(sys.argv[1:])))
