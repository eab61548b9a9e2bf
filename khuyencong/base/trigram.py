"""Words inside a text, found by their pieces of three letters.

Reading a large table for a word that stands nowhere in it costs the whole table.  A ``SearchedField`` has an index of
pieces on both databases, made by a migration (``index``): ``pg_trgm`` on PostgreSQL, FTS5 on SQLite, kept there by triggers.
The lookup ``holds`` asks it; a word of fewer letters, or a column without such an index, is read as by ``contains``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.lookups import Contains

from khuyencong.base.text import fold

PIECE = 3
_walks: ContextVar[bool] = ContextVar("walks", default=False)


class SearchedField(models.TextField):
    """A folded text in which words are looked for."""


class Holds(models.Lookup):
    """``contains`` of each word, which asks the index of pieces.  PostgreSQL weighs by itself whether to; SQLite is told to, of
    all words at once: each alone would first gather all the rows that hold it."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return self._read(self.rhs.split(), compiler)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        column, words = getattr(self.lhs, "target", None), self.rhs.split()
        asked = [word for word in words if len(word) >= PIECE]
        if not asked or not isinstance(column, SearchedField) or _walks.get():
            return self._read(words, compiler)
        quote = connection.ops.quote_name
        table, key = quote(self.lhs.alias), quote(column.model._meta.pk.column)
        pieces = quote(name(column.model._meta.db_table, str(column.column)))
        phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in asked)
        found = f"{table}.{key} IN (SELECT rowid FROM {pieces} WHERE {pieces} MATCH %s)"  # noqa: S608 - ours
        rest, parameters = self._read([word for word in words if len(word) < PIECE], compiler)
        return f"({found} AND {rest})" if rest else found, [phrases, *parameters]

    def _read(self, words: list[str], compiler: Any) -> tuple[str, list[Any]]:
        parts = [compiler.compile(Contains(self.lhs, word)) for word in words]
        told = " AND ".join(sql for sql, _parameters in parts)
        return f"({told})" if len(parts) > 1 else told, [one for _sql, parameters in parts for one in parameters]


class Reads(models.Lookup):
    """``contains`` that reads the rows left by the other conditions.  PostgreSQL thinks a word that stands in a thousand names
    to be in twenty, begins with those, and asks the other conditions of each: the column is hidden from its index."""

    lookup_name = "reads"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return compiler.compile(Contains(self.lhs, self.rhs))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        hidden = models.Func(self.lhs, template="(%(expressions)s || '')", output_field=models.TextField())
        return compiler.compile(Contains(hidden, self.rhs))


for _text in (models.CharField, models.TextField):
    _text.register_lookup(Holds)
    _text.register_lookup(Reads)


@contextmanager
def walking(walks: bool) -> Iterator[None]:
    """While ``walks``, a question is answered by walking the rows in its order and reading each: where the word is common
    the first fifty are soon met, and SQLite, which cannot tell, would sort them all."""
    token = _walks.set(walks)
    try:
        yield
    finally:
        _walks.reset(token)


class Among(models.Func):
    """Whether a row is one of few, said twice: as ``pk IN (…)`` and as ``EXISTS``.

    SQLite counts by the first, reading the few alone, and walks a list in its order by the second; PostgreSQL makes the same
    plan of both.
    """

    output_field = models.BooleanField()

    def __init__(self, within: models.Q, exists: models.Exists):
        super().__init__(within, exists)

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> Any:  # type: ignore[override]
        return compiler.compile(self.source_expressions[1])

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        return compiler.compile(self.source_expressions[1 if _walks.get() else 0])


def with_words(rows: models.QuerySet, column: str, typed: str, *, everywhere: bool, few: bool = False) -> Any:
    """Those of ``rows`` in whose folded ``column`` each word of ``typed`` stands, in any order, accents or not.

    ``everywhere``: the rows are those of the whole country.  What lies in one province or less is found sooner by reading it;
    PostgreSQL, which weighs that by itself, is told so where they are as ``few`` as those of one body.
    """
    words = fold(typed.replace("\0", " ")).split()
    if everywhere and words:
        return rows.filter(**{f"{column}__holds": " ".join(words)})
    for word in words:
        rows = rows.filter(**{f"{column}__{'reads' if few else 'contains'}": word})
    return rows


