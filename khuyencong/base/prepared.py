"""Questions of a fixed form, put into SQL once.

Building a queryset and compiling it takes Django several times as long as the database needs to answer by a key, and the
longer the more is read beside the row.  What every act or every page asks is therefore compiled once for each connection;
later only its values change::

    _BY_KEY = Prepared(lambda project: Project.objects.select_related("province").filter(pk=project), project=int)
    _BY_KEY.get(project=pk)

The form of the question must not depend on the values: the builder is called with marks in their place.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable
from django.db.transaction import TransactionManagementError

M = TypeVar("M", bound=models.Model)


def _mark(kind: type, place: int) -> Any:
    """A value of this kind that no question of ours would ask for."""
    if kind is int:
        return 2**62 + place
    if kind is date:
        return date.min + timedelta(days=place)
    if kind is str:
        return f"value {place} of a prepared question"
    raise TypeError(f"No mark stands for a value of {kind}.")


class _Compiled:
    """The question on one connection: its SQL, and which of its parameters are whose value."""

    def __init__(self, queryset: Any, marks: dict[str, Any]) -> None:
        self.queryset = queryset
        self.compiler: Any = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.sql, parameters = self.compiler.as_sql()
        self.parameters = list(parameters)
        self.named: list[tuple[int, str]] = []
        for name, mark in marks.items():
            here = [place for place, given in enumerate(self.parameters) if given in (mark, str(mark))]
            if not here:
                raise TypeError(f"The question does not ask for {name!r}.")
            self.named += [(place, name) for place in here]
        converters = self.compiler.get_converters([column for column, _sql, _alias in self.compiler.select])
        self.compiler.get_converters = lambda _columns: converters
        queryset.query.get_compiler = lambda *_given, **_named: self.compiler

    def parameters_for(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """In the form in which the database takes them: SQLite takes days as words, PostgreSQL numbers with their width."""
        given = list(self.parameters)
        for place, name in self.named:
            form, value = self.parameters[place], values[name]
            given[place] = value if isinstance(form, date) else type(form)(value)
        return tuple(given)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        if self.queryset.query.select_for_update and self.compiler.connection.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        answer = self.sql, self.parameters_for(values)
        self.compiler.as_sql = lambda: answer
        rows = list(ModelIterable(self.queryset))
        models.prefetch_related_objects(rows, *self.queryset._prefetch_related_lookups)
        return rows


class Prepared(Generic[M]):
    """``build`` makes the queryset from named values; each name is given with the kind of its value (int, date or str)."""

    def __init__(self, build: "Callable[..., models.QuerySet[M]]", **kinds: type) -> None:
        self.build = build
        self.marks = {name: _mark(kind, place) for place, (name, kind) in enumerate(kinds.items())}

    def all(self, **values: Any) -> list[M]:
        """The rows for these values."""
        connection = connections[DEFAULT_DB_ALIAS]
        kept = connection.__dict__.setdefault("_prepared", {})
        if self not in kept:
            kept[self] = _Compiled(self.build(**self.marks), self.marks)
        return kept[self].rows(values)

    def get(self, **values: Any) -> M:
        """The one row for these values; raises the model's DoesNotExist."""
        found = self.all(**values)
        if not found:
            model: Any = self.build(**self.marks).model
            raise model.DoesNotExist
        [row] = found
        return row
