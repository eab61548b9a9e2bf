"""Lists of collaborators and of contacts at communes, as provinces keep them in Excel.

``check_contacts`` reads and judges every row and writes nothing; ``write_contacts`` writes what was judged, in one short
transaction.  A person is known again by role, commune and name: the same file twice adds nothing.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone
from khuyencong.base.sentences import sentence as _
from khuyencong.base.sentences import together
from khuyencong.base.text import fold
from khuyencong.base.workbook import Column, Unreadable, judging
from khuyencong.base.workbook.judging import Line, Progress, RowState, silent
from khuyencong.files.models import ImportRun
from khuyencong.organisations.enums import ContactKind
from khuyencong.organisations.models import Contact
from khuyencong.organisations.operations import bring_in_contacts
from khuyencong.places import queries as places
from khuyencong.places.models import Unit

COLUMNS = (
    Column(
        "name",
        ("Họ và tên", "Họ tên", "Tên cộng tác viên", "Họ và tên cộng tác viên", "Cộng tác viên", "Tên"),
        required=True,
    ),
    Column("title", ("Chức vụ", "Chức danh", "Chức vụ, chức danh", "Vị trí công tác")),
    Column("body", ("Đơn vị công tác", "Đơn vị", "Cơ quan", "Nơi công tác", "Cơ quan công tác")),
    Column(
        "commune",
        ("Xã, phường", "Xã", "Xã/phường", "Phường, xã", "Địa bàn", "Địa bàn phụ trách", "Địa bàn hoạt động", "Địa chỉ"),
    ),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố")),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Di động", "Điện thoại liên hệ")),
    Column("email", ("Email", "Thư điện tử", "E-mail", "Hộp thư")),
    Column("kind", ("Vai trò", "Loại", "Đối tượng")),
    Column("valid_from", ("Từ ngày", "Ngày bắt đầu", "Bắt đầu từ", "Thời gian bắt đầu")),
    Column("valid_to", ("Đến ngày", "Ngày kết thúc", "Thôi từ ngày", "Thời gian kết thúc")),
    Column("note", ("Ghi chú",)),
)
STEP = 500


@dataclass(slots=True, kw_only=True)
class Row(judging.Row):
    """One person of the file, judged."""

    facts: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        return (self.facts["kind"], getattr(self.place.get("commune"), "pk", None), fold(self.name))

    @property
    def where(self) -> str:
        return str(self.place.get("commune") or self.place.get("province") or "")


class Checked(judging.Checked[Row]):
    """A whole file, judged; nothing is written yet.  No telephone stands in its preview."""


def check_contacts(
    data: bytes,
    *,
    name: str,
    province: Unit,
    kind: str = ContactKind.COLLABORATOR,
    progress: Progress = silent,
) -> Checked:
    """Read and judge a list of collaborators or contacts of one province; writes nothing.

    ``kind`` is the role of rows that do not say one.  Raises Invalid(file=…) when the file cannot be read.
    """
    checked = Checked(province, hashlib.sha256(data).hexdigest())
    found = [
        (sheet, header)
        for sheet, header in workbook.tables(data, name, COLUMNS, passed=checked.warnings)
        if len(header.columns) > 1
    ]
    if not found:
        raise Invalid(file=_("Tệp “%(name)s” không có danh sách người nào.") % {"name": name})
    for sheet, header in found:
        group = ""
        for number in range(header.start, len(sheet.rows)):
            line = Line(sheet, header, number, sheet.rows[number], group)
            filled = [value for value in line.cells if value is not None]
            if not filled:
                continue
            told = fold(line.text("name"))
            heading = next((str(value) for value in filled if isinstance(value, str)), "")
            if len(filled) <= 2 and re.match(
                r"(?:[ivx\d]+[.)]?\s+)?(huyen|thi xa|thanh pho|xa|phuong)\b", fold(heading)
            ):
                group = heading
                continue
            if (len(told) < 2 and len(filled) <= 2) or told.startswith(("tong cong", "tong so", "nguoi lap")):
                continue
            checked.settle(_row(line, province, kind), line)
            if len(checked.rows) % STEP == 0:
                progress(len(checked.rows))
    _known(checked)
    progress(len(checked.rows))
    return checked


def _row(line: Line, province: Unit, kind: str) -> Row:
    row = Row(line.sheet.name, line.number + 1, line.text("name")[:120])
    if len(row.name) < 2 or not re.search(r"[^\W\d_]", row.name):
        line.fault("name", _("Thiếu họ tên."))
    facts: dict[str, Any] = {"kind": _kind(line.text("kind")) or str(kind)}
    for key, length in (("title", 150), ("body", 200), ("note", 300)):
        facts[key] = line.text(key)[:length]
    try:
        facts["phone"] = clean_phone(workbook.phone(line.value("phone")))
    except Invalid as error:
        line.fault("phone", str(error.fields["phone"]))
    facts["email"] = line.text("email")
    if facts["email"]:
        try:
            validate_email(facts["email"])
        except ValidationError:
            line.fault("email", _("“%(email)s” không phải địa chỉ thư điện tử.") % {"email": facts["email"][:60]})
    _days(line, facts)
    row.facts, row.place = facts, _place(line, province)
    return row


def _days(line: Line, facts: dict[str, Any]) -> None:
    days: dict[str, date | None] = {}
    for key in ("valid_from", "valid_to"):
        try:
            days[key] = workbook.day(line.value(key))
        except Unreadable as error:
            line.fault(key, str(error))
    start, end = days.get("valid_from") or clock.today(), days.get("valid_to")
    facts["valid_from"], facts["valid_to"] = start, end
    if end is not None and end <= start:
        if days.get("valid_from") is None:
            line.fault("valid_from", _("Có ngày kết thúc thì phải ghi ngày bắt đầu."))
        else:
            line.fault("valid_to", _("Ngày kết thúc phải sau ngày bắt đầu."))


def _place(line: Line, province: Unit) -> dict[str, Any]:
    text = ", ".join(filter(None, (line.text("commune") or line.group, line.text("district"))))
    unknown = {"province": province, "commune": None, "place_text": "", "place_unit": None}
    if not text:
        line.warn("commune", _("Không ghi xã, phường; chỉ biết thuộc %(province)s.") % {"province": province})
        return unknown
    try:
        found = places.locate(text, province)
    except Invalid as error:
        line.fault("commune", str(error.fields["place_text"]))
        return unknown
    if found["commune"] is None:
        told = _("Không xác định được xã, phường hiện nay của “%(text)s”; ghi ở cấp tỉnh.")
        line.warn("commune", told % {"text": text})
    return found


def _kind(text: str) -> str:
    plain = f" {fold(text)} "
    if "cong tac vien" in plain or " ctv " in plain:
        return ContactKind.COLLABORATOR
    if re.search(r"\b(xa|phuong|ubnd)\b", plain):
        return ContactKind.COMMUNE
    return ContactKind.OTHER if text else ""


_COMPARED = ("title", "body", "phone", "email", "note", "valid_to")


def _known(checked: Checked) -> None:
    """Judge the rows against what is kept and against each other.  One question."""
    kept: dict[tuple, Contact] = {}
    for contact in Contact.objects.filter(province=checked.province).order_by("valid_from", "pk"):
        if contact.valid_to is None or contact.valid_to > clock.today():
            kept[(contact.kind, contact.commune_id, fold(contact.name))] = contact
    seen: dict[tuple, Row] = {}
    for row in checked.rows:
        if row.verdict is RowState.FAULTY:
            continue
        earlier = seen.setdefault(row.key, row)
        if earlier is not row:
            row.verdict = RowState.SAME if earlier.facts == row.facts else RowState.DOUBTFUL
            row.why = _("Lặp lại dòng %(row)s (%(sheet)s).") % {"row": earlier.number, "sheet": earlier.sheet}
            continue
        if row.key not in kept:
            continue
        contact = kept[row.key]
        row.match = contact.pk
        row.changes = {
            name: row.facts[name] for name in _COMPARED if row.facts[name] and row.facts[name] != getattr(contact, name)
        }
        if row.changes.get("valid_to") and row.changes["valid_to"] <= contact.valid_from:
            del row.changes["valid_to"]
        row.verdict = RowState.CHANGED if row.changes else RowState.SAME
        labels = together(", ", (Contact._meta.get_field(name).verbose_name for name in row.changes))
        row.why = _("Đã có; đổi: %(fields)s.") % {"fields": labels} if row.changes else _("Đã có.")


def write_contacts(
    checked: Checked, *, by: Any, run: ImportRun | None = None, accept: Iterable[tuple[str, int]] = ()
) -> dict[str, int]:
    """Write the new people, change what differs of those that are kept; returns counts, ``written`` and ``completed``."""
    rows = checked.chosen(accept)
    changes = {row.match: row.changes for row in checked.of(RowState.CHANGED) if row.match is not None}
    counts = {**checked.counts, "written": len(rows), "completed": len(changes)}
    fresh = [Contact(name=row.name, **row.facts, **row.place) for row in rows]
    bring_in_contacts(
        fresh, changes=changes, province=checked.province, digest=checked.digest, counts=counts, by=by, run=run
    )
    return counts
