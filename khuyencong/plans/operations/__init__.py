"""Everything that changes programmes, plans and their decisions.  One function, one act; the rooms follow the chain."""

from khuyencong.plans.operations.issuing import approve, hand_back, refuse, revise, submit
from khuyencong.plans.operations.lines import (
    Line,
    arrange,
    discard_draft,
    draft_decision,
    open_plan,
    put_change,
    put_item,
    put_violation,
    take_out,
)
from khuyencong.plans.operations.lists import extend_issued, record_issued
from khuyencong.plans.operations.opinions import ask_opinion, extend_opinion, give_opinion
from khuyencong.plans.operations.programmes import Aim, record_programme, set_targets
from khuyencong.plans.operations.requests import confirm_request, refuse_request, request_change
from khuyencong.plans.operations.shared import SOURCES
from khuyencong.plans.operations.terms import set_terms

__all__ = [
    "SOURCES",
    "Aim",
    "Line",
    "approve",
    "arrange",
    "ask_opinion",
    "confirm_request",
    "discard_draft",
    "draft_decision",
    "extend_issued",
    "extend_opinion",
    "give_opinion",
    "hand_back",
    "open_plan",
    "put_change",
    "put_item",
    "put_violation",
    "record_issued",
    "record_programme",
    "refuse",
    "refuse_request",
    "request_change",
    "revise",
    "set_targets",
    "set_terms",
    "submit",
    "take_out",
]
