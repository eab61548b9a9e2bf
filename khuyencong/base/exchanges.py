"""What the prices of the relaxed problem prove, and a list close to it, made better by exchanges.

The relaxed problem (shares of a request may be chosen) prices each limit.  With the prices of all limits taken off, every
request is worth choosing or not, and all but a few clearly so; what is lost to whole requests lies in those few and in the
last đồng of the limits that bind.  So for each limit alone the best use of its last đồng among the requests in doubt is
reckoned: as a bound over limits that share no request (``most``), and as exchanges that keep all the others (``close``).
Amounts are whole numbers throughout.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from time import perf_counter

import numpy

NEAR = 24  # requests of one limit among which exchanges are looked for, three out and in at a time, twice
TRIED = 100  # exchanges held against the other limits; exchanges of one limit in one round
ROUNDS = 12
KICKS = 100  # requests turned back, one after another, to look for a better list from there
PRICED = 2  # rounds that weigh what an exchange takes from the other limits; the later ones look at the score alone
CORE = 40  # requests of one limit in doubt among which it is reckoned what it loses
FREE = 12  # requests of smaller bounds that may reach into a larger one
STATES = 20_000  # sums of theirs that are told apart
LEAST = 1e-9  # of the largest score: what gains less gains nothing


@dataclass(frozen=True, slots=True)
class Bound:
    """Σ amounts of ``members`` at most ``limit``; a floor is the same with ``sign`` −1 on both sides."""

    members: numpy.ndarray
    sign: int
    limit: int


class Priced:
    """A problem with a price (never negative) on each bound; ``lower`` and ``upper``: what each request may be, 0 or 1.  From
    ``end`` on (of ``perf_counter``) nothing more is looked for."""

    def __init__(
        self,
        bounds: Sequence[Bound],
        prices: Sequence[float],
        *,
        amounts: numpy.ndarray,
        scores: numpy.ndarray,
        lower: numpy.ndarray,
        upper: numpy.ndarray,
        end: float = numpy.inf,
    ):
        self.end = end
        self.bounds, self.prices, self.amounts, self.scores = bounds, prices, amounts, scores
        self.lower, self.upper = lower, upper
        self.worth = scores.copy()  # with all prices taken off
        for bound, price in zip(bounds, prices, strict=True):
            self.worth[bound.members] -= price * bound.sign * amounts[bound.members]
        self.settled = numpy.where(self.worth > 0, upper, lower) > 0
        self.doubt = numpy.where(lower < upper, numpy.abs(self.worth), numpy.inf)

    def nearest(self, bound: Bound, count: int) -> numpy.ndarray:
        """The requests of a bound that are most in doubt."""
        return self._nearest(bound.members, count)

    def _nearest(self, members: numpy.ndarray, count: int) -> numpy.ndarray:
        first = members[numpy.argsort(self.doubt[members], kind="stable")[:count]]
        return first[numpy.isfinite(self.doubt[first])]

    def worth_in(self, n: int, near: numpy.ndarray) -> numpy.ndarray:
        """What requests are worth to one bound: the prices of the others taken off."""
        return self.worth[near] + self.prices[n] * self.bounds[n].sign * self.amounts[near]

    # ---- the bound ----

    def most(self) -> float:
        """What no list scores more than: the sum by prices, less what bounds without a common request surely lose."""
        total = sum(price * bound.limit for bound, price in zip(self.bounds, self.prices, strict=True))
        total += float((self.worth * self.settled).sum())
        losses = {n: self._loss(n) for n, price in enumerate(self.prices) if price > 0 and not self.is_late()}
        ways = [self._apart(losses, order) for order in (list(losses), sorted(losses, key=self._size))]
        return total - max(*ways, self._beside(losses))

    def is_late(self) -> bool:
        return perf_counter() >= self.end

    def _size(self, n: int) -> int:
        return -len(self.bounds[n].members)

    def _apart(self, losses: dict[int, float], order: Sequence[int]) -> float:
        """What is lost by the bounds that share no request, each taken in this order if it still can be."""
        seen, total = numpy.zeros(len(self.scores), dtype=bool), 0.0
        for n in order:
            members = self.bounds[n].members
            if not seen[members].any():
                seen[members] = True
                total += losses[n]
        return total

    def _beside(self, losses: dict[int, float]) -> float:
        """What is lost by the small bounds, and then by the larger ones into which few of their requests reach: what turning
        those costs was counted there, so here they turn for nothing."""
        seen, total = numpy.zeros(len(self.scores), dtype=bool), 0.0
        for n in sorted(losses, key=self._size, reverse=True):
            members = self.bounds[n].members
            shared = members[seen[members] & numpy.isfinite(self.doubt[members])]
            if len(shared) <= FREE and not self.is_late():
                seen[members] = True
                total += self._loss(n, free=shared) if len(shared) else losses[n]
        return total

    def _loss(self, n: int, *, free: Sequence[int] | numpy.ndarray = ()) -> float:
        """What one bound loses to whole requests, at least.  A list that turns a request outside the core loses as much as that
        one is settled by; inside, every sum is reckoned, rounded so that more seems to fit than does.  ``free``: requests
        whose turning costs nothing but their amount."""
        bound = self.bounds[n]
        firm = bound.members[~numpy.isin(bound.members, free)] if len(free) else bound.members
        near = self._nearest(firm, CORE + 1)
        outside = float(self.doubt[near[CORE]]) if len(near) > CORE else numpy.inf
        near = near[:CORE]
        worth = self.worth_in(n, near)
        if len(free):
            free = numpy.asarray(free)
            near = numpy.append(near, free)
            worth = numpy.append(worth, self.prices[n] * bound.sign * self.amounts[free])
        use = bound.sign * self.amounts[near]
        turn = numpy.where(self.settled[near], -1, 1)
        gains, steps = turn * worth, turn * use
        room = bound.limit - bound.sign * int(self.amounts[bound.members[self.settled[bound.members]]].sum())
        grain = max(1, -(-int(numpy.abs(steps).sum()) // STATES))
        most = _most(steps // grain, gains, room // grain)
        return min(outside, max(0.0, self.prices[n] * room - most))

    # ---- the list ----

    def close(self, taken: numpy.ndarray, *, enough: float) -> numpy.ndarray | None:
        """The list that exchanges lead to from ``taken``, with every bound kept; it ends where it scores ``enough``, and with the
        time.  None where a bound stays broken."""
        current = _List(self, taken)
        current.polish(range(len(self.bounds)), enough=enough)
        tried: set[int] = set()
        for _kick in range(KICKS):
            if current.is_done(enough) or (worst := current.worst(tried)) is None:
                break
            tried.add(worst)
            other = current.without(worst)
            other.polish(current.of[worst], enough=enough)
            if other.is_better(current):
                current = other
        return current.taken if min(current.left, default=0) >= 0 else None


def _most(steps: numpy.ndarray, gains: numpy.ndarray, room: int) -> float:
    """The highest sum of gains whose sum of steps stays within ``room``: every sum of steps, one request after another."""
    low = int(steps[steps < 0].sum())
    best = numpy.full(int(steps[steps > 0].sum()) - low + 1, -numpy.inf)
    best[-low] = 0.0
    for step, gain in zip(steps.tolist(), gains.tolist(), strict=True):
        turned = best + gain
        if step > 0:
            numpy.maximum(best[step:], turned[:-step], out=best[step:])
        elif step < 0:
            numpy.maximum(best[:step], turned[-step:], out=best[:step])
        else:
            numpy.maximum(best, turned, out=best)
    end = room - low + 1
    return float(best[:end].max()) if end > 0 else -numpy.inf


class _List:
    """A list under way: what is taken, and what each bound leaves (below 0 where it is broken)."""

    def __init__(self, priced: Priced, taken: numpy.ndarray):
        self.priced, self.taken = priced, taken.copy()
        self.score = float(priced.scores[taken].sum())
        self.least = LEAST * max(1.0, float(numpy.abs(priced.scores).max()))
        self.of: list[list[int]] = [[] for _request in taken]
        for n, bound in enumerate(priced.bounds):
            for index in bound.members.tolist():
                self.of[index].append(n)
        self.near = [priced.nearest(bound, NEAR) for bound in priced.bounds]
        self.left = [
            bound.limit - bound.sign * int(priced.amounts[bound.members[taken[bound.members]]].sum())
            for bound in priced.bounds
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
        return self.priced.is_late() or (self.score >= enough and min(self.left) >= 0)

    def is_better(self, other: "_List") -> bool:
        """Breaks less, or as little and scores more."""
        mine, theirs = (sum(room for room in one.left if room < 0) for one in (self, other))
        return mine > theirs or (mine == theirs and self.score > other.score + self.least)

    def changes(self, exchange: Sequence[int]) -> dict[int, int]:
        """What the exchange adds to each bound."""
        more: dict[int, int] = {}
        for index in exchange:
            amount = int(self.priced.amounts[index]) * (-1 if self.taken[index] else 1)
            for row in self.of[index]:
                more[row] = more.get(row, 0) + amount * self.priced.bounds[row].sign
        return more

    def turn(self, exchange: Sequence[int]) -> set[int]:
        """Make the exchange; which bounds it touches."""
        changes = self.changes(exchange)
        for row, change in changes.items():
            self.left[row] -= change
        for index in exchange:
            self.score += float(self.priced.scores[index]) * (-1 if self.taken[index] else 1)
            self.taken[index] = not self.taken[index]
        return set(changes)

    def best(self, n: int, *, priced: bool) -> list[int] | None:
        """The exchange inside one bound that gains most and keeps the others; where it is broken, the one that mends it."""
        near, broken = self.near[n], self.left[n] < 0
        turn = numpy.where(self.taken[near], -1, 1)
        worth = self.priced.worth_in(n, near) if priced else self.priced.scores[near]
        gain, use = numpy.append(turn * worth, 0.0), numpy.append(turn * self.priced.amounts[near], 0)
        choices = self._open(n, use)
        used, gained = use[choices].sum(axis=0) * self.priced.bounds[n].sign, gain[choices].sum(axis=0)
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
            more[own] = use[own] * self.priced.bounds[row].sign
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
