"""The requests of a draft with what every list under the money weighs: amount, score, workers, and the groups they are of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from khuyencong.establishments.enums import Sector
from khuyencong.establishments.models import YearlyFacts
from khuyencong.places.enums import Level as PlaceLevel
from khuyencong.places.models import Succession, Unit
from khuyencong.plans.models import Decision, Item
from khuyencong.plans.queries.order import candidates, ranking, verdicts_of
from khuyencong.projects.models import Beneficiary, Project

Group = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A request: its amount in đồng, its score (mean of the sheets out of a hundred; None where nobody scored), workers it
    reaches, and the groups of which ceilings and floors speak, by name."""

    project: Project
    place: int  # in the order of the law
    amount: int
    score: float | None
    workers: int
    groups: Mapping[Group, str] = field(default_factory=dict)


def requests_of(decision: Decision, *, items: Sequence[Item], on: date) -> list[Candidate]:
    """The lines of a draft and the candidates, in the order in which the law chooses (TT 36/2013 Đ7).  Few queries, however
    many projects."""
    listed = [*(item.project for item in items), *candidates(decision.plan)]
    verdicts = verdicts_of(decision.plan, listed)
    workers, groups = _workers([project.pk for project in listed]), _groups(listed)
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
            groups[standing.project.pk],
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


def _groups(projects: Sequence[Project]) -> dict[int, dict[Group, str]]:
    """The activity, commune, former district and trades of each project, by name.  Two queries."""
    districts, trades = _former_districts(projects), _trades(projects)
    found: dict[int, dict[Group, str]] = {}
    for project in projects:
        own = found[project.pk] = {("activity", str(project.activity)): project.get_activity_display()}
        for unit in (project.commune, districts.get(project.pk)):
            if unit is not None:
                own["unit", str(unit.pk)] = str(unit)
        own |= {("sector", code): str(Sector(code).label) for code in trades.get(project.pk, ())}
    return found


def _trades(projects: Sequence[Project]) -> dict[int, set[str]]:
    """The trade that the file names, else those of the establishments that it helps.  One query."""
    found = {project.pk: {project.sector} for project in projects if project.sector}
    silent = [project.pk for project in projects if not project.sector]
    rows = Beneficiary.objects.filter(project__in=silent, removed_on=None).exclude(establishment__sector="")
    for project, sector in rows.values_list("project_id", "establishment__sector"):
        found.setdefault(project, set()).add(sector)
    return found


def _former_districts(projects: Sequence[Project]) -> dict[int, Unit]:
    """Of the commune as it was written, else of the only district from which today's commune came; a commune put together
    out of several districts is of none.  One query."""
    came = Succession.objects.filter(
        new__in={project.commune_id for project in projects if project.commune_id},
        old__level=PlaceLevel.COMMUNE,
        old__parent__level=PlaceLevel.DISTRICT,
    )
    of_old: dict[int, Unit] = {}
    of_new: dict[int, dict[int, Unit]] = {}
    for one in came.select_related("old__parent"):
        if (district := one.old.parent) is not None:
            of_old[one.old_id] = district
            of_new.setdefault(one.new_id, {})[district.pk] = district
    found: dict[int, Unit] = {}
    for project in projects:
        whole = of_new.get(project.commune_id or 0, {})
        district = of_old.get(project.place_unit_id or 0) or (next(iter(whole.values())) if len(whole) == 1 else None)
        if district is not None:
            found[project.pk] = district
    return found
