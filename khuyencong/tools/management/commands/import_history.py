"""``manage.py import_history``: a list of projects that were closed before this system, read, judged, with ``--commit`` written.

Exit 1: refused; 2: wrong use.
"""

import sys

from django.core.management.base import BaseCommand, CommandParser

from khuyencong.base.errors import DomainError
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans import imports
from khuyencong.tools.files_in import account, document, province_of, tell


class Command(BaseCommand):
    help = "Đọc danh sách đề án đã kết thúc của một tỉnh từ tệp Excel; ghi khi có --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh hiện nay, như 66")
        parser.add_argument("--year", type=int, metavar="Y", help="năm, nếu tệp không ghi")
        parser.add_argument(
            "--level",
            default=str(Level.PROVINCIAL),
            choices=[str(level) for level in Level],
            help="cấp, nếu tệp không ghi",
        )
        parser.add_argument("--unit", choices=sorted(imports.UNITS), help="đơn vị tiền, nếu tệp không ghi")
        parser.add_argument("--commit", action="store_true", help="ghi các dòng mới, không lỗi")
        parser.add_argument(
            "--kind", default="", choices=["", *map(str, ProjectKind)], help="dạng của các dòng chưa rõ dạng"
        )
        parser.add_argument("--as", dest="user", default="system", metavar="USER", help="tên tài khoản thực hiện")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        province = province_of(self, options["province"])
        data, name = document(self, options["file"])
        checked, written, refused = None, 0, ""
        try:
            by = account(options["user"])
            unit = imports.UNITS[options["unit"]] if options["unit"] else None
            checked = imports.check_history(
                data, name=name, province=province, year=options["year"], level=options["level"], unit=unit
            )
            if options["commit"]:
                written = imports.write_history(checked, by=by, kind=options["kind"])["written"]
        except DomainError as refusal:
            refused = str(refusal)
        if checked is not None:
            tell(self, checked, written=written, as_json=options["json"], with_totals=True)
        if refused:
            self.stderr.write(refused)
            sys.exit(1)
