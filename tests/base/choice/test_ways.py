"""The ways that are written down are all ways that lose little: held against every way there is."""

import random
from itertools import combinations

import numpy
import pytest

from khuyencong.base.choice.ways import Ways


def some_requests(rnd: random.Random, count: int, limits: int) -> list[tuple[int, float, numpy.ndarray]]:
    doubts = sorted(rnd.choice([rnd.random() * 10, float(rnd.randrange(4))]) for _ in range(count))
    return [
        (mark, doubt, numpy.array([rnd.randint(-50, 50) for _ in range(limits)])) for mark, doubt in enumerate(doubts)
    ]


def every(requests) -> dict[frozenset[int], tuple[float, list[int]]]:
    """What each set of turned requests loses and uses."""
    limits = len(requests[0][2])
    return {
        frozenset(mark for mark, _doubt, _use in some): (
            sum(doubt for _mark, doubt, _use in some),
            [int(sum(use[at] for _mark, _doubt, use in some)) for at in range(limits)],
        )
        for size in range(len(requests) + 1)
        for some in combinations(requests, size)
    }


def written(ways: Ways) -> dict[frozenset[int], tuple[float, list[int]]]:
    return {
        frozenset(ways.marked(way)): (float(ways.loss[way]), ways.used[way].tolist()) for way in range(len(ways.loss))
    }


@pytest.mark.parametrize("seed", range(20))
def test_no_way_that_loses_less_than_is_known_is_missing(seed):
    rnd = random.Random(seed)
    requests = some_requests(rnd, 9, 2)

    ways = Ways.to_turn_nothing(2).turning(requests, price=None, many=rnd.choice([20, 100, 1000]))

    all_, here = every(requests), written(ways)
    assert all(here[turned] == (pytest.approx(all_[turned][0]), all_[turned][1]) for turned in here)
    assert {turned for turned, (loss, _used) in all_.items() if loss < ways.known - 1e-9} <= here.keys()


@pytest.mark.parametrize("seed", range(20))
def test_the_least_loss_under_one_limit_is_that_of_the_best_way_of_all(seed):
    rnd = random.Random(100 + seed)
    requests, price, room = some_requests(rnd, 10, 1), rnd.random() / 5, rnd.randint(0, 60)

    ways = Ways.to_turn_nothing(1).turning(requests, price=price).within(room, price)

    least = min(loss + price * (room - used) for loss, (used,) in every(requests).values() if used <= room)
    assert ways.least == pytest.approx(least)


@pytest.mark.parametrize("seed", range(10))
def test_ways_of_two_parts_joined_are_the_ways_of_both(seed):
    rnd = random.Random(200 + seed)
    requests = some_requests(rnd, 8, 1)
    one, other = (
        Ways.to_turn_nothing(1).turning(part, price=None, many=rnd.choice([5, 100]))
        for part in (requests[::2], requests[1::2])
    )

    joined = one.joined(other)

    assert {turned for turned, (loss, _used) in every(requests).items() if loss < joined.known - 1e-9} <= written(
        joined
    ).keys()


def test_what_a_limit_leaves_loses_its_price_and_one_dong_beyond_is_no_way():
    requests = [(0, 1.0, numpy.array([30])), (1, 2.0, numpy.array([31]))]

    ways = Ways.to_turn_nothing(1).turning(requests, price=None).within(30, 0.5)

    assert written(ways) == {frozenset(): (15.0, []), frozenset({0}): (1.0, [])}


def test_of_ways_alike_the_first_stand_and_what_is_known_ends_with_the_rest():
    ways = Ways(numpy.zeros(5), numpy.zeros((5, 1), dtype=numpy.int64), numpy.zeros((5, 2), dtype=numpy.uint64))

    assert (len(ways.first(3).loss), ways.first(3).known, ways.first(5).known) == (3, 0.0, numpy.inf)
