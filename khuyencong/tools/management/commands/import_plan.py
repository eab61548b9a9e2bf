"""``manage.py import_plan``: the table of a yearly plan, read, judged and, with ``--commit``, written.

Exit 1: refused; 2: wrong use.
"""

import sys

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from khuyencong.base.errors import DomainError, Invalid
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import source_of
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans import imports
from khuyencong.tools.files_in import account, day, document, province_of, tell


class Command(BaseCommand):
    help = "Đọc bảng kế hoạch năm của một tỉnh từ tệp Excel; ghi khi có --commit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh hiện nay, như 66")
        parser.add_argument("--year", required=True, type=int, metavar="Y", help="năm kế hoạch")
        parser.add_argument("--level", required=True, choices=[str(level) for level in Level])
        parser.add_argument("--unit", choices=sorted(imports.UNITS), help="đơn vị tiền, nếu tệp không ghi")
        parser.add_argument("--commit", action="store_true", help="ghi các dòng mới, không lỗi")
        parser.add_argument("--decision", default="", metavar="NO", help="số quyết định phê duyệt kế hoạch")
        parser.add_argument("--signed", type=day, metavar="YYYY-MM-DD", help="ngày ký quyết định")
        parser.add_argument("--signer", default="", metavar="NAME", help="người ký quyết định")
        parser.add_argument(
            "--kind", default="", choices=["", *map(str, ProjectKind)], help="dạng của các dòng chưa rõ dạng"
        )
        parser.add_argument(
            "--envelope", action="append", default=[], metavar="NAME", help="dự toán chi trả, khi có nhiều"
        )
        parser.add_argument("--as", dest="user", default="system", metavar="USER", help="tên tài khoản thực hiện")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        if options["commit"] and not (options["decision"].strip() and options["signed"]):
            self.stderr.write(_("Khi ghi (--commit) phải có --decision và --signed."))
            sys.exit(2)
        if not 2000 <= options["year"] <= 2100:
            self.stderr.write(_("Năm kế hoạch không hợp lệ."))
            sys.exit(2)
        province = province_of(self, options["province"])
        data, name = document(self, options["file"])
        checked, written, refused = None, 0, ""
        try:
            by = account(options["user"])
            unit = imports.UNITS[options["unit"]] if options["unit"] else None
            checked = imports.check_plan(
                data, name=name, province=province, year=options["year"], level=options["level"], unit=unit
            )
            if options["commit"]:
                written = imports.write_plan(
                    checked,
                    by=by,
                    number=options["decision"],
                    signed_on=options["signed"],
                    signer=options["signer"],
                    kind=options["kind"],
                    envelopes=_named(options["envelope"], year=options["year"]),
                )["written"]
        except DomainError as refusal:
            refused = str(refusal)
        if checked is not None:
            tell(self, checked, written=written, as_json=options["json"], with_totals=True)
        if refused:
            self.stderr.write(refused)
            sys.exit(1)


def _named(names: list[str], *, year: int) -> dict[str, Envelope]:
    """The envelopes that were named, by the source that they feed."""
    found: dict[str, Envelope] = {}
    for name in names:
        envelope = Envelope.objects.filter(name=name.strip(), year=year).order_by("pk").first()
        if envelope is None:
            raise Invalid(
                envelope=_("Không có dự toán nào tên “%(name)s” trong năm %(year)s.") % {"name": name, "year": year}
            )
        found[source_of(envelope.level).value] = envelope
    return found
