"""Everything that moves money.  The ledger is only ever added to.

``record_budget_decision``, ``manage``, ``return_money``, ``carry_over`` and ``reverse`` are acts of the accountant (or of the
registry clerk, for a decision signed on paper) and ask for authority here.  ``commit``, ``commit_all``, ``release``,
``advance``, ``take_back``, ``settle``, ``return_surplus`` and ``recover`` are parts of acts of ``plans`` and ``contracts``:
the act that calls them has asked for its own authority, in the same transaction.  Whatever makes money scarcer locks the
envelope first; several envelopes are locked in the order of their keys.
"""

from khuyencong.budgets.operations.decisions import record_budget_decision, reverse
from khuyencong.budgets.operations.envelopes import carry_over, manage, return_money
from khuyencong.budgets.operations.payments import advance, recover, return_surplus, settle, take_back
from khuyencong.budgets.operations.promises import Promise, commit, commit_all, release

__all__ = [
    "Promise",
    "advance",
    "carry_over",
    "commit",
    "commit_all",
    "manage",
    "record_budget_decision",
    "recover",
    "release",
    "return_money",
    "return_surplus",
    "reverse",
    "settle",
    "take_back",
]
