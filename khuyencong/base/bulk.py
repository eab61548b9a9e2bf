"""Many rows by few statements: the short transaction at the end of an import.

``bulk_create`` asks every field of every object several questions; a hundred thousand establishments with their legal
persons and facts took it 20 seconds in which nobody else could write.  Here the values go to the database as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, connections, models

from khuyencong.base.trigram import gathered

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")
CHUNK = 2_000
# what both databases take as it stands; everything else is asked to prepare itself
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def pieces(rows: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in lists of at most ``size``: no database takes any number of them in one question."""
    several = iter(rows)
    while piece := list(islice(several, size)):
        yield piece


def reserve(model: type[models.Model], count: int) -> list[int]:
    """``count`` keys that nobody else will get, for rows that point at each other before they are written.

    Inside the transaction that writes them: on SQLite it holds the one write lock, on PostgreSQL the sequence gives them.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), column, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
        return list(range(last + 1, last + count + 1))


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows of values, in the order of ``names`` (``attname``: ``province_id``); returns how many.

    Fields that are not named take their default.  Nothing is derived, validated or signalled; constraints hold as ever.
    ``rows`` may be a generator: no more than one piece of it is held.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.generated}
    given = [fields[name] for name in names]
    others = [field for name, field in fields.items() if name not in names and not field.primary_key]
    moments = [field for field in others if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)]
    blank = model()
    for field in moments:
        field.pre_save(blank, add=True)
    steady = [(field, field.has_default() and callable(field.default)) for field in others]
    here = connections[connection.alias]  # itself: what stands for it looks it up anew for each of a million values
    kept = [None if fresh else field.get_db_prep_save(getattr(blank, field.attname), here) for field, fresh in steady]
    prepare = [None if isinstance(field, _AS_THEY_ARE) else field.get_db_prep_save for field in given]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in [*given, *others])
    table = f"{quote(model._meta.db_table)} ({columns})"

    def values(row: Sequence[Any]) -> list[Any]:
        told = [
            value if ready is None or value is None else ready(value, here)
            for ready, value in zip(prepare, row, strict=True)
        ]
        for (field, fresh), value in zip(steady, kept, strict=True):
            told.append(field.get_db_prep_save(field.get_default(), here) if fresh else value)
        return told

    if connection.vendor == "postgresql":
        return _copied(table, map(values, rows))
    marks = ", ".join(["%s"] * (len(given) + len(others)))
    statement = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - names are ours
    written, several = 0, pieces(rows)
    first = next(several, [])
    with gathered(model) if len(first) == CHUNK else nullcontext(), connection.cursor() as cursor:
        for piece in chain([first], several) if first else ():
            cursor.executemany(statement, [values(row) for row in piece])
            written += len(piece)
    return written


def _copied(table: str, rows: Iterable[list[Any]]) -> int:
    """PostgreSQL takes a stream of rows as it stands; statement by statement it reads and plans each of them anew, which is
    three times the work of writing them."""
    written = 0
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} FROM STDIN") as stream,
    ):
        for written, row in enumerate(rows, start=1):  # noqa: B007 - the last number is how many
            stream.write_row(row)
    return written


def insert_objects(objects: Iterable[M]) -> list[M]:
    """Write objects of one model, each with a key of its own from now on; what ``save`` derives must be derived before."""
    rows = list(objects)
    if not rows:
        return rows
    model = type(rows[0])
    for row, key in zip(rows, reserve(model, len(rows)), strict=True):
        row.pk = key
    names = [field.attname for field in model._meta.concrete_fields if not field.generated]
    moments = [
        field
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    for row in rows:
        for field in moments:
            field.pre_save(row, add=True)
    insert(model, names, (tuple(getattr(row, name) for name in names) for row in rows))
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows
