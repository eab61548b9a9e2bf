"""A list close to the relaxed problem, made better by exchanges of a few requests that keep every limit.

With the prices of all limits taken off, every request is worth choosing or not, and all but a few clearly so; what is lost to
whole requests lies in those few and in the last đồng of the limits that bind (``blocks``).  Amounts are whole numbers throughout.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from functools import cache
from itertools import combinations
from time import perf_counter

import numpy

from khuyencong.base.choice.blocks import Priced

NEAR = 24  # requests of one limit among which exchanges are looked for, three out and in at a time, twice
TRIED = 100  # exchanges held against the other limits; exchanges of one limit in one round
ROUNDS = 12
KICKS = 100  # requests turned back, one after another, to look for a better list from there
PRICED = 2  # rounds that weigh what an exchange takes from the other limits; the later ones look at the score alone
LEAST = 1e-9  # of the largest score: what gains less gains nothing


def close(priced: Priced, taken: numpy.ndarray, *, enough: float, end: float = numpy.inf) -> list[bool] | None:
    """The list that exchanges lead to from ``taken``, with every bound kept; it ends where it scores ``enough``, and at ``end``
    (of ``perf_counter``).  None where a bound stays broken."""
    current = _List(priced, taken, end=end)
    current.polish(range(len(priced.asked.bounds)), enough=enough)
    tried: set[int] = set()
    for _kick in range(KICKS):
        if current.is_done(enough) or (worst := current.worst(tried)) is None:
            break
        tried.add(worst)
        other = current.without(worst)
        other.polish(current.of[worst], enough=enough)
        if other.is_better(current):
            current = other
    return current.taken.tolist() if min(current.left, default=0) >= 0 else None


class _List:
    """A list under way: what is taken, and what each bound leaves (below 0 where it is broken)."""

    def __init__(self, priced: Priced, taken: numpy.ndarray, *, end: float):
        self.priced, self.asked, self.taken, self.end = priced, priced.asked, taken.copy(), end
        self.score = float(self.asked.scores[taken].sum())
        self.least = LEAST * max(1.0, float(numpy.abs(self.asked.scores).max()))
        self.of: list[list[int]] = [[] for _request in taken]
        for n, bound in enumerate(self.asked.bounds):
            for index in bound.members.tolist():
                self.of[index].append(n)
        self.near = [priced.nearest(bound.members, NEAR) for bound in self.asked.bounds]
        self.left = [
            bound.limit - bound.sign * int(self.asked.amounts[bound.members[taken[bound.members]]].sum())
            for bound in self.asked.bounds
        ]

    def without(self, worst: int) -> "_List":
        """A copy in which this request is turned back, and stays so while the others are exchanged."""
        other = copy(self)
        other.taken, other.left, other.near = self.taken.copy(), list(self.left), list(self.near)
        other.turn([worst])
        for row in self.of[worst]:
            other.near[row] = self.near[row][self.near[row] != worst]
        return other

    def worst(self, tried: set[int]) -> int | None:
        """The request whose place costs most by the prices; None where all were tried."""
        cost = numpy.where(self.taken != self.priced.settled, numpy.abs(self.priced.worth), 0.0)
        cost[~numpy.isfinite(self.priced.doubt)] = 0.0
        cost[list(tried)] = 0.0
        return int(cost.argmax()) if cost.any() else None

    def polish(self, rows: Iterable[int], *, enough: float) -> None:
        """Exchange inside these bounds, and then inside those that this has touched, until nothing gains any more."""
        due = set(rows)
        for round_ in range(ROUNDS):
            touched: set[int] = set()
            for n in self.order(due):
                for _exchange in range(TRIED):
                    exchange = None if self.is_done(enough) else self.best(n, priced=round_ < PRICED)
                    if exchange is None:
                        break
                    touched |= self.turn(exchange)
            due = due | touched if round_ < PRICED else touched
            if not due:
                break

    def order(self, rows: Iterable[int]) -> list[int]:
        """Broken bounds first, then those that leave most of worth; without those that cost nothing."""
        prices = self.priced.prices
        some = [n for n in rows if len(self.near[n]) and (prices[n] > 0 or self.left[n] < 0)]
        return sorted(some, key=lambda n: (self.left[n] >= 0, -prices[n] * self.left[n], n))

    def is_done(self, enough: float) -> bool:
        return perf_counter() >= self.end or (self.score >= enough and min(self.left) >= 0)

    def is_better(self, other: "_List") -> bool:
        """Breaks less, or as little and scores more."""
        mine, theirs = (sum(room for room in one.left if room < 0) for one in (self, other))
        return mine > theirs or (mine == theirs and self.score > other.score + self.least)

    def changes(self, exchange: Sequence[int]) -> dict[int, int]:
        """What the exchange adds to each bound."""
        more: dict[int, int] = {}
        for index in exchange:
            amount = int(self.asked.amounts[index]) * (-1 if self.taken[index] else 1)
            for row in self.of[index]:
                more[row] = more.get(row, 0) + amount * self.asked.bounds[row].sign
        return more

    def turn(self, exchange: Sequence[int]) -> set[int]:
        """Make the exchange; which bounds it touches."""
        changes = self.changes(exchange)
        for row, change in changes.items():
            self.left[row] -= change
        for index in exchange:
            self.score += float(self.asked.scores[index]) * (-1 if self.taken[index] else 1)
            self.taken[index] = not self.taken[index]
        return set(changes)

    def best(self, n: int, *, priced: bool) -> list[int] | None:
        """The exchange inside one bound that gains most and keeps the others; where it is broken, the one that mends it."""
        near, broken = self.near[n], self.left[n] < 0
        turn = numpy.where(self.taken[near], -1, 1)
        worth = self.priced.worth_in(n, near) if priced else self.asked.scores[near]
        gain, use = numpy.append(turn * worth, 0.0), numpy.append(turn * self.asked.amounts[near], 0)
        choices = self._open(n, use)
        used, gained = use[choices].sum(axis=0) * self.asked.bounds[n].sign, gain[choices].sum(axis=0)
        by_use = numpy.argsort(used, kind="stable")
        top = _best_so_far(gained[by_use])
        fits = numpy.searchsorted(used[by_use], self.left[n] - used, side="right") - 1
        second = by_use[top[numpy.maximum(fits, 0)]]
        total = numpy.where(fits >= 0, gained + gained[second], -numpy.inf)
        fitting = numpy.flatnonzero(total > (-numpy.inf if broken else self.least))
        for place in fitting[numpy.argsort(-total[fitting], kind="stable")[:TRIED]]:
            one, other = set(choices[:, place].tolist()), set(choices[:, second[place]].tolist())
            if one & other <= {len(near)}:
                exchange = [int(near[at]) for at in (one | other) - {len(near)}]
                if exchange and self._kept(n, exchange):
                    return exchange
        return None

    def _open(self, n: int, use: numpy.ndarray) -> numpy.ndarray:
        """The choices of up to three that no other bound forbids."""
        choices = _choices(len(use) - 1)
        places: dict[int, list[int]] = {}
        for at, index in enumerate(self.near[n].tolist()):
            for row in self.of[index]:
                if row != n:
                    places.setdefault(row, []).append(at)
        open_ = numpy.ones(choices.shape[1], dtype=bool)
        for row, own in places.items():
            room, more = max(self.left[row], 0), numpy.zeros(len(use), dtype=numpy.int64)
            more[own] = use[own] * self.asked.bounds[row].sign
            if numpy.sort(more)[-3:].clip(0).sum() > room:
                open_ &= more[choices].sum(axis=0) <= room
        return choices[:, open_]

    def _kept(self, n: int, exchange: Sequence[int]) -> bool:
        """Whether every other bound is kept, or at least not broken further."""
        changes = self.changes(exchange).items()
        return all(row == n or change <= max(self.left[row], 0) for row, change in changes)


def _best_so_far(gains: numpy.ndarray) -> numpy.ndarray:
    """Where the highest of all gains up to each place stands."""
    top = numpy.maximum.accumulate(gains)
    return numpy.maximum.accumulate(numpy.where(gains >= top, numpy.arange(len(gains)), 0))


@cache
def _choices(count: int) -> numpy.ndarray:
    """All choices of up to three of so many; the place after the last stands for nobody."""
    found = [(*some, *[count] * (3 - size)) for size in range(4) for some in combinations(range(count), size)]
    return numpy.array(found, dtype=numpy.int64).reshape(-1, 3).T.copy()
