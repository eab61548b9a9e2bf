"""Workbooks as offices keep them: grids out of .xlsx, .xls and .csv, header by meaning, numbers and days as typed.

Rows and columns are counted from 0 here; ``cell_name`` says them as people see them.  A file that cannot be used raises
``Invalid(file=…)`` with one sentence; a cell that cannot be read raises ``Unreadable`` with its reason.
"""

from khuyencong.base.workbook.grid import Cell, Fault, Sheet, cell_name, column_name
from khuyencong.base.workbook.headers import Column, Header, find_header, key_of, passed_over, tables
from khuyencong.base.workbook.marking import marked, marked_sheets
from khuyencong.base.workbook.reading import read
from khuyencong.base.workbook.values import (
    Unreadable,
    code,
    day,
    decimal_mark,
    failure,
    money,
    number,
    own_unit,
    phone,
    tax_code,
    text_of,
    year,
)

__all__ = [
    "Cell",
    "Column",
    "Fault",
    "Header",
    "Sheet",
    "Unreadable",
    "cell_name",
    "code",
    "column_name",
    "day",
    "decimal_mark",
    "failure",
    "find_header",
    "key_of",
    "marked",
    "marked_sheets",
    "money",
    "number",
    "own_unit",
    "passed_over",
    "phone",
    "read",
    "tables",
    "tax_code",
    "text_of",
    "year",
]
