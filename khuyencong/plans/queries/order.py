"""Who comes next: candidates in the order in which the law chooses, and the working table of a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet

from khuyencong.establishments.models import Recognition, YearlyFacts
from khuyencong.norms.enums import ConditionKind, Level, PriorityKind
from khuyencong.norms.models import Condition, PriorityRow
from khuyencong.norms.queries import conditions, priorities
from khuyencong.places.models import UnitFact
from khuyencong.plans.enums import OPEN
from khuyencong.plans.models import Decision, Item, Plan
from khuyencong.plans.rules import (
    Ranked,
    Standing,
    cut,
    in_order,
    ready_state,
)
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules import reaches

# Priorities that a yearly figure proves, once it reaches the number of the condition of the same name (TT 46/2012 Đ6.2).
FIGURES: dict[str, str] = {
    ConditionKind.LOCAL_MATERIAL: "local_material_percent",
    ConditionKind.LABOUR_INTENSIVE: "workers",
}


def candidates(plan: Plan) -> QuerySet[Project]:
    """Projects of this plan's level, year and place that have passed appraisal and stand in no open decision."""
    found = Project.objects.filter(
        level=plan.level, year=plan.year, province=plan.province, state=ready_state(plan.level), historical=False
    )
    if plan.commune_id:
        found = found.filter(commune=plan.commune)
    taken = Item.objects.filter(decision__state__in=OPEN).values("project_id")
    return found.exclude(pk__in=taken).select_related("implementer", "commune", "province")


def ranking(projects: Iterable[Project], *, on: date) -> list[Standing]:
    """These projects in the order in which the law chooses (TT 36/2013 Đ7; TT 46/2012 Đ6): flagships, then priority areas
    in their order, then priority trades, then the implementer's record.

    Facts that are not in the records count as unknown and come last.  Seven queries, however many projects.
    """
    listed = list(projects)
    whose = {None if project.level == Level.NATIONAL else project.province for project in listed}
    whole = whose.pop() if len(whose) == 1 else None
    rows = priorities(on=on, province=whole)
    counted = [
        row
        for row in conditions(on=on, level=Level.NATIONAL if whole is None else Level.PROVINCIAL, province=whole)
        if not row.is_required and row.kind in FIGURES
    ]
    area_rank = {row.code: row.rank for row in rows if row.kind == PriorityKind.AREA}
    communes = {project.commune_id for project in listed if project.commune_id}
    areas: dict[int, int] = {}
    for unit, value in (
        UnitFact.objects.on(on).filter(unit__in=communes, name="priority_area").values_list("unit_id", "value")
    ):
        areas[unit] = min(areas.get(unit, 9), area_rank.get(value, 9))
    sectors = _sector_ranks(listed, [row for row in rows if row.kind == PriorityKind.SECTOR], counted, on=on)
    done: dict[int, tuple[int, int]] = {}
    finished = Count("pk", filter=Q(state__in=[ProjectState.SETTLED, ProjectState.LIQUIDATED]))
    stopped = Count("pk", filter=Q(state=ProjectState.STOPPED))
    earlier = Project.objects.filter(implementer__in={project.implementer_id for project in listed})
    for key, good, bad in earlier.order_by().values_list("implementer_id").annotate(good=finished, bad=stopped):
        done[key] = (good, bad)
    return in_order(
        Standing(
            project,
            areas.get(project.commune_id or 0, 9),
            sectors.get(project.pk, 9),
            *done.get(project.implementer_id, (0, 0)),
        )
        for project in listed
    )


def _sector_ranks(
    projects: Sequence[Project], rows: Sequence[PriorityRow], counted: Sequence[Condition], *, on: date
) -> dict[int, int]:
    """The best priority trade that the records of a project's beneficiaries show (TT 46/2012 Đ6.2)."""
    by_code = {row.code: row for row in rows}
    helped: dict[int, list[int]] = {}
    facts: dict[int, set[str]] = {}
    beneficiaries = Beneficiary.objects.filter(project__in=projects, removed_on=None).select_related("establishment")
    for beneficiary in beneficiaries:
        establishment = beneficiary.establishment
        helped.setdefault(beneficiary.project_id, []).append(establishment.pk)
        known = facts.setdefault(establishment.pk, set())
        known.update(
            code
            for code, true in (
                ("women_owned", establishment.woman_owned),
                ("ethnic_minority_owned", establishment.minority_owned),
                ("cleaner_production", establishment.cleaner_production),
            )
            if true
        )
    for year in YearlyFacts.objects.filter(establishment__in=facts).order_by("year"):
        known = facts[year.establishment_id]
        known.discard("export")  # the last year speaks
        if year.export:
            known.add("export")
        for row in counted:
            value = getattr(year, FIGURES[row.kind])
            if value is None:
                continue
            known.discard(row.kind)
            if reaches(row, value):
                known.add(row.kind)
    valid = Recognition.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), product__establishment__in=facts)
    for key in valid.values_list("product__establishment_id", flat=True):
        facts[key].add("typical_product")
    ranks = {
        pk: min((by_code[code].rank for code in known if code in by_code), default=9) for pk, known in facts.items()
    }
    return {key: min(ranks[pk] for pk in each) for key, each in helped.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the working table: a project, its line in the decision if it has one, and where the money ends."""

    project: Project
    item: Item | None
    ranked: Ranked
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The working table of a decision: lines in it, then candidates in the order of the law, with the line of the money."""

    rows: list[Row] = field(default_factory=list)
    money: int = 0

    @property
    def inside(self) -> list[Row]:
        return [row for row in self.rows if row.ranked.inside]

    @property
    def chosen(self) -> list[Row]:
        return [row for row in self.rows if row.item is not None]


def working_table(decision: Decision, *, items: Sequence[Item], money: int, on: date) -> Table:
    """The lines of a decision that brings projects in, then the candidates; running sums against ``money`` đồng."""
    ranked = ranking(candidates(decision.plan), on=on)
    pairs: list[tuple[Project, Item | None, Standing | None]] = [(item.project, item, None) for item in items]
    pairs += [(standing.project, None, standing) for standing in ranked]
    lines = cut([item.support if item else project.support for project, item, _s in pairs], money=money)
    return Table(
        [Row(project, item, line, standing) for (project, item, standing), line in zip(pairs, lines, strict=True)],
        money,
    )
