"""A list of recognised products, read and judged."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from khuyencong.base import clock, workbook
from khuyencong.base.bulk import pieces
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook import Unreadable
from khuyencong.base.workbook.judging import Line, Progress, RowState, silent
from khuyencong.establishments import rules
from khuyencong.establishments.enums import LegalForm, ProductGroup, RecognitionLevel
from khuyencong.establishments.imports.cells import Places, legal_form_of, past_day, read_tax_code
from khuyencong.establishments.imports.columns import PRODUCT_COLUMNS
from khuyencong.establishments.imports.known import existing
from khuyencong.establishments.imports.lines import tables, told_lines
from khuyencong.establishments.imports.rows import PRODUCTS, Checked, Row
from khuyencong.establishments.models import Recognition
from khuyencong.places.models import Unit

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
    checked = Checked(province, hashlib.sha256(data).hexdigest(), kind=PRODUCTS, year=year or clock.today().year)
    found = tables(data, name, PRODUCT_COLUMNS, passed=checked.warnings)
    located = Places(province)
    for line, table in told_lines(checked, found, "product", progress):
        told = {"level": level, "decision": decision, "year": year or table.year("level")}
        checked.settle(_product(line, located, told), line)
    _known_products(checked)
    progress(len(checked.rows))
    return checked


def _product(line: Line, located: Places, of_file: Mapping[str, Any]) -> Row:
    product, owner = " ".join(line.text("product").split())[:200], " ".join(line.text("name").split())[:250]
    row = Row(line.sheet.name, line.number + 1, owner or product, place=located.of(line))
    if len(product) < 2:
        line.fault("product", _("Thiếu tên sản phẩm."))
    if len(owner) < 3:
        line.fault("name", _("Thiếu tên cơ sở."))
    facts = {
        "tax_code": read_tax_code(line),
        "legal_form": legal_form_of("", owner) or LegalForm.HOUSEHOLD,
        "main_product": product,
    }
    told: dict[str, Any] = {
        "product": product,
        "level": level_of(line.text("level")) or of_file["level"],
        "decision": (line.text("decision") or of_file["decision"])[:200],
        "group": group_of(line.text("group")),
    }
    if not told["level"]:
        line.fault("level", _("Không rõ cấp công nhận (xã, tỉnh, khu vực, quốc gia)."))
    try:
        told["year"] = workbook.year(line.value("year")) or of_file["year"]
        told["decided_on"] = past_day(line.value("decided_on"))
        told["valid_to"] = workbook.day(line.value("valid_to"))
    except Unreadable as error:
        line.fault("year", str(error))
    if not told.get("year") and not line.faults:
        line.fault("year", _("Không rõ năm công nhận."))
    row.facts = {name: value for name, value in facts.items() if value}
    row.year = told
    row.key = rules.key(owner) if owner else ""
    return row


_GROUP_LABELS = {workbook.key_of(str(label)): value for value, label in ProductGroup.choices}


def group_of(text: str) -> int | None:
    """The group of products that is meant, by its number or its name; None where it cannot be told."""
    number = re.search(r"[1-4]", text)
    return int(number[0]) if number else _GROUP_LABELS.get(workbook.key_of(text))


def _known_products(checked: Checked) -> None:
    """Find the establishment and the product of each row; a recognition that is there already is the same."""
    rows = checked.of(RowState.NEW)
    by_code, by_key, _keys = existing(checked, rows)
    first: dict[tuple, Row] = {}
    for row in rows:
        found = [by_code[row.tax_code]] if row.tax_code in by_code else by_key.get((row.commune_id, row.key), [])
        if not found and row.commune_id is None:  # the file says only the province: one of this name there is enough
            found = [pk for (_commune, key), keys in by_key.items() if key == row.key for pk in keys]
        if len(found) > 1:
            row.verdict, row.why = RowState.DOUBTFUL, _("Có nhiều cơ sở cùng tên; không rõ sản phẩm của cơ sở nào.")
        elif found:
            row.match = found[0]
        owner = row.match or (row.commune_id, row.key, row.tax_code)
        earlier = first.setdefault((owner, *_recognised(row)), row)
        if row.verdict is RowState.NEW and earlier is not row:
            facts = {"row": earlier.number, "sheet": earlier.sheet}
            row.verdict, row.why = RowState.SAME, _("Lặp lại dòng %(row)s (%(sheet)s).") % facts
    known = set()
    for owners in pieces(sorted({row.match for row in rows if row.match is not None}), 900):
        kept = Recognition.objects.filter(product__establishment__in=owners)
        known.update(kept.values_list("product__establishment", "product__folded", "level", "year"))
    for row in rows:
        if (row.match, *_recognised(row)) in known:
            row.verdict, row.why = RowState.SAME, _("Đã ghi nhận.")


def _recognised(row: Row) -> tuple[str, str, int]:
    return (fold(row.year["product"])[:220], row.year["level"], row.year["year"])
