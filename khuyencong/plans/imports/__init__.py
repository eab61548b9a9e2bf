"""Yearly plans and closed projects, as provinces keep them in Excel.

``check_plan`` and ``check_history`` read and judge every row and write nothing; ``write_plan`` and ``write_history`` write
what was judged, in one short transaction.  A row that is known already is the same row: the same file twice adds nothing.
"""

from khuyencong.plans.imports.check import check_plan
from khuyencong.plans.imports.columns import COLUMNS
from khuyencong.plans.imports.history import HISTORY_COLUMNS, check_history, write_history
from khuyencong.plans.imports.rows import Checked, Row
from khuyencong.plans.imports.units import UNIT_LABELS, UNITS
from khuyencong.plans.imports.write import write as write_plan

__all__ = [
    "COLUMNS",
    "HISTORY_COLUMNS",
    "UNITS",
    "UNIT_LABELS",
    "Checked",
    "Row",
    "check_history",
    "check_plan",
    "write_history",
    "write_plan",
]
