"""Send what waits in the outbox; the worker does it every ten seconds."""

from typing import Any

from django.utils.translation import gettext as _

from khuyencong.notices.operations import deliver
from khuyencong.notices.queries import outbox_counts
from khuyencong.tools.command import Command as HouseCommand


class Command(HouseCommand):
    help = "Gửi các thư đang chờ trong hộp thư đi; tiến trình việc nền tự làm mỗi mười giây."

    def handle(self, **options: Any) -> None:
        total = 0
        while sent := deliver():
            total += sent
        left = outbox_counts()
        self.stdout.write(
            _("Đã gửi %(sent)s thư; còn chờ %(waiting)s, thôi gửi %(failed)s.")
            % {"sent": total, "waiting": left["waiting"], "failed": left["failed"]}
        )
