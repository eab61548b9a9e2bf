"""``manage.py import_history``: projects that were closed before this system, read, judged, with ``--commit`` written."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.plans import imports
from khuyencong.tools.files_in import ImportCommand


class Command(ImportCommand):
    help = "Đọc danh sách đề án đã kết thúc của một tỉnh từ tệp Excel; ghi khi có --commit."
    kind = "history"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, metavar="Y", help="năm, nếu tệp không ghi")
        parser.add_argument(
            "--level", default=Level.PROVINCIAL.value, choices=Level.values, help="cấp, nếu tệp không ghi"
        )
        parser.add_argument("--unit", choices=sorted(imports.UNITS), help="đơn vị tiền, nếu tệp không ghi")
        parser.add_argument(
            "--kind", default="", choices=["", *ProjectKind.values], help="dạng của các dòng chưa rõ dạng"
        )

    def judge(self, data: bytes, *, name: str, province: Any, year: int | None, **options: Any) -> imports.Checked:
        return imports.check_history(
            data,
            name=name,
            province=province,
            year=year,
            level=options["level"],
            unit=imports.UNITS.get(options["unit"]),
        )

    def write(self, checked: Any, *, by: Any, run: Any, kind: str, **options: Any) -> dict[str, int]:
        return imports.write_history(checked, by=by, kind=kind, run=run)

    def more(self, checked: Any) -> dict[str, Any]:
        return {"totals": checked.totals}
