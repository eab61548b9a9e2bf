"""The rows of a day, and what contradicts what among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.norms.enums import (
    Level,
)
from khuyencong.norms.models import (
    ROWS,
    Instrument,
    Row,
    SupportNorm,
)
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.enums import SuccessionKind
from khuyencong.places.models import REFORM, Succession, Unit

R = TypeVar("R", bound=Row)

_read: ContextVar[dict[tuple, list] | None] = ContextVar("rows_of_the_law_read", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Inside, the rows that ``row_of`` asks for are read once a table and day: for a page that asks many days and ratios.
    Nothing may change the law inside."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def _rows_of_day(model: type[R], on: date, levels: list[Level], key: dict[str, Any]) -> list[R]:
    there = model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    there = there.select_related("instrument", "province")
    read = _read.get()
    if read is None:
        return list(there.filter(level__in=levels, **key))  # type: ignore[arg-type]
    # what is a plain column is told apart here, so that one question serves all codes and kinds
    joined = {name: value for name, value in key.items() if "__" in name or isinstance(value, Model)}
    asked = (model, on, *sorted((name, getattr(value, "pk", value)) for name, value in joined.items()))
    if asked not in read:
        read[asked] = list(there.filter(**joined))
    plain = {name: value for name, value in key.items() if name not in joined}
    return [
        row
        for row in read[asked]
        if row.level in levels and all(getattr(row, name) == value for name, value in plain.items())
    ]


def _left_alone(code: str) -> QuerySet[Succession]:
    """A row where the reform of 1 July 2025 left the province of this code as it was: its own texts hold on."""
    return Succession.objects.filter(kind=SuccessionKind.UNCHANGED, new__level=UnitLevel.PROVINCE, new__code=code)


def _same_province(a: Unit | None, b: Unit | None) -> bool:
    """One province through its changes of type and name; a merged one is another than that of the same code before."""
    if a is None or b is None or a.code != b.code:
        return False
    return (a.valid_from >= REFORM) == (b.valid_from >= REFORM) or _left_alone(a.code).exists()


def _of_province(province: Unit) -> Q:
    """The same, asked of the database."""
    era = "province__valid_from__gte" if province.valid_from >= REFORM else "province__valid_from__lt"
    return Q(province__code=province.code) & (Q((era, REFORM)) | Q(Exists(_left_alone(province.code))))


def row_of(
    model: type[R],
    *,
    on: date,
    level: str = Level.NATIONAL,
    province: Unit | None = None,
    defaults: bool = True,
    **key: Any,
) -> R | None:
    """The row that holds on ``on``: the province's own before the general one; communal money falls back on provincial.

    Without ``defaults`` only a row of the province itself binds local money.  ``province`` may be any version of it.
    """
    if level == Level.COMMUNAL:
        order = [Level.COMMUNAL, Level.PROVINCIAL]
    else:
        order = [Level(level)]
    rows = _rows_of_day(model, on, order, key)
    for wanted in order:
        own = [
            row for row in rows if row.level == wanted and row.province_id and _same_province(row.province, province)
        ]
        general = [row for row in rows if row.level == wanted and row.province_id is None]
        for row in (*own, *(general if defaults or wanted == Level.NATIONAL else ())):
            return row
    return None


def rows_on(model: type[R], *, on: date, province: Unit | None = None) -> list[R]:
    """The rows of a catalogue (trades, priorities) that bind on ``on``: those of the whole country, and with ``province``
    its own, which come in the place of a general one of the same code."""
    rows = list(
        model._default_manager.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            Q(province=None) if province is None else Q(province=None) | _of_province(province),
            valid_from__lte=on,
        ).select_related("instrument")
    )
    own = {getattr(row, "code", None) for row in rows if row.province_id}
    return [row for row in rows if row.province_id or getattr(row, "code", None) not in own]


def basis_of(row: Row) -> dict[str, Any]:
    return {"instrument": str(row.instrument), "article": row.article, "verified": row.verified, "note": row.note}


def rows_of(instrument: Instrument) -> list[tuple[type[Row], list[Any]]]:
    """Every dated row that this text gives, by kind; kinds without a row are left out and not asked again."""
    asked = [Exists(model._default_manager.filter(instrument=OuterRef("pk"))) for model in ROWS]
    told = Instrument.objects.filter(pk=instrument.pk).values_list(*asked).get()
    found = []
    for model in [model for model, there in zip(ROWS, told, strict=True) if there]:
        related = ["province", "line"] if model is SupportNorm else ["province"]
        rows = list(
            model._default_manager.filter(instrument=instrument).select_related(*related).order_by("valid_from", "pk")
        )
        for row in rows:
            row.instrument = instrument
        if rows:
            found.append((model, rows))
    return found


def support_norms(
    *, on: date | None = None, level: str = "", province: Unit | None = None, line: str = ""
) -> QuerySet[SupportNorm]:
    """Money rows for a list: of a day, a level, a province (any version of it), a line."""
    rows = SupportNorm.objects.select_related("instrument", "line", "province").order_by(
        "line__activity", "line__code", "valid_from"
    )
    if on is not None:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    if level:
        rows = rows.filter(level=level)
    if province is not None:
        rows = rows.filter(_of_province(province))
    if line:
        rows = rows.filter(line__code=line)
    return rows


def overlapping(row: Row) -> Row | None:
    """Another row of the same key, level and province that holds on a day on which this one holds."""
    model = type(row)
    key = {name: getattr(row, name) for name in model.KEY}
    others = (
        model._default_manager.filter(level=row.level, **key)
        .exclude(pk=row.pk)
        .select_related("instrument", "province")
    )
    if row.province is None:
        others = others.filter(province=None)
    else:
        others = others.filter(_of_province(row.province))
    others = others.filter(Q(valid_to=None) | Q(valid_to__gt=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lt=row.valid_to)
    return others.first()


def overlaps() -> list[tuple[Row, Row]]:
    """Every pair of rows that hold together and must not; empty when the law is in order."""
    found: list[tuple[Row, Row]] = []
    alone = set(
        Succession.objects.filter(kind=SuccessionKind.UNCHANGED, new__level=UnitLevel.PROVINCE).values_list(
            "new__code", flat=True
        )
    )
    for model in ROWS:
        groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in _all(model):
            era = row.province is not None and row.province.valid_from >= REFORM and row.province.code not in alone
            key = [getattr(row, f"{name}_id", None) or getattr(row, name) for name in model.KEY]
            groups.setdefault((*key, row.level, row.province and row.province.code, era), []).append(row)
        for rows in groups.values():
            rows.sort(key=lambda row: row.valid_from)
            found += [
                (earlier, later)
                for earlier, later in pairwise(rows)
                if earlier.valid_to is None or earlier.valid_to > later.valid_from
            ]
    return found


def _all(model: type[Row]) -> list[Row]:
    related = ["instrument", "province", *(["line"] if model is SupportNorm else [])]
    return list(model._default_manager.select_related(*related).order_by("pk"))


def invariants() -> list[str]:
    """Contradictions of the law in sentences: rows that hold together, and rows that reach beyond their text."""
    said = [
        _("Hai dòng cùng hiệu lực: %(one)s (từ %(day)s) và %(other)s (từ %(since)s).")
        % {"one": one, "day": f"{one.valid_from:%d/%m/%Y}", "other": other, "since": f"{other.valid_from:%d/%m/%Y}"}
        for one, other in overlaps()
    ]
    for model in ROWS:
        for row in _all(model):
            text = row.instrument
            late = text.valid_to is not None and (row.valid_to is None or row.valid_to > text.valid_to)
            if row.valid_from < text.valid_from or late:
                said.append(_("%(row)s có hiệu lực ngoài thời gian của văn bản.") % {"row": row})
    return said
