"""An index for words inside a text.  SQLite reads its small indexes whole in milliseconds; PostgreSQL reads the table, so
there the folded column of each large list gets an index of its three-letter pieces.
"""

from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def index(table: str, column: str) -> migrations.RunPython:
    """The step of a migration that makes it, where the extension ``pg_trgm`` is installed and may be switched on; elsewhere
    nothing is made, and a search is as right and slower."""
    name = f"{table}_{column}_trigram"

    def make(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        connection = editor.connection
        if connection.vendor != "postgresql":
            return
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            try:
                with transaction.atomic(using=connection.alias):
                    cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except DatabaseError:
                return
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {quote(name)} ON {quote(table)} USING gin ({quote(column)} gin_trgm_ops)"
            )

    def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            with editor.connection.cursor() as cursor:
                cursor.execute(f"DROP INDEX IF EXISTS {editor.connection.ops.quote_name(name)}")

    return migrations.RunPython(make, drop)
