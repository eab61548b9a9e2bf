"""What every command of the house has in common: plain Vietnamese, and an exit that tells what became of it.

Exit 0: done; 1: refused, the reason in one sentence on the error stream; 2: wrong use.  With ``--json`` one document on the
output stream and nothing else.
"""

import argparse
import json
import sys
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper, SystemCheckError
from django.db import DatabaseError, connection
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from khuyencong.base.errors import DomainError, Invalid, NotPossible
from khuyencong.norms.models import Instrument
from khuyencong.people.models import SYSTEM, User
from khuyencong.people.operations import system_account
from khuyencong.places.models import Unit
from khuyencong.reporting.models import ReportedFigure

# argparse translates by the first two names; its Vietnamese stands in locale/vi with that of the other packages
argparse._, argparse.ngettext = gettext, ngettext  # type: ignore[attr-defined]


# what comes with the house, by the command that loads it
LOADED = {
    "load_places": (gettext_lazy("Danh mục địa bàn"), Unit),
    "load_norms": (gettext_lazy("Văn bản, định mức"), Instrument),
    "load_published": (gettext_lazy("Số liệu đã công bố"), ReportedFigure),
}


class WrongUse(CommandError):
    """The command was not given what it needs."""

    def __init__(self, sentence: str):
        super().__init__(sentence, returncode=2)


class Command(BaseCommand):
    # who asks for a norm or brings in a list is not who judges the installation: `run`, the worker and `check` do
    requires_system_checks: list[str] = []
    # what Django offers to those who write programs still works; whoever keeps an installation need not read it
    suppressed_base_arguments = frozenset(
        {"--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
        | {"--skip-checks"}
    )

    loaded: tuple[str, ...] = ()  # what must have been loaded before it can answer: names of `LOADED`

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.error = self._misused  # type: ignore[method-assign]
        return parser

    def _misused(self, message: str) -> NoReturn:
        told = _("Dùng sai lệnh: %(message)s. Xem cách dùng bằng --help.") % {"message": message}
        raise self._ended(WrongUse(told), self.stderr)

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            require_loaded(*self.loaded)
            return super().execute(*args, **options)
        except SystemCheckError:
            raise  # tells itself what is wrong, with a hint
        except DomainError as refusal:
            ended = CommandError(str(refusal), returncode=1)
        except CommandError as error:
            ended = error
        except DatabaseError:
            if User._meta.db_table in connection.introspection.table_names():
                raise
            told = _("Cơ sở dữ liệu %(name)s chưa có bảng nào. Hãy chạy manage.py run hoặc manage.py migrate trước.")
            ended = CommandError(told % {"name": connection.settings_dict["NAME"]}, returncode=1)
        raise self._ended(ended, OutputWrapper(options.get("stderr") or sys.stderr))

    def _ended(self, error: CommandError, stream: OutputWrapper) -> BaseException:
        """From the command line the sentence and the exit; inside a program the error itself."""
        if not self._called_from_command_line:
            return error
        stream.write(str(error))
        return SystemExit(error.returncode)

    def tell(self, document: Any) -> None:
        """The one document of ``--json``."""
        self.stdout.write(json.dumps(document, ensure_ascii=False))


def require_loaded(*names: str) -> None:
    """Raises NotPossible with the command that loads what is not there: an answer from an empty register would be a lie."""
    for name in names:
        what, model = LOADED[name]
        if not model._default_manager.exists():
            raise NotPossible(
                _("%(what)s chưa được nạp. Hãy chạy manage.py %(name)s trước.") % {"what": what, "name": name}
            )


def add_account(parser: CommandParser) -> None:
    parser.add_argument("--as", dest="user", default=SYSTEM, metavar="USER", help="tên tài khoản thực hiện")


def account(name: str) -> User:
    """Whoever the command acts as.  Raises Invalid(user=…)."""
    if name == SYSTEM:
        return system_account()
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Invalid(user=_("Không có tài khoản nào tên “%(name)s”.") % {"name": name})
    return user


def day(text: str) -> date:
    """An argument that is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("ngày phải viết YYYY-MM-DD, có thật")) from error
