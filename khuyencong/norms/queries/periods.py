"""What holds when: the rows of one key one after the other, and the days on which none holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from khuyencong.norms.enums import Level
from khuyencong.norms.models import ROWS, AdvanceNorm, Line, Row, SupportNorm
from khuyencong.norms.queries.rows import same_key
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.enums import SuccessionKind
from khuyencong.places.models import REFORM, Succession


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` up to but not including ``end`` (None: open), with the row that holds, or with none."""

    start: date
    end: date | None
    row: Row | None = None

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


def periods(rows: Iterable[Row]) -> list[Period]:
    """The rows of one key in their order, with the days between them and after the last on which none holds."""
    found: list[Period] = []
    for row in sorted(rows, key=lambda row: row.valid_from):
        last = found[-1].end if found else None
        if last is not None and last < row.valid_from:
            found.append(Period(last, row.valid_from))
        found.append(Period(row.valid_from, row.valid_to, row))
    if found and found[-1].end is not None:
        found.append(Period(found[-1].end, None))
    return found


def periods_of(row: Row) -> list[Period]:
    """The periods of whatever this row speaks of: same key, level and province, itself among them.  A row that is not
    recorded yet is counted in."""
    rows = list(same_key(row))
    if row.pk is None:
        rows.append(row)
    return periods(rows)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose money a time line binds: of the nation, or of a province (as its newest row names it)."""

    level: str
    row: Row
    periods: Sequence[Period]


def scopes_of(line: Line) -> list[Scope]:
    """The time lines of a line of support: national money first, then province by province.  Two queries."""
    rows = SupportNorm.objects.filter(line=line).select_related("instrument", "province", "line", "derived_from")
    order = list(Level.values)
    found = [Scope(group[-1].level, group[-1], periods(group)) for group in grouped(rows)]
    return sorted(
        found, key=lambda scope: (order.index(scope.level), scope.row.province and scope.row.province.sort_key)
    )


def grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of one kind put together by key, level and province (through its changes of type), each group by day.  One
    query."""
    alone = _unchanged()
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        era = row.province is not None and row.province.valid_from >= REFORM and row.province.code not in alone
        key = [getattr(row, f"{name}_id", None) or getattr(row, name) for name in row.KEY]
        groups.setdefault((*key, row.level, row.province and row.province.code, era), []).append(row)
    for group in groups.values():
        group.sort(key=lambda row: row.valid_from)
    return list(groups.values())


def _unchanged() -> set[str]:
    """The codes of the provinces that the reform left as they were."""
    left = Succession.objects.filter(kind=SuccessionKind.UNCHANGED, new__level=UnitLevel.PROVINCE)
    return set(left.values_list("new__code", flat=True))


@dataclass(frozen=True, slots=True)
class Gap:
    """Days from ``start`` up to ``end`` (None: open) on which nothing holds; ``pk`` is the row of ``model`` that ended."""

    model: type[Row]
    pk: int
    what: str
    level: str
    province: str
    start: date
    end: date | None


# Of these somebody always asks how much: where nothing follows them, that is worth telling at any time.
_MONEY: tuple[type[Row], ...] = (SupportNorm, AdvanceNorm)


def gaps(*, on: date) -> list[Gap]:
    """Days that the law as recorded leaves open, by kind of row, then day: between two rows, and after the last one of a money
    row.  Of other rows the last end is told while it lies ahead of ``on``; later it was meant.  What ended together with its
    province is no gap.  Two queries."""
    alone, groups = _unchanged(), {}
    for kind, pk, told, key, level, code, since, until, name, start, end in _all_periods():
        later = since is not None and since >= REFORM and code not in alone
        groups.setdefault((kind, key, level, code, later), []).append((start, end, pk, told, name, until))
    found = []
    for (kind, _key, level, _code, _later), rows in groups.items():
        rows.sort()
        for (_start, end, pk, told, name, until), following in pairwise([*rows, None]):
            following_start = following[0] if following else None
            if end is None or end == following_start:
                continue
            model = ROWS[kind]
            if following is None and (until is not None or not (model in _MONEY or end > on)):
                continue
            found.append((kind, Gap(model, pk, _label(model, told), level, name or "", end, following_start)))
    return [gap for _kind, gap in sorted(found, key=lambda pair: (pair[0], pair[1].start, pair[1].pk))]


def _all_periods() -> QuerySet:
    """Kind, key, words, whose money and period of every row, in one query."""
    parts = []
    for number, model in enumerate(ROWS):
        key = [Cast(name, TextField()) for name in model.KEY]
        parts.append(
            model._default_manager.order_by()
            .annotate(
                row_kind=Value(number, IntegerField()),
                told=Cast(F(_words(model)), TextField()),
                key_text=Concat(*key, Value("", TextField()), output_field=TextField()),
            )
            .values_list("row_kind", "pk", "told", "key_text", "level", *_PLACE, "valid_from", "valid_to")
        )
    return parts[0].union(*parts[1:], all=True)


_PLACE = ("province__code", "province__valid_from", "province__valid_to", "province__full_name")


def _words(model: type[Row]) -> str:
    """The column that names what a row speaks of."""
    if model is SupportNorm:
        return "line__name"
    return "text" if any(field.name == "text" for field in model._meta.fields) else model.KEY[0]


def _label(model: type[Row], told: str) -> str:
    if model is SupportNorm or _words(model) == "text":
        return told
    choices = dict(model._meta.get_field(model.KEY[0]).flatchoices)
    return str(choices.get(told) or _("Mọi dạng"))
