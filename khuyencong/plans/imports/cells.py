"""The cells of one sheet under their heads: merged ones, ditto marks, and money in whole đồng."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from khuyencong.base import workbook
from khuyencong.base.workbook import Cell, Fault, Header, Sheet, Unreadable
from khuyencong.plans.imports.columns import MONEY_OR_SUPPORT

_NOTHING = frozenset({"-", "–", "—", "--", "- -"})
_DITTO = re.compile(r"""["”“'’]+|[-–\s]*nt[-–\s.]*|như trên""", re.IGNORECASE)


class Cells:
    """One sheet with its header; ``unit`` is how many đồng the money columns count in."""

    def __init__(self, sheet: Sheet, header: Header):
        self.sheet, self.header, self.unit = sheet, header, 1
        self._above = {
            (row, column): first
            for first, last in sheet.merged
            if first[0] >= header.start and first[1] == last[1]
            for row in range(first[0], min(last[0], len(sheet.rows) - 1) + 1)
            for column in (first[1],)
            if row != first[0]
        }

    def has(self, key: str) -> bool:
        """Whether the sheet has this column at all."""
        return key in self.header.columns

    def cell(self, row: int, key: str) -> Cell:
        """The cell under this head; for a cell that is covered by a merged one above it, that one, and for "nt" what stands above."""
        column = self.header.columns.get(key)
        if column is None:
            return None
        if key in MONEY_OR_SUPPORT:
            return self.sheet.cell(row, column)
        value = self.sheet.cell(*self._above.get((row, column), (row, column)))
        while isinstance(value, str) and _DITTO.fullmatch(value) and row > self.header.start:
            row -= 1
            if any(one is not None for one in self.sheet.rows[row]):
                value = self.sheet.cell(*self._above.get((row, column), (row, column)))
        if value in _NOTHING and key not in ("order", "title"):
            return None
        return value

    def covered(self, row: int, key: str) -> bool:
        """Whether this cell is part of one that began above."""
        return (row, self.header.columns.get(key, -1)) in self._above

    def text(self, row: int, key: str) -> str:
        """The cell as one line of text."""
        return " ".join(workbook.text_of(self.cell(row, key)).split())

    def fault(self, row: int, key: str, reason: str) -> Fault:
        """What is wrong with this cell; a column that the sheet has not is told at the title."""
        return Fault(self.sheet.name, row, self.header.columns.get(key, self.header.columns["title"]), reason)

    @cached_property
    def money(self) -> tuple[str, ...]:
        """The money columns that the sheet has."""
        return tuple(key for key in MONEY_OR_SUPPORT if key in self.header.columns)

    @cached_property
    def mark(self) -> str | None:
        """How the sheet writes its decimals, where its cells tell."""
        columns = [self.header.columns[key] for key in self.money]
        return workbook.decimal_mark(
            row[column] for row in self.sheet.rows[self.header.start :] for column in columns if column < len(row)
        )

    def raw(self, row: int, key: str) -> Decimal | None:
        """The number in a money cell, in the unit of the sheet, whatever unit the cell itself names.  Raises Unreadable."""
        value = workbook.money(self.cell(row, key), unit=self.unit, decimal=self.mark)
        return None if value is None else value / self.unit

    def amount(self, row: int, key: str) -> int | None:
        """The same in whole đồng.  Raises Unreadable."""
        value = self.raw(row, key)
        return None if value is None else self.in_dong(value)

    def in_dong(self, value: Decimal) -> int:
        """A number of the sheet in whole đồng."""
        return int((value * self.unit).quantize(Decimal(1), ROUND_HALF_UP))

    def quiet(self, row: int, key: str) -> Decimal | None:
        """The same as ``raw``, and None where the cell cannot be read."""
        try:
            return self.raw(row, key)
        except Unreadable:
            return None

    def quiet_amount(self, row: int, key: str) -> int | None:
        """The same in whole đồng."""
        value = self.quiet(row, key)
        return None if value is None else self.in_dong(value)

    def is_fine(self, row: int, key: str) -> bool:
        """Whether the cell is written finer than money is counted, so that a đồng may be lost in rounding."""
        value = self.quiet(row, key)
        return value is not None and (value * self.unit) % (1_000 if self.unit > 1_000 else 1) != 0
