"""Walk the journal's chain and say whether it holds."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.audit.queries import verify


def _anchor(text: str) -> tuple[int, str]:
    position, _sep, digest = text.partition(":")
    if not position.isdigit() or len(digest) != 64:
        raise CommandError(_("Mốc đối chiếu phải có dạng SỐ:MÃ-BĂM."), returncode=2)
    return int(position), digest


class Command(BaseCommand):
    help = "Verifies the journal: names the first line that was changed, removed or put in; counts unsealed lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchor", metavar="POSITION:HASH", help="what an earlier run printed and you wrote down")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, anchor: str | None, as_json: bool, **options: Any) -> None:
        verdict = verify(anchor=_anchor(anchor) if anchor else None)
        line = Event.objects.filter(pk=verdict.line).first() if verdict.line else None
        if as_json:
            told = {
                "sound": verdict.sound,
                "sealed": verdict.sealed,
                "unsealed": verdict.unsealed,
                "anchor": f"{verdict.sealed}:{verdict.head}",
                "broken": None
                if verdict.sound
                else {
                    "position": verdict.broken,
                    "line": verdict.line,
                    "reason": verdict.reason,
                    "text": str(line or ""),
                },
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        elif verdict.sound:
            self.stdout.write(
                _(
                    "Nhật ký nguyên vẹn: %(sealed)s dòng đã niêm phong, %(unsealed)s dòng chờ niêm phong. Mốc: %(anchor)s"
                )
                % {"sealed": verdict.sealed, "unsealed": verdict.unsealed, "anchor": f"{verdict.sealed}:{verdict.head}"}
            )
        if not verdict.sound:
            raise CommandError(
                _("Nhật ký bị sai từ dòng thứ %(position)s%(line)s: %(reason)s. %(unsealed)s dòng chờ niêm phong.")
                % {
                    "position": verdict.broken,
                    "line": f" ({line})" if line else "",
                    "reason": verdict.reason,
                    "unsealed": verdict.unsealed,
                },
                returncode=1,
            )
