"""Triggers that keep a table append-only, on both databases.  Used by migrations."""

from collections.abc import Callable, Iterable


def append_only(table: str, *, except_columns: Iterable[str] = ()) -> tuple[Callable, Callable]:
    """Two functions for ``migrations.RunPython`` that forbid update and delete on ``table``.

    ``except_columns`` may go from NULL to a value once (the seal of a journal line); any other change is refused.
    """
    free = tuple(except_columns)

    def add(apps, schema_editor):
        connection = schema_editor.connection
        with connection.cursor() as cursor:
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        fixed = [c for c in columns if c not in free]
        if connection.vendor == "sqlite":
            changed = " OR ".join(
                [f'NEW."{c}" IS NOT OLD."{c}"' for c in fixed] + [f'OLD."{c}" IS NOT NULL' for c in free]
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" WHEN {changed} '
                f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" '
                f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
            )
        else:
            # a json column has no equality; jsonb has
            changed = " OR ".join(
                [f'NEW."{c}" IS DISTINCT FROM OLD."{c}"' for c in fixed] + [f'OLD."{c}" IS NOT NULL' for c in free]
            )
            schema_editor.execute(
                f'CREATE FUNCTION "{table}_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"RAISE EXCEPTION '{table}: append-only'; END $$"
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_update" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({changed}) '
                f'EXECUTE FUNCTION "{table}_append_only"()'
            )
            schema_editor.execute(
                f'CREATE TRIGGER "{table}_no_delete" BEFORE DELETE ON "{table}" FOR EACH ROW '
                f'EXECUTE FUNCTION "{table}_append_only"()'
            )

    def remove(apps, schema_editor):
        on = "" if schema_editor.connection.vendor == "sqlite" else f' ON "{table}"'
        schema_editor.execute(f'DROP TRIGGER "{table}_no_update"{on}')
        schema_editor.execute(f'DROP TRIGGER "{table}_no_delete"{on}')
        if schema_editor.connection.vendor != "sqlite":
            schema_editor.execute(f'DROP FUNCTION "{table}_append_only"()')

    return add, remove