def name(table: str, column: str) -> str:
    return f"{table}_{column}_trigram"


def index(table: str, column: str) -> migrations.RunPython:
    """The step of a migration that makes it.  On PostgreSQL only where the extension ``pg_trgm`` is installed and may be
    switched on; elsewhere a search is as right and slower.

    SQLite rebuilds a table when a later migration changes its columns and then loses its triggers: such a migration must end
    with this step again (a test looks for the triggers).
    """

    def make(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        _BY_VENDOR[editor.connection.vendor](editor.connection, table, column)

    def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        quote = editor.connection.ops.quote_name
        with editor.connection.cursor() as cursor:
            if editor.connection.vendor == "postgresql":
                cursor.execute(f"DROP INDEX IF EXISTS {quote(name(table, column))}")
                return
            for act in _KEPT:
                cursor.execute(f"DROP TRIGGER IF EXISTS {quote(f'{name(table, column)}_{act}')}")
            cursor.execute(f"DROP TABLE IF EXISTS {quote(name(table, column))}")

    return migrations.RunPython(make, drop)


def _on_postgresql(connection: Any, table: str, column: str) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {quote(name(table, column))} "
            f"ON {quote(table)} USING gin ({quote(column)} gin_trgm_ops)"
        )


# The text stays in its own table; the index is told what came, what went and what became another.
_MADE = """
CREATE VIRTUAL TABLE IF NOT EXISTS "{pieces}" USING fts5
    ("{column}", content='{table}', content_rowid='id', columnsize=0, tokenize='trigram');
INSERT INTO "{pieces}" ("{pieces}") VALUES ('rebuild')
"""
_KEPT = {
    "insert": 'AFTER INSERT ON "{table}" BEGIN {add}; END',
    "delete": 'AFTER DELETE ON "{table}" BEGIN {take}; END',
    "update": 'AFTER UPDATE OF "{column}" ON "{table}" WHEN OLD."{column}" IS NOT NEW."{column}" BEGIN {take}; {add}; END',
}
_ADD = 'INSERT INTO "{pieces}" (rowid, "{column}") VALUES (NEW.id, NEW."{column}")'
_TAKE = """INSERT INTO "{pieces}" ("{pieces}", rowid, "{column}") VALUES ('delete', OLD.id, OLD."{column}")"""


def _on_sqlite(connection: Any, table: str, column: str) -> None:
    told = {"table": table, "column": column, "pieces": name(table, column)}
    told |= {"add": _ADD.format(**told), "take": _TAKE.format(**told)}
    with connection.cursor() as cursor:
        for statement in _MADE.split(";"):
            cursor.execute(statement.format(**told))
        for act, kept in _KEPT.items():
            cursor.execute(f'CREATE TRIGGER IF NOT EXISTS "{told["pieces"]}_{act}" {kept.format(**told)}')


@contextmanager
def gathered(model: type[models.Model]) -> Iterator[None]:
    """While many rows of this table are inserted, inside their transaction: SQLite's index learns of all of them at the end,
    by one statement.  Row by row its trigger takes nine times as long.  A refusal leaves table, index and trigger as they were.
    """
    table = model._meta.db_table
    columns = [str(field.column) for field in model._meta.concrete_fields if isinstance(field, SearchedField)]
    kept: list[tuple[str, str, str]] = []
    if columns and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for column in columns:
                trigger = f"{name(table, column)}_insert"
                cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [trigger])
                if found := cursor.fetchone():
                    kept.append((column, trigger, found[0]))
                    cursor.execute(f'DROP TRIGGER "{trigger}"')
            cursor.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')  # noqa: S608 - ours
            last = cursor.fetchone()[0]
    yield
    if kept:
        with connection.cursor() as cursor:
            for column, _trigger, made in kept:
                pieces = name(table, column)
                cursor.execute(
                    f'INSERT INTO "{pieces}" (rowid, "{column}") SELECT id, "{column}" FROM "{table}" WHERE id > %s',  # noqa: S608
                    [last],
                )
                cursor.execute(made)


_BY_VENDOR: dict[str, Callable[[Any, str, str], None]] = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
