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

    for told, ceilings in (("", 0), (", 9 ceilings of activities that bind", 9), (", 9 ceilings, 34 floors", 9)):
        found = choice.best(problem(ceilings=ceilings, floors="floors" in told), seconds=30, gap=GAP)
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
