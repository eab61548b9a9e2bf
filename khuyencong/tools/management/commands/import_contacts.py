"""``manage.py import_contacts``: collaborators and contacts of communes, out of Excel.  Exit 1: refused; 2: wrong use."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.establishments import imports
from khuyencong.establishments.enums import ContactRole
from khuyencong.tools.management.commands.import_establishments import Command as Establishments


class Command(Establishments):
    help = "Nhập danh sách cộng tác viên, đầu mối của xã từ Excel: xem trước; có --commit thì ghi trong một lần."
    kind = imports.CONTACTS

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--role", default=ContactRole.COLLABORATOR.value, choices=ContactRole.values)

    def check(self, data: bytes, name: str, province: Any, options: dict[str, Any]) -> imports.Checked:
        return imports.check_contacts(data, name=name, province=province, role=options["role"])
