"""The best choice of requests under the money: exact, with the gap to the proven bound and the time it took.

Amounts are whole đồng and every limit is kept to the đồng: the solver reckons in floating point, so each list that it
finds is added up again in whole numbers, and one that oversteps is cut off and solved anew.

A long list is first looked for near the relaxed problem, in which shares of a request may be chosen: its prices prove how
much any list can score, and exchanges of a few requests lead to one that all but does (``exchanges``).  Where that does not
suffice it is put together from the best ways of each envelope (``blocks``), and only then the whole is solved from there.
"""

from khuyencong.base.choice.choosing import Choice, best, in_order
from khuyencong.base.choice.limits import FUND, REFUSE, Limit, Problem, Request

__all__ = ["FUND", "REFUSE", "Choice", "Limit", "Problem", "Request", "best", "in_order"]
