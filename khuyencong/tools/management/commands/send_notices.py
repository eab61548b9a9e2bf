"""Send what waits in the outbox; the worker does it every ten seconds."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from khuyencong.notices.operations import deliver
from khuyencong.notices.queries import outbox_counts


class Command(BaseCommand):
    help = "Sends the e-mail that waits in the outbox."

    def handle(self, **options: Any) -> None:
        total = 0
        while sent := deliver():
            total += sent
        left = outbox_counts()
        self.stdout.write(
            _("Đã gửi %(sent)s thư; còn chờ %(waiting)s, thôi gửi %(failed)s.")
            % {"sent": total, "waiting": left["waiting"], "failed": left["failed"]}
        )
