"""Who comes next: candidates in the order in which the law chooses, and the working table of a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from khuyencong.councils import queries as councils
from khuyencong.councils.enums import Tier
from khuyencong.councils.queries import Verdict
from khuyencong.norms.enums import Level
from khuyencong.plans.enums import OPEN
from khuyencong.plans.models import Decision, Item, Plan
from khuyencong.plans.queries.priorities import records, shown
from khuyencong.plans.rules import (
    Ranked,
    Standing,
    cut,
    in_order,
    ready_state,
)
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project


def candidates(plan: Plan) -> QuerySet[Project]:
    """Projects of this plan's level, year and place that have passed appraisal and stand in no open decision."""
    found = Project.objects.filter(
        level=plan.level, year=plan.year, province=plan.province, state=ready_state(plan.level), historical=False
    )
    if plan.commune_id:
        found = found.filter(commune=plan.commune)
    return unplaced(found).select_related("implementer", "commune", "province")


def unplaced(found: QuerySet[Project]) -> QuerySet[Project]:
    """Those of these projects that stand in no open decision."""
    return found.exclude(pk__in=Item.objects.filter(decision__state__in=OPEN).values("project_id"))


def with_plan(found: QuerySet[Project]) -> QuerySet[Project]:
    """Adds ``plan_key``: the key of the plan in which a project is to be placed, None where nobody has opened it yet."""
    plan = Plan.objects.filter(level=OuterRef("level"), year=OuterRef("year"), province=OuterRef("province"))
    return found.annotate(
        plan_key=Subquery(plan.filter(Q(commune=None) | Q(commune=OuterRef("commune"))).values("pk")[:1])
    )


def ranking(projects: Iterable[Project], *, on: date) -> list[Standing]:
    """These projects in the order in which the law chooses (TT 36/2013 Đ7; TT 46/2012 Đ6): flagships, then priority areas
    in their order, then priority trades, then the implementer's record; work on cleaner production waits for no area or trade.

    Facts that are not in the records count as unknown and come last.  Seven queries of one
    province, however many projects.
    """
    listed = list(projects)
    why = shown(listed, told=records(listed, on=on))
    done: dict[int, tuple[int, int]] = {}
    finished = Count("pk", filter=Q(state__in=[ProjectState.SETTLED, ProjectState.LIQUIDATED]))
    stopped = Count("pk", filter=Q(state=ProjectState.STOPPED))
    earlier = Project.objects.filter(implementer__in={project.implementer_id for project in listed})
    for key, good, bad in earlier.order_by().values_list("implementer_id").annotate(good=finished, bad=stopped):
        done[key] = (good, bad)
    return in_order(
        Standing(project, tuple(why[project.pk]), *done.get(project.implementer_id, (0, 0))) for project in listed
    )


def verdicts_of(plan: Plan, projects: Iterable[Project]) -> dict[UUID, Verdict]:
    """What the sheets say of these projects: of national ones those of the ministry's council, for the provinces have scales of
    their own."""
    tier = Tier.MINISTRY if plan.level == Level.NATIONAL else Tier.BASE
    return councils.verdicts([project.uid for project in projects], tier=tier)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the working table: a project, its line in the decision if it has one, where the money ends, and what the
    sheets of the appraisal say of it where there are any."""

    project: Project
    item: Item | None
    ranked: Ranked
    standing: Standing | None = None
    verdict: Verdict | None = None


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
    said = verdicts_of(decision.plan, [project for project, _item, _s in pairs])
    return Table(
        [
            Row(project, item, line, standing, said.get(project.uid))
            for (project, item, standing), line in zip(pairs, lines, strict=True)
        ],
        money,
    )
