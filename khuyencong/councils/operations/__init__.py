"""Everything that changes a council.  One function, one act."""

from khuyencong.councils.operations.conflicts import declare_conflict, settle_conflict, settles
from khuyencong.councils.operations.formation import add_member, dissolve, form, remove_member
from khuyencong.councils.operations.meetings import attend, call_session, keep_minutes, vote
from khuyencong.councils.operations.opinions import (
    answer_opinion,
    extend_opinion,
    refuse_asked_already,
    refuse_extension,
)
from khuyencong.councils.operations.sheets import Mark, score

__all__ = [
    "Mark",
    "add_member",
    "answer_opinion",
    "attend",
    "call_session",
    "declare_conflict",
    "dissolve",
    "extend_opinion",
    "form",
    "keep_minutes",
    "refuse_asked_already",
    "refuse_extension",
    "remove_member",
    "score",
    "settle_conflict",
    "settles",
    "vote",
]
