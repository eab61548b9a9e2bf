"""The report: projects and money of one plan year, by activity, by source and by place; of the whole plan as it stands now, or
of one period (a quarter, half a year, the year) by the legal day of each act.

Everything is added up from the rows of one plan year, each project once, under the activity it belongs to (``activity``; the
other groups of a flagship project are not counted again) and at its own place; what was granted to a project that was stopped
is not counted, and its contract is told apart.  The page, the workbook and the lists behind the figures ask the functions below,
so their numbers cannot differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotAllowed
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import totals as envelope_totals
from khuyencong.budgets.rules import Balance, source_of
from khuyencong.contracts.models import Assignment, Settlement
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.places.enums import Level as PlaceLevel
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.enums import APPROVED_ON, Activity, ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project, StepTaken
from khuyencong.reporting.enums import Map, Period
from khuyencong.reporting.rules import ratio, span

ACCEPTED = (ProjectState.ACCEPTED, ProjectState.SETTLED, ProjectState.LIQUIDATED)
SETTLED = (ProjectState.SETTLED, ProjectState.LIQUIDATED)
STATE_MONEY = (Source.NATIONAL, Source.LOCAL)
HISTORY = "history"  # the step of a dossier that was closed before this house
# what was granted to a project that a decision stopped is no longer of its plan
STANDING = ~Q(state=ProjectState.STOPPED)
UNKNOWN = 0  # the place of a project whose commune cannot be told


@dataclass(frozen=True, slots=True)
class Frame:
    """What a report counts: a plan year, in a territory, by one of two maps; ``province`` is one of today's."""

    scope: Scope
    year: int
    province: Unit | None = None
    map: Map = Map.TODAY
    period: Period | None = None  # None: the whole plan, until now
    cumulative: bool = False  # from the beginning of the plan to the end of the period

    @property
    def days(self) -> tuple[date | None, date | None]:
        """From which day to which acts are counted."""
        if self.period is None:
            return None, None
        first, last = span(self.year, self.period)
        return None if self.cumulative else first, last

    def during(self, day: str = "on") -> Q:
        """The rows whose legal day lies in the period."""
        first, last = self.days
        begun = Q(**{f"{day}__gte": first}) if first else Q()
        return begun & Q(**{f"{day}__lte": last}) if last else begun

    @property
    def begins_late(self) -> bool:
        """Whether earlier acts of the same plan are left out."""
        return self.days[0] is not None

    def within(self, prefix: str = "") -> Q:
        """The rows of this report, seen from a table that reaches the project by ``prefix`` (``project__``)."""
        rows = Q(**{f"{prefix}year": self.year, f"{prefix}state__in": APPROVED_ON})
        if self.province is not None:
            rows &= Q(**{f"{prefix}province_id": self.province.pk})
        return rows & territory(self.scope, prefix)


def territory(scope: Scope, prefix: str = "") -> Q:
    """The part of a territory that is counted by place: provinces and communes, never somebody's own bodies."""
    if scope.whole_country:
        return Q()
    here = Q(**{f"{prefix}province_id__in": scope.provinces})
    return here | Q(**{f"{prefix}commune_id__in": scope.communes}) if scope.communes else here


def frame_for(
    user: User, *, year: int, province: Unit | None = None, map: str = Map.TODAY, period: Period | None = None
) -> Frame:
    """What this person's report counts.  Raises NotAllowed for somebody who has no territory to look at."""
    scope = user.scope(Permission.VIEW)
    if not (scope.whole_country or scope.provinces or scope.communes):
        raise NotAllowed(_("Báo cáo tổng hợp dành cho cơ quan quản lý và Trung tâm; bạn chưa được giao địa bàn nào."))
    return Frame(scope, year, province, Map(map) if map in Map.values else Map.TODAY, period)


