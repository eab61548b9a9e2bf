"""``manage.py import_plan``: the table of a yearly plan, read, judged, with ``--commit`` written."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.rules import source_of
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans import imports
from khuyencong.tools.command import WrongUse, day
from khuyencong.tools.files_in import ImportCommand


class Command(ImportCommand):
    help = "Đọc bảng kế hoạch năm của một tỉnh từ tệp Excel; ghi khi có --commit."
    kind = "plan"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", required=True, type=int, metavar="Y", help="năm kế hoạch")
        parser.add_argument("--level", required=True, choices=Level.values, help="cấp kinh phí")
        parser.add_argument("--unit", choices=sorted(imports.UNITS), help="đơn vị tiền, nếu tệp không ghi")
        parser.add_argument("--decision", default="", metavar="NO", help="số quyết định phê duyệt kế hoạch")
        parser.add_argument("--signed", type=day, metavar="YYYY-MM-DD", help="ngày ký quyết định")
        parser.add_argument("--signer", default="", metavar="NAME", help="người ký quyết định")
        parser.add_argument(
            "--kind", default="", choices=["", *ProjectKind.values], help="dạng của các dòng chưa rõ dạng"
        )
        parser.add_argument(
            "--envelope", action="append", default=[], metavar="NAME", help="dự toán chi trả, khi có nhiều"
        )

    def look(self, options: dict[str, Any]) -> None:
        if options["commit"] and not (options["decision"].strip() and options["signed"]):
            raise WrongUse(_("Khi ghi (--commit) phải có --decision và --signed."))
        if not 2000 <= options["year"] <= 2100:
            raise WrongUse(_("Năm kế hoạch không hợp lệ."))

    def judge(self, data: bytes, *, name: str, province: Any, year: int, **options: Any) -> imports.Checked:
        return imports.check_plan(
            data,
            name=name,
            province=province,
            year=year,
            level=options["level"],
            unit=imports.UNITS.get(options["unit"]),
        )

    def write(self, checked: Any, *, by: Any, run: Any, year: int, **options: Any) -> dict[str, int]:
        return imports.write_plan(
            checked,
            by=by,
            number=options["decision"],
            signed_on=options["signed"],
            signer=options["signer"],
            kind=options["kind"],
            envelopes=_named(options["envelope"], year=year),
            run=run,
        )

    def more(self, checked: Any) -> dict[str, Any]:
        return {"totals": checked.totals}


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
