"""What the conditions of support are judged by, gathered for one project as for thousands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from khuyencong.base.periods import Dated
from khuyencong.documents.enums import ItemState, PaperKind
from khuyencong.documents.models import DossierItem
from khuyencong.establishments import queries as establishments
from khuyencong.establishments.models import Establishment, SupportedItem, YearlyFacts
from khuyencong.establishments.rules import same_item
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import ConditionKind, Level, ProjectKind
from khuyencong.norms.models import Condition, SectorRow
from khuyencong.norms.rules import PRIORITY_AREA, listed
from khuyencong.places.models import Unit
from khuyencong.projects import rules
from khuyencong.projects.enums import APPROVED_ON, ProjectState
from khuyencong.projects.models import Beneficiary, CostLine, Project
from khuyencong.projects.rules.judgements import COUNTERPART_PAPER, NO_OTHER_SUPPORT_PAPER, Facts, Figure, Helped

CLEANER = (ProjectKind.CLEANER_ASSESSMENT, ProjectKind.CLEANER_PILOT)
DIFFICULT = "difficult_area"
_GIVEN = frozenset(APPROVED_ON) - {ProjectState.STOPPED.value}


@dataclass
class Asked:
    """A project with the day whose rules judge it, the day on which facts are looked at, and the conditions of that law."""

    project: Project
    law: date
    on: date
    conditions: Sequence[Condition]
    helped: list[Beneficiary] = field(default_factory=list)

    def asks(self, *kinds: ConditionKind) -> bool:
        return not self._kinds.isdisjoint(kinds)

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(row.kind for row in self.conditions if rules.is_asked(row, self.project))

    @property
    def province(self) -> Unit | None:
        """Whose own rows bind its money."""
        return None if self.project.level == Level.NATIONAL else self.project.province


def gather(asked: Sequence[Asked]) -> dict[int, Facts]:
    """The facts of each project (by key); as many queries for one as for thousands, but for the rules of place, which ask of
    each commune on its day.  What no condition asks is not read."""
    several = [one for one in asked if one.helped]
    people = {b.establishment_id: b.establishment for one in several for b in one.helped}
    units = _units(people.values())
    villages = establishments.in_craft_villages(people.values())
    papers = _papers(several)
    records: Mapping[int, set[int]] = {}
    of_each = (
        ConditionKind.NO_OTHER_SUPPORT,
        ConditionKind.FOREIGN_FAIRS,
        ConditionKind.LOCAL_MATERIAL,
        ConditionKind.LABOUR_INTENSIVE,
    )
    wanted = {b.establishment_id for one in several if one.asks(*of_each) for b in one.helped}
    if wanted:
        records = establishments.records_of(people[key] for key in wanted)
    given = establishments.given_to(records) if records else {}
    years = establishments.yearly(records) if records else {}
    trips = _trips(several, records)
    lines = _lines(one for one in asked if one.asks(ConditionKind.NEW_MACHINERY))
    lists = _Lists()
    found = {}
    for one in asked:
        project = one.project
        helped = []
        for b in one.helped:
            e = b.establishment
            same, others = _supports(one, b, given.get(e.pk, ()))
            past = [row for row in years.get(e.pk, ()) if row.year <= one.on.year]
            helped.append(
                Helped(
                    beneficiary=b,
                    place=_place(one, e, units.get(e.commune_id or 0), villages.get(e.pk, ())),
                    workers=_figure(past, "workers"),
                    material=_figure(past, "local_material_percent"),
                    papers=_of(papers.get(project.dossier_id or 0, {}), e.organisation_id, alone=len(one.helped) == 1),
                    trips=_before_it(b, trips.get(e.pk, ())),
                    same=same,
                    others=others,
                )
            )
        trades = lists.trades(one) if one.asks(ConditionKind.SECTOR) else ()
        found[project.pk] = Facts(
            project=project,
            helped=helped,
            lines=lines.get(project.pk, ()),
            trades=trades,
            holders=lists.holders(one) if one.asks(ConditionKind.HOLDER) else None,
            difficult=_is_difficult(one, trades),
        )
    return found


def _units(people: Iterable[Establishment]) -> dict[int, Unit]:
    """The communes of production, with what the rules of place ask of them."""
    keys = {e.commune_id for e in people if e.commune_id}
    if not keys:
        return {}
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=keys).select_related("parent", "province")}


def _place(one: Asked, e: Establishment, unit: Unit | None, recognitions: Iterable[Dated]) -> norms.Eligibility | None:
    if not one.asks(ConditionKind.PLACE):
        return None
    return norms.place_eligibility(
        unit,
        on=one.law,
        craft_village=any(recognition.holds_on(one.on) for recognition in recognitions),
        cleaner_production=e.cleaner_production or one.project.kind in CLEANER,
        planning_year=one.project.year,
    )


def _figure(rows: Iterable[YearlyFacts], name: str) -> Figure | None:
    """The newest recorded figure; a year without it says nothing."""
    for row in rows:
        if (value := getattr(row, name)) is not None:
            return Figure(row.year, value)
    return None


def _supports(
    one: Asked, b: Beneficiary, given: Iterable[SupportedItem]
) -> tuple[tuple[SupportedItem, ...], tuple[SupportedItem, ...]]:
    """Earlier supports of the same item, and all earlier ones, newest first, as known on the day of the facts."""
    earlier = [item for item in given if item.on <= one.on and item.project_uid != one.project.uid]
    if not earlier:
        return (), ()
    texts = [text for text in (b.content, one.project.machine_type) if text.strip()] or [one.project.title]
    same = tuple(item for item in earlier if any(same_item(item.item, text) for text in texts))
    return same, tuple(earlier)


def _papers(asked: Sequence[Asked]) -> dict[int, dict[int | None, set[str]]]:
    """Which commitments lie in each dossier, of which party.  One query."""
    dossiers = {
        one.project.dossier_id
        for one in asked
        if one.project.dossier_id and one.asks(ConditionKind.COUNTERPART, ConditionKind.NO_OTHER_SUPPORT)
    }
    found: dict[int, dict[int | None, set[str]]] = {}
    if not dossiers:
        return found
    codes = {COUNTERPART_PAPER, NO_OTHER_SUPPORT_PAPER}
    either = Q(requirement__code__in=codes) | Q(requirement=None, paper__kind=PaperKind.COMMITMENT)
    there = DossierItem.objects.filter(either, dossier__in=dossiers, state=ItemState.PRESENT)
    for dossier, party, code in there.values_list("dossier_id", "party_id", "requirement__code"):
        found.setdefault(dossier, {}).setdefault(party, set()).update({code} if code else codes)
    return found


def _of(papers: Mapping[int | None, set[str]], party: int, *, alone: bool) -> frozenset[str]:
    """The papers of one party; where it is the only one, those that name none are its own."""
    return frozenset(papers.get(party, set()) | (papers.get(None, set()) if alone else set()))


def _trips(asked: Sequence[Asked], records: Mapping[int, set[int]]) -> dict[int, list[Any]]:
    """The projects of a year that took each establishment to a fair abroad, as approved.  One query where somebody asks."""
    going = [one for one in asked if one.asks(ConditionKind.FOREIGN_FAIRS)]
    people = {b.establishment_id for one in going for b in one.helped}
    if not people:
        return {}
    whose = establishments.owners({key: records[key] for key in people})
    there = Beneficiary.objects.filter(
        establishment__in=whose,
        removed_on=None,
        project__kind=ProjectKind.FAIR_ABROAD,
        project__year__in={one.project.year for one in going},
        project__state__in=_GIVEN,
    )
    found: dict[int, list[Any]] = {}
    for b in there.select_related("project").order_by("project__code"):
        for key in whose[b.establishment_id]:
            found.setdefault(key, []).append(b)
    return found


def _before_it(b: Beneficiary, trips: Iterable[Beneficiary]) -> tuple[str, ...]:
    """The trips that count before this one: those approved, and for one that is approved itself those approved earlier."""

    def turn(one: Beneficiary) -> tuple[date, int]:
        return one.approved_on or date.min, one.project_id

    approved = b.project.state in _GIVEN
    return tuple(
        other.project.code
        for other in trips
        if other.project_id != b.project_id
        and other.project.year == b.project.year
        and (not approved or turn(other) < turn(b))
    )


def _lines(asked: Iterable[Asked]) -> dict[int, list[CostLine]]:
    keys = [one.project.pk for one in asked]
    found: dict[int, list[CostLine]] = {}
    for line in CostLine.objects.filter(project__in=keys) if keys else ():
        found.setdefault(line.project_id, []).append(line)
    return found


class _Lists:
    """The lists of the law, read once for each day and province."""

    def __init__(self) -> None:
        self._trades: dict[Any, list[SectorRow]] = {}
        self._holders: dict[Any, dict[str, str]] = {}

    def trades(self, one: Asked) -> list[SectorRow]:
        key = (one.law, one.province and one.province.pk)
        if key not in self._trades:
            self._trades[key] = norms.eligible_sectors(on=one.law, province=one.province)
        return self._trades[key]

    def holders(self, one: Asked) -> dict[str, str]:
        if one.law not in self._holders:
            self._holders[one.law] = {row.code: row.text for row in norms.eligible_holders(on=one.law)}
        return self._holders[one.law]


def _is_difficult(one: Asked, trades: Iterable[SectorRow]) -> bool:
    """Whether the place of the project is recorded as a difficult area; asked only where its trade needs it."""
    bound = {row.letter for row in trades if row.difficult_area_only}
    mine = {one.project.sector} if one.project.sector else {b.establishment.sector for b in one.helped}
    if not bound & mine or one.project.commune is None:
        return False
    told = norms.facts_of(one.project.commune, one.law)
    return DIFFICULT in listed(told.get(PRIORITY_AREA, ""))
