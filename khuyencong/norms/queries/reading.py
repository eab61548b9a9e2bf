"""What is read once for many questions, and the law as it would be after a change."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import Q

from khuyencong.norms.models import Line, Row, SupportNorm
from khuyencong.places.models import REFORM, Succession, Unit, UnitFact

T = TypeVar("T")
R = TypeVar("R", bound=Row)


@dataclass
class Book:
    """Answers that were found already.  With ``many`` whole tables are read, so that ten thousand questions cost as many
    queries as one; ``instead`` are rows as they would be, in the place of those of the same key that are there."""

    many: bool = False
    instead: tuple[Row, ...] = ()
    known: dict[Any, Any] = field(default_factory=dict)
    tables: dict[Any, Any] = field(default_factory=dict)  # as they lie there: the same whatever is supposed

    def once(self, asked: Any, find: Callable[[], T]) -> T:
        """What ``find`` gives, found once for each ``asked``."""
        if asked not in self.known:
            self.known[asked] = find()
        return cast("T", self.known[asked])

    def table(self, asked: Any, find: Callable[[], T]) -> T:
        """What lies in a table, read once for this book and for those that suppose beside it."""
        if asked not in self.tables:
            self.tables[asked] = find()
        return cast("T", self.tables[asked])

    def rows(self, model: type[R], on: date) -> list[R]:
        """Every row of a table that holds on a day, those that are supposed among them."""
        return self.once(("rows", model, on), lambda: list(self._rows(model, on)))

    def _rows(self, model: type[R], on: date) -> Iterator[R]:
        replaced = {row.pk for row in self.instead if type(row) is model and row.pk is not None}
        yield from (row for row in self._held(model, on) if row.pk not in replaced)
        yield from (row for row in self.instead if isinstance(row, model) and row.holds_on(on))

    def _held(self, model: type[R], on: date) -> list[R]:
        """The same as they lie there."""
        related = ["instrument", "province", *(["line"] if model is SupportNorm else [])]
        there = model._default_manager.filter(Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on)
        return self.table(
            (model, on), lambda: cast("list[R]", list(there.select_related(*related).order_by("valid_from", "pk")))
        )

    def line(self, code: str, *, on: date) -> Line | None:
        """The line of a code.  One that has money on the day comes with its row; where another is asked, all are read."""
        there = self.table(("lines", on), lambda: {row.line.code: row.line for row in self._held(SupportNorm, on)})
        return there.get(code) or self.table("lines", lambda: {one.code: one for one in Line.objects.all()}).get(code)

    def facts(self, unit: Unit) -> list[UnitFact]:
        """All dated facts of a unit, oldest first; those of all units are read at once."""
        return self.table("facts", self._facts).get(unit.pk, [])

    def _facts(self) -> dict[int, list[UnitFact]]:
        found: dict[int, list[UnitFact]] = {}
        for fact in UnitFact.objects.only("unit_id", "name", "value", "valid_from", "valid_to").order_by("valid_from"):
            found.setdefault(fact.unit_id, []).append(fact)
        return found

    def unit(self, level: str, code: str, *, on: date) -> Unit | None:
        """The unit of a level and code on a day.  The register is read once, whatever days are asked."""
        versions = self.table("register", _register).get((level, code), ())
        return next((unit for unit in versions if unit.holds_on(on)), None)

    def through_reform(self, unit: Unit, *, after: bool) -> list[str]:
        """The codes of the units that this one became at the reform (``after``), or was made of."""
        became, was = self.table("reform", self._through_reform)
        return (became if after else was).get((unit.level, unit.code), [])

    def _through_reform(self) -> tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], list[str]]]:
        became: dict[tuple[str, str], list[str]] = {}
        was: dict[tuple[str, str], list[str]] = {}
        pairs = Succession.objects.filter(old__valid_from__lt=REFORM, new__valid_from__gte=REFORM)
        for old_level, old, new_level, new in pairs.values_list("old__level", "old__code", "new__level", "new__code"):
            became.setdefault((old_level, old), []).append(new)
            was.setdefault((new_level, new), []).append(old)
        return became, was


def _register() -> dict[tuple[str, str], list[Unit]]:
    """Every unit of every day by level and code, each with the unit and the province that it lies in."""
    there = list(Unit.objects.defer("folded", "sort_key", "other_names", "source").order_by("code"))
    by_key = {unit.pk: unit for unit in there}
    found: dict[tuple[str, str], list[Unit]] = {}
    for unit in there:
        unit.parent = by_key.get(unit.parent_id or 0)
        unit.province = by_key.get(unit.province_id or 0)
        found.setdefault((unit.level, unit.code), []).append(unit)
    return found


_book: ContextVar[Book | None] = ContextVar("rows_of_the_law_read", default=None)


def book() -> Book | None:
    """The book of whoever reads now; None outside ``reading``."""
    return _book.get()


def book_of_many() -> Book | None:
    """The same where many questions are asked."""
    found = _book.get()
    return found if found is not None and found.many else None


@contextmanager
def reading(*, many: bool = False, instead: Sequence[Row] = (), beside: Book | None = None) -> Iterator[Book | None]:
    """Inside, the rows that are asked for are read once a table and day: for a page that asks many days and ratios.

    With ``many`` rows, places and answers are kept for thousands of questions.  ``instead`` supposes rows: each stands in the
    place of the one with its key, or beside the others where it has none; nothing is written.  Nothing may change the law
    inside.  Inside another ``reading`` a plain one shares what that one has read, one of many its tables; ``beside`` is a book
    whose tables are used.
    """
    if not many and not instead and _book.get() is not None:
        yield _book.get()
        return
    beside = beside or book_of_many()
    own = Book(many=many or bool(instead), instead=tuple(instead))
    if beside is not None:
        own.tables = beside.tables
    token = _book.set(own)
    try:
        yield own
    finally:
        _book.reset(token)
