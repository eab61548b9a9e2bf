"""A thing that waits, and where a person may do it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, BigIntegerField, Count, DateField, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from khuyencong.authority.permissions import Permission as P
from khuyencong.authority.roles import ROLES
from khuyencong.base.text import uncapitalised
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project
from khuyencong.work.enums import TaskKind

S = ProjectState


# What the ministry's agency does for national money, provinces do for their own (TT 36/2013 Đ12, NĐ 45/2012 Đ14).
APPROVERS = {
    Level.NATIONAL: P.PLAN_APPROVE_NATIONAL,
    Level.PROVINCIAL: P.PLAN_APPROVE_PROVINCIAL,
    Level.COMMUNAL: P.PLAN_APPROVE_COMMUNAL,
}


BY_LEVEL = (P.ASSIGN, P.ADVANCE_PAY, P.SETTLE, P.LIQUIDATE)


SOON = timedelta(days=30)  # how far ahead an end of contract is announced


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits.  ``subject`` is the key of the one record it is about, where it is about one."""

    kind: TaskKind
    rest: str
    number: int = 1
    due: date | None = None
    note: str = ""
    subject: int | None = None
    within: int | None = None  # the record to which the subject belongs, where its page needs both
    waits_for_others: bool = False  # its note says for what; until then its page is to be looked at
    since: date | None = None  # the day on which its person was told of it by the act itself

    @property
    def act(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted: how many; how much (đồng) or of how many projects, where that was asked; the first of their records and
    the first of their days, where they have one."""

    number: int
    second: int
    first: int | None
    due: date | None

    @property
    def only(self) -> int | None:
        """The key of the one record that is meant, where it is one."""
        return self.first if self.number == 1 else None


@dataclass(frozen=True, slots=True)
class Counted:
    """A line told of many rows together, and not told where there are none; ``lines_of`` asks for all such lines at once."""

    rows: QuerySet[Any]
    say: Callable[[Sums], Task]
    number: Aggregate = field(default_factory=lambda: Count("pk"))
    second: Aggregate | None = None
    first: Aggregate = field(default_factory=lambda: Min("pk"))
    due: Aggregate | None = None

    def part(self, place: int) -> QuerySet[Any, tuple[Any, ...]]:
        """The one row that the database answers with."""
        no_number, no_day = (
            Cast(Value(None), BigIntegerField()),
            Cast(Value(None), DateField()),
        )  # a NULL of a type: both databases ask for it
        rows = self.rows.order_by().annotate(place_=Value(place)).values("place_")
        told = {
            "number_": self.number,
            "second_": self.second or no_number,
            "first_": self.first,
            "due_": self.due or no_day,
        }
        return rows.annotate(**told).values_list("place_", *told)


def lines_of(asked: Iterable[Counted]) -> Iterator[Task]:
    """The lines of what there is.  One query, however many are asked."""
    lines = list(asked)
    parts = [line.part(place) for place, line in enumerate(lines)]
    if not parts:
        return
    for place, number, second, first, due in parts[0].union(*parts[1:], all=True):
        if number:
            yield lines[place].say(Sums(number, int(second or 0), first, due))


def inside(what: object) -> str:
    """The words of a record inside a sentence: with a small first letter."""
    return uncapitalised(str(what))


def _territory(user: User, permission: P) -> QuerySet[Project]:
    """Where this person may do this: his territory, and his own body's projects where the act asks for it."""
    scope = user.scope(permission)
    territory = (
        Q()
        if scope.whole_country
        else Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes) | Q(pk__in=())
    )
    employers = {
        m.employer_id
        for m in user.mandates_today
        if permission in ROLES[m.role].own_body and permission in ROLES[m.role].permissions
    }
    free = any(
        permission in ROLES[m.role].permissions and permission not in ROLES[m.role].own_body and not m.organisation_id
        for m in user.mandates_today
    )
    if employers and not free:
        # an officer's area is a list of communes; a project of his Centre for the whole province is his too
        own = Project.objects.filter(implementer_id__in=employers)
        if scope.communes and not scope.provinces and not scope.whole_country:
            own = own.filter(Q(commune_id__in=scope.communes) | Q(commune=None))
        return own | Project.objects.filter(implementer_id__in=scope.bodies)
    if scope.bodies:
        return Project.objects.filter(territory | Q(implementer_id__in=scope.bodies))
    return Project.objects.filter(territory)


def projects_for(user: User, permission: P) -> QuerySet[Project]:
    """Projects on which this person may do this: his territory, his own body's where the act asks for it, and the level of
    money that is his."""
    found = _territory(user, permission)
    if permission not in BY_LEVEL:
        return found
    if user.scope(permission).whole_country:
        return found.filter(level=Level.NATIONAL)
    return found.exclude(level=Level.NATIONAL)