@dataclass(frozen=True, slots=True)
class Sums:
    """Projects and money, in đồng; projects of ``historical`` dossiers are part of ``projects``.  ``unsplit`` is
    money of theirs of which no source is known: it is in no other sum."""

    projects: int = 0
    national: int = 0
    local: int = 0
    counterpart: int = 0
    other: int = 0
    accepted: int = 0
    settled: int = 0
    stopped: int = 0
    historical: int = 0
    unsplit: int = 0

    @property
    def support(self) -> int:
        return self.national + self.local

    def __add__(self, more: "Sums") -> "Sums":
        return Sums(*(getattr(self, item.name) + getattr(more, item.name) for item in fields(self)))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: an activity (its number) or a place (the unit's key, ``UNKNOWN`` where none can be told)."""

    key: int
    label: str
    sums: Sums


@dataclass(frozen=True, slots=True)
class SourceLine:
    """State money of one source, in đồng.  The ratio leaves out historical dossiers, which have no ledger, and projects that were
    stopped, on both sides: they are not among what is ``approved``."""

    source: Source
    allocated: int = 0  # by decision
    moved: int = 0  # beside it: carried in, less carried out and given back
    approved: int = 0
    historical: int = 0  # of approved
    contracted: int = 0  # of what stands, as approved is
    halted: int = 0  # contracted with projects that a decision stopped
    advanced: int = 0  # all that was paid out, also to projects that were stopped later
    halted_advanced: int = 0  # of advanced: to projects that a decision stopped
    settled: int = 0
    whole: bool = True  # False: of a part of the plan's time, where paid and approved are not of the same projects

    @property
    def disbursed(self) -> Decimal | None:
        """Paid out of what was approved (domain: disbursed / approved)."""
        return None if not self.whole else ratio(self.advanced - self.halted_advanced, self.approved - self.historical)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What stood at the end of a period since the plan began: projects approved, money in đồng."""

    projects: int
    support: int
    contracted: int
    advanced: int
    settled: int


@dataclass(frozen=True, slots=True)
class YearlyReport:
    frame: Frame
    activities: list[Line]
    places: list[Line]
    total: Sums
    sources: list[SourceLine]
    counterpart_settled: int
    changed: int
    times: int  # lượt: an establishment helped by two projects counts twice
    establishments: int  # different ones
    women: int  # of them led by women
    unplaced: int = 0  # projects for which the map of their day is not known (counted where they lie today)
    so_far: SoFar | None = None  # of a period that does not begin with the plan
    state_total: SourceLine = field(default_factory=lambda: SourceLine(Source.NATIONAL))

    @property
    def counterpart_per_support(self) -> Decimal | None:
        """Đồng of counterpart for each đồng of support (F2)."""
        return ratio(self.total.counterpart, self.total.support)


def place_key(frame: Frame) -> Any:
    """Where a project is counted: by province for the country, by commune inside a province; of today or as then."""
    if frame.map == Map.TODAY:
        return F("province_id") if frame.province is None else F("commune_id")
    if frame.province is not None:
        return Coalesce(F("place_unit_id"), F("commune_id"))
    return Case(
        When(place_unit__level=PlaceLevel.PROVINCE, then=F("place_unit_id")),
        default=Coalesce(F("place_unit__province_id"), F("province_id")),
        output_field=IntegerField(),
    )


def rows(frame: Frame) -> QuerySet[Project]:
    """The projects that the report counts: approved, in the period where there is one."""
    found = Project.objects.filter(frame.within())
    return found if frame.period is None else found.filter(_taken(frame, Q(name__in=("approve", HISTORY))))


def _taken(frame: Frame, step: Q) -> Q:
    """Projects that have taken this step in the period.  A historical dossier took all its steps on the day of its paper."""
    return Q(pk__in=StepTaken.objects.filter(step, frame.during()).values("project"))


def yearly(frame: Frame) -> YearlyReport:
    """The whole report.  Eight queries, whatever the number of projects."""
    grouped = (
        rows(frame)
        .order_by()
        .annotate(where=place_key(frame))
        .values_list("activity", "where")
        .annotate(
            n=Count("pk"),
            sum_national=Sum("granted_national", filter=STANDING, default=0),
            sum_local=Sum("granted_local", filter=STANDING, default=0),
            sum_counterpart=Sum("granted_counterpart", filter=STANDING, default=0),
            sum_other=Sum("granted_other", filter=STANDING, default=0),
            n_accepted=Count("pk", filter=Q(state__in=ACCEPTED)),
            n_settled=Count("pk", filter=Q(state__in=SETTLED)),
            n_stopped=Count("pk", filter=Q(state=ProjectState.STOPPED)),
            n_historical=Count("pk", filter=Q(historical=True)),
            sum_unsplit=Sum("unsplit", filter=STANDING, default=0),
            past_national=Sum("granted_national", filter=STANDING & Q(historical=True), default=0),
            past_local=Sum("granted_local", filter=STANDING & Q(historical=True), default=0),
            n_unplaced=Count("pk", filter=Q(place_unit=None)),
        )
    )
    activities: dict[int, Sums] = {}
    places: dict[int, Sums] = {}
    past = {Source.NATIONAL: 0, Source.LOCAL: 0}
    unplaced = 0
    for activity, where, *numbers in grouped:
        sums = Sums(*numbers[:10])
        activities[activity] = activities.get(activity, Sums()) + sums
        places[where or UNKNOWN] = places.get(where or UNKNOWN, Sums()) + sums
        past[Source.NATIONAL] += numbers[10]
        past[Source.LOCAL] += numbers[11]
        unplaced += numbers[12]
    total = sum(activities.values(), Sums())
    if frame.period is not None:
        total = replace(total, **_reached(frame))
    sources = _sources(frame, total, past)
    helped = _helped(frame)
    return YearlyReport(
        frame=frame,
        activities=[Line(a.value, str(a.label), activities[a.value]) for a in Activity if a.value in activities],
        places=_named(places),
        total=total,
        sources=sources,
        counterpart_settled=Settlement.objects.filter(frame.within("project__"), frame.during()).aggregate(
            told=Sum("counterpart", default=0)
        )["told"],
        changed=StepTaken.objects.filter(frame.within("project__"), frame.during(), name="adjust").aggregate(
            told=Count("project_id", distinct=True)
        )["told"],
        times=helped["times"],
        establishments=helped["different"],
        women=helped["women"],
        unplaced=unplaced if frame.map == Map.THEN else 0,
        so_far=_so_far(replace(frame, cumulative=True)) if frame.begins_late else None,
        state_total=together(sources),
    )


def _reached(frame: Frame) -> dict[str, int]:
    """How many projects of the plan were accepted, settled and stopped in the period."""
    of_plan = Project.objects.filter(frame.within())
    return of_plan.aggregate(
        **{name: Count("pk", filter=condition_of(frame, name)) for name in ("accepted", "settled", "stopped")}
    )


def _so_far(frame: Frame) -> SoFar:
    granted = rows(frame).aggregate(
        projects=Count("pk"),
        support=Sum("granted_national", filter=STANDING, default=0) + Sum("granted_local", filter=STANDING, default=0),
    )
    lines = _sources(frame, Sums(), dict.fromkeys(STATE_MONEY, 0))
    told = together(lines)
    return SoFar(**granted, contracted=told.contracted, advanced=told.advanced, settled=told.settled)


def together(sources: Iterable[SourceLine]) -> SourceLine:
    lines = list(sources)
    amounts = {item.name: sum(getattr(line, item.name) for line in lines) for item in fields(SourceLine)[1:-1]}
    return SourceLine(Source.NATIONAL, **amounts, whole=all(line.whole for line in lines))


def _named(places: dict[int, Sums]) -> list[Line]:
    units = Unit.objects.select_related("parent").in_bulk([key for key in places if key])
    ordered = sorted(
        places, key=lambda key: (key == UNKNOWN, bytes(units[key].sort_key), units[key].pk) if key else (True, b"", 0)
    )
    return [Line(key, place_label(units.get(key)), places[key]) for key in ordered]


def place_label(unit: Unit | None) -> str:
    """A unit as a report names it: one that has ended with the day until which it stood."""
    if unit is None:
        return _("Nhiều xã hoặc chưa rõ xã")
    name = unit.full_name
    if unit.level == PlaceLevel.COMMUNE and unit.valid_to is not None and unit.parent is not None:
        name = f"{name}, {unit.parent.full_name}"
    if unit.valid_to is not None:
        name = _("%(name)s (đến %(day)s)") % {"name": name, "day": f"{unit.valid_to:%d/%m/%Y}"}
    return name


def envelopes(frame: Frame, source: str = "") -> QuerySet[Envelope]:
    """The envelopes whose money the report calls “dự toán giao”; with ``source`` those of national or of local money."""
    found = Envelope.objects.filter(territory(frame.scope), year=frame.year)
    if source in STATE_MONEY:
        national = Q(level=Level.NATIONAL)
        found = found.filter(national if source == Source.NATIONAL else ~national)
    return found if frame.province is None else found.filter(province=frame.province)


def given(frame: Frame, source: str = "") -> dict[Source, Balance]:
    """What these envelopes were given, in the period where there is one."""
    first, last = frame.days
    return envelope_totals(envelopes(frame, source), since=first, until=last)


def _sources(frame: Frame, total: Sums, past: dict[Source, int]) -> list[SourceLine]:
    allocated = given(frame)
    stopped = Q(project__state=ProjectState.STOPPED)
    contracted = Assignment.objects.filter(frame.within("project__"), frame.during("signed_on")).aggregate(
        **{f"standing_{source.value}": Sum(source.value, filter=~stopped, default=0) for source in STATE_MONEY},
        **{f"halted_{source.value}": Sum(source.value, filter=stopped, default=0) for source in STATE_MONEY},
    )
    spent: dict[tuple[Source, str], int] = {}
    lines = Entry.objects.filter(
        frame.within("project__"), frame.during(), kind__in=[EntryKind.ADVANCED, EntryKind.SETTLED]
    )
    halted: dict[Source, int] = {}
    told = lines.order_by().values_list("envelope__level", "kind", "project__state").annotate(Sum("amount"))
    for level, kind, state, amount in told:
        key = (source_of(level), kind)
        spent[key] = spent.get(key, 0) + amount
        if state == ProjectState.STOPPED and kind == EntryKind.ADVANCED:
            halted[key[0]] = halted.get(key[0], 0) + amount
    return [
        SourceLine(
            source=source,
            allocated=allocated[source].allocated,
            moved=allocated[source].moved,
            approved=getattr(total, source.value),
            historical=past[source],
            contracted=contracted[f"standing_{source.value}"],
            halted=contracted[f"halted_{source.value}"],
            advanced=spent.get((source, EntryKind.ADVANCED.value), 0),
            halted_advanced=halted.get(source, 0),
            settled=spent.get((source, EntryKind.SETTLED.value), 0),
            whole=not frame.begins_late,
        )
        for source in STATE_MONEY
    ]


def helped(frame: Frame) -> QuerySet[Beneficiary]:
    """Establishments helped, one row a time (lượt): projects that were stopped are left out."""
    found = Beneficiary.objects.filter(frame.within("project__"), frame.during("approved_on"), removed_on=None)
    found = found.exclude(approved_on=None)  # a group names them first, the department approves its list later
    return found.exclude(project__state=ProjectState.STOPPED)


_SAME = Coalesce("establishment__merged_into_id", "establishment_id")  # two that were merged are one


def _helped(frame: Frame) -> dict[str, int]:
    return helped(frame).aggregate(
        times=Count("pk"),
        different=Count(_SAME, distinct=True),
        women=Count(_SAME, distinct=True, filter=Q(establishment__woman_owned=True)),
    )


def different_establishments(frame: Frame, *, women: bool = False) -> QuerySet[Establishment]:
    """The establishments behind “cơ sở khác nhau”."""
    found = helped(frame)
    if women:
        found = found.filter(establishment__woman_owned=True)
    return Establishment.objects.filter(pk__in=found.annotate(same=_SAME).order_by().values("same"))


# ---- the records behind a figure ----


def _sum(of: Any, name: str = "amount") -> Coalesce:
    added = of.order_by().values("project").annotate(told=Sum(name)).values("told")
    return Coalesce(Subquery(added), Value(0))


def _spent(frame: Frame, kind: str, *, national: bool | None = None, **of: Any) -> Coalesce:
    lines = Entry.objects.filter(frame.during(), project=OuterRef("pk"), kind=kind, **of)
    if national is not None:
        level = Q(envelope__level=Level.NATIONAL)
        lines = lines.filter(level if national else ~level)
    return _sum(lines)


def _contracted(frame: Frame, *sources: str) -> Any:
    found = Assignment.objects.filter(frame.during("signed_on"), project=OuterRef("pk"))
    return sum((_sum(found, source) for source in sources[1:]), _sum(found, sources[0]))


def _standing(amount: Any) -> Case:
    return Case(When(STANDING, then=amount), default=Value(0))


# What a project was granted: of those approved in the period.
GRANTED: dict[str, Callable[[], Any]] = {
    "national": lambda: _standing(F("granted_national")),
    "local": lambda: _standing(F("granted_local")),
    "support": lambda: _standing(F("granted_national") + F("granted_local")),
    "counterpart": lambda: _standing(Coalesce(F("granted_counterpart"), Value(0))),
    "other": lambda: _standing(Coalesce(F("granted_other"), Value(0))),
    "unsplit": lambda: _standing(F("unsplit")),
}
# What was done with a project in the period, whenever it was approved; by its name in an address.
DONE: dict[str, Callable[[Frame], Any]] = {
    "contracted": lambda frame: _standing(_contracted(frame, "national", "local")),
    "halted": lambda frame: Case(When(STANDING, then=Value(0)), default=_contracted(frame, "national", "local")),
    "advanced": lambda frame: _spent(frame, EntryKind.ADVANCED),
    "halted-advanced": lambda frame: _spent(frame, EntryKind.ADVANCED, project__state=ProjectState.STOPPED),
    "settled": lambda frame: _spent(frame, EntryKind.SETTLED),
    "contracted-national": lambda frame: _standing(_contracted(frame, "national")),
    "contracted-local": lambda frame: _standing(_contracted(frame, "local")),
    "advanced-national": lambda frame: _spent(frame, EntryKind.ADVANCED, national=True),
    "advanced-local": lambda frame: _spent(frame, EntryKind.ADVANCED, national=False),
    "settled-national": lambda frame: _spent(frame, EntryKind.SETTLED, national=True),
    "settled-local": lambda frame: _spent(frame, EntryKind.SETTLED, national=False),
    "settled-counterpart": lambda frame: _sum(
        Settlement.objects.filter(frame.during(), project=OuterRef("pk")), "counterpart"
    ),
}
# The condition behind a count: the state now, and the step by which a project came there.
CONDITIONS: dict[str, tuple[Q, Q]] = {
    "accepted": (Q(state__in=ACCEPTED), Q(name="accept") | Q(name=HISTORY, target__in=ACCEPTED)),
    "settled": (Q(state__in=SETTLED), Q(name="settle") | Q(name=HISTORY, target__in=SETTLED)),
    "stopped": (Q(state=ProjectState.STOPPED), Q(target=ProjectState.STOPPED)),
    "changed": (Q(), Q(name="adjust")),
}


def condition_of(frame: Frame, name: str) -> Q:
    """The projects of the plan that a count of this name counts."""
    state, step = CONDITIONS[name]
    return state if frame.period is None and state else state & _taken(frame, step)


def behind(
    frame: Frame, *, activity: int | None = None, place: int | None = None, amount: str = "", condition: str = ""
) -> QuerySet[Project]:
    """The projects behind one figure, with ``figure``: what each gives to it, in đồng.

    ``place`` is a key of the report's own table; an ``amount`` leaves out the projects that give nothing to it; ``condition``
    is the name of a count.
    """
    done = amount in DONE or condition in CONDITIONS  # in the period, to any project of the plan
    found = Project.objects.filter(frame.within()) if done else rows(frame)
    if activity:
        found = found.filter(activity=activity)
    if place is not None:
        found = found.annotate(where=place_key(frame))
        found = found.filter(where=place) if place != UNKNOWN else found.filter(where=None)
    if condition in CONDITIONS:
        found = found.filter(condition_of(frame, condition))
    elif condition == "historical":
        found = found.filter(historical=True)
    figure = DONE[amount](frame) if amount in DONE else GRANTED.get(amount, GRANTED["support"])()
    found = found.annotate(figure=figure)
    return found.exclude(figure=0) if amount in DONE or amount in GRANTED else found
