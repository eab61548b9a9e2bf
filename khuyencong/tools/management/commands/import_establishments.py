"""``manage.py import_establishments``: a list of establishments, read, judged, with ``--commit`` written."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.establishments import imports
from khuyencong.tools.files_in import ImportCommand


class Command(ImportCommand):
    help = "Đọc danh sách cơ sở của một tỉnh từ tệp Excel; có --commit thì ghi các dòng mới trong một lần."
    kind = imports.ESTABLISHMENTS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--year", type=int, metavar="Y", help="năm của số liệu, nếu tệp không ghi")
        parser.add_argument("--accept-doubtful", action="store_true", help="ghi cả dòng nghi trùng như dòng mới")

    def judge(self, data: bytes, *, name: str, province: Any, year: int | None, **options: Any) -> imports.Checked:
        return imports.check_establishments(data, name=name, province=province, year=year)

    def write(self, checked: Any, *, by: Any, run: Any, accept_doubtful: bool, **options: Any) -> dict[str, int]:
        return imports.write(checked, by=by, run=run, accept_all=accept_doubtful)

    def more(self, checked: Any) -> dict[str, Any]:
        return {"totals": checked.totals}
