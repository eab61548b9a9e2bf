"""Lists of establishments and of recognised products, as provinces keep them in Excel.

``check_…`` reads and judges every row and writes nothing; ``write`` writes what was judged, in one short transaction.  A
row that is known already is the same row: the same file twice adds nothing.
"""

from khuyencong.establishments.imports.cells import legal_form_of, sector_of
from khuyencong.establishments.imports.columns import COLUMNS, PRODUCT_COLUMNS
from khuyencong.establishments.imports.establishments import check_establishments
from khuyencong.establishments.imports.products import check_products, level_of
from khuyencong.establishments.imports.rows import ESTABLISHMENTS, LABELS, PRODUCTS, Checked, Row
from khuyencong.establishments.imports.writing import write

__all__ = [
    "COLUMNS",
    "ESTABLISHMENTS",
    "LABELS",
    "PRODUCTS",
    "PRODUCT_COLUMNS",
    "Checked",
    "Row",
    "check_establishments",
    "check_products",
    "legal_form_of",
    "level_of",
    "sector_of",
    "write",
]
