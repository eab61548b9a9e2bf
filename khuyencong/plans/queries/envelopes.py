"""The envelopes from which a plan may be paid, and what is left in them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, Sum

from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import balances, last_paper
from khuyencong.budgets.rules import Balance
from khuyencong.norms.enums import Level
from khuyencong.plans.enums import INCLUDING, DecisionState
from khuyencong.plans.models import Decision, Plan, Share


def envelopes_of(plan: Plan) -> list[Envelope]:
    """The envelopes from which this plan may be paid: of its year and place; national plans may also take the agency's and
    the province's own money, local plans local money only.  One query."""
    found = Envelope.objects.filter(year=plan.year).select_related("holder")
    here = Q(province=plan.province) & (Q(commune=None) | Q(commune=plan.commune_id))
    if plan.level == Level.NATIONAL:
        found = found.filter(Q(level=Level.NATIONAL, province=None) | here)
    elif plan.level == Level.PROVINCIAL:
        found = found.filter(here, level=Level.PROVINCIAL)
    else:
        found = found.filter(here, level__in=[Level.COMMUNAL, Level.PROVINCIAL])
    own_first = {plan.level: 0}
    return sorted(
        found, key=lambda envelope: (own_first.get(envelope.level, 1), envelope.province_id is None, envelope.pk)
    )


def reserve(plan: Plan) -> dict[Envelope, int]:
    """Kinh phí chưa phân bổ: what each envelope of the plan can still promise, in đồng.  Two queries."""
    envelopes = envelopes_of(plan)
    left = balances(envelopes)
    return {envelope: left[envelope.pk].available for envelope in envelopes}


def balances_of(plan: Plan, *, until: date | None = None) -> dict[Envelope, Balance]:
    """The envelopes of the plan with all their sums, as they are or as they stood on the day ``until``.  Two queries."""
    envelopes = envelopes_of(plan)
    sums = balances(envelopes, until=until)
    return {envelope: sums[envelope.pk] for envelope in envelopes}


def left_for(plan: Plan, *, envelopes: Iterable[Envelope], before: datetime | None = None) -> int:
    """What these envelopes of the plan's own level can still promise, in đồng; with ``before`` as it stood then.  One query."""
    own = [envelope for envelope in envelopes if envelope.level == plan.level]
    return sum(told.available for told in balances(own, before=before).values())


def held_elsewhere(decision: Decision, *, envelopes: Iterable[Envelope]) -> int:
    """What other decisions that went out for opinion or approval already give of the own money of this plan, in đồng: not yet
    promised in the ledger, and gone when they are issued.  One query."""
    own = [envelope for envelope in envelopes if envelope.level == decision.plan.level]
    waiting = Share.objects.filter(
        envelope__in=own,
        item__decision__state__in=(DecisionState.OPINION, DecisionState.SUBMITTED),
        item__decision__kind__in=INCLUDING,
    ).exclude(item__decision=decision)
    held: int = waiting.aggregate(held=Sum("amount", default=0))["held"]
    return held


def before_last_paper(plan: Plan, *, envelopes: Iterable[Envelope]) -> datetime | None:
    """The moment from which the newest paper in the ledgers of the plan's own level counts.  One query."""
    return last_paper(envelope for envelope in envelopes if envelope.level == plan.level)
