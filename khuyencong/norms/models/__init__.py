"""The law as dated rows: legal instruments and what their articles say, from which day to which.

A row is never more certain than the reading behind it: ``verified`` tells whether a person has seen the text.  Two rows
of one ``KEY`` never hold on the same day; operations refuse it in a sentence and triggers refuse it in the database.
"""

from khuyencong.norms.models.conditions import Condition
from khuyencong.norms.models.criteria import CriterionRow
from khuyencong.norms.models.days import ExceptionalDay
from khuyencong.norms.models.eligibility import HolderRow, PlaceRule, PriorityRow, SectorRow
from khuyencong.norms.models.industries import Industry
from khuyencong.norms.models.instruments import Instrument, Link, Row
from khuyencong.norms.models.procedure import (
    ApproverRow,
    ChangeAuthority,
    DeadlineRow,
    GroundRow,
    GroupRule,
    SelectionRule,
)
from khuyencong.norms.models.support import AdvanceNorm, Line, SupportNorm

__all__ = [
    "ROWS",
    "AdvanceNorm",
    "ApproverRow",
    "ChangeAuthority",
    "Condition",
    "CriterionRow",
    "DeadlineRow",
    "ExceptionalDay",
    "GroundRow",
    "GroupRule",
    "HolderRow",
    "Industry",
    "Instrument",
    "Line",
    "Link",
    "PlaceRule",
    "PriorityRow",
    "Row",
    "SectorRow",
    "SelectionRule",
    "SupportNorm",
]

ROWS: tuple[type[Row], ...] = (
    SupportNorm,
    AdvanceNorm,
    PlaceRule,
    HolderRow,
    SectorRow,
    PriorityRow,
    DeadlineRow,
    ApproverRow,
    ChangeAuthority,
    GroupRule,
    SelectionRule,
    CriterionRow,
    Condition,
    GroundRow,
)
