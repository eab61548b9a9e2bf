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
    bases_of_plan,
    eligible_holders,
    eligible_sectors,
    instruments_resting_on_ended,
    priorities,
    support_lines,
    unread_amendments,
)
from khuyencong.norms.queries.conditions import conditions
from khuyencong.norms.queries.consistency import invariants, overlaps
from khuyencong.norms.queries.criteria import criteria
from khuyencong.norms.queries.money import advance_ratio, line_of, management_cost, maximum, share
from khuyencong.norms.queries.periods import Gap, Period, Scope, gaps, periods, periods_of, scopes_of
from khuyencong.norms.queries.places import candidates, facts_of, place_eligibility, province_on, units_on
from khuyencong.norms.queries.procedure import (
    approver,
    change_authority,
    deadline,
    deadlines,
    group_rule,
    month_days,
    selection,
)
from khuyencong.norms.queries.reading import reading
from khuyencong.norms.queries.rows import (
    basis_of,
    overlapping,
    row_of,
    rows_of,
    support_norms,
)

__all__ = [
    "AdvanceAnswer",
    "Answer",
    "Authority",
    "Basis",
    "DeadlineAnswer",
    "Eligibility",
    "Gap",
    "GroupAnswer",
    "LineUsed",
    "ManagementAnswer",
    "Period",
    "Place",
    "Resolution",
    "Scope",
    "SelectionAnswer",
    "advance_ratio",
    "approver",
    "bases_of_plan",
    "basis_of",
    "candidates",
    "change_authority",
    "conditions",
    "criteria",
    "deadline",
    "deadlines",
    "eligible_holders",
    "eligible_sectors",
    "facts_of",
    "gaps",
    "group_rule",
    "instruments_resting_on_ended",
    "invariants",
    "line_of",
    "management_cost",
    "maximum",
    "month_days",
    "overlapping",
    "overlaps",
    "periods",
    "periods_of",
    "place_eligibility",
    "priorities",
    "province_on",
    "reading",
    "row_of",
    "rows_of",
    "scopes_of",
    "selection",
    "share",
    "support_lines",
    "support_norms",
    "units_on",
    "unread_amendments",
]
