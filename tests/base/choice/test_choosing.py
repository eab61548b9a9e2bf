"""The best choice under the money is the best: held against every other choice where they can all be tried."""

import contextlib
import os
import random
import threading
import time

import numpy
import pytest

from khuyencong.base.choice import (
    FUND,
    REFUSE,
    Choice,
    Limit,
    Problem,
    Request,
    best,
    blocks,
    choosing,
    exchanges,
    in_order,
    solver,
)

MILLION = 1_000_000


def ask(id, amount, score, envelope="A", must="", **groups):
    return Request(id, envelope, amount, score, frozenset((key, str(value)) for key, value in groups.items()), must)


def keeps_all(problem: Problem, found: Choice) -> bool:
    """Whether the list keeps every envelope, ceiling and floor, to the đồng."""
    ids = set(found.chosen)

    def inside(limit: Limit) -> int:
        return sum(r.amount for r in problem.requests if r.id in ids and limit.group in r.groups)

    return (
        all(found.amount_by_envelope[name] <= amount for name, amount in problem.envelopes.items())
        and all(inside(limit) <= limit.amount for limit in problem.ceilings)
        and all(inside(limit) >= limit.amount for limit in problem.floors)
    )


def every(problem: Problem) -> float | None:
    """The highest score of all lists that keep every limit, found by trying them all; None where none does."""
    count, asked = len(problem.requests), problem.requests
    lists = (numpy.arange(1 << count)[:, None] >> numpy.arange(count)) & 1

    def sums(counted) -> numpy.ndarray:
        return lists @ numpy.array([request.amount if counted(request) else 0 for request in asked], dtype=numpy.int64)

    kept = numpy.ones(1 << count, dtype=bool)
    for n, request in enumerate(asked):
        if request.must == FUND:
            kept &= lists[:, n] == 1
        elif request.must == REFUSE:
            kept &= lists[:, n] == 0
    for name, amount in problem.envelopes.items():
        kept &= sums(lambda request, name=name: request.envelope == name) <= amount
    for limit in problem.ceilings:
        kept &= sums(lambda request, limit=limit: limit.group in request.groups) <= limit.amount
    for limit in problem.floors:
        kept &= sums(lambda request, limit=limit: limit.group in request.groups) >= limit.amount
    scores = lists @ numpy.array([float(request.score) for request in asked])
    return float(scores[kept].max()) if kept.any() else None


def some_problem(rnd: random.Random, most: int) -> Problem:
    unit = rnd.choice([1, 1000, MILLION])
    requests = [
        Request(
            str(n),
            str(rnd.randrange(3)),
            rnd.randint(1, 500) * unit + rnd.choice([0, 0, 1]),
            rnd.choice([rnd.randint(0, 100), rnd.random() * 100]),
            frozenset({("activity", str(rnd.randrange(3))), ("place", str(rnd.randrange(3)))}),
            rnd.choices(["", FUND, REFUSE], [10, 1, 1])[0],
        )
        for n in range(rnd.randint(1, most))
    ]
    total = sum(request.amount for request in requests)
    return Problem(
        {str(n): int(total * rnd.random() * 0.6) for n in range(3)},
        requests,
        [Limit(("activity", "0"), int(total * rnd.random() * 0.4))] if rnd.random() < 0.7 else [],
        [Limit(("place", "1"), int(total * rnd.random() * 0.2))] if rnd.random() < 0.5 else [],
    )


