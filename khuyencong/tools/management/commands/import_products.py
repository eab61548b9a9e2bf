"""``manage.py import_products``: products recognised as typical, out of Excel.  Exit 1: refused; 2: wrong use."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.establishments import imports
from khuyencong.establishments.enums import RecognitionLevel
from khuyencong.tools.management.commands.import_establishments import Command as Establishments


class Command(Establishments):
    help = "Nhập danh sách sản phẩm đã được công nhận từ Excel: xem trước; có --commit thì ghi trong một lần."
    kind = imports.PRODUCTS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--level", default="", choices=["", *RecognitionLevel.values], help="cấp, nếu tệp không ghi"
        )
        parser.add_argument("--decision", default="", metavar="NO", help="quyết định, nếu tệp không ghi")

    def checked(self, data: bytes, name: str, province: Any, options: dict[str, Any]) -> imports.Checked:
        return imports.check_products(
            data,
            name=name,
            province=province,
            year=options["year"],
            level=options["level"],
            decision=options["decision"],
        )
