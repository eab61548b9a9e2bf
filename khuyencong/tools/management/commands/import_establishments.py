"""``manage.py import_establishments``: a list of establishments out of Excel.  Exit 1: refused; 2: wrong use."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from khuyencong.base.errors import DomainError
from khuyencong.establishments import imports
from khuyencong.files import operations as files
from khuyencong.people.models import SYSTEM
from khuyencong.tools.files_in import account, document, province_of


class Command(BaseCommand):
    help = "Nhập danh sách cơ sở từ Excel: xem trước; có --commit thì ghi các dòng mới trong một lần."
    kind = imports.ESTABLISHMENTS

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh hiện nay, như 66")
        parser.add_argument("--year", type=int, metavar="Y", help="năm của số liệu, nếu tệp không ghi")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")
        parser.add_argument("--accept-doubtful", action="store_true", help="ghi cả dòng nghi trùng như cơ sở mới")
        parser.add_argument("--as", dest="user", default=SYSTEM, metavar="USER", help="tài khoản chịu trách nhiệm")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self.answer(options)
        except DomainError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        told = {**answer["counts"], "written": answer["written"]}
        self.stdout.write(
            _(
                "%(rows)s dòng: %(new)s mới, %(changed)s bổ sung, %(same)s đã có, %(doubtful)s nghi trùng, %(faulty)s có lỗi; "
                "đã ghi %(written)s."
            )
            % told
        )
        for fault in answer["errors"]:
            self.stdout.write(f"  {fault['sheet']}!{fault['column']}{fault['row']}: {fault['reason']}")

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """What is printed: rows, written, counts by kind, errors and warnings with sheet, row, column and reason."""
        province = province_of(self, options["province"])
        data, name = document(self, options["file"])
        by = account(options["user"])
        checked = self.checked(data, name, province, options)
        written = 0
        if options["commit"]:
            stored = files.store(data, name=name, by=by)
            run = files.begin_import(stored, kind=self.kind, by=by, province_id=province.pk)
            files.check_import(
                run,
                counts=checked.counts,
                faults=[fault.as_json() for fault in checked.errors],
                details=checked.preview(),
            )
            try:
                counts = imports.write(checked, by=by, run=run, accept_all=options["accept_doubtful"])
            except DomainError as refusal:
                files.fail_import(run, reason=str(refusal))
                raise
            written = counts["written"] + counts["completed"]
        return {
            "rows": len(checked.rows),
            "written": written,
            "counts": checked.counts,
            "doubtful": checked.preview()["doubtful"],
            "errors": [fault.as_json() for fault in checked.errors],
            "warnings": [fault.as_json() for fault in checked.warnings],
        }

    def checked(self, data: bytes, name: str, province: Any, options: dict[str, Any]) -> imports.Checked:
        return imports.check_establishments(data, name=name, province=province, year=options["year"])
