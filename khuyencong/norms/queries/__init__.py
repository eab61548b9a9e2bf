"""What the law of a day answers.  Every answer carries its text, its article and how sure we are."""

from khuyencong.norms.queries.answers import (
    AdvanceAnswer,
    Answer,
    Authority,
    Basis,
    DeadlineAnswer,
    Eligibility,
    GroupAnswer,
    LineUsed,
    ManagementAnswer,
    Place,
    Resolution,
    SelectionAnswer,
)
from khuyencong.norms.queries.catalogues import (
    eligible_sectors,
    instruments_resting_on_ended,
    priorities,
    support_lines,
    unread_amendments,
)
from khuyencong.norms.queries.money import advance_ratio, line_of, management_cost, maximum
from khuyencong.norms.queries.places import candidates, facts_of, place_eligibility, province_on, units_on
from khuyencong.norms.queries.procedure import approver, change_authority, deadline, deadlines, group_rule, selection
from khuyencong.norms.queries.rows import basis_of, invariants, overlapping, overlaps, row_of, rows_of, support_norms

__all__ = [
    "AdvanceAnswer",
    "Answer",
    "Authority",
    "Basis",
    "DeadlineAnswer",
    "Eligibility",
    "GroupAnswer",
    "LineUsed",
    "ManagementAnswer",
    "Place",
    "Resolution",
    "SelectionAnswer",
    "advance_ratio",
    "approver",
    "basis_of",
    "candidates",
    "change_authority",
    "deadline",
    "deadlines",
    "eligible_sectors",
    "facts_of",
    "group_rule",
    "instruments_resting_on_ended",
    "invariants",
    "line_of",
    "management_cost",
    "maximum",
    "overlapping",
    "overlaps",
    "place_eligibility",
    "priorities",
    "province_on",
    "row_of",
    "rows_of",
    "selection",
    "support_lines",
    "support_norms",
    "units_on",
    "unread_amendments",
]
