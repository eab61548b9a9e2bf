"""What the law answers with: the figure or the body, its text, its article, and how sure we are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from khuyencong.norms import rules
from khuyencong.norms.enums import (
    Deadline,
    SelectionMethod,
    Verified,
)
from khuyencong.places.models import Unit


class Resolution(Protocol):
    """What ``places`` gives for a written address: the unit of its day, its successors, and how sure it is."""

    old: Unit | None
    current: Sequence[Unit]
    province: Unit | None


Place = Unit | Resolution


@dataclass(frozen=True, slots=True)
class LineUsed:
    """One row of the law that took part in an answer.  ``percent`` of 50 is half; ``cap`` in đồng."""

    instrument: str
    article: str
    percent: Decimal | None
    cap: int | None
    verified: str
    multiplier: Decimal | None = None

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES

    @property
    def citation(self) -> str:
        """“khoản 4 Điều 8 Thông tư 28/2018/TT-BTC”, with “chưa kiểm chứng” where nobody has read the text."""
        text = f"{self.article} {self.instrument}".strip()
        return text if self.is_verified else _("%(citation)s, chưa kiểm chứng") % {"citation": text}

    def as_json(self) -> dict[str, Any]:
        """The five keys of the command line; ``verified`` is true only when a person has read the text."""
        percent = (
            None if self.percent is None else (int(self.percent) if self.percent % 1 == 0 else float(self.percent))
        )
        return {
            "instrument": self.instrument,
            "article": self.article,
            "percent": percent,
            "cap": self.cap,
            "verified": self.is_verified,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """How much at most (đồng, for one unit of the line), by which rows, and why in one sentence.

    ``eligible`` None: a fact is missing and named in ``missing``; the maximum then holds only if the place is eligible.
    ``maximum`` None: no figure is in force or loaded; 0: not eligible.
    """

    eligible: bool | None
    maximum: int | None
    lines: tuple[LineUsed, ...]
    missing: tuple[str, ...]
    explanation: str

    @property
    def is_verified(self) -> bool:
        return bool(self.lines) and all(line.is_verified for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {
            "eligible": self.eligible,
            "maximum": self.maximum,
            "lines": [line.as_json() for line in self.lines],
            "missing": list(self.missing),
            "explanation": self.explanation,
        }


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether production at a place may be supported on a day; ``article`` cites the text that decides."""

    result: bool | None
    reason: str
    article: str
    missing: tuple[str, ...] = ()
    verified: str = Verified.NO


@dataclass(frozen=True, slots=True)
class Basis:
    """The text behind an answer."""

    instrument: str = ""
    article: str = ""
    verified: str = Verified.NO
    note: str = ""

    @property
    def is_verified(self) -> bool:
        return self.verified == Verified.YES

    @property
    def citation(self) -> str:
        """“khoản 2 Điều 13, Thông tư 36/2013/TT-BCT”, with “chưa kiểm chứng” where nobody has read the text."""
        parts = [part for part in (rules.article_words(self.article), self.instrument) if part]
        return ", ".join(parts if not parts or self.is_verified else [*parts, _("chưa kiểm chứng")])


@dataclass(frozen=True, slots=True)
class AdvanceAnswer(Basis):
    """The first advance: ``ratio`` of the support with its proof; ``ceiling`` of everything paid before acceptance.

    Both are shares (0.7).  ``ratio`` None: no row of the day, the agency's head decides (TT 36/2013 Đ16).
    ``volume``: share of the total investment that the work done must exceed.
    """

    ratio: Decimal | None = None
    proof: str = ""
    proof_text: str = ""
    volume: Decimal | None = None
    after_acceptance: bool = False
    remainder_article: str = ""
    ceiling: Decimal | None = None
    ceiling_basis: Basis = Basis()

    @property
    def remainder_citation(self) -> str:
        """Where the papers of what is paid after acceptance stand; empty where no row names them."""
        if not self.remainder_article:
            return ""
        return Basis(self.instrument, self.remainder_article, self.verified).citation

    @property
    def first(self) -> Decimal | None:
        """The rate that may really be paid first: the ceiling bounds what is paid before acceptance."""
        if self.ratio is None or self.after_acceptance or self.ceiling is None:
            return self.ratio
        return min(self.ratio, self.ceiling)


@dataclass(frozen=True, slots=True)
class DeadlineAnswer(Basis):
    """A day to keep.  ``default`` is the law's, ``letter`` the call letter's; the letter wins and both can be shown.

    ``day`` is as printed (“trước ngày 20/6”); ``last_day`` the last day that is still in time.
    """

    code: str = ""
    default: date | None = None
    letter: date | None = None
    strictly_before: bool = False
    copies: int | None = None
    days: int | None = None
    in_working_days: bool = False
    silence_consents: bool = False  # no answer by then counts as consent

    @property
    def label(self) -> str:
        return str(Deadline(self.code).label)

    @property
    def day(self) -> date | None:
        return self.letter or self.default

    @property
    def last_day(self) -> date | None:
        if self.letter or self.default is None or not self.strictly_before:
            return self.day
        return self.default - timedelta(days=1)

    @property
    def differs(self) -> bool:
        return self.letter is not None and self.default is not None and self.letter != self.default


@dataclass(frozen=True, slots=True)
class Authority(Basis):
    """Who decides: ``role`` of this house (empty: nobody in it) and ``body`` in the words of the law."""

    role: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class GroupAnswer(Basis):
    """Whether a group project of this kind is open, and what must be named although its beneficiaries come later."""

    allowed: bool = False
    beneficiaries_later: bool = False
    must_name: str = ""


@dataclass(frozen=True, slots=True)
class SelectionAnswer(Basis):
    method: str = ""

    @property
    def by_tender(self) -> bool:
        return self.method == SelectionMethod.TENDER


@dataclass(frozen=True, slots=True)
class ManagementAnswer(Basis):
    """What may be spent on managing: ``percent`` of the base, ``maximum`` in đồng when the base was given."""

    percent: Decimal | None = None
    maximum: int | None = None
