"""A list of establishments, read and judged."""

import hashlib
from typing import Any

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook import Fault, Unreadable
from khuyencong.base.workbook.judging import Line, Progress, RowState, silent
from khuyencong.establishments import rules
from khuyencong.establishments.enums import LegalForm
from khuyencong.establishments.imports.cells import Places, legal_form_of, past_day, read_tax_code, sector_of
from khuyencong.establishments.imports.columns import COLUMNS
from khuyencong.establishments.imports.known import hold_against_known
from khuyencong.establishments.imports.lines import Table, tables, told_lines
from khuyencong.establishments.imports.rows import ESTABLISHMENTS, SUMMED, Checked, Row
from khuyencong.places.models import Unit

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
    checked = Checked(
        province, hashlib.sha256(data).hexdigest(), kind=ESTABLISHMENTS, year=year or clock.today().year - 1
    )
    found = tables(data, name, COLUMNS, passed=checked.warnings)
    checked.warnings += [fault for table in found for fault in table.untold_units()]
    located = Places(province)
    for line, table in told_lines(checked, found, "name", progress):
        checked.settle(
            _establishment(line, table, located, year or table.year("workers", "revenue") or checked.year), line
        )
    hold_against_known(checked)
    at = {table.sheet.name: table.header.columns["name"] for table in found}
    checked.warnings += [
        Fault(row.sheet, row.number - 1, at[row.sheet], row.why) for row in checked.of(RowState.DOUBTFUL)
    ]
    checked.warnings += [
        Fault(row.sheet, row.number - 1, at[row.sheet], row.unlike) for row in checked.rows if row.unlike
    ]
    progress(len(checked.rows))
    return checked


def _establishment(line: Line, table: Table, located: Places, year: int) -> Row:
    name = " ".join(line.text("name").split())
    row = Row(line.sheet.name, line.number + 1, name[:250], place=located.of(line))
    if len(name) < 3:
        line.fault("name", _("Thiếu tên cơ sở."))
    form = legal_form_of(line.text("legal_form"), name)
    if form is None:
        line.warn("legal_form", _("Không rõ loại hình; ghi là hộ kinh doanh."))
    sector = sector_of(line.text("sector"))
    facts: dict[str, Any] = {
        "tax_code": read_tax_code(line),
        "legal_form": form or LegalForm.HOUSEHOLD,
        "representative": line.text("representative")[:120],
        "sector": sector,
        "main_product": (line.text("product") or ("" if sector else line.text("sector")))[:200],
        "registered_address": line.text("registered_address")[:300],
    }
    try:
        facts["phone"] = clean_phone(workbook.phone(line.value("phone")))
    except Invalid as refusal:
        line.warn("phone", _("%(reason)s Cơ sở được ghi không có số điện thoại.") % {"reason": refusal.fields["phone"]})
    try:
        facts["registered_on"] = past_day(line.value("registered_on"))
    except Unreadable as error:
        line.warn("registered_on", str(error))
    for flag in ("woman_owned", "minority_owned"):
        facts[flag] = fold(line.text(flag)) in _YES or line.value(flag) is True
    row.facts = {name: value for name, value in facts.items() if value not in ("", None, False)}
    if told := _facts_of_year(line, table):
        row.year, row.said = {"year": year, **told}, told
    row.key = rules.key(name) if name else ""
    return row


def _facts_of_year(line: Line, table: Table) -> dict[str, int]:
    """Workers and money in whole đồng, as far as the row tells them."""
    told: dict[str, int] = {}
    for key in SUMMED:
        if not line.has(key):
            continue
        people = key in ("workers", "women")
        try:
            mark = table.mark(key)
            if people:
                value = workbook.number(line.value(key), decimal=mark)
            else:
                value = workbook.money(line.value(key), unit=table.scale(key), decimal=mark)
        except Unreadable as error:
            line.fault(key, str(error))
            continue
        if value is None:
            continue
        if value < 0:
            line.fault(key, _("Số %(value)s không hợp lệ: không được âm.") % {"value": line.text(key)})
        elif value != value.to_integral_value() or (people and value > 1_000_000):
            line.fault(key, _("Số %(value)s không hợp lệ ở cột này.") % {"value": line.text(key)})
        else:
            told[key] = int(value)
    if told.get("women", 0) > told.get("workers", told.get("women", 0)):
        line.fault("women", _("Số lao động nữ nhiều hơn tổng số lao động."))
    if told.get("export", 0) > told.get("revenue", told.get("export", 0)):
        line.fault("export", _("Xuất khẩu lớn hơn doanh thu."))
    return told
