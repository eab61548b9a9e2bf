"""Lists of collaborators and of contacts at communes, as provinces keep them in Excel.

``check_contacts`` reads and judges every row and writes nothing; ``write_contacts`` writes what was judged, in one short
transaction.  A person is known again by role, commune and name: the same file twice adds nothing.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone
from khuyencong.base.text import fold, squeeze
from khuyencong.base.workbook import Column, Fault, Header, Sheet, Unreadable
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
STATES = ("new", "same", "changed", "doubtful", "faulty")
SHOWN = 300
STEP = 500
Progress = Callable[[int], None]


@dataclass(slots=True)
class Row:
    """One person of the file, judged."""

    sheet: str
    number: int  # as people count
    name: str
    verdict: str = "new"
    why: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    match: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        return (self.facts["kind"], getattr(self.place.get("commune"), "pk", None), fold(self.name))


@dataclass(slots=True)
class Checked:
    """A whole file, judged; nothing is written yet."""

    province: Unit
    digest: str
    rows: list[Row] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(STATES, 0)
        for row in self.rows:
            found[row.verdict] += 1
        return {"rows": len(self.rows), **found, "warnings": len(self.warnings), "errors": len(self.errors)}

    def preview(self) -> dict[str, Any]:
        """What a person looks at before he confirms; no telephone stands in it."""
        shown: dict[str, list[dict[str, Any]]] = {state: [] for state in STATES if state != "same"}
        for row in self.rows:
            if row.verdict in shown and len(shown[row.verdict]) < SHOWN:
                place = str(row.place.get("commune") or row.place.get("province") or "")
                told = {"sheet": row.sheet, "row": row.number, "name": row.name, "place": place, "why": row.why}
                shown[row.verdict].append({**told, "match": row.match})
        return {**shown, "warnings": [fault.as_json() for fault in self.warnings[:SHOWN]]}


def _silent(done: int) -> None:
    """Nobody waits."""


def check_contacts(
    data: bytes,
    *,
    name: str,
    province: Unit,
    kind: str = ContactKind.COLLABORATOR,
    progress: Progress = _silent,
) -> Checked:
    """Read and judge a list of collaborators or contacts of one province; writes nothing.

    ``kind`` is the role of rows that do not say one.  Raises Invalid(file=…) when the file cannot be read.
    """
    checked = Checked(province, hashlib.sha256(data).hexdigest())
    found: list[tuple[Sheet, Header]] = []
    refusal = None
    for sheet in workbook.read(data, name):
        if sheet.hidden or not sheet.rows:
            continue
        try:
            header = workbook.find_header(sheet, COLUMNS)
            if len(header.columns) > 1:
                found.append((sheet, header))
        except Invalid as error:
            refusal = refusal or error
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có danh sách người nào.") % {"name": name})
    for sheet, header in found:
        group = ""
        for number in range(header.start, len(sheet.rows)):
            told = _text(sheet, header, number, "name")
            filled = [value for value in sheet.rows[number] if value is not None]
            if not filled:
                continue
            heading = next((str(value) for value in filled if isinstance(value, str)), "")
            if len(filled) <= 2 and re.match(
                r"(?:[ivx\d]+[.)]?\s+)?(huyen|thi xa|thanh pho|xa|phuong)\b", fold(heading)
            ):
                group = heading
                continue
            if (len(told) < 2 and len(filled) <= 2) or fold(told).startswith(("tong cong", "tong so", "nguoi lap")):
                continue
            checked.rows.append(_row(checked, sheet, header, number, kind=kind, group=group))
            if len(checked.rows) % STEP == 0:
                progress(len(checked.rows))
    _known(checked)
    progress(len(checked.rows))
    return checked


def _text(sheet: Sheet, header: Header, number: int, key: str) -> str:
    return squeeze(workbook.text_of(header.value(sheet.rows[number], key)))


def _row(checked: Checked, sheet: Sheet, header: Header, number: int, *, kind: str, group: str) -> Row:
    row = Row(sheet.name, number + 1, _text(sheet, header, number, "name")[:120])
    faults: list[Fault] = []

    def fault(key: str, reason: str, into: list[Fault] = faults) -> None:
        into.append(Fault(sheet.name, number, header.columns.get(key, header.columns["name"]), reason))

    def warn(key: str, reason: str) -> None:
        fault(key, reason, checked.warnings)

    if len(row.name) < 2 or not re.search(r"[^\W\d_]", row.name):
        fault("name", _("Thiếu họ tên."))
    facts: dict[str, Any] = {"kind": _kind(_text(sheet, header, number, "kind")) or str(kind)}
    for key, length in (("title", 150), ("body", 200), ("note", 300)):
        facts[key] = _text(sheet, header, number, key)[:length]
    try:
        facts["phone"] = clean_phone(_phone(header.value(sheet.rows[number], "phone")))
    except Invalid as error:
        fault("phone", str(error.fields["phone"]))
    facts["email"] = _text(sheet, header, number, "email")
    if facts["email"]:
        try:
            validate_email(facts["email"])
        except ValidationError:
            fault("email", _("“%(email)s” không phải địa chỉ thư điện tử.") % {"email": facts["email"][:60]})
    days: dict[str, date | None] = {}
    for key in ("valid_from", "valid_to"):
        try:
            days[key] = workbook.day(header.value(sheet.rows[number], key))
        except Unreadable as error:
            fault(key, str(error))
    facts["valid_from"], facts["valid_to"] = days.get("valid_from") or clock.today(), days.get("valid_to")
    if days.get("valid_from") is None and facts["valid_to"] is not None and facts["valid_to"] <= facts["valid_from"]:
        fault("valid_from", _("Có ngày kết thúc thì phải ghi ngày bắt đầu."))
    elif facts["valid_to"] is not None and facts["valid_to"] <= facts["valid_from"]:
        fault("valid_to", _("Ngày kết thúc phải sau ngày bắt đầu."))
    given = [_text(sheet, header, number, "commune") or group, _text(sheet, header, number, "district")]
    text = ", ".join(filter(None, given))
    row.facts, row.place = facts, {"province": checked.province, "commune": None, "place_text": "", "place_unit": None}
    if text:
        try:
            row.place = places.locate(text, checked.province)
        except Invalid as error:
            fault("commune", str(error.fields["place_text"]))
        else:
            if row.place["commune"] is None:
                warn(
                    "commune",
                    _("Không xác định được xã, phường hiện nay của “%(text)s”; ghi ở cấp tỉnh.") % {"text": text},
                )
    else:
        warn("commune", _("Không ghi xã, phường; chỉ biết thuộc %(province)s.") % {"province": checked.province})
    if faults:
        row.verdict, row.why = "faulty", " ".join(str(one.reason) for one in faults)
        checked.errors += faults
    return row


def _kind(text: str) -> str:
    plain = f" {fold(text)} "
    if "cong tac vien" in plain or " ctv " in plain:
        return ContactKind.COLLABORATOR
    if re.search(r"\b(xa|phuong|ubnd)\b", plain):
        return ContactKind.COMMUNE
    return ContactKind.OTHER if text else ""


def _phone(cell: workbook.Cell) -> str:
    text = re.split(r"[;,/]| - ", workbook.code(cell))[0]
    return f"0{text}" if isinstance(cell, float) and len(text) == 9 else text


_COMPARED = ("title", "body", "phone", "email", "note", "valid_to")


def _known(checked: Checked) -> None:
    """Judge the rows against what is kept and against each other.  One question."""
    kept: dict[tuple, Contact] = {}
    for contact in Contact.objects.filter(province=checked.province).order_by("valid_from", "pk"):
        if contact.valid_to is None or contact.valid_to > clock.today():
            kept[(contact.kind, contact.commune_id, fold(contact.name))] = contact
    seen: dict[tuple, Row] = {}
    for row in checked.rows:
        if row.verdict == "faulty":
            continue
        earlier = seen.setdefault(row.key, row)
        if earlier is not row:
            row.verdict = "same" if earlier.facts == row.facts else "doubtful"
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
        row.verdict = "changed" if row.changes else "same"
        labels = ", ".join(str(Contact._meta.get_field(name).verbose_name) for name in row.changes)
        row.why = _("Đã có; đổi: %(fields)s.") % {"fields": labels} if row.changes else _("Đã có.")


def write_contacts(
    checked: Checked, *, by: Any, run: ImportRun | None = None, accept: Iterable[tuple[str, int]] = ()
) -> dict[str, int]:
    """Write the new people, change what differs of those that are kept; returns counts, ``written`` and ``completed``."""
    accepted = {(sheet, int(number)) for sheet, number in accept}
    rows = [
        row
        for row in checked.rows
        if row.verdict == "new" or (row.verdict == "doubtful" and (row.sheet, row.number) in accepted)
    ]
    changes = {row.match: row.changes for row in checked.rows if row.verdict == "changed" and row.match is not None}
    counts = {**checked.counts, "written": len(rows), "completed": len(changes)}
    fresh = [Contact(name=row.name, **row.facts, **row.place) for row in rows]
    bring_in_contacts(
        fresh, changes=changes, province=checked.province, digest=checked.digest, counts=counts, by=by, run=run
    )
    return counts
