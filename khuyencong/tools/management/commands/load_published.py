"""``manage.py load_published``: the published figures that come with the house."""

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.reporting import operations
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import account, add_account


class Command(HouseCommand):
    help = "Nạp số liệu đã công bố đi kèm hệ thống; chạy lại không thêm dòng nào."

    def add_arguments(self, parser: CommandParser) -> None:
        add_account(parser)

    def handle(self, *args, **options):
        done = operations.load_published(by=account(options["user"]))
        self.stdout.write(
            _("Số liệu đã công bố: thêm %(created)d dòng, sửa %(changed)d, đã có %(same)d.")
            % {"created": done.created, "changed": done.changed, "same": done.same}
        )
