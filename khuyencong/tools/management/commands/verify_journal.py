"""Walk the journal's chain and say whether it holds."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.audit.queries import anchor_of, verify
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import WrongUse


def _anchor(text: str) -> tuple[int, str]:
    anchor = anchor_of(text)
    if anchor is None:
        raise WrongUse(_("Mốc đối chiếu phải có dạng SỐ:MÃ-BĂM."))
    return anchor


class Command(HouseCommand):
    help = "Kiểm tra nhật ký: chỉ ra dòng đầu tiên bị sửa, bị xoá hoặc chèn vào; đếm các dòng chưa niêm phong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor", metavar="POSITION:HASH", help="mốc mà một lần chạy trước đã in và bạn đã chép lại"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="in một tài liệu JSON")

    def handle(self, *, anchor: str | None, as_json: bool, **options: Any) -> None:
        verdict = verify(anchor=_anchor(anchor) if anchor else None)
        line = Event.objects.filter(pk=verdict.line).first() if verdict.line else None
        if as_json:
            told = {
                "sound": verdict.sound,
                "sealed": verdict.sealed,
                "unsealed": verdict.unsealed,
                "anchor": verdict.anchor,
                "broken": None
                if verdict.sound
                else {
                    "position": verdict.broken,
                    "line": verdict.line,
                    "reason": verdict.reason,
                    "text": str(line or ""),
                },
            }
            self.tell(told)
        elif verdict.sound:
            self.stdout.write(
                _(
                    "Nhật ký nguyên vẹn: %(sealed)s dòng đã niêm phong, %(unsealed)s dòng chờ niêm phong. Mốc: %(anchor)s"
                )
                % {"sealed": verdict.sealed, "unsealed": verdict.unsealed, "anchor": verdict.anchor}
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
