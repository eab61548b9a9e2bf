"""An empty database with every table and trigger, made once for all processes of the tests and copied into memory.

The copy is known by a digest of what migrating reads; where any of it changes there is another digest and another copy.
Tests ask nothing of how it came: ``migrate`` still runs in each process, and finds nothing left to do.
"""

import fcntl
import hashlib
import os
import platform
import sqlite3
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build/schema"
# Migrations name the packages' models and what stands in `base`; a whole package may be asked by one of them.
READ = ("config/settings.py", "khuyencong/base/*.py", "khuyencong/*/models.py", "khuyencong/*/models/*.py")
READ += (
    "khuyencong/*/migrations/*.py",
    "khuyencong/*/apps.py",
    "khuyencong/*/enums.py",
    "khuyencong/tools/migrating.py",
)
READ += ("tests/schema.py",)


def digest() -> str:
    """Of our files that say what the tables are, of the packages installed, and of the programs that make them."""
    known = hashlib.sha256(f"{platform.python_version()} {sqlite3.sqlite_version}".encode())
    for line in sorted(f"{found.metadata['Name']}=={found.version}" for found in distributions()):
        known.update(line.encode())
    for path in sorted(path for pattern in READ for path in ROOT.glob(pattern)):
        known.update(f"\n{path.relative_to(ROOT)}\n".encode())
        known.update(path.read_bytes())
    return known.hexdigest()[:24]


def migrated() -> Path:
    """The copy of today's migrations; whoever asks first makes it, the others wait for him."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{digest()}.sqlite3"
    with open(KEPT / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in KEPT.glob("*.sqlite3*"):
                old.unlink()
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            script = "import sys; from tests.schema import make; make(sys.argv[1])"
            environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "KC_DEMO")}
            environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
            subprocess.run([sys.executable, "-c", script, str(making)], cwd=ROOT, env=environment, check=True)
            making.rename(path)
    return path


def make(path: str) -> None:
    """Migrate a new database at the path, in a process of its own."""
    import django
    from django.conf import settings

    settings.DATABASES["default"] |= {"NAME": path, "OPTIONS": {"init_command": "PRAGMA journal_mode=MEMORY;"}}
    django.setup()
    from django.core.management import call_command

    from khuyencong.tools.migrating import new_models_rendered_alone

    with new_models_rendered_alone():
        call_command("migrate", run_syncdb=True, verbosity=0)


def fill(name: str) -> sqlite3.Connection:
    """Copy it into the database in memory of this name, which lives as long as the connection that is given back."""
    memory = sqlite3.connect(name, uri=True, check_same_thread=False)
    kept = sqlite3.connect(f"file:{migrated()}?mode=ro", uri=True)
    kept.backup(memory)
    kept.close()
    return memory
