"""Papers that are missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField
from django.utils.translation import gettext as _

from khuyencong.base.bulk import CHUNK
from khuyencong.base.sentences import counted
from khuyencong.base.text import uncapitalised
from khuyencong.contracts.enums import AdvanceKind, AdvanceState
from khuyencong.contracts.models import Advance
from khuyencong.documents.enums import Stage
from khuyencong.documents.models import DossierItem, Requirement
from khuyencong.norms.enums import Level
from khuyencong.projects.enums import APPROVED_ON
from khuyencong.projects.models import Project
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame, one_year, up_to

_PAST: dict[str, tuple[str, ...]] = {
    Stage.APPRAISAL: ("appraised", "registered", "ministry_appraised", *APPROVED_ON),
    Stage.REGISTRATION: ("registered", "ministry_appraised", *APPROVED_ON),
    Stage.CONTRACT: ("assigned", "running", "accepted", "settled", "liquidated"),
    Stage.SETTLEMENT: ("settled", "liquidated"),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    project: Project
    papers: tuple[str, ...]


class MissingPapers(Sequence[Lacking]):
    """Projects with the papers that they lack; a part of it reads its own projects alone, by one query."""

    def __init__(self, found: list[tuple[int, tuple[str, ...]]]):
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, part: int) -> Lacking: ...

    @overload
    def __getitem__(self, part: slice) -> list[Lacking]: ...

    def __getitem__(self, part: int | slice) -> Lacking | list[Lacking]:
        wanted = self._found[part] if isinstance(part, slice) else [self._found[part]]
        projects = Project.objects.in_bulk([key for key, _papers in wanted])
        lines = [Lacking(projects[key], papers) for key, papers in wanted]
        return lines if isinstance(part, slice) else lines[0]

    def __iter__(self) -> Iterator[Lacking]:
        for first in range(0, len(self), CHUNK):
            yield from self[first : first + CHUNK]


class _Keys(Aggregate):
    """The keys of several rows, with commas between."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="STRING_AGG(%(expressions)s::text, ',')")


def missing_papers(frame: Frame) -> MissingPapers:
    """Projects past a stage without a paper that the stage asks of every project of their kind, on the day whose rules they
    follow.  Papers asked for only under a condition are judged on the project's own page; historical dossiers are a kind of
    their own.  Two queries, one plan year.
    """
    frame = one_year(frame)
    rows = list(Requirement.objects.filter(only_when=""))
    if not rows:
        return MissingPapers([])
    own = {(row.stage, row.level) for row in rows}
    # by one look-up of each project: PostgreSQL answers whether there is one by reading the advances of all years
    paid = Advance.objects.filter(project=OuterRef("pk"), state=AdvanceState.PAID).order_by()
    items = DossierItem.objects.filter(dossier=OuterRef("dossier"), requirement__isnull=False).order_by()
    projects = (
        frame.projects()
        .filter(historical=False, state__in=_PAST[Stage.APPRAISAL])
        .order_by("-year", "-code")
        .values_list(
            *("pk", "kind", "level", "state", "rules_on", "year"),
            Subquery(paid.values("project").annotate(kinds=_Keys("kind")).values("kinds")),
            Subquery(items.values("dossier").annotate(keys=_Keys("requirement_id")).values("keys")),
        )
    )
    asked: dict[tuple[Any, ...], list[Requirement]] = {}
    lacking: dict[tuple[Any, ...], tuple[str, ...]] = {}
    found = []
    for key, *told in projects:
        like = tuple(told)  # thousands of projects of a few dozen kinds
        if like not in lacking:
            kind, level, state, rules_on, year, paid_kinds, keys = told
            kinds = set(paid_kinds.split(",")) if paid_kinds else set()
            first, rest = bool(kinds - {AdvanceKind.REMAINDER}), AdvanceKind.REMAINDER in kinds
            situation = (kind, level, state, rules_on, year, first, rest)
            if situation not in asked:
                stages = _stages(level, state, first=first, rest=rest)
                on = rules_on or date(year, 1, 1)
                asked[situation] = [r for r in rows if r.stage in stages and _binds(r, kind, level, on=on, own=own)]
            there = set(map(int, keys.split(","))) if keys else set()
            lacking[like] = tuple(row.title for row in asked[situation] if row.pk not in there)
        if papers := lacking[like]:
            found.append((key, papers))
    return MissingPapers(found)


def _stages(level: str, state: str, *, first: bool, rest: bool) -> set[str]:
    """The stages that a project has passed; ``first`` and ``rest``: which advances were paid."""
    stages: set[str] = {stage for stage, states in _PAST.items() if state in states}
    if level != Level.NATIONAL:
        stages.discard(Stage.REGISTRATION)  # only national projects are registered with the agency
    if first:
        stages.add(Stage.FIRST_ADVANCE)
    if rest:
        stages.add(Stage.REMAINDER)
    return stages


def _binds(row: Requirement, kind: str, level: str, *, on: date, own: set[tuple[str, str]]) -> bool:
    """National lines are followed by analogy where the level has none of its own."""
    if not row.holds_on(on) or row.project_kind not in ("", kind):
        return False
    has_own = bool({(row.stage, ""), (row.stage, level)} & own)
    return row.level in ("", level) if has_own else row.level == Level.NATIONAL


def told_lacking(row: Lacking) -> Finding:
    first = "; ".join(row.papers[:3])
    more = (
        counted(" và %(count)s giấy tờ khác", len(row.papers) - 3) % {"count": len(row.papers) - 3}
        if len(row.papers) > 3
        else ""
    )
    return Finding(
        _("%(state)s, thiếu: %(papers)s%(more)s.")
        % {"state": row.project.get_state_display(), "papers": first, "more": more},
        row.project,
    )


def without_originals(frame: Frame) -> QuerySet[Project]:
    """Historical dossiers whose papers nobody has brought yet."""
    return up_to(frame).filter(historical=True, originals_missing=True).order_by("-year", "-code")


def told_historical(project: Project) -> Finding:
    state = str(project.get_state_display())
    return Finding(
        _("Hồ sơ lịch sử năm %(year)s, %(state)s, chưa có hồ sơ gốc.")
        % {"year": project.year, "state": uncapitalised(state)},
        project,
    )
