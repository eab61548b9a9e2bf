"""The tables of projects in a workbook, one a sheet."""

from collections.abc import Iterator, Sequence

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _
from khuyencong.base.workbook import Column, Fault
from khuyencong.plans.imports.columns import COLUMNS, MONEY_OR_SUPPORT, named_by_content
from khuyencong.plans.imports.sums import differences
from khuyencong.plans.imports.table import Line, Table
from khuyencong.plans.imports.units import doubtful_marks, unit_of


def tables(data: bytes, name: str, columns: Sequence[Column] = COLUMNS, *, unit: int | None = None) -> list[Table]:
    """The tables of projects in a workbook, one a sheet; the first one says which sheets and columns were not read.

    Raises Invalid(file=…) where there is none.
    """
    found, refusal = [], None
    passed: list[Fault] = []
    try:
        read = workbook.tables(data, name, columns, passed=passed)
    except Invalid as error:
        passed.clear()
        try:
            read = workbook.tables(data, name, named_by_content(columns), passed=passed)
        except Invalid:
            raise error from None
    for sheet, header in read:
        if not any(key in header.columns for key in MONEY_OR_SUPPORT):
            refusal = refusal or Invalid(
                file=_(
                    "Trang tính “%(sheet)s” không có cột kinh phí nào. Hãy đặt tên cột như “Tổng kinh phí”, “KCQG”, “KCĐP”."
                )
                % {"sheet": sheet.name}
            )
            continue
        table = Table(sheet, header)
        if not table.lines:
            continue
        table.unit, told = (unit, None) if unit else unit_of(table, [line.number for line in table.lines])
        table.warnings += [told] if told else []
        table.warnings += differences(table)
        table.warnings += doubtful_marks(table)
        found.append(table)
    if found:
        found[0].warnings += passed
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có đề án nào.") % {"name": name})
    return found


def lines_of(found: Sequence[Table]) -> Iterator[Line]:
    """Every project of every table, in the order of the file."""
    for table in found:
        yield from table.lines
