"""Reading plans: the chain and what it said on a day, what is left to assign, who comes next in the order of the law."""

from khuyencong.plans.queries.alternatives import SECONDS, Alternative, Shift, alternatives, shifts
from khuyencong.plans.queries.candidates import Candidate, requests_of
from khuyencong.plans.queries.chains import as_of, chain, standing_sums
from khuyencong.plans.queries.changes import draft_holding, plan_of_request, requests, requests_to_decide, running
from khuyencong.plans.queries.conditions import checks, money_needed
from khuyencong.plans.queries.consistency import invariants
from khuyencong.plans.queries.decisions import (
    authority_of,
    decision_of,
    issued_beside,
    issued_elsewhere,
    items_of,
    labels_of_steps,
    life_of,
    may_for,
    may_issue,
    papers_near,
    people_of,
    steps_open_to,
    unused_for,
    why_kept,
)
from khuyencong.plans.queries.effects import OF_AMOUNTS, Changed, Effect, Moved, effect, effects
from khuyencong.plans.queries.envelopes import (
    balances_of,
    before_last_paper,
    envelopes_of,
    held_elsewhere,
    left_for,
    reserve,
)
from khuyencong.plans.queries.lists import plans, waiting_decisions, waiting_opinions
from khuyencong.plans.queries.order import candidates, ranking, unplaced, with_plan, working_table
from khuyencong.plans.queries.programmes import results
from khuyencong.plans.queries.reasons import Reason, explained
from khuyencong.plans.queries.terms import Terms, changes, terms_of

__all__ = [
    "OF_AMOUNTS",
    "SECONDS",
    "Alternative",
    "Candidate",
    "Changed",
    "Effect",
    "Moved",
    "Reason",
    "Shift",
    "Terms",
    "alternatives",
    "as_of",
    "authority_of",
    "balances_of",
    "before_last_paper",
    "candidates",
    "chain",
    "changes",
    "checks",
    "decision_of",
    "draft_holding",
    "effect",
    "effects",
    "envelopes_of",
    "explained",
    "held_elsewhere",
    "invariants",
    "issued_beside",
    "issued_elsewhere",
    "items_of",
    "labels_of_steps",
    "left_for",
    "life_of",
    "may_for",
    "may_issue",
    "money_needed",
    "papers_near",
    "people_of",
    "plan_of_request",
    "plans",
    "ranking",
    "requests",
    "requests_of",
    "requests_to_decide",
    "reserve",
    "results",
    "running",
    "shifts",
    "standing_sums",
    "steps_open_to",
    "terms_of",
    "unplaced",
    "unused_for",
    "waiting_decisions",
    "waiting_opinions",
    "why_kept",
    "with_plan",
    "working_table",
]
