"""Reading councils: who sits, who may be bound to whom, what they said of a subject, what they concluded."""

from khuyencong.councils.queries.boards import board, invariants, members_of, offices, seat_of
from khuyencong.councils.queries.conflicts import Question, bound, open_in, questions, questions_of, settlers
from khuyencong.councils.queries.meetings import Attended, attended, votes_on
from khuyencong.councils.queries.opinions import may_answer
from khuyencong.councils.queries.sheets import (
    CriterionMean,
    Verdict,
    criteria_of,
    criterion_means,
    open_to,
    sheets_on,
    verdict_on,
    verdicts,
    with_totals,
)

__all__ = [
    "Attended",
    "CriterionMean",
    "Question",
    "Verdict",
    "attended",
    "board",
    "bound",
    "criteria_of",
    "criterion_means",
    "invariants",
    "may_answer",
    "members_of",
    "offices",
    "open_in",
    "open_to",
    "questions",
    "questions_of",
    "seat_of",
    "settlers",
    "sheets_on",
    "verdict_on",
    "verdicts",
    "votes_on",
    "with_totals",
]
