"""``manage.py load_places``: the register of administrative units that comes with the house."""

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.places import operations
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import account, add_account


class Command(HouseCommand):
    help = "Nạp mọi đơn vị hành chính, cũ và mới, cùng việc chia tách, sáp nhập; nạp lại không thay đổi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        add_account(parser)

    def handle(self, *args, **options):
        loaded = operations.load(by=account(options["user"]))
        self.stdout.write(
            _("Địa bàn: thêm %(units)d đơn vị, sửa %(corrected)d, thêm %(successions)d dòng kế thừa.")
            % {"units": loaded.units, "corrected": loaded.corrected, "successions": loaded.successions}
        )
