"""What a change of the law would do to the projects that it still reaches.  Rows are taken as they would be; nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from khuyencong.base.money import at_most
from khuyencong.budgets import queries as budgets
from khuyencong.establishments import queries as establishments
from khuyencong.establishments.models import Establishment
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level, PriorityKind, Purpose
from khuyencong.norms.models import AdvanceNorm, Condition, Line, PlaceRule, PriorityRow, Row, SupportNorm
from khuyencong.norms.rules import PRIORITY_AREA, listed
from khuyencong.places.models import Unit
from khuyencong.plans.queries.priorities import PROVED, proving, records, shown
from khuyencong.plans.rules import best_rank, ready_state
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Beneficiary, CostLine, Project
from khuyencong.projects.queries import Question
from khuyencong.projects.rules import UNJUDGED

AT_ONCE = 10_000  # projects that are looked at together
Maximum = tuple[Project, Question, int | None]  # asked of whom, what, and how much at most
Ranks = dict[int, list[PriorityRow]]  # of each project by key, those asked first before the others
Answers = tuple[list[Maximum], Ranks]


@dataclass(frozen=True, slots=True)
class Changed:
    """A project whose maximum would change: before and after (None: no figure), what it asks, all of what changes, in đồng."""

    project: Project
    before: int | None
    after: int | None
    asked: int = 0
    over: int = 0  # what is asked beyond the new maximum

    @property
    def difference(self) -> int:
        """Nothing where one of the two has no figure: no maximum is not a maximum of nothing."""
        return 0 if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """A project that would be asked at another place in the order of the law: rank of its area, then of its trade."""

    project: Project
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do from ``on`` on.  ``of_advances``: amounts are first advances, not maxima of support.  ``since``:
    the day of the change itself, where it lies before ``on``."""

    on: date
    since: date | None = None
    looked_at: int = 0
    changed: Sequence[Changed] = ()
    moved: Sequence[Moved] = ()
    of_advances: bool = False

    @property
    def difference(self) -> int:
        return sum(one.difference for one in self.changed)

    @property
    def over(self) -> list[Changed]:
        """Those that ask for more than the new maximum."""
        return [one for one in self.changed if one.over > 0]

    @property
    def without_figure(self) -> list[Changed]:
        """Those for which no maximum would be left."""
        return [one for one in self.changed if one.after is None]

    @property
    def with_first_figure(self) -> list[Changed]:
        """Those that had no maximum before."""
        return [one for one in self.changed if one.before is None]


def effect(
    rows: Sequence[Row], *, instead_of: Sequence[Row] = (), among: QuerySet[Project], today: date
) -> Effect | None:
    """What these rows, as they would be, change for the projects of ``among``; ``instead_of`` are the same rows as they are.

    Norms, multipliers, places and priorities reach projects that no appraisal has bound to the rules of its day: the maximum of
    each is asked twice, with the multiplier where its records show a priority.  Advances reach projects under way that have
    not had their first.  Other rows change no amount: None.  As many queries for ten thousand projects as for one.
    """
    first = min(_first_day(row, instead_of) for row in rows)
    day, since = max(today, first), first if first < today else None
    with norms.reading(many=True):
        return _effect(rows, instead_of, among, day, since)


def _effect(
    rows: Sequence[Row], instead_of: Sequence[Row], among: QuerySet[Project], day: date, since: date | None
) -> Effect | None:
    if all(_of_advances(row) for row in rows):
        return replace(_advances(rows, among=among, on=day), since=since)
    if not any(isinstance(row, MAXIMA) for row in rows):
        return None
    found = Effect(day, since)
    in_order = any(isinstance(row, (PriorityRow, Condition)) for row in rows)
    for some in _batches(_reached([*rows, *instead_of], among, in_order=in_order)):
        file = _Files(some, on=day)
        (before, ranks), (after, new_ranks) = file.both(rows)
        found = replace(
            found,
            looked_at=found.looked_at + sum(project.concerned for project in some),
            changed=[*found.changed, *_differing(some, before, after)],
            moved=[*found.moved, *(_moved(some, ranks, new_ranks) if in_order else ())],
        )
    return found


