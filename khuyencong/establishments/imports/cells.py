"""What the cells of such a list mean."""

import re
from datetime import date

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _
from khuyencong.base.workbook import Cell, Unreadable
from khuyencong.base.workbook.judging import Line
from khuyencong.establishments.enums import LegalForm, Sector
from khuyencong.establishments.imports.rows import Place
from khuyencong.organisations import rules as bodies
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.places.rules import Resolution

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


def read_tax_code(line: Line) -> str:
    """The tax code of a row; a wrong one is a fault."""
    try:
        return bodies.tax_code(workbook.tax_code(line.value("tax_code")))
    except Invalid as refusal:
        line.fault("tax_code", str(refusal.fields["tax_code"]))
        return ""


def past_day(cell: Cell) -> date | None:
    """The day in a cell.  Raises Unreadable also for one that has not come."""
    day = workbook.day(cell)
    if day is not None and day > clock.today():
        raise Unreadable(_("Ngày này ở tương lai."))
    return day


class Places:
    """What the places of a file mean, asked inside its province, each text once."""

    def __init__(self, province: Unit):
        self.province = province
        self._register = places.gazetteer()
        self._kept: dict[str, Resolution] = {}

    def of(self, line: Line) -> Place:
        """Where a row produces.  Another province is a fault; a commune that cannot be told is a warning."""
        parts = [line.text(key) for key in ("address", "commune", "district", "province")]
        given = [part for part in parts if part]
        if line.group and not parts[1]:
            given.append(line.group)
        text = ", ".join(given)
        where = next((key for key in ("commune", "address", "district") if line.has(key)), "name")
        if not text:
            line.warn(where, _("Không ghi địa chỉ; chỉ biết thuộc %(province)s.") % {"province": self.province})
            return Place(self.province)
        found = self._resolved(text)
        if found.province is not None and found.province.pk != self.province.pk:
            told = _("“%(text)s” thuộc %(there)s, không thuộc %(here)s.")
            line.fault(where, told % {"text": text, "there": found.province, "here": self.province})
        elif found.commune is None:
            names = ", ".join(unit.full_name for unit in found.current[:4])
            told = (
                _("“%(text)s” có thể là: %(names)s. Ghi ở cấp tỉnh, cần chọn xã sau.")
                if names
                else _("Không xác định được xã, phường hiện nay của “%(text)s”. Ghi ở cấp tỉnh, cần chọn xã sau.")
            )
            line.warn(where, told % {"text": text, "names": names})
        return Place(self.province, found.commune, text[:300], found.unit)

    def _resolved(self, text: str) -> Resolution:
        found = self._kept.get(text)
        if found is None:
            found = self._register.resolve_in(self.province, text)
            if len(self._kept) < 50_000:
                self._kept[text] = found
        return found
