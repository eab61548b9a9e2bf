"""What a condition of support is judged by, and what it comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from khuyencong.establishments.models import SupportedItem
from khuyencong.norms.models import Condition, SectorRow
from khuyencong.norms.queries import Basis, Eligibility, basis_of
from khuyencong.projects.enums import Result, Where
from khuyencong.projects.models import Beneficiary, CostLine, Project
from khuyencong.projects.rules.findings import mark_of

# The lines of a checklist of papers on which the beneficiary commits itself.
COUNTERPART_PAPER, NO_OTHER_SUPPORT_PAPER = "counterpart_commitment", "no_other_support"


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that nobody has recorded, and where it is entered; ``key`` of the beneficiary, establishment or unit there."""

    what: str
    where: Where
    key: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one condition comes to for the project, or for one beneficiary (``subject``: its identifier).

    ``article`` where another text than the condition's own decides; ``clearable``: a person may let it pass with a reason;
    ``look``: kept, yet somebody should look.
    """

    result: Result
    sentence: str
    missing: tuple[Missing, ...] = ()
    subject: str = ""
    article: str = ""
    clearable: bool = True
    look: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A yearly figure of an establishment."""

    year: int
    value: Decimal | int


@dataclass(frozen=True, slots=True)
class Helped:
    """What is known of one who is helped.

    ``trips``: other projects of the year that took it to a fair abroad; ``same``: earlier supports of the same item,
    ``others``: of other items, newest first; ``papers``: codes of the lines of the checklist that are there.
    """

    beneficiary: Beneficiary
    place: Eligibility | None = None
    workers: Figure | None = None
    material: Figure | None = None
    papers: frozenset[str] = frozenset()
    trips: tuple[str, ...] = ()
    same: tuple[SupportedItem, ...] = ()
    others: tuple[SupportedItem, ...] = ()

    @property
    def name(self) -> str:
        return self.beneficiary.establishment.name

    @property
    def subject(self) -> str:
        return str(self.beneficiary.uid)

    def about(self, evidence: str) -> str:
        """The subject of what rests on this evidence: an exception made for one evidence lets no other pass."""
        return f"{self.subject}:{mark_of(evidence)}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a project's conditions are judged by.  ``trades`` and ``holders``: the lists of the day; ``difficult``: whether its
    place is recorded as a difficult area."""

    project: Project
    helped: Sequence[Helped] = ()
    lines: Sequence[CostLine] = ()
    trades: Sequence[SectorRow] = ()
    holders: Mapping[str, str] | None = None
    difficult: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition with what it comes to; its result is that of the worst part."""

    condition: Condition
    outcomes: tuple[Outcome, ...]

    @property
    def result(self) -> Result:
        results = {outcome.result for outcome in self.outcomes}
        return next(result for result in (Result.FAILED, Result.UNKNOWN, Result.PASSED) if result in results)

    @property
    def article(self) -> str:
        """The text that decides, with “chưa kiểm chứng” where nobody has read it."""
        deciding = [outcome.article for outcome in self.outcomes if outcome.result == self.result and outcome.article]
        return "; ".join(dict.fromkeys(deciding)) or citation(self.condition)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What must be recorded before it can be told; each fact once."""
        return tuple(dict.fromkeys(fact for outcome in self.outcomes for fact in outcome.missing))

    def as_json(self) -> dict[str, object]:
        """The four keys of the command line."""
        return {
            "condition": self.condition.text,
            "article": self.article,
            "result": self.result.value,
            "missing": [fact.what for fact in self.missing],
        }


def citation(row: Condition) -> str:
    """The text and article of a condition."""
    return Basis(**basis_of(row)).citation
