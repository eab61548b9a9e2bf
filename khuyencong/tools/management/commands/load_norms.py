"""``manage.py load_norms``: the legal texts and rows that come with the house, and the papers that they ask for."""

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.documents import operations as documents
from khuyencong.norms import operations
from khuyencong.tools.command import Command as HouseCommand
from khuyencong.tools.command import account, add_account


class Command(HouseCommand):
    help = "Nạp văn bản, định mức đi kèm hệ thống; chạy lại không làm thay đổi dòng đã có."

    def add_arguments(self, parser: CommandParser) -> None:
        add_account(parser)

    def handle(self, *args, **options):
        done = operations.load(by=account(options["user"]), on=clock.today())
        self.stdout.write(
            _("Định mức: thêm %(created)d dòng, đã có %(same)d, để lại %(skipped)d.")
            % {"created": done.created, "same": done.same, "skipped": len(done.skipped)}
        )
        self.stdout.write(_("Giấy tờ phải có: thêm, sửa %(lines)d dòng.") % {"lines": documents.load_requirements()})
        if done.skipped and options["verbosity"] > 1:
            for name in done.skipped:
                self.stdout.write("  " + _("để lại: %(name)s") % {"name": name})
