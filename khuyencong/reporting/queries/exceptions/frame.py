"""Where an auditor looks, and a line of what he finds."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from django.db.models import Count, QuerySet, Value
from django.utils.translation import gettext as _

from khuyencong.audit import queries as journal
from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.people.models import User
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.models import Project
from khuyencong.reporting.queries.yearly import territory


@dataclass(frozen=True, slots=True)
class Frame:
    """Where an auditor looks: the territory of his mandate, a plan year or all of them, a province or all of his."""

    scope: Scope
    year: int | None = None
    province: Unit | None = None

    @property
    def vast(self) -> bool:
        """The whole country at once: what one province answers in a moment takes too long for one page there."""
        return self.scope.whole_country and self.province is None

    def projects(self) -> QuerySet[Project]:
        found = Project.objects.filter(territory(self.scope))
        if self.year is not None:
            found = found.filter(year=self.year)
        return found if self.province is None else found.filter(province=self.province)

    def events(self) -> QuerySet[Event]:
        start = date(self.year, 1, 1) if self.year else None
        end = date(self.year, 12, 31) if self.year else None
        found = journal.search(cast(journal.Territory, self.scope), start=start, end=end)
        return found if self.province is None else found.filter(province_id=self.province.pk)


def frame_for(user: User, *, year: int | None = None, province: Unit | None = None) -> Frame:
    """What this auditor may see.  Raises NotAllowed for everybody else."""
    scope = user.scope(Permission.AUDIT)
    if not scope:
        raise NotAllowed(
            _("Trang này dành cho kiểm toán, thanh tra theo quyết định, trong địa bàn và thời hạn được giao.")
        )
    return Frame(scope, year, province)


def up_to(frame: Frame) -> QuerySet[Project]:
    """Projects of the chosen plan year and of all years before it: what is open or missing stays so."""
    found = replace(frame, year=None).projects()
    return found if frame.year is None else found.filter(year__lte=frame.year)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the board: what it is about, the sentence, the day it concerns."""

    sentence: str
    project: Project | None = None
    subject: str = ""  # where it is about something else than a project
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of exception: ``rows`` gives something that can be counted and cut, ``told`` a line of it.

    ``counted`` gives querysets with as many rows as there are lines, where the lines themselves cost more.
    """

    key: str
    label: Any
    explanation: Any
    rows: Callable[[Frame], Any]
    told: Callable[[Any], Finding]
    counted: Callable[[Frame], list[QuerySet[Any]]] | None = None

    def found(self, frame: Frame) -> "Found":
        return Found(self.rows(frame), self.told)


class Found:
    """The lines of one kind, made when asked for: a paginator counts and cuts it."""

    def __init__(self, rows: Any, told: Callable[[Any], Finding]):
        self._rows, self._told = rows, told

    def count(self) -> int:
        return self._rows.count() if isinstance(self._rows, QuerySet) else len(self._rows)

    def __getitem__(self, part: slice) -> list[Finding]:
        return [self._told(row) for row in self._rows[part]]

    def __iter__(self) -> Iterator[Finding]:
        rows: Iterable[Any] = self._rows.iterator(chunk_size=2000) if isinstance(self._rows, QuerySet) else self._rows
        return (self._told(row) for row in rows)


def counts(frame: Frame, kinds: Iterable[Kind]) -> dict[str, int]:
    """How many lines each kind has, by its key.  Kinds that the database can count are counted by one query together; the
    others (papers by the law of the day, norms) ask their own two, working days one."""
    numbers, parts = {}, []
    for kind in kinds:
        rows = kind.counted(frame) if kind.counted else kind.rows(frame)
        if not isinstance(rows, (list, QuerySet)) or (isinstance(rows, list) and not kind.counted):
            numbers[kind.key] = len(rows)
            continue
        numbers[kind.key] = 0
        for part in rows if isinstance(rows, list) else [rows]:
            parts.append(_number(part, kind.key))
    if parts:
        for key, number in parts[0].union(*parts[1:], all=True):
            numbers[key] += number
    return numbers


def _number(rows: QuerySet[Any], key: str) -> QuerySet[Any, tuple[str, int]]:
    rows = rows.order_by()
    if rows.query.group_by is not None:  # each group is a line
        rows = rows.model._default_manager.filter(pk__in=rows.values("pk"))
    return rows.annotate(key_=Value(key)).values("key_").annotate(number_=Count("pk")).values_list("key_", "number_")


def one_year(frame: Frame) -> Frame:
    return frame if frame.year is not None else replace(frame, year=clock.today().year)
