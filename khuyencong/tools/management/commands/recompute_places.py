"""``manage.py recompute_places``: after units were merged, split or renamed, where every record belongs today."""

from django.apps import apps
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.places import operations
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import account, add_account


class Command(HouseCommand):
    help = "Tính lại tỉnh và xã hiện nay của mọi hồ sơ theo đơn vị đã ghi, sau khi sắp xếp đơn vị hành chính."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không sửa gì")
        add_account(parser)

    def handle(self, *args, **options):
        changed = operations.recompute(by=account(options["user"]), dry_run=options["dry_run"])
        for label, count in sorted(changed.items()):
            self.stdout.write(f"{apps.get_model(label)._meta.verbose_name}: {count}")
        told = _("%(count)d bản ghi sẽ đổi.") if options["dry_run"] else _("Đã đổi %(count)d bản ghi.")
        self.stdout.write(told % {"count": sum(changed.values())})
