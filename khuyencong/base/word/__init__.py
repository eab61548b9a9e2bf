"""Word files that people bring: whether one can be opened at all, and its words with the place of each.

A file that cannot be used raises ``Invalid(file=…)`` with one sentence.  Text comes in Unicode NFC, old fonts are read.
"""

from khuyencong.base.word.opening import MAX_BYTES, check_word
from khuyencong.base.word.reading import Cell, Document, Paragraph, Place, Table, read

__all__ = ["MAX_BYTES", "Cell", "Document", "Paragraph", "Place", "Table", "check_word", "read"]
