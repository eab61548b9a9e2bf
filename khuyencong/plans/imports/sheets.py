"""The tables of projects in a workbook, one a sheet."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.workbook import Column
from khuyencong.plans.imports.columns import COLUMNS, MONEY_OR_SUPPORT
from khuyencong.plans.imports.sums import differences
from khuyencong.plans.imports.table import Line, Table
from khuyencong.plans.imports.units import unit_of


def tables(data: bytes, name: str, columns: Sequence[Column] = COLUMNS, *, unit: int | None = None) -> list[Table]:
    """The tables of projects in a workbook, one a sheet.  Raises Invalid(file=…) where there is none."""
    found, refusal = [], None
    for sheet, header in workbook.tables(data, name, columns):
        if not any(key in header.columns for key in MONEY_OR_SUPPORT):
            refusal = refusal or Invalid(
                file=_("Trang tính “%(sheet)s” không có cột kinh phí nào.") % {"sheet": sheet.name}
            )
            continue
        table = Table(sheet, header)
        if not table.lines:
            continue
        table.unit, told = (unit, None) if unit else unit_of(table, [line.number for line in table.lines])
        table.warnings += [told] if told else []
        table.warnings += differences(table)
        found.append(table)
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có đề án nào.") % {"name": name})
    return found


def lines_of(found: Sequence[Table]) -> Iterator[Line]:
    """Every project of every table, in the order of the file."""
    for table in found:
        yield from table.lines
