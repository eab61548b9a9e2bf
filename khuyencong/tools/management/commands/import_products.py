"""``manage.py import_products``: products recognised as typical, read, judged, with ``--commit`` written."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.establishments import imports
from khuyencong.establishments.enums import RecognitionLevel
from khuyencong.tools.management.commands.import_establishments import Command as Establishments


class Command(Establishments):
    help = "Đọc danh sách sản phẩm đã được công nhận từ tệp Excel; có --commit thì ghi trong một lần."
    kind = imports.PRODUCTS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--level", default="", choices=["", *RecognitionLevel.values], help="cấp, nếu tệp không ghi"
        )
        parser.add_argument("--decision", default="", metavar="NO", help="quyết định, nếu tệp không ghi")

    def judge(self, data: bytes, *, name: str, province: Any, year: int | None, **options: Any) -> imports.Checked:
        return imports.check_products(
            data, name=name, province=province, year=year, level=options["level"], decision=options["decision"]
        )
