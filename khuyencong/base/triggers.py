"""Triggers that keep a table append-only, on both databases.  Used by migrations."""

from collections.abc import Callable, Iterable
from typing import Any

Step = Callable[[Any, Any], None]


def append_only(table: str, *, except_columns: Iterable[str] = ()) -> tuple[Step, Step]:
    """Two functions for ``migrations.RunPython(add, remove)`` that forbid update and delete on ``table``.

    ``except_columns`` may go from NULL to a value once (the seal of a journal line); any other change is refused.
    SQLite rebuilds a table when a later migration changes its columns and then loses its triggers: such a migration must
    run ``remove`` before and ``add`` after (a test looks for the triggers).
    """
    free = tuple(except_columns)

    def add(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(
            [f'NEW."{c}" {differs} OLD."{c}"' for c in columns if c not in free]
            + [f'(OLD."{c}" IS NOT NULL AND NEW."{c}" {differs} OLD."{c}")' for c in free]
        )
        if connection.vendor == "sqlite":
            refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
            statements = [
                f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {changed} {refuse}',
                f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" {refuse}',
            ]
        else:
            run = f'EXECUTE FUNCTION "{table}_append_only"()'
            statements = [
                f'CREATE OR REPLACE FUNCTION "{table}_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"RAISE EXCEPTION '{table}: append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({changed}) {run}',
                f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW {run}',
            ]
        for statement in statements:
            schema_editor.execute(statement)

    def remove(apps: Any, schema_editor: Any) -> None:
        on = "" if schema_editor.connection.vendor == "sqlite" else f' ON "{table}"'
        schema_editor.execute(f'DROP TRIGGER "{table}_no_update"{on}')
        schema_editor.execute(f'DROP TRIGGER "{table}_no_delete"{on}')
        if schema_editor.connection.vendor != "sqlite":
            schema_editor.execute(f'DROP FUNCTION "{table}_append_only"()')

    return add, remove
