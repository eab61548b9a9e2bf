"""What must hold before a decision is issued: states, money, opinions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import balances
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import Decision, Item
from khuyencong.plans.rules import (
    CHANGEABLE,
    ready_state,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of a decision, as the step page shows it."""

    fulfilled: bool
    told: str
    article: str = ""
    refuses: bool = True


def checks(decision: Decision, *, items: Sequence[Item], on: date) -> list[Check]:
    """What must hold before this decision is issued, and what is only good to know; each with its article."""
    found = [_states(decision, items, on=on), *_money(decision, items, on=on), *_opinions(decision, on=on)]
    if decision.submission_id:
        told = _("Tờ trình %(paper)s") % {"paper": decision.submission}
        found.append(Check(True, told, _article(Ground.SUBMISSION, decision, on=on)))
    return found


def _article(rule: Ground, decision: Decision, *, on: date) -> str:
    return norms.ground(rule, on=on, of=decision.plan).citation


def _states(decision: Decision, items: Sequence[Item], *, on: date) -> Check:
    if decision.includes:
        wanted = ready_state(decision.plan.level)
        late = [item.project.code for item in items if item.project.state != wanted]
        article = _article(Ground.APPRAISED, decision, on=on)
        told: str = counted("%(state)s: cả %(count)s đề án", len(items)) % {"state": wanted.label, "count": len(items)}
    else:
        late = [item.project.code for item in items if item.project.state not in CHANGEABLE]
        article = _article(Ground.CHANGE_REQUEST, decision, on=on)
        told = _("Các đề án đang thực hiện, có đề nghị và xác nhận")
    if late:
        told = _("Chưa đủ điều kiện: %(codes)s") % {"codes": ", ".join(late)}
    return Check(not late, told, article)


@dataclass(frozen=True, slots=True)
class Need:
    """What a decision takes from one envelope beyond what its projects already have there, in đồng."""

    envelope: Envelope
    amount: int
    left: int  # before the decision

    @property
    def after(self) -> int:
        return self.left - self.amount


def money_needed(decision: Decision, *, items: Sequence[Item]) -> list[Need]:
    """Per envelope: what this decision asks for and what there is.  Three queries."""
    envelopes: dict[int, Envelope] = {}
    asked: dict[int, int] = {}
    for item in items:
        for share in item.shares.all():
            envelopes[share.envelope_id] = share.envelope
            asked[share.envelope_id] = asked.get(share.envelope_id, 0) + share.amount
    if not decision.includes:
        projects = [item.project_id for item in items]
        lines = Entry.objects.filter(project__in=projects, kind=EntryKind.COMMITTED).order_by()
        for key, amount in lines.values_list("envelope_id").annotate(amount=Sum("amount")):
            asked[key] = asked.get(key, 0) - amount
        for envelope in Envelope.objects.filter(pk__in=set(asked) - set(envelopes)):
            envelopes[envelope.pk] = envelope
    left = balances(envelopes.values())
    return [Need(envelopes[key], asked[key], left[key].available) for key in sorted(asked)]


def _money(decision: Decision, items: Sequence[Item], *, on: date) -> Iterator[Check]:
    article = _article(Ground.BUDGET, decision, on=on)
    for need in money_needed(decision, items=items):
        facts = {
            "envelope": need.envelope,
            "left": dong(need.left),
            "amount": dong(abs(need.amount)),
            "after": dong(abs(need.after)),
        }
        if need.after < 0:
            told = _("%(envelope)s: cần %(amount)s đồng, chỉ còn %(left)s đồng, thiếu %(after)s đồng") % facts
        elif need.amount < 0:
            told = _("%(envelope)s: %(left)s + %(amount)s trả lại = còn %(after)s đồng chưa phân bổ") % facts
        else:
            told = _("%(envelope)s: %(left)s − %(amount)s = còn %(after)s đồng chưa phân bổ") % facts
        yield Check(need.after >= 0, told, article)
    without = [item.project.code for item in items if sum(share.amount for share in item.shares.all()) != item.support]
    if without and decision.kind != DecisionKind.STOP:
        yield Check(False, _("Chưa ghi đủ nguồn dự toán: %(codes)s") % {"codes": ", ".join(without)}, article)


def _opinions(decision: Decision, *, on: date) -> Iterator[Check]:
    for opinion in decision.opinions.select_related("body", "answer_paper"):
        facts = {"body": opinion.body, "due": f"{opinion.due_on:%d/%m/%Y}"}
        if opinion.answered_on:
            facts |= {"day": f"{opinion.answered_on:%d/%m/%Y}", "answer": opinion.get_agreement_display()}
            yield Check(True, _("Ý kiến %(body)s ngày %(day)s: %(answer)s") % facts, refuses=False)
        elif on <= opinion.due_on:
            yield Check(False, _("%(body)s chưa trả lời, hạn %(due)s") % facts)
        else:
            yield Check(False, _("%(body)s không trả lời trong hạn %(due)s") % facts, refuses=False)