def effects(rows: Sequence[Row], *, instead_of: Sequence[Row], among: QuerySet[Project], today: date) -> list[Effect]:
    """The same of rows of every kind that change together, as when a text ends: of the maxima, then of the first advances."""
    parts = ([row for row in rows if not _of_advances(row)], [row for row in rows if _of_advances(row)])
    with norms.reading(many=True):  # the tables of the law are read once for all parts
        found = [effect(part, instead_of=instead_of, among=among, today=today) for part in parts if part]
    return [one for one in found if one is not None]


MAXIMA = (SupportNorm, PlaceRule, PriorityRow, Condition)
OF_AMOUNTS = (*MAXIMA, AdvanceNorm)  # rows of other kinds change no amount


def _of_advances(row: Row) -> bool:
    return isinstance(row, AdvanceNorm) or _purposes([row]) == {Purpose.ADVANCE_CEILING}


def _first_day(row: Row, instead_of: Sequence[Row]) -> date:
    """The first day on which this row says another thing than the one that is there."""
    same_row = (one for one in instead_of if one.pk == row.pk and type(one) is type(row))
    was = next(same_row, None) if row.pk is not None else None
    if was is None:
        return row.valid_from
    period = ("valid_from", "valid_to")
    same = all(
        getattr(was, name.attname) == getattr(row, name.attname)
        for name in row._meta.concrete_fields
        if name.name not in period
    )
    if not same or was.valid_from != row.valid_from:
        return min(was.valid_from, row.valid_from)
    return min((end for end in (was.valid_to, row.valid_to) if end is not None), default=row.valid_from)


def _purposes(rows: Iterable[Row]) -> set[str]:
    return {row.line.purpose for row in rows if isinstance(row, SupportNorm)}


# ---- which projects a change may reach ----


def _reached(rows: Sequence[Row], among: QuerySet[Project], *, in_order: bool) -> QuerySet[Any]:
    """The projects that a change may reach.  ``concerned``: these rows may answer a question of theirs; with ``in_order`` also
    those that only wait for a plan and have a place in its order."""
    waiting = Q()
    for level, states in UNJUDGED.items():
        waiting |= Q(level=level, state__in=[*states, ready_state(level)])
    concerned = _concerned(rows)
    found = among.filter(concerned | waiting if in_order else concerned, historical=False)
    return found.annotate(concerned=ExpressionWrapper(concerned, BooleanField())).order_by("-year", "-code")


def _concerned(rows: Sequence[Row]) -> Q:
    """Of the open projects those whose questions these rows may answer."""
    open_still = Q()
    for level, states in UNJUDGED.items():
        open_still |= Q(level=level, state__in=states)
    lines = CostLine.objects.filter(project=OuterRef("pk")).exclude(norm_line="")
    names_a_line = ~Q(norm_line="")
    support = [row for row in rows if isinstance(row, SupportNorm)]
    if len(support) < len(rows):  # places, priorities and conditions reach every line
        support = []
    if support and not _purposes(support) - {Purpose.SUPPORT}:
        codes = _codes(support)
        lines, names_a_line = lines.filter(norm_line__in=codes), Q(norm_line__in=codes)
    found = open_still & (names_a_line | Q(Exists(lines)))
    if all(row.level != Level.NATIONAL for row in rows):
        found &= Q(local__gt=0)
        if provinces := {row.province.code for row in rows if row.province is not None}:
            found &= Q(province__code__in=provinces)
    elif support:
        found &= Q(national__gt=0)
    return found


