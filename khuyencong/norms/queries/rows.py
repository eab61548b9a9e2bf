"""The rows of a day, and what contradicts what among them."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from khuyencong.norms.enums import Level, Verified
from khuyencong.norms.models import (
    ROWS,
    DeadlineRow,
    Instrument,
    Row,
    SupportNorm,
)
from khuyencong.norms.queries.answers import Basis
from khuyencong.norms.queries.reading import book, book_of_many
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.enums import SuccessionKind
from khuyencong.places.models import REFORM, Succession, Unit

R = TypeVar("R", bound=Row)


def _rows_of_day(model: type[R], on: date, levels: list[Level], key: dict[str, Any]) -> list[R]:
    read = book()
    if read is not None and read.many:
        return [row for row in read.rows(model, on) if row.level in levels and _answers(row, key)]
    if read is None:
        return list(_held(model, on).filter(level__in=levels, **key))
    # what is a plain column is told apart here, so that one question serves all codes and kinds
    if model is SupportNorm:
        every = read.table((model, on, "lines"), lambda: list(_held(model, on).select_related("line")))
        return [row for row in every if row.level in levels and _answers(row, key)]
    if model is DeadlineRow:  # a short table that one page asks for many days
        dated = read.table((model, "by code"), _deadlines).get(key["code"], [])
        return [row for row in dated if row.holds_on(on) and row.level in levels and _answers(row, key)]
    joined = {name: value for name, value in key.items() if "__" in name or isinstance(value, Model)}
    asked = (model, on, *sorted((name, getattr(value, "pk", value)) for name, value in joined.items()))
    plain = {name: value for name, value in key.items() if name not in joined}
    found = read.table(asked, lambda: list(_held(model, on).filter(**joined)))
    return [row for row in found if row.level in levels and _answers(row, plain)]


def _held(model: type[R], on: date) -> QuerySet[R]:
    """What a table holds on a day; put together only where it is asked, for a page wants fifty days of rows it has read."""
    there = model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
    return cast("QuerySet[R]", there.select_related("instrument", "province"))


def _deadlines() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in DeadlineRow.objects.select_related("instrument", "province"):
        found.setdefault(row.code, []).append(row)
    return found


def _answers(row: Row, key: dict[str, Any]) -> bool:
    """Whether a row is what a question of these names asks for, as the database would say it."""
    for name, wanted in key.items():
        value: Any = row
        for part in name.split("__"):
            value = getattr(value, part)
        if value != wanted:
            return False
    return True


def _left_alone() -> QuerySet[Succession]:
    """A row for each province that the reform of 1 July 2025 left as it was: its own texts hold on."""
    return Succession.objects.filter(kind=SuccessionKind.UNCHANGED, new__level=UnitLevel.PROVINCE)


def _same_province(a: Unit | None, b: Unit | None) -> bool:
    """One province through its changes of type and name; a merged one is another than that of the same code before."""
    if a is None or b is None or a.code != b.code:
        return False
    if (a.valid_from >= REFORM) == (b.valid_from >= REFORM):
        return True
    read = book()
    if read is None:
        return _left_alone().filter(new__code=a.code).exists()
    return a.code in read.table("left alone", lambda: set(_left_alone().values_list("new__code", flat=True)))


def _of_province(province: Unit) -> Q:
    """The same, asked of the database."""
    era = "province__valid_from__gte" if province.valid_from >= REFORM else "province__valid_from__lt"
    return Q(province__code=province.code) & (
        Q((era, REFORM)) | Q(Exists(_left_alone().filter(new__code=province.code)))
    )


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
    read = book_of_many()
    if read is None:
        return _row_of(model, on, level, province, defaults, key)
    named = sorted((name, getattr(value, "pk", value)) for name, value in key.items())
    asked = ("row", model, on, level, province and province.pk, defaults, *named)
    return read.once(asked, lambda: _row_of(model, on, level, province, defaults, key))


def _row_of(
    model: type[R], on: date, level: str, province: Unit | None, defaults: bool, key: dict[str, Any]
) -> R | None:
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
    read = book_of_many()
    if read is None:
        mine = Q(province=None) if province is None else Q(province=None) | _of_province(province)
        there = model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gt=on), mine, valid_from__lte=on)
        return _own_first(cast("list[R]", list(there.select_related("instrument"))))
    return read.once(
        ("catalogue", model, on, province and province.pk),
        lambda: _own_first(
            [
                row
                for row in read.rows(model, on)
                if row.province_id is None or (province is not None and _same_province(row.province, province))
            ]
        ),
    )


def _own_first(rows: list[R]) -> list[R]:
    own = {getattr(row, "code", None) for row in rows if row.province_id}
    return [row for row in rows if row.province_id or getattr(row, "code", None) not in own]


def basis_of(row: Row) -> dict[str, Any]:
    return {"instrument": str(row.instrument), "article": row.article, "verified": row.verified, "note": row.note}


def citation_of(row: Row, *, sure: bool = True) -> str:
    """How a row is cited; not ``sure`` where it is we who read it so.  Put together once where many questions are asked."""
    verified = row.verified if sure else Verified.NO

    def cited() -> str:
        return Basis(str(row.instrument), row.article, verified).citation

    read = book_of_many()
    return cited() if read is None else read.once(("citation", id(row), verified), cited)


def rows_of(
    instrument: Instrument, *, kinds: Collection[type[Row]] = ROWS, others_from: date | None = None
) -> list[tuple[type[Row], list[Any]]]:
    """Every dated row that this text gives, by kind; kinds without a row are left out and not asked again.  A kind that is
    not among ``kinds`` is read only where it has a row that begins on ``others_from`` or later."""
    asked = []
    for model in ROWS:
        own = model._default_manager.filter(instrument=OuterRef("pk"))
        if model not in kinds:
            own = own.filter(valid_from__gte=others_from) if others_from else own.none()
        asked.append(Exists(own))
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


def same_key(row: R) -> QuerySet[R]:
    """The recorded rows of the key, level and province (any version of it) of this one, itself among them, by day."""
    model = type(row)
    mine = Q(province=None) if row.province is None else _of_province(row.province)
    key = {name: getattr(row, name) for name in model.KEY}
    there = cast("QuerySet[R]", model._default_manager.filter(mine, level=row.level, **key))
    related = ["instrument", "province", *(["line"] if model is SupportNorm else [])]
    return there.select_related(*related).order_by("valid_from", "pk")


def overlapping(row: R, *, besides: Row | None = None) -> R | None:
    """Another row of the same key, level and province that holds on a day on which this one holds; ``besides`` is not
    counted."""
    others = same_key(row).exclude(pk__in=[one.pk for one in (row, besides) if one is not None and one.pk is not None])
    others = others.filter(Q(valid_to=None) | Q(valid_to__gt=row.valid_from))
    if row.valid_to is not None:
        others = others.filter(valid_from__lt=row.valid_to)
    return others.first()
