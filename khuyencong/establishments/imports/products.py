"""A list of recognised products, read and judged."""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.text import fold
from khuyencong.base.workbook import Fault, Unreadable
from khuyencong.establishments import rules
from khuyencong.establishments.enums import LegalForm, ProductGroup, RecognitionLevel, RowState
from khuyencong.establishments.imports.cells import legal_form_of, past, placed, tax_code_cell
from khuyencong.establishments.imports.columns import PRODUCT_COLUMNS
from khuyencong.establishments.imports.known import existing
from khuyencong.establishments.imports.lines import Line, Progress, sheets_of, silent, told_lines, year_of
from khuyencong.establishments.imports.rows import PRODUCTS, Checked, Row
from khuyencong.establishments.models import Recognition
from khuyencong.organisations import rules as bodies
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.places.rules import Gazetteer

_LEVELS = (
    (RecognitionLevel.NATIONAL, ("quoc gia", "toan quoc", "national")),
    (RecognitionLevel.REGION, ("khu vuc", "vung", "region", "mien")),
    (RecognitionLevel.PROVINCE, ("tinh", "thanh pho", "province")),
    (RecognitionLevel.DISTRICT, ("huyen", "thi xa", "district")),
    (RecognitionLevel.COMMUNE, ("xa", "phuong", "commune")),
)


def level_of(text: str) -> str:
    """The level of recognition that is meant; "" where it cannot be told."""
    key = f" {workbook.key_of(text)} "
    return next((level.value for level, words in _LEVELS if any(f" {word} " in key for word in words)), "")


def check_products(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int | None = None,
    level: str = "",
    decision: str = "",
    progress: Progress = silent,
) -> Checked:
    """Read and judge a list of recognised products; ``year``, ``level`` and ``decision`` where the file does not say.

    A product whose establishment is not kept yet brings the establishment along.  Raises Invalid(file=…).
    """
    sheets = sheets_of(data, name, PRODUCT_COLUMNS)
    checked = Checked(PRODUCTS, province, year or clock.today().year, hashlib.sha256(data).hexdigest())
    read = places.gazetteer()
    kept: dict[str, Any] = {}
    for line in told_lines(checked, sheets, "product", progress):
        checked.rows.append(_product(line, checked, read, kept, year=year, level=level, decision=decision))
    _known_products(checked)
    progress(len(checked.rows))
    return checked


def _product(
    line: Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], *, year: int | None, level: str, decision: str
) -> Row:
    product, owner = " ".join(line.text("product").split())[:200], " ".join(line.text("name").split())[:250]
    row = Row(line.sheet.name, line.number + 1, RowState.NEW, owner or product)
    faults: list[Fault] = []

    def fault(key: str, reason: str) -> None:
        faults.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    def warn(key: str, reason: str) -> None:
        checked.warnings.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    if len(product) < 2:
        fault("product", _("Thiếu tên sản phẩm."))
    if len(owner) < 3:
        fault("name", _("Thiếu tên cơ sở."))
    facts = row.facts
    try:
        facts["tax_code"] = bodies.tax_code(tax_code_cell(line.header.value(line.cells, "tax_code")))
    except Invalid as refusal:
        fault("tax_code", str(refusal.fields["tax_code"]))
    facts["legal_form"] = legal_form_of("", owner) or LegalForm.HOUSEHOLD
    facts["main_product"] = product
    told: dict[str, Any] = {"product": product, "level": level_of(line.text("level")) or level}
    if not told["level"]:
        fault("level", _("Không rõ cấp công nhận (xã, tỉnh, khu vực, quốc gia)."))
    try:
        told["year"] = (
            workbook.year(line.header.value(line.cells, "year")) or year or year_of(line.sheet, line.header, "level")
        )
        told["decided_on"] = past(workbook.day(line.header.value(line.cells, "decided_on")))
        told["valid_to"] = workbook.day(line.header.value(line.cells, "valid_to"))
    except Unreadable as error:
        fault("year", str(error))
    if not told.get("year") and not faults:
        fault("year", _("Không rõ năm công nhận."))
    told["decision"] = (line.text("decision") or decision)[:200]
    group = re.search(r"[1-4]", line.text("group"))
    told["group"] = int(group[0]) if group else _group_of(line.text("group"))
    row.place = placed(line, checked, read, kept, fault, warn)
    row.facts = {name: value for name, value in facts.items() if value not in ("", None)}
    row.year = told
    row.key = rules.key(owner) if owner else ""
    if faults:
        row.state, row.why = RowState.FAULTY, " ".join(str(fault.reason) for fault in faults)
        checked.errors += faults
    return row


_GROUP_LABELS = {workbook.key_of(str(label)): value for value, label in ProductGroup.choices}


def _group_of(text: str) -> int | None:
    return _GROUP_LABELS.get(workbook.key_of(text))


def _known_products(checked: Checked) -> None:
    """Find the establishment and the product of each row; a recognition that is there already is the same."""
    rows = [row for row in checked.rows if row.state is RowState.NEW]
    by_code, by_key, _keys = existing(checked, rows)
    first: dict[tuple, Row] = {}
    for row in rows:
        commune = row.place[1].pk if row.place and row.place[1] else None
        code = row.facts.get("tax_code", "")
        found = [by_code[code]] if code in by_code else by_key.get((commune, row.key), [])
        if not found and commune is None:  # the file says only the province: one of this name there is enough
            found = [pk for (_commune, key), keys in by_key.items() if key == row.key for pk in keys]
        if len(found) > 1:
            row.state, row.why = RowState.DOUBTFUL, _("Có nhiều cơ sở cùng tên; không rõ sản phẩm của cơ sở nào.")
        elif found:
            row.match = found[0]
        told = (row.match or (commune, row.key, code), fold(row.year["product"]), row.year["level"], row.year["year"])
        if row.state is RowState.NEW and told in first:
            row.state, row.why = (
                RowState.SAME,
                _("Lặp lại dòng %(row)s (%(sheet)s).")
                % {
                    "row": first[told].number,
                    "sheet": first[told].sheet,
                },
            )
        first.setdefault(told, row)
    matched = sorted({row.match for row in rows if row.match is not None})
    known = set()
    for start in range(0, len(matched), 900):
        known.update(
            Recognition.objects.filter(product__establishment__in=matched[start : start + 900]).values_list(
                "product__establishment", "product__folded", "level", "year"
            )
        )
    for row in rows:
        if (row.match, fold(row.year["product"])[:220], row.year["level"], row.year["year"]) in known:
            row.state, row.why = RowState.SAME, _("Đã ghi nhận.")
