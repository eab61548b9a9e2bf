"""The chain of a plan's decisions: what it said on a day, and what was left after each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.budgets.rules import balance_of
from khuyencong.plans.enums import DecisionState
from khuyencong.plans.models import Decision, Item, Plan
from khuyencong.plans.queries.envelopes import envelopes_of
from khuyencong.plans.rules import (
    STOPS,
)


def standing_sums(plan_list: Sequence[Plan], *, day: date | None = None) -> dict[int, "Sums"]:
    """What each of these plans says now (or said on ``day``): projects and money.  One query."""
    found: dict[int, dict[int, list[int]]] = {plan.pk: {} for plan in plan_list}
    columns = ("decision__plan_id", "project_id", "action", "national", "local", "counterpart", "other")
    for plan_id, project_id, action, *money in _issued(day).filter(decision__plan__in=plan_list).values_list(*columns):
        if action in STOPS:
            found[plan_id].pop(project_id, None)
        else:
            found[plan_id][project_id] = money
    return {
        key: Sums(len(items), *map(sum, zip(*items.values(), strict=True))) if items else Sums()
        for key, items in found.items()
    }


@dataclass(frozen=True, slots=True)
class Sums:
    """Projects and money by source, in đồng."""

    count: int = 0
    national: int = 0
    local: int = 0
    counterpart: int = 0
    other: int = 0

    @property
    def support(self) -> int:
        return self.national + self.local

    @property
    def total(self) -> int:
        return self.support + self.counterpart + self.other

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Sums":
        items = list(items)
        names = ("national", "local", "counterpart", "other")
        return cls(len(items), *(sum(getattr(item, name) for item in items) for name in names))


def _issued(day: date | None = None) -> QuerySet[Item]:
    items = Item.objects.filter(decision__state=DecisionState.APPROVED)
    if day is not None:
        items = items.filter(decision__on__lte=day)
    return items.order_by("decision__on", "decision__ordinal", "order", "pk")


@dataclass(frozen=True, slots=True)
class Version:
    """What a plan said on a day: each project with the line of the last decision that spoke of it."""

    plan: Plan
    day: date
    items: list[Item]  # what stands, in the order in which it came
    stopped: list[Item]
    decisions: int

    @property
    def sums(self) -> Sums:
        return Sums.of(self.items)


def as_of(plan: Plan, day: date) -> Version:
    """“Kế hoạch nói gì ngày D”: rebuilt from the decisions issued up to and including ``day``.  One query."""
    items = _issued(day).filter(decision__plan=plan)
    latest: dict[int, Item] = {}
    decisions = set()
    for item in items.select_related("decision", "decision__paper", "project__implementer", "project__commune"):
        latest[item.project_id] = item  # a dict keeps the place of its first coming
        decisions.add(item.decision_id)
    said = list(latest.values())
    return Version(
        plan,
        day,
        [item for item in said if item.action not in STOPS],
        [item for item in said if item.action in STOPS],
        len(decisions),
    )


@dataclass(frozen=True, slots=True)
class Link:
    """One decision of the chain and the plan after it: the change it made, what stood then, what was left to assign."""

    decision: Decision
    count: int  # projects that the decision speaks of
    national: int  # change it made, in đồng
    local: int
    after: Sums | None = None  # only for issued ones
    given: int = 0  # what the plan's own envelopes held by that day
    left: int = 0


def chain(plan: Plan) -> list[Link]:
    """The decisions of a plan, issued ones in the order of their days, then the open ones; with the balance after each.

    What is left is told by the ledgers of the envelopes of the plan's own level and place, as they stood after each decision;
    money in envelopes that several plans share (the agency's) is not counted as given to this one.  Four queries.
    """
    decisions = list(plan.decisions.select_related("paper", "submission").order_by("ordinal"))
    by_decision: dict[int, list[Item]] = {decision.pk: [] for decision in decisions}
    for item in Item.objects.filter(decision__plan=plan).select_related("decision"):
        by_decision[item.decision_id].append(item)
    lines = _lines(plan)
    said: dict[int, Item] = {}
    links = []
    issued = [decision for decision in decisions if decision.state == DecisionState.APPROVED and decision.on]
    ahead = {decision.paper_id for decision in issued}
    for decision in sorted(issued, key=lambda decision: (decision.on, decision.ordinal)):
        items = by_decision[decision.pk]
        said.update({item.project_id: item for item in items})
        after = Sums.of(item for item in said.values() if item.action not in STOPS)
        ahead.discard(decision.paper_id)
        held = Counter[str]()
        for day, paper, kind, amount in lines:
            if decision.on and day <= decision.on and paper not in ahead:
                held[kind] += amount
        sums = balance_of(held.items())
        links.append(Link(decision, len(items), *_change(items), after, sums.money, sums.available))
    for decision in decisions:
        if decision.state != DecisionState.APPROVED:
            items = by_decision[decision.pk]
            links.append(Link(decision, len(items), *_change(items)))
    return links


def _change(items: Iterable[Item]) -> tuple[int, int]:
    items = list(items)
    return (
        sum(item.national - item.before_national for item in items),
        sum(item.local - item.before_local for item in items),
    )


def _lines(plan: Plan) -> list[tuple[date, int, str, int]]:
    """Day, paper, kind and amount of what was given to and promised from the envelopes of the plan's own level and place."""
    own = [one for one in envelopes_of(plan) if one.level == plan.level and one.province_id is not None]
    lines = Entry.objects.filter(envelope__in=own).exclude(
        kind__in=[EntryKind.ADVANCED, EntryKind.SETTLED, EntryKind.RECOVERED]
    )
    return list(lines.values_list("on", "paper_id", "kind", "amount"))
