"""How long the best choice takes: requests of 34 provinces under their envelopes, without and with ceilings that bind."""

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.measure import Row

if TYPE_CHECKING:
    from khuyencong.base.choice import Problem

REQUESTS, PROVINCES, GAP, LIMIT = 5_000, 34, 1e-4, 3.0
MILLION = 1_000_000


def rows() -> Iterator[Row]:
    from khuyencong.base import choice

    asked = (
        ("", problem(ceilings=0, floors=False)),
        (", 9 ceilings of activities", problem(ceilings=9, floors=False)),
        (", 9 ceilings, 34 floors", problem(ceilings=9, floors=True)),
        (", 3 ceilings, floors of 10 communes", of_communes(inside=True)),
        (", 3 ceilings, floors of 3 communes over envelopes", of_communes(inside=False)),
    )
    for told, given in asked:
        found = choice.best(given, seconds=30, gap=GAP)
        kept = found.gap <= GAP and not found.infeasible
        name = f"best of {REQUESTS:,} requests, {PROVINCES} envelopes{told}, gap {found.gap:.1g}"
        yield Row(name, LIMIT if kept else 0, found.seconds, found.seconds, unit="s")


def problem(*, ceilings: int, floors: bool) -> "Problem":
    """Requests of 30 to 300 million that ask for three times the money; the same each time."""
    from khuyencong.base.choice import Limit, Problem, Request

    chance = random.Random(36)
    requests = [
        Request(
            id=str(n),
            envelope=str(n % PROVINCES),
            amount=chance.randrange(30, 300) * MILLION,
            score=chance.randrange(300, 1000) / 10,
            groups=frozenset({("activity", str(chance.randrange(9))), ("place", str(n % PROVINCES))}),
        )
        for n in range(REQUESTS)
    ]
    asked = sum(request.amount for request in requests)
    envelopes = {str(n): asked // PROVINCES // 3 for n in range(PROVINCES)}
    return Problem(
        envelopes,
        requests,
        [Limit(("activity", str(n)), asked // 3 // 10) for n in range(ceilings)],
        [Limit(("place", str(n)), asked // PROVINCES // 4) for n in range(PROVINCES)] if floors else [],
    )


def of_communes(*, inside: bool) -> "Problem":
    """Requests of 30 to 500 million that ask for seven times the money, with scores that have nothing to do with what they cost:
    each envelope loses a little to whole requests.  The seven requests of a commune stand in one envelope or in as many."""
    from khuyencong.base.choice import Limit, Problem, Request

    chance = random.Random(1)
    requests = [
        Request(
            id=str(n),
            envelope=str(n % PROVINCES),
            amount=chance.randrange(30 * MILLION, 500 * MILLION),
            score=round(chance.uniform(0, 100), 2),
            groups=frozenset(
                {
                    ("activity", str(chance.randrange(9))),
                    ("place", f"{n % PROVINCES}-{n % 680 // PROVINCES}" if inside else str(n % 701)),
                }
            ),
        )
        for n in range(REQUESTS)
    ]
    asked = sum(request.amount for request in requests)
    named = [f"{n}-0" for n in range(10)] if inside else ["5", "6", "7"]
    of_place = {
        name: sum(request.amount for request in requests if ("place", name) in request.groups) for name in named
    }
    return Problem(
        {str(n): asked // PROVINCES * 15 // 100 for n in range(PROVINCES)},
        requests,
        [Limit(("activity", str(n)), asked // 80) for n in range(3)],
        [Limit(("place", name), amount // 2) for name, amount in of_place.items()],
    )
