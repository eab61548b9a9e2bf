"""What a workbook is here: sheets of cells, how people name a cell, and what is wrong with one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from khuyencong.base.sentences import kept

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Merged = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, both included


@dataclass(slots=True)
class Sheet:
    """One sheet, its first row being row 1 of the file: ``rows[11][2]`` is C12.  Empty cells are None."""

    name: str
    rows: list[list[Cell]]
    merged: list[Merged] = field(default_factory=list)
    encoding: str | None = None  # TCVN3 or VNI, where cells had to be read in it
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    doubts: list["Fault"] = field(
        default_factory=list
    )  # cells of which nobody can be sure in which font they were typed

    def cell(self, row: int, column: int) -> Cell:
        """The cell, None outside the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty cell: sheet, row and column counted from 0, and the reason for a person."""

    sheet: str
    row: int
    column: int
    reason: str

    def as_kept(self) -> dict[str, Any]:
        """The same for a JSON field, with the reason in every language of the house."""
        return {**self.as_json(), "reason": kept(self.reason)}

    def as_json(self) -> dict[str, Any]:
        """The same as people name cells: row from 1, column by its letter."""
        return {
            "sheet": self.sheet,
            "row": self.row + 1,
            "column": column_name(self.column),
            "reason": str(self.reason),
        }


def column_number(letters: str) -> int:
    number_ = 0
    for letter in letters:
        number_ = number_ * 26 + ord(letter) - 64
    return number_


def column_name(column: int) -> str:
    """ "A" for column 0."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """ "C12" for row 11 and column 2 (counted from 0)."""
    return f"{column_name(column)}{row + 1}"
