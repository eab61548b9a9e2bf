"""``manage.py import_contacts``: a list of collaborators and contacts of communes, read, judged, with ``--commit`` written."""

from typing import Any

from django.core.management.base import CommandParser

from khuyencong.organisations import imports
from khuyencong.organisations.enums import ContactKind
from khuyencong.tools.files_in import ImportCommand


class Command(ImportCommand):
    help = "Đọc danh sách cộng tác viên, đầu mối cấp xã của một tỉnh từ tệp Excel; ghi khi có --commit."
    kind = "contacts"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--role",
            default=str(ContactKind.COLLABORATOR),
            choices=[str(kind) for kind in ContactKind],
            help="vai trò, nếu tệp không ghi",
        )

    def judge(self, data: bytes, *, name: str, province: Any, role: str, **options: Any) -> imports.Checked:
        return imports.check_contacts(data, name=name, province=province, kind=role)

    def write(self, checked: Any, *, by: Any, run: Any, **options: Any) -> dict[str, int]:
        return imports.write_contacts(checked, by=by, run=run)
