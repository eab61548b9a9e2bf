"""Prove what no constraint can: every package's ``queries.invariants()`` names its contradictions in sentences."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.audit.queries import verify
from khuyencong.tools.command import Command as HouseCommand


def invariants() -> Iterator[tuple[str, Callable[[], list[str]]]]:
    """The packages that know their contradictions, from the ground up."""
    for name in settings.DOMAIN:
        if find_spec(f"khuyencong.{name}.queries"):
            module = import_module(f"khuyencong.{name}.queries")
            if hasattr(module, "invariants"):
                yield name, module.invariants


class Command(HouseCommand):
    help = "Kiểm tra những điều mà cơ sở dữ liệu không tự giữ được, và nhật ký; có mâu thuẫn thì kết thúc với mã 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="in một tài liệu JSON")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        found = {name: list(check()) for name, check in invariants()}
        verdict = verify()
        found["audit"] = (
            []
            if verdict.sound
            else [
                _("Nhật ký bị sai từ dòng thứ %(position)s: %(reason)s.")
                % {"position": verdict.broken, "reason": verdict.reason}
            ]
        )
        count = sum(map(len, found.values()))
        if as_json:
            self.tell({"sound": count == 0, "contradictions": found})
        else:
            for name, sentences in found.items():
                for sentence in sentences:
                    self.stdout.write(f"{name}: {sentence}")
        if count:
            raise CommandError(_("Có %(count)s điểm mâu thuẫn trong dữ liệu.") % {"count": count}, returncode=1)
        if not as_json:
            self.stdout.write(_("Dữ liệu nhất quán: đã kiểm tra %(count)s phần.") % {"count": len(found)})
