"""The database of the measurements: its own, made once for a state of the code, never that of anybody's work."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
SUFFIX = "_bench"


def choose() -> None:
    """Before Django starts: a data folder of our own, and on PostgreSQL a database of our own beside the one that is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("KC_DATA_DIR", str(ROOT / "build" / "bench"))
    os.environ.pop("KC_DEMO", None)
    if url := os.environ.get("DATABASE_URL"):
        name = urlsplit(url).path.lstrip("/")
        if not name.endswith(SUFFIX):
            os.environ["DATABASE_URL"] = _beside(url, name + SUFFIX)
            with _server(url) as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name + SUFFIX])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}{SUFFIX}"')


def fingerprint(share: float) -> str:
    """Another one when tables, data set or size have changed."""
    read = hashlib.sha256(str(share).encode())
    for path in sorted([*ROOT.glob("khuyencong/*/migrations/0*.py"), *ROOT.glob("benchmarks/data/*.py")]):
        read.update(path.read_bytes())
    return read.hexdigest()[:16]


def kept() -> tuple[str, float]:
    """The fingerprint of the data set that is there, and in how many seconds it was made; empty where there is none."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        mark = _mark()
        told = json.loads(mark.read_text()) if mark.exists() else {}
        return told.get("fingerprint", ""), told.get("seconds", 0.0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [settings.DATABASES["default"]["NAME"]],
        )
        told, _space, seconds = (cursor.fetchone()[0] or "").partition(" ")
        return told, float(seconds or 0)


def keep(told: str, seconds: float) -> None:
    """Remember which data set this is, and how long it took."""
    from django.db import connection

    if connection.vendor == "sqlite":
        _mark().write_text(json.dumps({"fingerprint": told, "seconds": round(seconds, 1)}))
        return
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS '{told} {seconds:.1f}'")  # letters and digits alone


def empty() -> None:
    """Throw away what is there, with its tables."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        file.parent.mkdir(parents=True, exist_ok=True)
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            (file.parent / name).unlink(missing_ok=True)
        _mark().unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


@contextmanager
def copied() -> Iterator[dict[str, str]]:
    """The environment of a process that may write: it works on a copy, which is thrown away."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            shutil.copy(file, Path(folder) / file.name)
            yield {**os.environ, "KC_DATA_DIR": folder}
        return
    url = os.environ["DATABASE_URL"]
    name = connection.settings_dict["NAME"]
    copy = f"{name.removesuffix(SUFFIX)}_copy{SUFFIX}"  # still one of ours, also for the process that is handed it
    connection.close()
    with _server(_beside(url, "postgres")) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        try:
            yield {**os.environ, "DATABASE_URL": _beside(url, copy)}
        finally:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')


def version() -> str:
    """Which database, as the page of figures names it."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _mark() -> Path:
    from django.conf import settings

    return Path(settings.DATA_DIR) / "data-set.json"


def _beside(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def _server(url: str) -> Iterator:
    import psycopg

    with psycopg.connect(url, autocommit=True) as there, there.cursor() as cursor:
        yield cursor
