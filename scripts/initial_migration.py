"""Write an app's ``0001_initial.py`` anew from its models (until the first release every app has one initial migration).

Use: ``python scripts/initial_migration.py documents projects``.  Other apps' migrations are not read, so several apps can be
written anew in any order; later files of an app (triggers) stay.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings


def write(label: str) -> None:
    folder = settings.BASE_DIR / "khuyencong" / label / "migrations"
    set_aside = {path: path.read_text() for path in folder.glob("0*.py")}
    for path in set_aside:
        path.unlink()
    try:
        from django.core.management import call_command

        call_command("makemigrations", label, name="initial", skip_checks=True, verbosity=1)
    finally:
        for path, text in set_aside.items():
            if not path.name.startswith("0001") or not path.with_name("0001_initial.py").exists():
                path.write_text(text)


if __name__ == "__main__":
    target = sys.argv[1:]
    if len(target) > 1:  # one process an app: the set of read migrations is fixed at start
        import subprocess

        for app in target:
            subprocess.run([sys.executable, __file__, app], check=True)
        raise SystemExit
    settings.MIGRATION_MODULES = {name: None for name in settings.DOMAIN if name != target[0]}
    import django

    django.setup()
    write(target[0])
