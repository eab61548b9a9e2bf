"""The five-year programme, and the yearly plan as a chain of decisions: approve, adjust, add, stop."""

from khuyencong.plans.models.changes import ASKED_OF, ChangeRequest
from khuyencong.plans.models.decisions import Decision, OpinionRequest, StepTaken
from khuyencong.plans.models.items import Item, Share
from khuyencong.plans.models.plans import Plan
from khuyencong.plans.models.programmes import Programme, Target
from khuyencong.plans.models.terms import Term

__all__ = [
    "ASKED_OF",
    "ChangeRequest",
    "Decision",
    "Item",
    "OpinionRequest",
    "Plan",
    "Programme",
    "Share",
    "StepTaken",
    "Target",
    "Term",
]
