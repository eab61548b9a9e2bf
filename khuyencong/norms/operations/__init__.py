"""Every change of the law as this house knows it: texts, their links, their rows."""

from khuyencong.norms.operations.days import except_day
from khuyencong.norms.operations.instruments import add_instrument, end_instrument, link, verify_instrument
from khuyencong.norms.operations.loading import Loaded, load
from khuyencong.norms.operations.proposals import (
    propose_correction,
    propose_end,
    propose_end_instrument,
    propose_row,
    propose_successor,
)
from khuyencong.norms.operations.rows import add_row, correct_row, end_row, succeed_row, verify_row

__all__ = [
    "Loaded",
    "add_instrument",
    "add_row",
    "correct_row",
    "end_instrument",
    "end_row",
    "except_day",
    "link",
    "load",
    "propose_correction",
    "propose_end",
    "propose_end_instrument",
    "propose_row",
    "propose_successor",
    "succeed_row",
    "verify_instrument",
    "verify_row",
]
