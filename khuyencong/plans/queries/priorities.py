"""Which priorities of the law the records of a project show (NĐ 45/2012 Đ6; TT 46/2012 Đ6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from khuyencong.establishments.models import Recognition, YearlyFacts
from khuyencong.norms.enums import ConditionKind, Level
from khuyencong.norms.models import Condition, PriorityRow
from khuyencong.norms.queries import conditions, priorities
from khuyencong.norms.rules import PRIORITY_AREA, listed
from khuyencong.places.models import Unit, UnitFact
from khuyencong.plans.rules import CLEANER, CLEANER_KINDS
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules import reaches

# Priorities that a yearly figure proves, once it reaches the number of the condition of the same name (TT 46/2012 Đ6.2).
FIGURES: dict[str, str] = {
    ConditionKind.LOCAL_MATERIAL: "local_material_percent",
    ConditionKind.LABOUR_INTENSIVE: "workers",
}
TYPICAL_PRODUCT = "typical_product"
# Priorities that the file of an establishment itself proves, by the field that says so.
PROVED = {"woman_owned": "women_owned", "minority_owned": "ethnic_minority_owned", "cleaner_production": CLEANER}


@dataclass(slots=True)
class Known:
    """What the records tell of one establishment: codes that are true of it, and its newest figures."""

    codes: set[str] = field(default_factory=set)
    figures: dict[str, Decimal | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Records:
    """What is known of many projects on a day, whatever the law of that day makes of it."""

    on: date
    areas: Mapping[int, Collection[str]]  # of a commune
    helped: dict[int, list[int]]  # of a project: its establishments
    known: dict[int, Known]  # of an establishment


def records(
    projects: Sequence[Project],
    *,
    on: date,
    helped: Mapping[int, Sequence[Any]] | None = None,
    areas: Mapping[int, Collection[str]] | None = None,
) -> Records:
    """The facts that priorities ask for.  Three queries, however many projects; fewer where it is known whom they help
    (``helped``, by key of the project, as ``proving`` finds them) and which areas their communes are (``areas``)."""
    if areas is None:
        areas = _areas({project.commune_id for project in projects if project.commune_id}, on=on)
    if helped is None:
        helped = _helped(projects, on=on)
    known = {b.establishment_id: Known(_proved(b)) for some in helped.values() for b in some}
    figures = ("establishment_id", "export", *FIGURES.values())
    for key, export, *values in (
        YearlyFacts.objects.filter(establishment__in=known, year__lte=on.year).order_by("year").values_list(*figures)
    ):
        known[key].codes.discard("export")  # the last year speaks
        if export:
            known[key].codes.add("export")
        for kind, value in zip(FIGURES, values, strict=True):
            if value is not None:
                known[key].figures[str(kind)] = value
    return Records(on, areas, {key: [b.establishment_id for b in some] for key, some in helped.items()}, known)


def _areas(communes: Iterable[int], *, on: date) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    told = UnitFact.objects.on(on).filter(unit__in=communes, name=PRIORITY_AREA).values_list("unit_id", "value")
    for unit, value in told:
        found.setdefault(unit, set()).update(listed(value))
    return found


def proving(projects: Iterable[int], *, on: date) -> QuerySet[Any]:
    """Whom these projects help, each with its establishment and whether that holds a certificate of a typical product on the
    day (``typical``): decided by then (or in a year by then) and not run out."""
    valid = Recognition.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        Q(decided_on__lte=on) | Q(decided_on=None, year__lte=on.year),
        product__establishment=OuterRef("establishment_id"),
    )
    rows = Beneficiary.objects.filter(project__in=projects, removed_on=None)
    return rows.select_related("establishment").annotate(typical=Exists(valid))


def _helped(projects: Iterable[Project], *, on: date) -> dict[int, list[Beneficiary]]:
    found: dict[int, list[Beneficiary]] = {}
    own = ("project_id", *(f"establishment__{name}" for name in PROVED))
    for one in proving([project.pk for project in projects], on=on).only(*own):
        found.setdefault(one.project_id, []).append(one)
    return found


def _proved(beneficiary: Any) -> set[str]:
    codes = {code for name, code in PROVED.items() if getattr(beneficiary.establishment, name)}
    return codes | ({TYPICAL_PRODUCT} if beneficiary.typical else set())


def shown(projects: Sequence[Project], *, told: Records) -> dict[int, list[PriorityRow]]:
    """The priority rows of the day that the records of each project (by key) show, those asked first before the others.
    National money by the nation's list, local money by the province's.  Two queries for each province of local money."""
    lists: dict[int | None, tuple[list[PriorityRow], list[Condition]]] = {}
    found = {}
    for project in projects:
        province = None if project.level == Level.NATIONAL else project.province
        key = None if province is None else province.pk
        if key not in lists:
            lists[key] = _lists(province, on=told.on)
        rows, counted = lists[key]
        codes = set(told.areas.get(project.commune_id or 0, ())) | (
            {CLEANER} if project.kind in CLEANER_KINDS else set()
        )
        for one in told.helped.get(project.pk, ()):
            known = told.known[one]
            codes |= known.codes
            codes |= {
                row.kind for row in counted if row.kind in known.figures and reaches(row, known.figures[row.kind])
            }
        found[project.pk] = [row for row in rows if row.code in codes]
    return found


def _lists(province: Unit | None, *, on: date) -> tuple[list[PriorityRow], list[Condition]]:
    level = Level.NATIONAL if province is None else Level.PROVINCIAL
    asked = conditions(on=on, level=level, province=province)
    counted = [row for row in asked if not row.is_required and row.kind in FIGURES]
    return priorities(on=on, province=province), counted
