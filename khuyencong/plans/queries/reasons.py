"""Why a request is in or out of an alternative, against the nearest one on the other side of its line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.base.money import million
from khuyencong.plans.enums import TermKind
from khuyencong.plans.models import Term
from khuyencong.plans.queries.alternatives import Alternative
from khuyencong.plans.queries.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Reason:
    """``sum``: the running total down to here, in đồng."""

    candidate: Candidate
    inside: bool
    sum: int
    sentence: str


@dataclass(frozen=True, slots=True)
class _Weighed:
    """An alternative with what it leaves: money, and room under each ceiling and above each floor."""

    alternative: Alternative
    left: int
    terms: Sequence[Term]
    room: dict[tuple, int]

    def fits(self, coming: Candidate, leaving: Candidate | None = None) -> bool:
        """Whether one could come in (for another) with every limit kept."""
        return coming.amount - (leaving.amount if leaving else 0) <= self.left and self.held(coming, leaving) is None

    def held(self, coming: Candidate, leaving: Candidate | None = None) -> Term | None:
        """The ceiling or floor that the exchange would break."""
        for term in self.terms:
            more = coming.amount if term.group in coming.groups else 0
            less = leaving.amount if leaving and term.group in leaving.groups else 0
            if term.kind == TermKind.CEILING and more - less > self.room[term.key] and more:
                return term
            if term.kind == TermKind.FLOOR and less - more > self.room[term.key] and less:
                return term
        return None

    def must(self, candidate: Candidate, *kinds: str) -> Term | None:
        return next((t for t in self.terms if t.kind in kinds and t.project_id == candidate.project.pk), None)


def explained(
    alternative: Alternative, requests: Sequence[Candidate], *, money: int, terms: Sequence[Term] = ()
) -> list[Reason]:
    """Each request of an alternative in a sentence: those inside in their order, then those outside."""
    inside = [c for c in requests if c.project.code in alternative.codes]
    outside = [c for c in requests if c.project.code not in alternative.codes]
    room = {}
    for term in terms:
        if term.amount is not None:
            reached = sum(c.amount for c in inside if term.group in c.groups)
            room[term.key] = term.amount - reached if term.kind == TermKind.CEILING else reached - term.amount
    weighed = _Weighed(alternative, money - alternative.amount, terms, room)
    said, total = [], 0
    for candidate in inside:
        total += candidate.amount
        said.append(Reason(candidate, True, total, _inside(candidate, _by_worth(outside, alternative.key), weighed)))
    for candidate in outside:
        total += candidate.amount
        weakest = reversed(_by_worth(inside, alternative.key))
        said.append(Reason(candidate, False, total, _outside(candidate, weakest, weighed)))
    return said


def _by_worth(candidates: Iterable[Candidate], key: str) -> list[Candidate]:
    """Those first that the alternative values most."""
    if key == "workers":
        return sorted(candidates, key=lambda c: -c.workers)
    return sorted(candidates, key=lambda c: -(c.score or 0)) if key == "score" else list(candidates)


def _inside(candidate: Candidate, outside: Sequence[Candidate], weighed: _Weighed) -> str:
    if term := weighed.must(candidate, TermKind.FUND):
        return _("Phải chọn: %(reason)s.") % {"reason": term.reason.rstrip(".")}
    for rival in outside:
        if weighed.must(rival, TermKind.REFUSE) is None and weighed.fits(rival, candidate):
            return _("Đề án kế tiếp vừa số tiền: %(rival)s, %(compare)s.") % {
                "rival": rival.project.code,
                "compare": _compared(candidate, rival, weighed.alternative.key),
            }
    return _("Không có đề án nào ở ngoài vừa số tiền và giới hạn để thay.")


def _outside(candidate: Candidate, weakest: Iterable[Candidate], weighed: _Weighed) -> str:
    if term := weighed.must(candidate, TermKind.REFUSE):
        return _("Không chọn: %(reason)s.") % {"reason": term.reason.rstrip(".")}
    if candidate.amount > weighed.left:
        why = _("Cần %(amount)s triệu đồng, sau danh sách còn %(left)s triệu đồng.") % {
            "amount": million(candidate.amount),
            "left": million(weighed.left),
        }
    elif term := weighed.held(candidate):
        why = _("Trần của “%(about)s” còn %(left)s triệu đồng, cần %(amount)s triệu đồng.") % {
            "about": term.about,
            "left": million(weighed.room[term.key]),
            "amount": million(candidate.amount),
        }
    elif weighed.alternative.key == "rank":
        return _("Đứng sau vạch kinh phí: một đề án ở hạng trước không còn đủ tiền.")
    elif weighed.alternative.key == "hand":
        return _("Không nằm trong danh sách tự chọn.")
    else:
        return _("Thêm đề án này không làm phương án tốt hơn.")
    for other in weakest:
        if weighed.must(other, TermKind.FUND) is None and weighed.fits(candidate, other):
            exchange = _("Nếu thay %(other)s: %(compare)s.") % {
                "other": other.project.code,
                "compare": _compared(candidate, other, weighed.alternative.key),
            }
            return f"{why} {exchange}"
    return why


def _compared(one: Candidate, other: Candidate, key: str) -> str:
    if key == "workers":
        return _("lao động %(one)s so với %(other)s") % {"one": one.workers, "other": other.workers}
    if key == "score" and one.score is not None and other.score is not None:
        return _("điểm %(one)s so với %(other)s") % {"one": f"{one.score:g}", "other": f"{other.score:g}"}
    return _("thứ hạng %(one)s so với %(other)s") % {"one": one.place, "other": other.place}
