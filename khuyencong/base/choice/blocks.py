"""What the prices of the relaxed problem prove, envelope by envelope, and the best list put together from their ways.

The relaxed problem (shares of a request may be chosen) prices each limit.  What a list scores is the sum by prices less what it
loses: what its turned requests were settled by, and the price of what each limit leaves.  Requests of different envelopes meet
only in the limits over several of them.  So the ways of each envelope that lose little are written down whole (``ways``), with
the floors and ceilings that lie in it: the least of each, summed, is lost by any list; and one way of each, chosen so that the
limits over several are kept, is a list.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter

import numpy

from khuyencong.base.choice import solver
from khuyencong.base.choice.ways import MANY, MARKS, WORDS, Ways

INSIDE = 30  # requests of one limit inside an envelope that may be turned
SMALL = 40  # requests of limits over several envelopes of which each whole one counts
CHOICES = 4  # of them in one envelope
OFFERED = 80  # ways of one envelope of which the list takes one: among more, the solver finds less in the same time
FREE = 12  # requests of an envelope that a limit over several has counted already
NOTHING = 1e-9  # of the largest score


@dataclass(frozen=True, slots=True)
class Depth:
    """How many ways are written down at once, of how many of the most doubtful requests."""

    ways: int
    requests: int


ROUGH, WHOLE = Depth(2_000, 40), Depth(MANY, MARKS)


@dataclass(frozen=True, slots=True)
class Bound:
    """Σ amounts of ``members`` at most ``limit``; a floor is the same with ``sign`` −1 on both sides."""

    members: numpy.ndarray
    sign: int
    limit: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What is chosen from: ``lower`` and ``upper`` are what each request may be, 0 or 1; the first bounds, ``envelopes`` of them,
    share no request, and every request that may be chosen is in one.  From ``end`` on (of ``perf_counter``) nothing more is
    looked for."""

    bounds: Sequence[Bound]
    envelopes: int
    amounts: numpy.ndarray
    scores: numpy.ndarray
    lower: numpy.ndarray
    upper: numpy.ndarray
    end: float = numpy.inf

    def is_late(self) -> bool:
        return perf_counter() >= self.end

    def open_of(self, n: int) -> numpy.ndarray:
        members = self.bounds[n].members
        return members[self.lower[members] < self.upper[members]]

    def places(self) -> tuple[dict[int, list[int]], list[int]]:
        """Which further bounds lie in each envelope, and which reach over several."""
        of = numpy.full(len(self.scores), -1)
        for n in range(self.envelopes):
            of[self.bounds[n].members] = n
        inside: dict[int, list[int]] = {n: [] for n in range(self.envelopes)}
        over, seen = [], numpy.zeros(len(self.scores), dtype=bool)
        for n in range(self.envelopes, len(self.bounds)):
            members = self.open_of(n)
            around = set(of[members].tolist())
            if len(around) == 1 and not seen[members].any():
                inside[around.pop()].append(n)
                seen[members] = True
            else:
                over.append(n)
        return inside, over


