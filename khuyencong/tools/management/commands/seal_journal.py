"""Chain the journal's lines that wait; the worker does it every minute."""

from typing import Any

from django.utils.translation import gettext as _

from khuyencong.audit.operations import seal_all
from khuyencong.tools.command import Command as HouseCommand


class Command(HouseCommand):
    help = "Niêm phong các dòng nhật ký đang chờ; tiến trình việc nền tự làm mỗi phút."

    def handle(self, **options: Any) -> None:
        self.stdout.write(_("Đã niêm phong %(count)s dòng nhật ký.") % {"count": seal_all()})