def _codes(rows: Sequence[SupportNorm]) -> set[str]:
    """The lines of these rows, and those that are counted from them."""
    lines = {row.line_id for row in rows}
    leaning = Line.objects.filter(norms__derived_from__in=lines).values_list("code", flat=True)
    return {row.line.code for row in rows} | set(leaning)


def _batches(found: QuerySet[Any]) -> Iterator[list[Any]]:
    fields = ("pk", "uid", "code", "title", "level", "form", "kind", "year", "state", "norm_line", "rules_on")
    money = ("national", "local", "counterpart", "other", "province_id", "commune_id")
    rest = iter(found.only(*fields, *money))
    while some := list(islice(rest, AT_ONCE)):
        yield some


# ---- what they would get ----


@dataclass
class _Files:
    """The files of many projects with everything that their norms ask, read once for both laws; questions are of those that
    are ``concerned``."""

    projects: list[Any]
    on: date
    asked: list[tuple[Project, Question]] = field(default_factory=list)

    def __post_init__(self) -> None:
        keys = [project.pk for project in self.projects]
        helped: dict[int, list[Beneficiary]] = {}
        people: dict[int, Establishment] = {}
        there = proving(keys, on=self.on)
        own = ("establishment__name", "establishment__commune_id", "establishment__craft_village_id")
        mine = ("uid", "project_id", "total", "national", "local", "counterpart")
        for b in there.only(*mine, *own, *(f"establishment__{name}" for name in PROVED)).order_by("pk"):
            helped.setdefault(b.project_id, []).append(b)
            b.establishment = people.setdefault(b.establishment_id, b.establishment)  # who is helped twice is one
        lines: dict[int, list[CostLine]] = {}
        named = {b.pk: b for some in helped.values() for b in some}
        for line in CostLine.objects.filter(project__in=keys).exclude(norm_line="").order_by("order", "pk"):
            if line.beneficiary_id:
                line.beneficiary = named.get(line.beneficiary_id)
            lines.setdefault(line.project_id, []).append(line)
        units = _units(
            {*(p.province_id for p in self.projects), *_communes(self.projects), *_communes(people.values())}
        )
        for project in self.projects:
            project.province, project.commune = units[project.province_id], units.get(project.commune_id or 0)
        for establishment in people.values():
            establishment.commune = units.get(establishment.commune_id or 0)
        facts = {key: norms.facts_of(units[key], self.on) for key in _communes(self.projects)}
        areas = {key: listed(one.get(PRIORITY_AREA, "")) for key, one in facts.items()}
        self.records = records(self.projects, on=self.on, helped=helped, areas=areas)
        villages = establishments.in_craft_villages(people.values())
        self.in_village = {key for key, held in villages.items() if any(one.holds_on(self.on) for one in held)}
        for project in self.projects:
            if not project.concerned:
                continue
            own_lines = [line for line in lines.get(project.pk, ()) if line.norm_line != project.norm_line]
            told = projects.questions(project, beneficiaries=helped.get(project.pk, ()), lines=own_lines)
            self.asked += [(project, question) for question in told]

    def both(self, rows: Sequence[Row]) -> tuple[Answers, Answers]:
        """Maxima and priorities by the law as it is and as it would be."""
        with norms.reading(many=True) as book:
            before = self._answers()
        with norms.reading(instead=rows, beside=book):
            return before, self._answers()

    def _answers(self) -> Answers:
        ranks = shown(self.projects, told=self.records)
        return self._maxima(ranks), ranks

    def _maxima(self, ranks: Ranks) -> list[Maximum]:
        """How much at most, question by question."""
        priority = {key: [row.code for row in rows[:1]] for key, rows in ranks.items()}  # all have one factor
        found = []
        for project, asked in self.asked:
            who = asked.beneficiary
            answer = projects.norm_answer(
                project,
                code=asked.code,
                cost=asked.cost,
                level=asked.level,
                on=self.on,
                beneficiary=who,
                priority=priority[project.pk],
                in_village=who is not None and who.establishment_id in self.in_village,
            )
            found.append((project, asked, None if answer is None else answer.maximum))
        return found


