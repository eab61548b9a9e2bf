"""A list of establishments, read and judged."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone
from khuyencong.base.text import fold
from khuyencong.base.workbook import Fault, Unreadable
from khuyencong.establishments import rules
from khuyencong.establishments.enums import LegalForm, RowState
from khuyencong.establishments.imports.cells import legal_form_of, past, phone_cell, placed, sector_of, tax_code_cell
from khuyencong.establishments.imports.columns import COLUMNS
from khuyencong.establishments.imports.known import hold_against_known
from khuyencong.establishments.imports.lines import (
    STEP,
    Line,
    Progress,
    scale_of,
    sheets_of,
    silent,
    told_lines,
    year_of,
)
from khuyencong.establishments.imports.rows import ESTABLISHMENTS, Checked, Row
from khuyencong.organisations import rules as bodies
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.places.rules import Gazetteer

_YES = frozenset({"x", "co", "1", "yes", "dung", "nu"})


def check_establishments(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int | None = None,
    progress: Progress = silent,
) -> Checked:
    """Read and judge a list of establishments of one province; writes nothing.

    ``year`` is that of workers and money where the file does not say.  Raises Invalid(file=…) when the file cannot be read.
    """
    sheets = sheets_of(data, name, COLUMNS)
    checked = Checked(ESTABLISHMENTS, province, year or clock.today().year - 1, hashlib.sha256(data).hexdigest())
    read = places.gazetteer()
    kept: dict[str, Any] = {}
    for line in told_lines(checked, sheets, "name", progress):
        checked.rows.append(_establishment(line, checked, read, kept, year))
    sheets.clear()
    hold_against_known(checked)
    progress(len(checked.rows))
    return checked


def _establishment(line: Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], year: int | None) -> Row:
    name = " ".join(line.text("name").split())
    row = Row(line.sheet.name, line.number + 1, RowState.NEW, name[:250])
    faults: list[Fault] = []

    def fault(key: str, reason: str) -> None:
        faults.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    def warn(key: str, reason: str) -> None:
        checked.warnings.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    if len(name) < 3:
        fault("name", _("Thiếu tên cơ sở."))
    facts = row.facts
    try:
        facts["tax_code"] = bodies.tax_code(tax_code_cell(line.header.value(line.cells, "tax_code")))
    except Invalid as refusal:
        fault("tax_code", str(refusal.fields["tax_code"]))
    form = legal_form_of(line.text("legal_form"), name)
    if form is None:
        warn(
            "legal_form" if "legal_form" in line.header.columns else "name",
            _("Không rõ loại hình; ghi là hộ kinh doanh."),
        )
    facts["legal_form"] = form or LegalForm.HOUSEHOLD
    row.place = placed(line, checked, read, kept, fault, warn)
    if line.text("phone"):
        try:
            facts["phone"] = clean_phone(phone_cell(line.header.value(line.cells, "phone")))
        except Invalid as refusal:
            warn("phone", _("%(reason)s Cơ sở được ghi không có số điện thoại.") % {"reason": refusal.fields["phone"]})
    facts["representative"] = line.text("representative")[:120]
    product, sector = line.text("product"), line.text("sector")
    facts["sector"] = sector_of(sector)
    facts["main_product"] = (product or ("" if facts["sector"] else sector))[:200]
    facts["registered_address"] = line.text("registered_address")[:300]
    try:
        facts["registered_on"] = past(workbook.day(line.header.value(line.cells, "registered_on")))
    except Unreadable as error:
        warn("registered_on", str(error))
    for flag in ("woman_owned", "minority_owned"):
        facts[flag] = fold(line.text(flag)) in _YES or line.header.value(line.cells, flag) is True
    _facts_of_year(line, checked, row, year, fault, kept)
    row.facts = {name: value for name, value in facts.items() if value not in ("", None, False)}
    row.key = rules.key(name) if name else ""
    if faults:
        row.state, row.why = RowState.FAULTY, " ".join(str(fault.reason) for fault in faults)
        checked.errors += faults
    return row


def _facts_of_year(
    line: Line, checked: Checked, row: Row, year: int | None, fault: Callable, kept: dict[str, Any]
) -> None:
    told: dict[str, int] = {}
    for key in ("workers", "women", "revenue", "export"):
        if key not in line.header.columns:
            continue
        at = f"scale {key} {line.sheet.name}"
        if at not in kept:
            column, below = line.header.columns[key], line.sheet.rows[line.header.start :][:STEP]
            cells = (row_cells[column] for row_cells in below if len(row_cells) > column)
            kept[at] = (
                scale_of(line.sheet, line.header, key) if key in ("revenue", "export") else 1,
                workbook.decimal_mark(cells),
            )
        scale, mark = kept[at]
        try:
            value = workbook.number(line.header.value(line.cells, key), decimal=mark)
        except Unreadable as error:
            fault(key, str(error))
            continue
        if value is None:
            continue
        amount = value * Decimal(scale)
        if amount < 0 or amount != amount.to_integral_value() or (key in ("workers", "women") and amount > 1_000_000):
            fault(
                key,
                _("Số %(value)s không hợp lệ ở cột này.")
                % {"value": workbook.text_of(line.header.value(line.cells, key))},
            )
            continue
        told[key] = int(amount)
    if told.get("women", 0) > told.get("workers", told.get("women", 0)):
        fault("women", _("Số lao động nữ nhiều hơn tổng số lao động."))
    if told.get("export", 0) > told.get("revenue", told.get("export", 0)):
        fault("export", _("Xuất khẩu lớn hơn doanh thu."))
    if told:
        at = f"year {line.sheet.name}"
        if at not in kept:
            kept[at] = year or next(
                (found for key in ("workers", "revenue") if (found := year_of(line.sheet, line.header, key))),
                checked.year,
            )
        row.year = {"year": kept[at], **told}
