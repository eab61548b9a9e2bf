"""Hold the tables of a first start, which are made in seconds, against those that Django's own ``migrate`` makes.

``make check-tables``: silent when every statement and every migration is the same; otherwise it names what differs.
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WAYS = {
    "migrate": "from django.core.management import call_command as call; call('migrate', verbosity=0)",
    "start": "from khuyencong.tools import startup; startup.prepare_database()",
}


def made(way: str) -> list[tuple]:
    """Every statement that a new database keeps of itself, and the migrations that it says were done, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KC_DEMO")}
        environment |= {"KC_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        script = f"import django; django.setup(); {WAYS[way]}"
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)
        with closing(sqlite3.connect(Path(folder) / "khuyencong.sqlite3")) as database:
            statements = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
            return statements + database.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()


if __name__ == "__main__":
    of_migrate, of_start = made("migrate"), made("start")
    for row in [row for row in of_migrate if row not in of_start] + [row for row in of_start if row not in of_migrate]:
        print("differs:", *row, file=sys.stderr)
    sys.exit(of_migrate != of_start)
