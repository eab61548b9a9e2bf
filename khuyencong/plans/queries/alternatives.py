"""Alternatives to the list of a decision, side by side: what each brings, what it gives up against the order of the law.

Each is a proposal.  A person takes one over into the draft, and the council decides.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base import choice
from khuyencong.base.money import million
from khuyencong.establishments.models import YearlyFacts
from khuyencong.plans.models import Decision, Item
from khuyencong.plans.queries.order import candidates, ranking, verdicts_of
from khuyencong.projects.models import Beneficiary, Project

MONEY = "money"
SECONDS, GAP = 5.0, 1e-4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request: its amount in đồng, its score (mean of the sheets out of a hundred; None where nobody scored), workers it reaches."""

    project: Project
    place: int  # in the order of the law
    amount: int
    score: float | None
    workers: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person demands of every alternative: projects by code, amounts in đồng, places by name."""

    fund: frozenset[str] = frozenset()
    refuse: frozenset[str] = frozenset()
    ceilings: Mapping[int, int] = field(default_factory=dict)  # activity → at most
    floors: Mapping[str, int] = field(default_factory=dict)  # commune → at least
    hand: frozenset[str] = frozenset()  # the list made by hand


@dataclass(frozen=True, slots=True)
class Alternative:
    """One list.  ``gains`` and ``loses`` are projects against the order of the law; ``why_not`` says why there is no list."""

    key: str
    label: str
    chosen: tuple[Candidate, ...] = ()
    gains: tuple[Candidate, ...] = ()
    loses: tuple[Candidate, ...] = ()
    gap: float = 0.0
    seconds: float = 0.0
    why_not: tuple[str, ...] = ()

    @property
    def amount(self) -> int:
        return sum(candidate.amount for candidate in self.chosen)

    @property
    def workers(self) -> int:
        return sum(candidate.workers for candidate in self.chosen)

    @property
    def score(self) -> float:
        return round(sum(candidate.score or 0 for candidate in self.chosen), 1)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(candidate.project.code for candidate in self.chosen)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request is in or out of a list, against the nearest one on the other side."""

    candidate: Candidate
    inside: bool
    sentence: str


def requests_of(decision: Decision, *, items: Sequence[Item], on: date) -> list[Candidate]:
    """The lines of a draft and the candidates, in the order in which the law chooses (TT 36/2013 Đ7).  Few queries, however
    many projects."""
    listed = [*(item.project for item in items), *candidates(decision.plan)]
    verdicts = verdicts_of(decision.plan, listed)
    workers = _workers([project.pk for project in listed])
    asked = {item.project_id: item.support for item in items}
    return [
        Candidate(
            standing.project,
            place,
            asked.get(standing.project.pk) or standing.project.support,
            float(score)
            if (verdict := verdicts.get(standing.project.uid)) and (score := verdict.of_hundred) is not None
            else None,
            workers.get(standing.project.pk, 0),
        )
        for place, standing in enumerate(ranking(listed, on=on), start=1)
    ]


def _workers(projects: Collection[int]) -> dict[int, int]:
    """Workers of the beneficiaries by their last yearly facts."""
    helped: dict[int, list[int]] = {}
    for project, establishment in Beneficiary.objects.filter(project__in=projects, removed_on=None).values_list(
        "project_id", "establishment_id"
    ):
        helped.setdefault(establishment, []).append(project)
    last: dict[int, int] = {}
    for establishment, workers in (
        YearlyFacts.objects.filter(establishment__in=helped, workers__isnull=False)
        .order_by("year")
        .values_list("establishment_id", "workers")
    ):
        last[establishment] = workers or 0
    found: dict[int, int] = {}
    for establishment, workers in last.items():
        for project in helped[establishment]:
            found[project] = found.get(project, 0) + workers
    return found


def alternatives(
    requests: Sequence[Candidate], *, money: int, terms: Terms, seconds: float = SECONDS
) -> list[Alternative]:
    """By rank, by best total score, by most workers for the money, and by hand; each within ``money`` đồng and the terms."""
    by_rank = _list(
        "rank",
        _("Theo thứ tự của luật"),
        requests,
        choice.in_order(_problem(requests, money, terms, None), strict=True),
    )
    found = [by_rank]
    unjudged = [candidate for candidate in requests if candidate.score is None]
    if unjudged:
        why = _("%(count)s đề án chưa có phiếu chấm điểm (%(codes)s); phương án này cần điểm của mọi đề án.") % {
            "count": len(unjudged),
            "codes": ", ".join(candidate.project.code for candidate in unjudged[:3]),
        }
        found.append(Alternative("score", _("Tổng điểm cao nhất"), why_not=(why,)))
    else:
        best = choice.best(
            _problem(requests, money, terms, lambda candidate: candidate.score), seconds=seconds, gap=GAP
        )
        found.append(_list("score", _("Tổng điểm cao nhất"), requests, best))
    reach = choice.best(_problem(requests, money, terms, lambda candidate: candidate.workers), seconds=seconds, gap=GAP)
    found.append(_list("workers", _("Nhiều lao động nhất trên cùng số tiền"), requests, reach))
    if terms.hand:
        found.append(_by_hand(requests, money, terms))
    base = by_rank.codes
    return [
        replace(
            alternative,
            gains=tuple(c for c in alternative.chosen if c.project.code not in base),
            loses=tuple(c for c in by_rank.chosen if c.project.code not in alternative.codes),
        )
        if alternative.chosen
        else alternative
        for alternative in found
    ]