@pytest.mark.parametrize("seed", range(30))
def test_the_list_scores_what_the_best_of_all_lists_scores(seed):
    rnd = random.Random(seed)
    for _case in range(10):
        problem = some_problem(rnd, 16)
        found, top = best(problem, gap=0), every(problem)

        if top is None:
            assert found.infeasible and not found.chosen
        else:
            assert not found.infeasible and found.score == pytest.approx(top, abs=1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_the_way_of_a_long_list_is_as_good_as_it_says_held_against_all_lists(seed, monkeypatch):
    monkeypatch.setattr(choosing, "LONG", 0)
    rnd = random.Random(1000 + seed)
    for _case in range(10):
        problem = some_problem(rnd, 16)
        found, top = best(problem, gap=0.05), every(problem)

        if top is None:
            assert found.infeasible and not found.chosen
        else:
            assert found.gap <= 0.05 and found.score <= top + 1e-6 <= found.score * (1 + found.gap) + 2e-6


def test_an_envelope_is_used_to_its_last_dong_and_not_one_beyond():
    requests = [ask("a", 200 * MILLION, 5), ask("b", 300 * MILLION + 1, 5)]

    assert best(Problem({"A": 500 * MILLION + 1}, requests)).chosen == ("a", "b")
    assert len(best(Problem({"A": 500 * MILLION}, requests)).chosen) == 1


def test_a_dong_is_not_lost_beside_billions():
    requests = [ask("large", 999_999_999_999, 10), ask("small", 2, 1)]

    assert best(Problem({"A": 1_000_000_000_000}, requests), gap=0).chosen == ("large",)
    assert best(Problem({"A": 1_000_000_000_001}, requests), gap=0).chosen == ("large", "small")


def test_must_fund_is_chosen_and_must_not_is_left():
    requests = [ask("poor", 400, 1, must=FUND), ask("rich", 400, 90), ask("never", 10, 99, must=REFUSE)]

    found = best(Problem({"A": 500}, requests))

    assert (found.chosen, found.score, found.amount_by_envelope) == (("poor",), 1, {"A": 400})


def test_must_fund_beyond_the_money_gives_no_list_and_says_how_much():
    requests = [ask("a", 300, 1, must=FUND), ask("b", 201, 1, must=FUND)]

    found = best(Problem({"A": 500}, requests))

    assert found.chosen == ()
    assert found.infeasible == ("Các đề án bắt buộc chọn (a, b) cần 501 đồng, vượt nguồn “A”: 500 đồng.",)


def test_a_floor_beyond_all_requests_of_the_place_is_said():
    found = best(Problem({"A": 900}, [ask("a", 100, 1, place="X")], floors=[Limit(("place", "X"), 101)]))

    assert found.infeasible == ("Không đạt sàn của “X”: cần ít nhất 101 đồng, mọi đề nghị còn lại chỉ có 100 đồng.",)


def test_floors_that_only_together_are_too_much_are_told_apart():
    requests = [ask("x", 300, 1, place="X"), ask("y", 300, 1, place="Y")]
    floors = [Limit(("place", "X"), 300), Limit(("place", "Y"), 200)]

    found = best(Problem({"A": 500}, requests, floors=floors))

    assert found.chosen == ()
    assert len(found.infeasible) == 1 and "cùng các giới hạn khác" in found.infeasible[0]


def test_a_ceiling_counts_over_all_envelopes():
    requests = [ask("a", 100, 5, "A", activity=3), ask("b", 100, 4, "B", activity=3), ask("c", 100, 1, "B", activity=4)]

    found = best(Problem({"A": 100, "B": 200}, requests, ceilings=[Limit(("activity", "3"), 199)]))

    assert found.chosen == ("a", "c")


def test_nothing_asked_is_nothing_chosen():
    assert best(Problem({"A": 100}, [])) == Choice((), 0, {"A": 0}, 0.0, pytest.approx(0, abs=5))


def test_a_long_list_keeps_every_limit_and_shows_its_gap():
    rnd = random.Random(1)
    requests = [
        ask(str(n), rnd.randint(50, 3000) * 100_000, rnd.randint(1, 1000) / 10, str(n % 5), activity=rnd.randrange(4))
        for n in range(400)
    ]
    total = sum(request.amount for request in requests)
    problem = Problem({str(n): total // 25 for n in range(5)}, requests, [Limit(("activity", "1"), total // 30)])

    found = best(problem, gap=1e-3, seconds=20)

    chosen = [request for request in requests if request.id in found.chosen]
    assert 0 <= found.gap <= 1e-3
    assert all(amount <= total // 25 for amount in found.amount_by_envelope.values())
    assert sum(request.amount for request in chosen if ("activity", "1") in request.groups) <= total // 30
    assert found.score >= in_order(problem).score


@pytest.mark.parametrize("unit", [1, MILLION])
def test_a_long_list_under_ceilings_that_bind_is_found_without_searching_the_whole(monkeypatch, unit):
    rnd = random.Random(36)
    requests = [
        ask(
            str(n), rnd.randrange(30 * MILLION, 300 * MILLION) // unit * unit, rnd.randrange(300, 1000) / 10,
            str(n % 12), activity=rnd.randrange(4), place=n % 12,
        )
        for n in range(3_000)
    ]  # fmt: skip
    total = sum(request.amount for request in requests)
    ceilings = [Limit(("activity", str(n)), total // 13) for n in range(4)]
    floors = [Limit(("place", str(n)), total // 50) for n in range(12)]
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: pytest.fail("the whole was searched"))

    found = best(Problem({str(n): total // 36 for n in range(12)}, requests, ceilings, floors), gap=1e-4)

    chosen = [request for request in requests if request.id in set(found.chosen)]
    inside = {limit: sum(r.amount for r in chosen if limit.group in r.groups) for limit in (*ceilings, *floors)}
    assert 0 <= found.gap <= 1e-4
    assert all(amount <= total // 36 for amount in found.amount_by_envelope.values())
    assert all(inside[limit] <= limit.amount for limit in ceilings)
    assert all(inside[limit] >= limit.amount for limit in floors)


@pytest.mark.parametrize("seed", [2, 4])
def test_a_long_list_with_a_floor_for_a_few_requests_is_found_without_searching_the_whole(monkeypatch, seed):
    """Five thousand requests, 34 envelopes, and one place with seven of them: what its floor costs is proved part by part."""
    rnd = random.Random(seed)
    requests = [
        ask(str(n), rnd.randrange(50, 400) * MILLION, rnd.randrange(30, 100), str(n % 34), place=n % 700)
        for n in range(5_000)
    ]
    floor = Limit(("place", "5"), 100 * MILLION)
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: pytest.fail("the whole was searched"))

    found = best(Problem({str(n): 3_000 * MILLION for n in range(34)}, requests, floors=[floor]), gap=1e-4)

    chosen = [request for request in requests if request.id in set(found.chosen)]
    assert 0 <= found.gap <= 1e-4
    assert all(amount <= 3_000 * MILLION for amount in found.amount_by_envelope.values())
    assert sum(request.amount for request in chosen if floor.group in request.groups) >= floor.amount


def test_under_ceilings_over_the_envelopes_and_floors_inside_them_the_list_is_put_together_from_their_ways(monkeypatch):
    """Each of 34 envelopes loses a little to whole requests, three ceilings bind over all of them, and ten communes are to have
    some of the money: without the arithmetic of each envelope the gap stays at seven in ten thousand."""
    rnd = random.Random(1)
    requests = [
        ask(
            str(n), rnd.randrange(30 * MILLION, 500 * MILLION), round(rnd.uniform(0, 100), 2), str(n % 34),
            activity=rnd.randrange(9), place=f"{n % 34}-{n % 680 // 34}",
        )
        for n in range(5_000)
    ]  # fmt: skip
    asked = sum(request.amount for request in requests)
    by_place = {f"{n}-0": sum(r.amount for r in requests if ("place", f"{n}-0") in r.groups) for n in range(10)}
    ceilings = [Limit(("activity", str(n)), asked // 80) for n in range(3)]
    floors = [Limit(("place", place), amount // 2) for place, amount in by_place.items()]
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: pytest.fail("the whole was searched"))

    problem = Problem({str(n): asked // 34 * 15 // 100 for n in range(34)}, requests, ceilings, floors)
    found = best(problem, gap=1e-4, seconds=120)

    assert 0 <= found.gap <= 1e-4
    assert keeps_all(problem, found)


def test_floors_for_a_few_requests_of_several_envelopes_are_reckoned_with_those_envelopes(monkeypatch):
    """Whole scores, two ceilings, two communes whose seven requests stand under as many envelopes, some that must be funded or not:
    the envelopes and the floors each for themselves would leave two in ten thousand open."""
    rnd = random.Random(1)
    requests = [
        ask(
            str(n), rnd.randrange(30, 500) * MILLION, rnd.randint(1, 100), str(n % 34), rnd.choices(["", FUND, REFUSE], [250, 1, 1])[0],
            activity=rnd.randrange(9), place=n % 701,
        )
        for n in range(5_000)
    ]  # fmt: skip
    asked = sum(request.amount for request in requests)
    of_place = [sum(r.amount for r in requests if ("place", str(place)) in r.groups) for place in (5, 6)]
    floors = [Limit(("place", str(place)), amount // 2) for place, amount in zip((5, 6), of_place, strict=True)]
    ceilings = [Limit(("activity", str(n)), asked // 85) for n in range(2)]
    monkeypatch.setattr(choosing, "_shared", lambda *_args: None)  # no part is looked at by itself
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: pytest.fail("the whole was searched"))

    problem = Problem({str(n): asked // 34 * 15 // 100 for n in range(34)}, requests, ceilings, floors)
    found = best(problem, gap=1e-4, seconds=120)

    assert 0 <= found.gap <= 1e-4
    assert keeps_all(problem, found)


# ---- the time that is given ----


def test_every_solver_ends_with_the_time_that_is_given(monkeypatch):
    model, given = solver.model, []

    def watched(**options):
        given.append(options.get("time_limit", float("inf")))
        return model(**options)

    monkeypatch.setattr(solver, "model", watched)
    requests = [ask(str(n), 100 + n, 1 + n % 7, place=n % 2) for n in range(choosing.LONG + 1)]
    both = [Limit(("place", "0"), 15_000), Limit(("place", "1"), 15_000)]

    best(Problem({"A": 20_000}, requests), seconds=2, gap=1e-9)
    assert best(Problem({"A": 20_000}, requests, floors=both), seconds=2).infeasible

    assert len(given) >= 4
    assert max(given) <= 2


def test_no_exchange_is_looked_for_when_the_time_is_over(monkeypatch):
    for module in (blocks, exchanges):
        monkeypatch.setattr(module, "perf_counter", lambda: float("inf"))
    monkeypatch.setattr(exchanges._List, "best", lambda *_args, **_options: pytest.fail("an exchange was looked for"))
    monkeypatch.setattr(blocks.Priced, "ways", lambda *_args, **_options: pytest.fail("ways were written down"))
    requests = [ask(str(n), 100 + n, 1 + n % 7) for n in range(choosing.LONG + 1)]

    found = best(Problem({"A": 20_000}, requests), seconds=5)

    assert found.chosen and found.amount_by_envelope["A"] <= 20_000


def test_where_nothing_was_found_in_time_the_list_in_its_order_stands_with_its_gap(monkeypatch):
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: (None, float("inf")))
    requests = [ask("a", 300, 1), ask("b", 300, 8), ask("c", 200, 3)]

    found = best(Problem({"A": 500}, requests))

    assert (found.chosen, found.score, found.gap) == (("a", "c"), 4, 2.0)  # at most 12 could be scored
    assert not found.infeasible


def test_no_limit_is_called_impossible_because_the_time_did_not_suffice(monkeypatch):
    monkeypatch.setattr(choosing, "_solve", lambda *_args, **_options: (None, float("inf")))
    requests = [ask("a", 300, 1), ask("b", 300, 8, place="X")]

    found = best(Problem({"A": 500}, requests, floors=[Limit(("place", "X"), 300)]))

    assert found.chosen == ()
    assert len(found.infeasible) == 1 and found.infeasible[0].startswith("Hết thời gian tính")


def test_down_the_list_takes_what_still_fits_and_passes_over_what_does_not():
    requests = [ask("1", 300, 1), ask("2", 300, 9), ask("3", 200, 5), ask("4", 1, 1, must=REFUSE)]

    found = in_order(Problem({"A": 500}, requests))

    assert (found.chosen, found.amount_by_envelope) == (("1", "3"), {"A": 500})


def test_a_list_that_ends_where_the_money_does_passes_over_what_only_a_ceiling_keeps_out():
    requests = [
        ask("1", 300, 1, activity=3),
        ask("2", 100, 9, activity=3),
        ask("3", 150, 5),
        ask("4", 60, 5),
        ask("5", 1, 1),
    ]

    found = in_order(Problem({"A": 500}, requests, [Limit(("activity", "3"), 399)]), strict=True)

    assert found.chosen == (
        "1",
        "3",
    )  # 2 is one đồng beyond its ceiling; with 4 the money ends, and nothing comes after


def test_a_limit_is_told_by_its_name():
    found = best(Problem({"A": 900}, [ask("a", 100, 1, unit=7)], floors=[Limit(("unit", "7"), 101, "Xã Ea Kiết")]))

    assert found.infeasible[0].startswith("Không đạt sàn của “Xã Ea Kiết”: cần ít nhất 101 đồng")


def test_down_the_list_funds_first_what_must_be_funded():
    requests = [ask("1", 300, 1), ask("2", 300, 9, must=FUND)]

    assert in_order(Problem({"A": 500}, requests)).chosen == ("2",)


def test_two_who_solve_first_at_once_leave_the_output_where_it_was(monkeypatch):
    highs, turned, waits = solver.highspy.Highs, threading.Barrier(2), iter((0.0, 0.2))

    def slow():
        wait = next(waits, 0)
        with contextlib.suppress(threading.BrokenBarrierError):
            turned.wait(timeout=0.2)  # both have turned it away, where nothing keeps them apart
        time.sleep(wait)
        return highs()

    monkeypatch.setattr(solver.highspy, "Highs", slow)
    solver._greeted.cache_clear()
    before = os.fstat(1)

    both = [threading.Thread(target=solver.greeted_once) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert os.path.samestat(os.fstat(1), before)
