"""What is asked of a choice under the money, and its limits in whole numbers: which sums are kept, and what cannot be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.base.money import dong

FUND, REFUSE = "fund", "refuse"
NAMED = 5  # requests named in one sentence


@dataclass(frozen=True, slots=True)
class Request:
    """One request: what it costs, what it is worth, from which envelope; ``must`` is ``fund``, ``refuse`` or empty.

    ``groups`` are the (kind, value) pairs that ceilings and floors speak of: ``("activity", "3")``.
    """

    id: str
    envelope: str
    amount: int
    score: float
    groups: frozenset[tuple[str, str]] = frozenset()
    must: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most (a ceiling) or at least (a floor) ``amount`` đồng over all envelopes for what is in ``group``; a person knows
    the group by ``name``, else by its value."""

    group: tuple[str, str]
    amount: int
    name: str = ""

    @property
    def words(self) -> str:
        return self.name or self.group[1]


@dataclass(frozen=True, slots=True)
class Problem:
    """``envelopes``: đồng of each.  A request whose envelope is not named has no money and is never chosen."""

    envelopes: dict[str, int]
    requests: Sequence[Request]
    ceilings: Sequence[Limit] = ()
    floors: Sequence[Limit] = ()


@dataclass(slots=True)
class Row:
    """Σ amounts of ``members`` between ``low`` and ``high`` đồng; ``words`` name the limit for a person."""

    members: list[int]
    low: int | None
    high: int | None
    words: str


def rows_of(problem: Problem) -> list[Row]:
    by_envelope: dict[str, list[int]] = {name: [] for name in problem.envelopes}
    by_group: dict[tuple[str, str], list[int]] = {}
    for index, request in enumerate(problem.requests):
        if request.envelope in by_envelope:
            by_envelope[request.envelope].append(index)
            for group in request.groups:
                by_group.setdefault(group, []).append(index)
    rows = [
        Row(members, None, problem.envelopes[name], _("nguồn “%(name)s”") % {"name": name})
        for name, members in by_envelope.items()
    ]
    for limit in problem.ceilings:
        words = _("trần của “%(name)s”") % {"name": limit.words}
        rows.append(Row(by_group.get(limit.group, []), None, limit.amount, words))
    for limit in problem.floors:
        words = _("sàn của “%(name)s”") % {"name": limit.words}
        rows.append(Row(by_group.get(limit.group, []), limit.amount, None, words))
    return rows


def over(problem: Problem, rows: list[Row]) -> list[str]:
    """What must be funded although its money is not there."""
    said = []
    for request in problem.requests:
        if request.must == FUND and request.envelope not in problem.envelopes:
            said.append(_("“%(id)s” bắt buộc chọn nhưng không có nguồn kinh phí.") % {"id": request.id})
    for row in rows:
        firm = [request for n in row.members if (request := problem.requests[n]).must == FUND]
        needed = sum(request.amount for request in firm)
        if row.high is not None and needed > row.high:
            said.append(
                _("Các đề án bắt buộc chọn (%(ids)s) cần %(needed)s đồng, vượt %(limit)s: %(amount)s đồng.")
                % {
                    "ids": ", ".join(request.id for request in firm[:NAMED]) + ("…" if len(firm) > NAMED else ""),
                    "needed": dong(needed),
                    "limit": row.words,
                    "amount": dong(row.high),
                }
            )
    return said


def short(problem: Problem, rows: list[Row]) -> list[str]:
    """Floors that even all open requests together do not reach."""
    said = []
    for row in rows:
        if row.low is None:
            continue
        most = sum(problem.requests[n].amount for n in row.members if problem.requests[n].must != REFUSE)
        if most < row.low:
            said.append(
                _("Không đạt %(limit)s: cần ít nhất %(amount)s đồng, mọi đề nghị còn lại chỉ có %(most)s đồng.")
                % {"limit": row.words, "amount": dong(row.low), "most": dong(most)}
            )
    return said


def overstepped(picked: Sequence[bool], amounts: Sequence[int], rows: Iterable[Row]) -> list[tuple[list[int], int]]:
    """Limits that the list breaks by whole numbers, as cuts (members, how many of them at most; below 0: at least)."""
    cuts = []
    for row in rows:
        inside = [n for n in row.members if picked[n]]
        total = sum(amounts[n] for n in inside)
        if row.high is not None and total > row.high:
            cuts.append((inside, len(inside) - 1))
        if row.low is not None and total < row.low:
            cuts.append(([n for n in row.members if not picked[n]], -1))
    return cuts