def _problem(
    requests: Sequence[Candidate], money: int, terms: Terms, worth: Callable[[Candidate], float | None] | None
) -> choice.Problem:
    return choice.Problem(
        {MONEY: money},
        [
            choice.Request(
                candidate.project.code,
                MONEY,
                candidate.amount,
                float(worth(candidate) or 0) if worth else 0.0,
                frozenset(
                    {
                        ("activity", candidate.project.get_activity_display()),
                        ("place", str(candidate.project.commune or "")),
                    }
                ),
                choice.FUND
                if candidate.project.code in terms.fund
                else choice.REFUSE
                if candidate.project.code in terms.refuse
                else "",
            )
            for candidate in requests
        ],
        [
            choice.Limit(("activity", label), amount)
            for activity, amount in terms.ceilings.items()
            if (label := _activity(requests, activity))
        ],
        [choice.Limit(("place", place), amount) for place, amount in terms.floors.items()],
    )


def _activity(requests: Sequence[Candidate], activity: int) -> str:
    return next((c.project.get_activity_display() for c in requests if c.project.activity == activity), "")


def _list(key: str, label: str, requests: Sequence[Candidate], found: choice.Choice) -> Alternative:
    if found.infeasible:
        return Alternative(key, label, why_not=found.infeasible)
    codes = set(found.chosen)
    chosen = tuple(candidate for candidate in requests if candidate.project.code in codes)
    return Alternative(key, label, chosen, gap=found.gap, seconds=found.seconds)


def _by_hand(requests: Sequence[Candidate], money: int, terms: Terms) -> Alternative:
    chosen = tuple(candidate for candidate in requests if candidate.project.code in terms.hand)
    total = sum(candidate.amount for candidate in chosen)
    label = _("Danh sách tự chọn")
    if total > money:
        why = _("Danh sách tự chọn cần %(needed)s triệu đồng, dự toán còn %(money)s triệu đồng.") % {
            "needed": million(total),
            "money": million(money),
        }
        return Alternative("hand", label, why_not=(why,))
    return Alternative("hand", label, chosen)


def explained(alternative: Alternative, requests: Sequence[Candidate], *, money: int) -> list[Reason]:
    """Each request of an alternative against the next candidate on the other side of its line, in sentences."""
    inside = alternative.codes
    left = money - alternative.amount
    outside = [candidate for candidate in requests if candidate.project.code not in inside]
    said = []
    for candidate in requests:
        if candidate.project.code in inside:
            rival = next((other for other in outside if other.amount <= left + candidate.amount), None)
            if rival is None:
                sentence = _("Không có đề án nào ở ngoài vừa số tiền để thay.")
            else:
                sentence = _("Đề án kế tiếp vừa số tiền: %(rival)s, %(compare)s.") % {
                    "rival": rival.project.code,
                    "compare": _compared(candidate, rival, alternative.key),
                }
            said.append(Reason(candidate, True, sentence))
        elif candidate.amount <= left:
            said.append(Reason(candidate, False, _("Còn tiền nhưng bị giới hạn đã đặt giữ ở ngoài.")))
        else:
            said.append(
                Reason(
                    candidate,
                    False,
                    _("Cần %(amount)s triệu đồng, sau danh sách còn %(left)s triệu đồng.")
                    % {"amount": million(candidate.amount), "left": million(left)},
                )
            )
    return said


def _compared(one: Candidate, other: Candidate, key: str) -> str:
    if key == "workers":
        return _("lao động %(one)s so với %(other)s") % {"one": one.workers, "other": other.workers}
    if key == "score" and one.score is not None and other.score is not None:
        return _("điểm %(one)s so với %(other)s") % {"one": f"{one.score:g}", "other": f"{other.score:g}"}
    return _("thứ hạng %(one)s so với %(other)s") % {"one": one.place, "other": other.place}
