"""What the commands that take a workbook have in common: the file, the province, what is written, and how it is told."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from khuyencong.base.errors import DomainError
from khuyencong.base.workbook import cell_name
from khuyencong.base.workbook.judging import Checked
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.people.models import User
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.tools.command import Command, WrongUse, account, add_account


class ImportCommand(Command):
    """A list is read and judged; with ``--commit`` it is written, and kept among the imports with what was found in it."""

    loaded = ("load_places",)
    kind: str

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="tệp .xlsx, .xls hoặc .csv")
        parser.add_argument("--province", required=True, metavar="CODE", help="mã tỉnh hiện nay, như 66")
        parser.add_argument("--commit", action="store_true", help="ghi; không có thì chỉ kiểm tra")
        add_account(parser)
        parser.add_argument("--json", action="store_true", help="in một tài liệu JSON")

    def look(self, options: dict[str, Any]) -> None:
        """What else is wrong use.  Raises WrongUse."""

    def judge(self, data: bytes, *, name: str, province: Unit, **options: Any) -> Checked:
        """Read and judge."""
        raise NotImplementedError

    def write(self, checked: Any, *, by: User, run: ImportRun, **options: Any) -> dict[str, int]:
        """Write what was judged; returns counts, ``written`` among them."""
        raise NotImplementedError

    def more(self, checked: Any) -> dict[str, Any]:
        """What else the document tells of this kind of list, before faults and warnings."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        self.look(options)
        province = province_of(options["province"])
        data, name = document(options["file"])
        by = account(options["user"])
        asked = {key: value for key, value in options.items() if key not in ("file", "province", "user")}
        known = files.written_before(self.kind, province_id=province.pk)  # before it is judged
        checked = self.judge(data, name=name, province=province, **asked)
        written, refused = 0, None
        if options["commit"]:
            try:
                written = self._commit(checked, data, name, by=by, province=province, asked=asked, known=known)
            except DomainError as refusal:
                refused = refusal
        self._tell(checked, written=written, as_json=options["json"])
        if refused is not None:
            raise refused

    def _commit(
        self,
        checked: Checked,
        data: bytes,
        name: str,
        *,
        by: User,
        province: Unit,
        asked: dict[str, Any],
        known: list[int],
    ) -> int:
        stored = files.store(data, name=name, by=by)
        run = files.begin_import(stored, kind=self.kind, by=by, province_id=province.pk, known=known)
        files.check_import(
            run,
            counts=checked.counts,
            faults=[fault.as_kept() for fault in checked.errors],
            details=checked.preview(),
        )
        files.confirm_import(run)  # --commit is the confirmation: two commands wait for each other as two pages do
        try:
            counts = self.write(checked, by=by, run=run, **asked)
        except DomainError as refusal:
            files.fail_import(run, reason=str(refusal))
            raise
        except BaseException:  # a fault of ours, or Ctrl-C: the list must not stand as "being written" for ever
            files.fail_import(run, reason=_("Việc ghi bị ngắt giữa chừng; không dòng nào được ghi. Hãy chạy lại lệnh."))
            raise
        return counts["written"] + counts.get("completed", 0)

    def _tell(self, checked: Checked, *, written: int, as_json: bool) -> None:
        if as_json:
            self.tell(
                {
                    "rows": len(checked.rows),
                    "written": written,
                    **self.more(checked),
                    "errors": [fault.as_json() for fault in checked.errors],
                    "warnings": [fault.as_json() for fault in checked.warnings],
                }
            )
            return
        self.stdout.write(
            _(
                "%(rows)d dòng: %(new)d mới, %(same)d đã có, %(changed)d khác, %(doubtful)d nghi trùng, %(faulty)d có lỗi."
            )
            % checked.counts
        )
        for label, faults in ((_("lỗi"), checked.errors), (_("lưu ý"), checked.warnings)):
            for fault in faults:
                cell = cell_name(fault.row, fault.column)
                self.stdout.write(f"{label} {fault.sheet}!{cell}: {fault.reason}")
        self.stdout.write(_("Đã ghi %(written)d dòng.") % {"written": written})


def province_of(code: str) -> Unit:
    """Today's province with this code.  Raises WrongUse where there is none."""
    try:
        return places.province_by_code(code)
    except DomainError as refusal:
        raise WrongUse(str(refusal)) from refusal


def document(path: str) -> tuple[bytes, str]:
    """The bytes and the name of the file.  Raises WrongUse where it cannot be opened."""
    try:
        return Path(path).read_bytes(), Path(path).name
    except OSError as error:
        raise WrongUse(_("Không mở được tệp “%(path)s”.") % {"path": path}) from error
