"""What must be right before the system is started, and what is made when it is missing.  Used by `manage.py run`.

Every obstacle is a `NotPossible` with one sentence for the person at the keyboard.
"""

import hashlib
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import run_checks
from django.core.management import call_command, get_commands
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import NotPossible
from khuyencong.people.models import User
from khuyencong.people.queries import demo_accounts
from khuyencong.places.models import Unit
from khuyencong.tools.checks import INSTALLATION
from khuyencong.tools.command import LOADED
from khuyencong.tools.migrating import new_models_rendered_alone

UNUSED = [
    "htmax-*",
    "htmx-4*",
    "ext",
]  # of django-htmx's scripts: no page loads them, and to compress them takes seconds
DEMO_PASSWORD = settings.DEMO_PASSWORD  # of the invented accounts of a demonstration; printed, worth nothing outside it


def require_folder(folder: Path) -> None:
    """The data folder exists and can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise NotPossible(
            _(
                "Không ghi được vào thư mục dữ liệu %(folder)s. "
                "Hãy cấp quyền ghi, hoặc đặt KC_DATA_DIR sang thư mục khác."
            )
            % {"folder": folder}
        ) from error


def require_database() -> None:
    """The embedded database, where there is one already, can be written by whoever starts the system."""
    if connection.vendor != "sqlite":
        return
    path = Path(connection.settings_dict["NAME"])
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise NotPossible(
            _(
                "Không ghi được vào cơ sở dữ liệu %(path)s. "
                "Hãy chạy bằng người dùng đã tạo tệp này, hoặc đặt KC_DATA_DIR sang thư mục khác."
            )
            % {"path": path}
        )


def require_port(host: str, port: int) -> None:
    """Nobody else listens there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise NotPossible(
                _("Không được phép mở cổng %(port)s. Hãy chọn cổng từ 1024 trở lên: KC_PORT=8001 make run")
                % {"port": port}
            ) from error
        except OSError as error:
            raise NotPossible(
                _(
                    "Cổng %(port)s đang có chương trình khác sử dụng. "
                    "Hãy tắt chương trình đó, hoặc chọn cổng khác: KC_PORT=8001 make run"
                )
                % {"port": port}
            ) from error


def prepare_database() -> bool:
    """Bring the tables up to this code; True when anything had to be done.

    Refuses a database that knows migrations which this code does not: it belongs to a newer version.
    """
    try:
        executor = MigrationExecutor(connection)
        unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
        if unknown:
            raise NotPossible(
                _(
                    "Cơ sở dữ liệu này thuộc một phiên bản mới hơn của hệ thống (%(names)s). "
                    "Hãy cập nhật mã nguồn rồi chạy lại."
                )
                % {"names": ", ".join(sorted(f"{app}.{name}" for app, name in unknown)[:3])}
            )
        todo = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise NotPossible(
            _("Không mở được cơ sở dữ liệu %(name)s. Hãy kiểm tra tệp dữ liệu hoặc DATABASE_URL.")
            % {"name": settings.DATABASES["default"]["NAME"]}
        ) from error
    if todo:
        with nullcontext() if executor.loader.applied_migrations else new_models_rendered_alone():
            call_command("migrate", interactive=False, verbosity=0)
    return bool(todo)


def require_installation() -> None:
    """Nothing stands in the way of serving from this database (``tools.checks``)."""
    for fault in run_checks(tags=[INSTALLATION]):
        raise NotPossible(f"{fault.msg} {fault.hint}")


def load_registers() -> bool:
    """The places, the law and the published figures that come with the house, once; they are loaded anew by command."""
    if Unit.objects.exists():
        return False
    for name in LOADED:
        call_command(name, stdout=StringIO())
    return True


def load_demonstration() -> bool:
    """The invented records, once: only where nobody has an account yet."""
    if User.objects.exclude(username="system").exists() or "seed_demo" not in get_commands():
        return False
    call_command("seed_demo", verbosity=0)
    return True


def _stamp() -> tuple[Path, str]:
    """Where the mark of what was gathered lies, and what it must say now."""
    wanted = hashlib.sha256("\n".join(sorted(_sources())).encode()).hexdigest()
    return Path(settings.STATIC_ROOT) / ".stamp", wanted


def static_is_current() -> bool:
    """Whether what browsers load has been gathered since any file of it changed."""
    stamp, wanted = _stamp()
    return stamp.exists() and stamp.read_text() == wanted


def collect_static() -> bool:
    """Gather and compress what browsers load, when a file of it has changed."""
    if static_is_current():
        return False
    stamp, wanted = _stamp()
    call_command("collectstatic", interactive=False, clear=stamp.parent.exists(), ignore_patterns=UNUSED, verbosity=0)
    stamp.write_text(wanted)
    return True


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(ignore_patterns=None):
            path = Path(storage.path(name))
            yield f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}"


def demonstration_accounts() -> list[tuple[str, str, str]]:
    """(user name, role, name) of one invented person for each role, in the order of the roles page."""
    first: dict[str, User] = {}
    people = demo_accounts().exclude(password__startswith="!").order_by("pk")  # "!": nobody can sign in with it
    for user in people.prefetch_related("mandates"):
        for mandate in user.mandates.all():
            first.setdefault(mandate.role, user)
    return [
        (first[role].username, str(ROLES[role].label), first[role].get_full_name()) for role in ROLES if role in first
    ]
