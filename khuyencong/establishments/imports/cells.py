"""What the cells of such a list mean."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.base import clock, workbook
from khuyencong.base.workbook import Cell, Unreadable
from khuyencong.establishments.enums import LegalForm, Sector
from khuyencong.establishments.imports.lines import Line
from khuyencong.establishments.imports.rows import Checked
from khuyencong.places.models import Unit
from khuyencong.places.rules import Gazetteer

_FORMS = (
    (LegalForm.COOPERATIVE_UNION, re.compile(r"\b(lien hiep (hop tac xa|htx)|lhhtx)\b")),
    (LegalForm.COOPERATIVE, re.compile(r"\b(hop tac xa|htx)\b")),
    (LegalForm.COOPERATIVE_GROUP, re.compile(r"\b(to hop tac|tht|to hop)\b")),
    (LegalForm.ENTERPRISE, re.compile(r"\b(cong ty|cty|c ty|ctcp|tnhh|co phan|cp|dntn|doanh nghiep|dn|xi nghiep)\b")),
    (LegalForm.HOUSEHOLD, re.compile(r"\b(ho|hkd|co so|cs|ca the|kinh doanh ca the|lo|xuong)\b")),
)


def legal_form_of(text: str, name: str) -> LegalForm | None:
    """The legal form that a word in the column names, else the name itself; None where neither tells."""
    for source in (text, name):
        key = workbook.key_of(source)
        for form, pattern in _FORMS:
            if key and pattern.search(key):
                return form
    return None


_SECTOR_LABELS = {workbook.key_of(str(label)): value for value, label in Sector.choices}


def sector_of(text: str) -> str:
    """The letter of NĐ 45/2012 Đ5 that is meant; "" for words of one's own (they are kept as the product)."""
    plain = " ".join(text.split()).lower().strip("().")
    plain = re.sub(r"^(điểm|nhóm)\s+", "", plain)
    return plain if plain in Sector.values else _SECTOR_LABELS.get(workbook.key_of(text), "")


def tax_code_cell(cell: Cell) -> str:
    """Excel takes the leading nought of a number: nine digits were ten, eleven were twelve."""
    text = workbook.code(cell)
    if isinstance(cell, float) and text.isdigit() and len(text) in (9, 11):
        return text.zfill(len(text) + 1)
    return text


def phone_cell(cell: Cell) -> str:
    text = re.split(r"[;,/]| - ", workbook.code(cell))[0]
    return f"0{text}" if isinstance(cell, float) and len(text) == 9 else text


def past(day: date | None) -> date | None:
    if day is not None and day > clock.today():
        raise Unreadable(_("Ngày này ở tương lai."))
    return day


def placed(
    line: Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], fault: Callable, warn: Callable
) -> tuple[Unit, Unit | None, str, Unit | None]:
    parts = [line.text(key) for key in ("address", "commune", "district", "province")]
    given = [part for part in parts if part]
    if line.group and not parts[1]:
        given.append(line.group)
    text = ", ".join(given)
    where = next((key for key in ("commune", "address", "district") if key in line.header.columns), "name")
    if not text:
        warn(where, _("Không ghi địa chỉ; chỉ biết thuộc %(province)s.") % {"province": checked.province})
        return checked.province, None, "", None
    found = kept.get(text)
    if found is None:
        found = read.resolve(text)
        if found.commune is None and (found.province is None or found.province.pk == checked.province.pk):
            narrowed = read.resolve(f"{text}, {checked.province.full_name}")
            if narrowed.current or found.province is None:
                found = narrowed
        if len(kept) < 50_000:
            kept[text] = found
    if found.province is not None and found.province.pk != checked.province.pk:
        fault(
            where,
            _("“%(text)s” thuộc %(there)s, không thuộc %(here)s.")
            % {"text": text, "there": found.province, "here": checked.province},
        )
    elif found.commune is None:
        names = ", ".join(unit.full_name for unit in found.current[:4])
        warn(
            where,
            _("“%(text)s” có thể là: %(names)s. Ghi ở cấp tỉnh, cần chọn xã sau.") % {"text": text, "names": names}
            if names
            else _("Không xác định được xã, phường hiện nay của “%(text)s”. Ghi ở cấp tỉnh, cần chọn xã sau.")
            % {"text": text},
        )
    return checked.province, found.commune, text[:300], found.unit