def _communes(things: Iterable[Any]) -> set[int]:
    return {thing.commune_id for thing in things if thing.commune_id}


def _units(keys: set[int]) -> dict[int, Unit]:
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=keys).select_related("parent", "province")}


def _differing(order: Iterable[Project], before: Iterable[Maximum], after: Iterable[Maximum]) -> list[Changed]:
    """The projects where an answer differs, their differing answers together."""
    found: dict[int, Changed] = {}
    for (project, asked, old), (_project, _asked, new) in zip(before, after, strict=True):
        if old == new:
            continue
        over = 0 if new is None else max(asked.amount - new, 0)
        so_far = found.get(project.pk) or Changed(project, 0, 0)
        found[project.pk] = Changed(
            project, _sum(so_far.before, old), _sum(so_far.after, new), so_far.asked + asked.amount, so_far.over + over
        )
    return [found[project.pk] for project in order if project.pk in found]


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


# ---- order and advances ----


def _moved(projects: Iterable[Project], before: Ranks, after: Ranks) -> Iterator[Moved]:
    """The projects that would be asked at another place in the order of the law."""
    for project in projects:
        old, new = _ranks(before[project.pk]), _ranks(after[project.pk])
        if old != new:
            yield Moved(project, old, new)


def _ranks(rows: Sequence[PriorityRow]) -> tuple[int, int]:
    return best_rank(rows, PriorityKind.AREA), best_rank(rows, PriorityKind.SECTOR)


def _advances(rows: Sequence[Row], *, among: QuerySet[Project], on: date) -> Effect:
    """The first advances that these rows would change: of projects under way that have had none from that source."""
    national = any(row.level == Level.NATIONAL for row in rows)
    under_way = (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING)
    found = among.filter(state__in=under_way, historical=False).select_related("province")
    kinds = {row.kind for row in rows if isinstance(row, AdvanceNorm)}
    if kinds and all(isinstance(row, AdvanceNorm) for row in rows):
        found = found.filter(kind__in=kinds)
    if not national and (provinces := {row.province.code for row in rows if row.province is not None}):
        found = found.filter(province__code__in=provinces)
    listed = list(found.order_by("-year", "-code"))
    paid = budgets.positions_of(listed)
    asked = [
        (project, source, level, granted)
        for project in listed
        for source, level, granted in (
            (Source.NATIONAL, Level.NATIONAL, project.granted_national or 0),
            (Source.LOCAL, Level.PROVINCIAL, project.granted_local or 0),
        )
        if granted > 0 and paid[project.pk][source].advanced == 0
    ]

    def first() -> list[int | None]:
        return [_first_advance(project, level, granted, on=on) for project, _source, level, granted in asked]

    with norms.reading(many=True) as book:
        before = first()
    with norms.reading(instead=rows, beside=book):
        after = first()
    changed: dict[int, Changed] = {}
    for (project, _source, _level, granted), old, new in zip(asked, before, after, strict=True):
        if old != new:
            one = changed.get(project.pk) or Changed(project, 0, 0)
            changed[project.pk] = Changed(project, _sum(one.before, old), _sum(one.after, new), one.asked + granted)
    looked_at = len({project.pk for project, *_rest in asked})
    return Effect(on, looked_at=looked_at, changed=list(changed.values()), of_advances=True)


def _first_advance(project: Project, level: str, granted: int, *, on: date) -> int | None:
    """How much may be paid first; nothing before acceptance where it comes only after; None where no row says a rate."""
    province = None if level == Level.NATIONAL else project.province
    answer = norms.advance_ratio(project.kind, on=on, level=level, province=province)
    if answer.after_acceptance:
        return 0
    ratio = answer.ceiling if answer.first is None else answer.first
    return None if ratio is None else at_most(granted, ratio)
