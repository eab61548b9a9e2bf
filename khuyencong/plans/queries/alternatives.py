"""Alternatives to the list of a decision, side by side: what each brings, what it gives up, what a change of the terms or of
the money moves.

Each is a proposal.  A person takes one over into the draft, and the council decides.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from khuyencong.base import choice
from khuyencong.base.money import dong, million
from khuyencong.base.sentences import counted
from khuyencong.plans.enums import OF_GROUP, TermKind
from khuyencong.plans.models import Term
from khuyencong.plans.queries.candidates import Candidate

SECONDS, GAP = 3.0, 1e-4


@dataclass(frozen=True, slots=True)
class Alternative:
    """One list.  ``gains`` and ``loses`` are projects against the list in force; ``why_not`` says why there is no list,
    ``broken`` which terms a list does not keep that nobody has made keep them (the order of the law, a list by hand)."""

    key: str
    label: str
    chosen: tuple[Candidate, ...] = ()
    gains: tuple[Candidate, ...] = ()
    loses: tuple[Candidate, ...] = ()
    gap: float = 0.0
    seconds: float = 0.0
    why_not: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def amount(self) -> int:
        return sum(candidate.amount for candidate in self.chosen)

    @property
    def workers(self) -> int:
        return sum(candidate.workers for candidate in self.chosen)

    @property
    def workers_a_billion(self) -> float:
        return self.workers * 1_000_000_000 / self.amount if self.amount else 0.0

    @property
    def score(self) -> float:
        return round(sum(candidate.score or 0 for candidate in self.chosen), 1)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(candidate.project.code for candidate in self.chosen)

    @property
    def is_searched(self) -> bool:
        """Whether a search for the best has made it, within a limit of time."""
        return self.key in ("score", "workers")


@dataclass(frozen=True, slots=True)
class Shift:
    """What comes into an alternative and goes out of it when the terms or the money change; ``ends`` where no list of its
    kind can be made any more."""

    label: str
    ends: bool
    came: tuple[Candidate, ...]
    went: tuple[Candidate, ...]


def alternatives(
    requests: Sequence[Candidate],
    *,
    money: int,
    terms: Sequence[Term] = (),
    standing: Collection[str] = (),
    seconds: float = SECONDS,
) -> list[Alternative]:
    """By rank, by best total score, by most workers for the money, and by hand; each within ``money`` đồng and the terms,
    held against the ``standing`` list of the draft (codes), or the order of the law while that is empty."""
    problem = _problem(requests, money, terms)
    by_rank = _list("rank", _("Theo thứ tự của luật"), requests, choice.in_order(problem, strict=True))
    by_rank = replace(by_rank, broken=_broken(by_rank, terms)) if by_rank.chosen else by_rank
    best = _best_score(requests, money, terms, seconds)
    reach = choice.best(_problem(requests, money, terms, lambda candidate: candidate.workers), seconds=seconds, gap=GAP)
    found = [by_rank, best, _list("workers", _("Nhiều lao động nhất trên cùng số tiền"), requests, reach)]
    if any(term.kind == TermKind.HAND for term in terms):
        found.append(_by_hand(requests, money, terms))
    base = frozenset(standing) or by_rank.codes
    return [
        replace(
            alternative,
            gains=tuple(c for c in alternative.chosen if c.project.code not in base),
            loses=tuple(c for c in requests if c.project.code in base - alternative.codes),
        )
        if alternative.chosen
        else alternative
        for alternative in found
    ]


def shifts(before: Sequence[Alternative], now: Sequence[Alternative]) -> list[Shift]:
    """What moves in each alternative that stands on both sides; those in which nothing moves are left out."""
    old = {alternative.key: alternative for alternative in before}
    found = []
    for alternative in now:
        was = old.get(alternative.key)
        if was is None or was.codes == alternative.codes:
            continue
        came = tuple(c for c in alternative.chosen if c.project.code not in was.codes)
        went = tuple(c for c in was.chosen if c.project.code not in alternative.codes)
        found.append(Shift(alternative.label, not alternative.chosen, came, went))
    return found


def _problem(
    requests: Sequence[Candidate],
    money: int,
    terms: Sequence[Term],
    worth: Callable[[Candidate], float | None] | None = None,
) -> choice.Problem:
    kept = _("dự toán còn lại")
    must = {
        term.project_id: choice.FUND if term.kind == TermKind.FUND else choice.REFUSE
        for term in terms
        if term.kind in (TermKind.FUND, TermKind.REFUSE)
    }
    return choice.Problem(
        {kept: money},
        [
            choice.Request(
                candidate.project.code,
                kept,
                candidate.amount,
                float(worth(candidate) or 0) if worth else 0.0,
                frozenset(candidate.groups),
                must.get(candidate.project.pk, ""),
            )
            for candidate in requests
        ],
        [choice.Limit(t.group, t.amount or 0, t.about) for t in terms if t.kind == TermKind.CEILING],
        [choice.Limit(t.group, t.amount or 0, t.about) for t in terms if t.kind == TermKind.FLOOR],
    )


def _best_score(requests: Sequence[Candidate], money: int, terms: Sequence[Term], seconds: float) -> Alternative:
    label = _("Tổng điểm cao nhất")
    unjudged = [candidate for candidate in requests if candidate.score is None]
    if unjudged:
        why = counted(
            "%(count)s đề án chưa có phiếu chấm điểm (%(codes)s); phương án này cần điểm của mọi đề án.", len(unjudged)
        ) % {
            "count": len(unjudged),
            "codes": ", ".join(candidate.project.code for candidate in unjudged[:3]),
        }
        return Alternative("score", label, why_not=(why,))
    problem = _problem(requests, money, terms, lambda candidate: candidate.score)
    return _list("score", label, requests, choice.best(problem, seconds=seconds, gap=GAP))


def _list(key: str, label: str, requests: Sequence[Candidate], found: choice.Choice) -> Alternative:
    if found.infeasible:
        return Alternative(key, label, why_not=found.infeasible)
    codes = set(found.chosen)
    chosen = tuple(candidate for candidate in requests if candidate.project.code in codes)
    return Alternative(key, label, chosen, gap=found.gap, seconds=found.seconds)


def _by_hand(requests: Sequence[Candidate], money: int, terms: Sequence[Term]) -> Alternative:
    by_hand = {term.project_id for term in terms if term.kind == TermKind.HAND}
    chosen = tuple(candidate for candidate in requests if candidate.project.pk in by_hand)
    found = Alternative("hand", _("Danh sách tự chọn"), chosen)
    if found.amount > money:
        why = _("Danh sách tự chọn cần %(needed)s đồng, vượt dự toán còn lại: %(money)s đồng.") % {
            "needed": dong(found.amount),
            "money": dong(money),
        }
        return replace(found, chosen=(), why_not=(why,))
    return replace(found, broken=_broken(found, terms))


def _broken(alternative: Alternative, terms: Sequence[Term]) -> tuple[str, ...]:
    """Which terms this list does not keep, in sentences."""
    inside = {candidate.project.pk for candidate in alternative.chosen}
    said = []
    for term in terms:
        if term.kind == TermKind.FUND and term.project_id not in inside:
            said.append(_("Thiếu đề án phải chọn: %(project)s.") % {"project": term.about})
        if term.kind not in OF_GROUP:
            continue
        reached = sum(c.amount for c in alternative.chosen if term.group in c.groups)
        limit = term.amount or 0
        if term.kind == TermKind.CEILING and reached > limit:
            sentence = _("Vượt trần của “%(about)s”: %(reached)s triệu đồng, nhiều nhất %(limit)s.")
        elif term.kind == TermKind.FLOOR and reached < limit:
            sentence = _("Không đạt sàn của “%(about)s”: %(reached)s triệu đồng, ít nhất %(limit)s.")
        else:
            continue
        said.append(sentence % {"about": term.about, "reached": million(reached), "limit": million(limit)})
    return tuple(said)
