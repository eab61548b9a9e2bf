"""The tables of a first start, made in seconds, are those that `migrate` makes."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

from tests import schema

PREPARE = """
import django
django.setup()
from khuyencong.tools import startup
print(startup.prepare_database(), startup.prepare_database())
"""


def made(path) -> tuple[list, list]:
    """Every statement that the database keeps of itself, and the migrations that it says were done, in their order."""
    with closing(sqlite3.connect(path)) as database:
        statements = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        return statements, database.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()


def test_a_first_start_makes_the_tables_that_migrate_makes_and_a_second_finds_nothing_to_do(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KC_DEMO")}
    environment |= {"KC_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", PREPARE], cwd=schema.ROOT, env=environment, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("True False\n", "")
    statements, migrations = made(tmp_path / "khuyencong.sqlite3")
    assert (statements, migrations) == made(schema.migrated())
    assert len(statements) > 500
