"""Chain the journal's lines that wait; the worker does it every minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from khuyencong.audit.operations import seal_all


class Command(BaseCommand):
    help = "Seals the lines of the journal that wait for it."

    def handle(self, **options: Any) -> None:
        self.stdout.write(_("Đã niêm phong %(count)s dòng nhật ký.") % {"count": seal_all()})
