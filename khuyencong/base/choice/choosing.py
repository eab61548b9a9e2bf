"""The steps to the best list: prices and exchanges, the ways of each envelope, and the solver for the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import gcd, inf
from time import perf_counter

import highspy
import numpy
from django.utils.translation import gettext as _

from khuyencong.base.choice import solver
from khuyencong.base.choice.blocks import ROUGH, WHOLE, Asked, Bound, Lists, Priced
from khuyencong.base.choice.exchanges import close
from khuyencong.base.choice.limits import FUND, REFUSE, Problem, Row, over, overstepped, rows_of, short
from khuyencong.base.money import dong

LONG = 300  # requests from which the way by prices pays
SMALL = 60  # requests of a limit that the relaxed problem may meet by a share of one
PROVING = 0.7  # of the time, for what a list can score at most; the rest for exchanges
LEAST = 0.1  # seconds for a step that must be tried


@dataclass(frozen=True, slots=True)
class Choice:
    """``chosen`` in the order of the requests; ``gap`` is the share by which a better list could at most exceed it.

    ``infeasible``: sentences that say why no list keeps all limits; then nothing is chosen.
    """

    chosen: tuple[str, ...] = ()
    score: float = 0.0
    amount_by_envelope: dict[str, int] = field(default_factory=dict)
    gap: float = 0.0
    seconds: float = 0.0
    infeasible: tuple[str, ...] = ()


def best(problem: Problem, *, seconds: float = 30.0, gap: float = 1e-4) -> Choice:
    """The list of the highest total score that keeps every envelope, ceiling and floor, and every ``must``.

    ``gap`` 0 asks for the proven optimum.  After ``seconds`` (from the first step on) the best list found so far is given with
    its gap, at worst the one down the list; where floors leave none, that the time did not suffice.  What cannot be met is
    told in sentences (``infeasible``), must-fund requests first, then each floor, then what is asked together.
    """
    begun = perf_counter()
    end = begun + seconds
    amounts = [request.amount for request in problem.requests]
    rows = rows_of(problem)
    if sentences := [*over(problem, rows), *short(problem, rows)]:
        return Choice(infeasible=tuple(sentences), seconds=perf_counter() - begun)
    picked, reached, bound = None, inf, _all_of_them(problem)
    if gap and len(amounts) > LONG:
        picked, bound = _by_parts(problem, rows, gap=gap, begun=begun, end=end)
        reached = _gap(problem, picked, bound)
    cuts: list[tuple[list[int], int]] = []
    while reached > gap:
        left = end - perf_counter()
        if picked is not None and left <= LEAST:
            break
        found, proven = _solve(
            problem, rows, cuts, seconds=max(left, LEAST), gap=gap, start=picked, enough=bound / (1 + gap)
        )
        if found is None:
            if picked is None and not proven:
                told = _together(problem, rows, seconds=max(end - perf_counter(), LEAST))
                return Choice(infeasible=tuple(told), seconds=perf_counter() - begun)
            break
        if broken := overstepped(found, amounts, rows):
            if perf_counter() >= end:
                break
            cuts += broken
            continue
        if (within := min(proven, _gap(problem, found, bound))) <= reached:
            picked, reached = found, within
        break
    if picked is None:
        picked = _down(problem, rows, strict=False)
        if overstepped(picked, amounts, rows):
            late = _("Hết thời gian tính mà chưa tìm được cách chọn nào giữ được mọi giới hạn; hãy cho thêm thời gian.")
            return Choice(infeasible=(late,), seconds=perf_counter() - begun)
        reached = _gap(problem, picked, bound)
    return _told(problem, picked, gap=reached, seconds=perf_counter() - begun)


def _all_of_them(problem: Problem) -> float:
    """What no list scores more than, whatever the limits."""
    lower, upper = _bounds(problem)
    scores = _scores(problem)
    return float(numpy.maximum(scores * lower, scores * upper).sum())


def _told(problem: Problem, picked: Sequence[bool], *, gap: float, seconds: float) -> Choice:
    chosen = [request for request, taken in zip(problem.requests, picked, strict=True) if taken]
    spent = dict.fromkeys(problem.envelopes, 0)
    for request in chosen:
        spent[request.envelope] += request.amount
    score = sum(request.score for request in chosen)
    return Choice(tuple(request.id for request in chosen), score, spent, gap=gap, seconds=seconds)


def _score(problem: Problem, picked: Sequence[bool] | None) -> float:
    if picked is None:
        return -inf
    return sum(request.score for request, taken in zip(problem.requests, picked, strict=True) if taken)


def _gap(problem: Problem, picked: Sequence[bool] | None, bound: float) -> float:
    """By which share of its own score a list could at most be exceeded."""
    if picked is None:
        return inf
    score = _score(problem, picked)
    return max(0.0, bound - score) / max(abs(score), 1e-9)


def in_order(problem: Problem, *, strict: bool = False) -> Choice:
    """Down the list in its order: what must be funded first, then each request whose money is still there; ``strict`` ends
    at the first that its envelope can no longer pay.  What only a ceiling keeps out is passed over.

    Floors are not looked at: an order of the law knows none; what a floor would need is for the person to see.
    """
    begun = perf_counter()
    rows = rows_of(problem)
    if sentences := over(problem, rows):
        return Choice(infeasible=tuple(sentences), seconds=perf_counter() - begun)
    return _told(problem, _down(problem, rows, strict=strict), gap=0.0, seconds=perf_counter() - begun)


def _down(problem: Problem, rows: list[Row], *, strict: bool) -> list[bool]:
    """The list of ``in_order``, where what must be funded can be."""
    of: list[list[Row]] = [[] for _request in problem.requests]
    left = {id(row): row.high for row in rows if row.high is not None}
    for row in rows:
        if row.high is not None:
            for index in row.members:
                of[index].append(row)
    taken: set[int] = set()
    firm = [n for n, request in enumerate(problem.requests) if request.must == FUND]
    rest = [n for n, request in enumerate(problem.requests) if not request.must]
    for index in (*firm, *rest):
        request = problem.requests[index]
        if request.envelope not in problem.envelopes:
            continue
        own, *ceilings = of[index]  # the row of its envelope comes first
        if request.amount > left[id(own)] and strict:
            break
        if all(request.amount <= left[id(row)] for row in (own, *ceilings)):
            taken.add(index)
            for row in of[index]:
                left[id(row)] -= request.amount
    return [index in taken for index in range(len(problem.requests))]


def _together(problem: Problem, rows: list[Row], *, seconds: float) -> list[str]:
    """Which floors fall short when all limits are asked at once: the smallest total shortfall, floor by floor."""
    floors = [row for row in rows if row.low is not None]
    picked, _gap = _solve(problem, rows, [], seconds=seconds, gap=1e-6, elastic=True)
    said = []
    for row in floors:
        if picked is None:
            break
        reached = sum(problem.requests[n].amount for n in row.members if picked[n])
        if row.low is not None and reached < row.low:
            said.append(
                _(
                    "Không thể đạt %(limit)s cùng các giới hạn khác: cần ít nhất %(amount)s đồng, cách chia gần nhất đạt %(reached)s đồng."
                )
                % {"limit": row.words, "amount": dong(row.low), "reached": dong(reached)}
            )
    return said or [_("Không có cách chọn nào giữ được mọi giới hạn cùng lúc.")]


# ---- the solver ----


def _bounds(problem: Problem) -> tuple[numpy.ndarray, numpy.ndarray]:
    """What each request may be: 1 where it must be funded, 0 where it must not or has no money."""
    lower, upper = numpy.zeros(len(problem.requests)), numpy.ones(len(problem.requests))
    for n, request in enumerate(problem.requests):
        if request.must == FUND:
            lower[n] = 1.0
        elif request.must == REFUSE or request.envelope not in problem.envelopes:
            upper[n] = 0.0
    return lower, upper


def _unit(problem: Problem) -> int:
    """The largest sum of which every amount is a multiple: the smaller the numbers, the surer the solver."""
    return reduce(gcd, (request.amount for request in problem.requests), 0) or 1


def _scores(problem: Problem) -> numpy.ndarray:
    return numpy.array([float(request.score) for request in problem.requests])


def _limits(row: Row, unit: int) -> tuple[float, float]:
    low = -inf if row.low is None else float(-(-row.low // unit))
    return low, inf if row.high is None else float(row.high // unit)


def _solve(
    problem: Problem,
    rows: list[Row],
    cuts: list[tuple[list[int], int]],
    *,
    seconds: float,
    gap: float,
    elastic: bool = False,
    start: Sequence[bool] | None = None,
    enough: float = inf,
) -> tuple[list[bool] | None, float]:
    """The whole at once: 0/1 for each request, and the gap reached.  None where no list keeps the limits (gap 0), or where
    none was found in time (infinite).

    ``elastic`` lets floors fall short and makes the shortfall, not the score, what counts.  ``start`` is a list to begin
    from, ``enough`` a score with which the search may end.
    """
    count, unit = len(problem.requests), _unit(problem)
    model = solver.model(time_limit=float(seconds), mip_rel_gap=float(gap), mip_abs_gap=0.0 if not gap else 1e-9)
    solver.add_columns(model, numpy.zeros(count) if elastic else _scores(problem), *_bounds(problem), whole=True)
    for row in rows:
        members = numpy.array(row.members, dtype=numpy.int32)
        values = numpy.array([problem.requests[n].amount // unit for n in row.members], dtype=float)
        if elastic and row.low is not None:
            model.addVar(0.0, inf)
            model.changeColCost(model.getNumCol() - 1, -1.0)
            members = numpy.append(members, numpy.int32(model.getNumCol() - 1))
            values = numpy.append(values, 1.0)
        model.addRow(*_limits(row, unit), len(members), members, values)
    for inside, most in cuts:
        members, ones = numpy.array(inside, dtype=numpy.int32), numpy.ones(len(inside))
        model.addRow(*((-inf, float(most)) if most >= 0 else (1.0, inf)), len(inside), members, ones)
    if enough < inf:
        model.setOptionValue("objective_target", enough)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = [float(taken) for taken in start]
        model.setSolution(known)
    model.run()
    info = model.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        in_time = model.getModelStatus() != highspy.HighsModelStatus.kTimeLimit
        return ([] if not count else None), 0.0 if in_time else inf
    taken = [value > 0.5 for value in list(model.getSolution().col_value)[:count]]
    return taken, max(0.0, float(info.mip_gap)) if count else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is known of all lists in which some requests are in (lower 1) or out (upper 0): the best one found, the most that any
    of them scores, and the request of a small limit of which the relaxed problem takes a share."""

    lower: numpy.ndarray
    upper: numpy.ndarray
    picked: Sequence[bool] | None
    most: float
    shared: int | None = None

    def halves(self) -> Iterable[tuple[numpy.ndarray, numpy.ndarray]]:
        """The same without this request, and with it."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[self.shared], upper[self.shared] = 1.0, 0.0
        return (self.lower, upper), (lower, self.upper)


def _by_parts(
    problem: Problem, rows: list[Row], *, gap: float, begun: float, end: float
) -> tuple[Sequence[bool] | None, float]:
    """A list near the relaxed problem, None where none was found, and the most that any list can score.

    A floor for a few requests is met by a share of one, a list by the whole of it: what that costs no price tells.  So where
    the gap stays open such a request is taken in and left out, and both parts are looked at, for half of the time at most.
    """
    most, half = _all_of_them(problem), begun + (end - begun) / 2
    first = _near(problem, rows, *_bounds(problem), most=most, gap=gap, end=end)
    if first.most == -inf:  # no list keeps the limits: the solver of the whole says so
        return None, most
    best, done, open_ = first, -inf, [first]

    def reached() -> float:
        return _gap(problem, best.picked, max(done, *(part.most for part in open_), -inf))

    while open_ and reached() > gap and perf_counter() < half:
        part = max(open_, key=lambda one: one.most)
        open_.remove(part)
        if part.shared is None:
            done = max(done, part.most)
            continue
        for lower, upper in part.halves():
            found = _near(
                problem, rows, lower, upper, most=part.most, known=_score(problem, best.picked), gap=gap, end=end
            )
            open_.append(found)
            if _score(problem, found.picked) > _score(problem, best.picked):
                best = found
    return best.picked, min(first.most, max(done, *(part.most for part in open_), -inf))


def _near(
    problem: Problem,
    rows: list[Row],
    lower: numpy.ndarray,
    upper: numpy.ndarray,
    *,
    most: float,
    gap: float,
    end: float,
    known: float = -inf,
) -> _Part:
    """What the relaxed problem says of these lists, none of which scores more than ``most``; where they promise no more than a
    list that is ``known`` within the gap, none is looked for."""
    now = perf_counter()
    asked = _asked(problem, rows, lower, upper, end=now + (end - now) * PROVING)
    solved = _relaxed(asked)
    if solved.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return _Part(lower, upper, None, -inf)
    if solved.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return _Part(lower, upper, None, most)
    found = solved.getSolution()
    # a price is never negative: a wrong sign of rounding would spoil the bound
    prices = [max(bound.sign * dual, 0.0) for bound, dual in zip(asked.bounds, found.row_dual, strict=True)]
    shares = numpy.array(found.col_value)
    priced = Priced(asked, prices, near=shares > 0.5)
    most = min(most, priced.most(depth=ROUGH))
    if most <= known * (1 + gap):
        return _Part(lower, upper, None, most)
    picked = close(priced, _rounded(asked, shares), enough=most / (1 + gap), end=end)
    if _gap(problem, picked, most) > gap:
        lists = Lists(priced, depth=ROUGH if priced.over else WHOLE).repriced()
        most = min(most, lists.priced.most(lists.lost()))
        list_ = lists.best(enough=most / (1 + gap))
        closer = None if list_ is None else close(lists.priced, list_, enough=most / (1 + gap), end=end)
        if _score(problem, closer) > _score(problem, picked):
            picked = closer
    return _Part(lower, upper, picked, most, _shared(asked.bounds, prices, shares))


def _asked(problem: Problem, rows: list[Row], lower: numpy.ndarray, upper: numpy.ndarray, *, end: float) -> Asked:
    unit = _unit(problem)
    amounts = numpy.array([request.amount // unit for request in problem.requests], dtype=numpy.int64)
    bounds = [
        Bound(numpy.array(row.members, dtype=numpy.int64), 1, row.high // unit)
        if row.high is not None
        else Bound(numpy.array(row.members, dtype=numpy.int64), -1, -(row.low or 0) // unit)
        for row in rows
    ]
    return Asked(bounds, len(problem.envelopes), amounts, _scores(problem), lower, upper, end)


def _relaxed(asked: Asked) -> highspy.Highs:
    """The problem in which shares of a request may be chosen."""
    model = solver.model(time_limit=max(asked.end - perf_counter(), LEAST))
    solver.add_columns(model, asked.scores, asked.lower, asked.upper, whole=False)
    for bound in asked.bounds:
        limits = (-inf, float(bound.limit)) if bound.sign > 0 else (-float(bound.limit), inf)
        members = bound.members.astype(numpy.int32)
        model.addRow(*limits, len(members), members, asked.amounts[members].astype(float))
    model.run()
    return model


def _rounded(asked: Asked, shares: numpy.ndarray) -> numpy.ndarray:
    """What is chosen whole; what is shared counts for a floor: what that takes too much elsewhere is exchanged there."""
    taken = shares > 1 - 1e-9
    for bound in asked.bounds:
        if bound.sign < 0:
            taken[bound.members[shares[bound.members] > 1e-9]] = True
    return taken


def _shared(bounds: Sequence[Bound], prices: Sequence[float], shares: numpy.ndarray) -> int | None:
    """The request most in doubt among those of small limits that bind."""
    small = [
        bound.members for bound, price in zip(bounds, prices, strict=True) if price > 0 and len(bound.members) <= SMALL
    ]
    members = numpy.concatenate([*small, numpy.array([], dtype=numpy.int64)]).astype(numpy.int64)
    doubt = numpy.abs(shares[members] - 0.5)
    return int(members[doubt.argmin()]) if len(members) and doubt.min() < 0.5 - 1e-6 else None
