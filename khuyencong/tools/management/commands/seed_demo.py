"""``manage.py seed_demo``: the demonstration, once."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.demo.load import load_all


class Command(HouseCommand):
    help = "Nạp dữ liệu minh hoạ: địa bàn, định mức, số liệu công bố và các hồ sơ tự đặt; chạy lại không thay đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="in một tài liệu JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Dữ liệu minh hoạ chỉ nạp khi đặt KC_DEMO=1, vào một cơ sở dữ liệu riêng."))
        begun = time.monotonic()
        done = load_all()
        if options["as_json"]:
            self.tell({"loaded": bool(done), "seconds": round(time.monotonic() - begun, 1)})
        elif options["verbosity"]:
            if done:
                seconds = f"{time.monotonic() - begun:.1f}".replace(".", ",")
                self.stdout.write(_("Đã nạp dữ liệu minh hoạ trong %(seconds)s giây.") % {"seconds": seconds})
            else:
                self.stdout.write(_("Cơ sở dữ liệu đã có dữ liệu minh hoạ; không thay đổi gì."))
