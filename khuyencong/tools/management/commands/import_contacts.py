"""``manage.py import_contacts``: a list of collaborators and contacts of communes, read, judged, with ``--commit`` written.

Exit 1: refused; 2: wrong use.
"""

import sys

from django.core.management.base import BaseCommand, CommandParser

from khuyencong.base.errors import DomainError
from khuyencong.organisations import imports
from khuyencong.organisations.enums import ContactKind
from khuyencong.tools.files_in import account, document, province_of, tell


class Command(BaseCommand):
    help = "Đọc danh sách cộng tác viên, đầu mối cấp xã của một tỉnh từ tệp Excel; ghi khi có --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh hiện nay, như 66")
        parser.add_argument(
            "--role",
            default=str(ContactKind.COLLABORATOR),
            choices=[str(kind) for kind in ContactKind],
            help="vai trò, nếu tệp không ghi",
        )
        parser.add_argument("--commit", action="store_true", help="ghi các dòng mới và phần đã đổi")
        parser.add_argument("--as", dest="user", default="system", metavar="USER", help="tên tài khoản thực hiện")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        province = province_of(self, options["province"])
        data, name = document(self, options["file"])
        checked, written, refused = None, 0, ""
        try:
            by = account(options["user"])
            checked = imports.check_contacts(data, name=name, province=province, kind=options["role"])
            if options["commit"]:
                counts = imports.write_contacts(checked, by=by)
                written = counts["written"] + counts["completed"]
        except DomainError as refusal:
            refused = str(refusal)
        if checked is not None:
            tell(self, checked, written=written, as_json=options["json"])
        if refused:
            self.stderr.write(refused)
            sys.exit(1)