class Priced:
    """What is asked, with a price (never negative) on each bound; ``near`` settles what the prices leave open."""

    def __init__(self, asked: Asked, prices: Sequence[float], *, near: numpy.ndarray):
        self.asked, self.prices = asked, list(prices)
        self.worth = asked.scores.copy()  # with all prices taken off
        for bound, price in zip(asked.bounds, prices, strict=True):
            self.worth[bound.members] -= price * bound.sign * asked.amounts[bound.members]
        open_ = numpy.abs(self.worth) <= NOTHING * max(1.0, float(numpy.abs(asked.scores).max(initial=0.0)))
        self.settled = numpy.where(numpy.where(open_, near, self.worth > 0), asked.upper, asked.lower) > 0
        self.doubt = numpy.where(asked.lower < asked.upper, numpy.abs(self.worth), numpy.inf)
        self.room = self.rooms()
        self.inside, self.over = asked.places()

    def rooms(self) -> list[int]:
        """What each bound leaves (below 0: lacks) with all requests as they are settled."""
        taken = self.asked.amounts * self.settled
        return [bound.limit - bound.sign * int(taken[bound.members].sum()) for bound in self.asked.bounds]

    def total(self) -> float:
        """The sum by prices: what no list scores more than, were nothing lost."""
        paid = sum(price * bound.limit for bound, price in zip(self.asked.bounds, self.prices, strict=True))
        return paid + float((self.worth * self.settled).sum())

    def nearest(self, members: numpy.ndarray, count: int) -> numpy.ndarray:
        """The requests that are most in doubt, those that may be turned alone."""
        first = members[numpy.argsort(self.doubt[members], kind="stable")[:count]]
        return first[numpy.isfinite(self.doubt[first])]

    def worth_in(self, n: int, near: numpy.ndarray) -> numpy.ndarray:
        """What requests are worth to one bound: the prices of the others taken off."""
        return self.worth[near] + self.prices[n] * self.asked.bounds[n].sign * self.asked.amounts[near]

    # ---- the ways of one envelope ----

    def _uses(self, requests: numpy.ndarray, rows: Sequence[int]) -> numpy.ndarray:
        """What turning each request uses of each bound."""
        turn = numpy.where(self.settled[requests], -1, 1) * self.asked.amounts[requests]
        uses = numpy.zeros((len(requests), len(rows)), dtype=numpy.int64)
        for at, row in enumerate(rows):
            bound = self.asked.bounds[row]
            uses[:, at] = bound.sign * turn * numpy.isin(requests, bound.members)
        return uses

    def ways(
        self, n: int, *, over: Sequence[int] = (), free: numpy.ndarray | None = None, depth: Depth = WHOLE
    ) -> tuple[Ways, numpy.ndarray]:
        """The ways of a bound and of those inside it that lose least, with what they use of the bounds ``over`` it, and the
        requests by their marks; turning what is ``free`` loses nothing here."""
        doubt = self.doubt
        if free is not None:
            doubt = numpy.where(numpy.isfinite(doubt) & free, 0.0, doubt)
        rows, price = [n, *over], None if over else self.prices[n]
        marks, found = numpy.zeros(0, dtype=numpy.int64), Ways.to_turn_nothing(len(rows))
        for row in self.inside.get(n, ()):
            near, beyond = self._doubtful(self.asked.open_of(row), INSIDE, doubt)
            if len(marks) + len(near) > MARKS // 2:  # to leave a bound out loses less, never more
                continue
            part = Ways.to_turn_nothing(len(rows) + 1).those(numpy.array([0]), known=beyond)
            uses = self._uses(near, [row, *rows])
            marked = range(len(marks), len(marks) + len(near))
            part = part.turning(zip(marked, doubt[near], uses, strict=True), price=None, many=depth.ways)
            part = part.within(self.room[row], self.prices[row])
            found = found.joined(part if price is None else part.bettered(price), many=depth.ways)
            found = found if price is None else found.bettered(price)
            marks = numpy.append(marks, near)
        rest = self.asked.open_of(n)
        rest = rest[~numpy.isin(rest, marks)]
        near, beyond = self._doubtful(rest, depth.requests - min(len(marks), depth.requests // 2), doubt)
        found = found.those(numpy.arange(len(found.loss)), known=found.least + beyond)
        marked = range(len(marks), len(marks) + len(near))
        found = found.turning(
            zip(marked, doubt[near], self._uses(near, rows), strict=True), price=price, many=depth.ways
        )
        return found.within(self.room[n], self.prices[n]), numpy.append(marks, near)

    @staticmethod
    def _doubtful(requests: numpy.ndarray, count: int, doubt: numpy.ndarray) -> tuple[numpy.ndarray, float]:
        """The most doubtful, and the doubt of the first beyond them."""
        order = requests[numpy.argsort(doubt[requests], kind="stable")]
        return order[:count], float(doubt[order[count]]) if len(order) > count else numpy.inf

    # ---- the bound ----

    def most(self, known: dict[int, float] | None = None, *, depth: Depth = WHOLE) -> float:
        """What no list scores more than; ``known``: what envelopes lose, where that is reckoned already."""
        known = known or {}
        by_size = sorted((n for n in self.over if self.prices[n] > 0), key=lambda n: len(self.asked.open_of(n)))
        lost = max(self._lost((), known, depth), self._lost(by_size[::-1], {}, ROUGH) if by_size else 0.0)
        few: list[int] = []
        for n in by_size:
            if len(set().union(*(self.asked.open_of(row).tolist() for row in (*few, n)))) <= SMALL:
                few.append(n)
        return self.total() - (max(lost, self._lost_jointly(few, known, depth)) if few else lost)

    def _lost(self, first: Iterable[int], known: dict[int, float], depth: Depth) -> float:
        """What these limits over several envelopes lose as far as they share no request, and then the envelopes: what turning
        one of their requests costs was counted there, so here it is turned for nothing."""
        free, lost = numpy.zeros(len(self.worth), dtype=bool), 0.0
        for n in first:
            members = self.asked.open_of(n)
            if not free[members].any() and not self.asked.is_late():
                free[members] = True
                lost += self.ways(n, depth=depth)[0].least
        for n in range(self.asked.envelopes):
            if n in known:
                lost += known[n]
            elif self.prices[n] > 0 and free[self.asked.open_of(n)].sum() <= FREE and not self.asked.is_late():
                lost += self.ways(n, free=free, depth=depth)[0].least
        return lost

    def _lost_jointly(self, few: Sequence[int], known: dict[int, float], depth: Depth) -> float:
        """What is lost where these limits, of a few requests each, and the envelopes of those are kept together: each envelope
        loses its own with every choice of the few, and of these choices those are joined that keep the limits."""
        members = numpy.unique(numpy.concatenate([self.asked.open_of(row) for row in few]))
        together, lost = Ways.to_turn_nothing(len(few)), 0.0
        for n in range(self.asked.envelopes):
            own = members[numpy.isin(members, self.asked.bounds[n].members)]
            if self.asked.is_late() or len(own) > CHOICES:
                own = own[:0]  # then its few requests are turned as any other, and no limit of them is kept
                together = together.those(numpy.zeros(0, dtype=numpy.int64), known=0.0)
            if not len(own):
                lost += known.get(n, 0.0) or (self.ways(n, depth=depth)[0].least if self.prices[n] > 0 else 0.0)
                continue
            choices = [list(some) for size in range(len(own) + 1) for some in combinations(own.tolist(), size)]
            uses = dict(zip(own.tolist(), self._uses(own, few), strict=True))
            none = numpy.zeros(len(few), dtype=numpy.int64)
            loss = [
                self._with(own, turned).ways(n, depth=depth)[0].least + self.doubt[turned].sum() for turned in choices
            ]
            used = [sum((uses[one] for one in turned), none) for turned in choices]
            marks = numpy.zeros((len(choices), WORDS), dtype=numpy.uint64)
            together = together.joined(Ways(numpy.array(loss), numpy.array(used), marks))
        for row in few:
            together = together.within(self.room[row], self.prices[row])
        return lost + together.least

    def _with(self, held: numpy.ndarray, turned: list[int]) -> "Priced":
        """The same where these requests are no longer in doubt, some of them turned."""
        other = copy(self)
        other.settled, other.doubt = self.settled.copy(), self.doubt.copy()
        other.settled[turned] = ~other.settled[turned]
        other.doubt[held] = numpy.inf
        other.room = other.rooms()
        return other


class Lists:
    """The lists that take one of the written ways of each envelope."""

    def __init__(self, priced: Priced, *, depth: Depth = WHOLE):
        self.priced, self.ways, self.marks = priced, [], []
        for n in range(priced.asked.envelopes):
            if priced.asked.is_late():
                break
            ways, marks = priced.ways(n, over=priced.over, depth=depth)
            self.ways.append(ways)
            self.marks.append(marks)
        self.offered = [ways.first(OFFERED) for ways in self.ways]

    @property
    def are_whole(self) -> bool:
        """Whether every envelope has a way."""
        return len(self.ways) == self.priced.asked.envelopes and all(len(ways.loss) for ways in self.ways)

    def lost(self) -> dict[int, float]:
        """What envelopes lose, of those whose least way is surely written down."""
        return {n: ways.least for n, ways in enumerate(self.ways) if ways.least < ways.known}

    def repriced(self) -> "Lists":
        """The same at other prices for the limits over several envelopes, those at which shares of these ways lose least; itself
        where those prove no more."""
        if not self.priced.over or not self.are_whole:
            return self
        solved, scale = self._solved(whole=False, enough=-numpy.inf)
        if not solver.has_found(solved):
            return self
        prices, duals = list(self.priced.prices), solved.getSolution().row_dual[len(self.offered) :]
        for row, dual in zip(self.priced.over, duals, strict=True):
            prices[row] = max(0.0, prices[row] + dual / scale)
        other = Lists(Priced(self.priced.asked, prices, near=self.priced.settled))
        return other if other.are_whole and other._most() < self._most() else self

    def _most(self) -> float:
        return self.priced.total() - sum(ways.least for ways in self.ways)

    def best(self, *, enough: float) -> numpy.ndarray | None:
        """The list that loses least; the search ends with one that scores ``enough``.  None where none keeps every limit, or none
        was found in time."""
        if not self.are_whole:
            return None
        if not self.priced.over:
            chosen = [int(ways.loss.argmin()) for ways in self.offered]
        else:
            solved, _scale = self._solved(whole=True, enough=self.priced.total() - enough)
            if not solver.has_found(solved):
                return None
            shares = numpy.array(solved.getSolution().col_value)
            ends = numpy.cumsum([len(ways.loss) for ways in self.offered])
            starts = [0, *ends[:-1]]
            chosen = [int(shares[start:end].argmax()) for start, end in zip(starts, ends, strict=True)]
        taken = self.priced.settled.copy()
        for ways, marks, way in zip(self.offered, self.marks, chosen, strict=True):
            turned = marks[ways.marked(way)]
            taken[turned] = ~taken[turned]
        return taken

    def _solved(self, *, whole: bool, enough: float):
        """One way of each envelope, with what the limits over several leave; amounts in shares of the largest one."""
        priced = self.priced
        scale = float(priced.asked.amounts.max())
        left = max(priced.asked.end - perf_counter(), 0.1)
        model = solver.model(time_limit=left, mip_rel_gap=0.0, mip_abs_gap=1e-6)
        losses = numpy.concatenate([ways.loss for ways in self.offered])
        count = len(losses)
        solver.add_columns(model, -losses, numpy.zeros(count), numpy.ones(count), whole=whole)
        start = 0
        for ways in self.offered:
            own = numpy.arange(start, start + len(ways.loss), dtype=numpy.int32)
            model.addRow(1.0, 1.0, len(own), own, numpy.ones(len(own)))
            start += len(own)
        used = numpy.concatenate([ways.used for ways in self.offered]) / scale
        for at, row in enumerate(priced.over):
            model.addVar(0.0, numpy.inf)
            model.changeColCost(model.getNumCol() - 1, -priced.prices[row] * scale)
            some = numpy.flatnonzero(used[:, at])
            room = priced.room[row] / scale
            columns = numpy.append(some, model.getNumCol() - 1).astype(numpy.int32)
            model.addRow(room, room, len(columns), columns, numpy.append(used[some, at], 1.0))
        if whole and numpy.isfinite(enough):
            model.setOptionValue("objective_target", -enough)
        model.run()
        return model, scale
