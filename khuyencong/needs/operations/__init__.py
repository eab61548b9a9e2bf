"""Everything that changes a need.  One function, one act."""

from khuyencong.needs.operations.answers import (
    PHOTOS,
    answer_none,
    confirm,
    correct,
    name_establishment,
    register,
    withdraw,
)
from khuyencong.needs.operations.calls import make_link, move_deadline, open_call, revoke_link
from khuyencong.needs.operations.decisions import decide, propose, return_
from khuyencong.needs.operations.shared import Bearer
from khuyencong.needs.operations.surveys import plan_survey, reassign, survey, unplan_survey

__all__ = [
    "PHOTOS",
    "Bearer",
    "answer_none",
    "confirm",
    "correct",
    "decide",
    "make_link",
    "move_deadline",
    "name_establishment",
    "open_call",
    "plan_survey",
    "propose",
    "reassign",
    "register",
    "return_",
    "revoke_link",
    "survey",
    "unplan_survey",
    "withdraw",
]
