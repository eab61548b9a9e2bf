"""What the commands that take a workbook have in common: the file, the account, the province, and how the answer is told."""

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from khuyencong.base.errors import DomainError, Invalid
from khuyencong.base.workbook import cell_name
from khuyencong.people.models import SYSTEM, User
from khuyencong.people.operations import system_account
from khuyencong.places import queries as places
from khuyencong.places.models import Unit


def day(text: str) -> date:
    """An argument that is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("ngày phải viết YYYY-MM-DD, có thật")) from error


def account(name: str) -> User:
    """Whoever the command acts as.  Raises Invalid(user=…)."""
    if name == SYSTEM:
        return system_account()
    user = User.objects.filter(username=name).first()
    if user is None:
        raise Invalid(user=_("Không có tài khoản nào tên “%(name)s”.") % {"name": name})
    return user


def province_of(command: BaseCommand, code: str) -> Unit:
    """Today's province with this code; ends the command as wrong use where there is none."""
    try:
        return places.province_by_code(code)
    except DomainError as refusal:
        command.stderr.write(str(refusal))
        sys.exit(2)


def document(command: BaseCommand, path: str) -> tuple[bytes, str]:
    """The bytes and the name of the file; ends the command as wrong use where it cannot be opened."""
    try:
        return Path(path).read_bytes(), Path(path).name
    except OSError as error:
        command.stderr.write(_("Không mở được tệp “%(path)s”: %(reason)s.") % {"path": path, "reason": error.strerror})
        sys.exit(2)


def tell(command: BaseCommand, checked: Any, *, written: int, as_json: bool, with_totals: bool = False) -> None:
    """The answer: one JSON document, or a few lines for a person."""
    if as_json:
        told: dict[str, Any] = {"rows": checked.counts["rows"], "written": written}
        if with_totals:
            told["totals"] = checked.totals
        told["errors"] = [fault.as_json() for fault in checked.errors]
        told["warnings"] = [fault.as_json() for fault in checked.warnings]
        command.stdout.write(json.dumps(told, ensure_ascii=False))
        return
    counts = checked.counts
    command.stdout.write(
        _("%(rows)d dòng: %(new)d mới, %(same)d đã có, %(changed)d khác, %(doubtful)d nghi trùng, %(faulty)d có lỗi.")
        % counts
    )
    for label, faults in ((_("lỗi"), checked.errors), (_("lưu ý"), checked.warnings)):
        for fault in faults:
            cell = cell_name(fault.row, fault.column)
            command.stdout.write(f"{label} {fault.sheet}!{cell}: {fault.reason}")
    command.stdout.write(_("Đã ghi %(written)d dòng.") % {"written": written})
