"""Alternatives to the list of a draft, side by side, under terms that are kept; one of them is taken over into the draft by a
person."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.base.money import million
from khuyencong.plans import operations, queries
from khuyencong.plans.operations import Line
from khuyencong.web.common.views import PREVIEW, act, bind, step, writes
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.decisions import _may_draft, held_told
from khuyencong.web.desk.plans.views.shared import decision_of, page_of


def _draft(request, pk):
    decision = decision_of(request, pk)
    if not (decision.includes and _may_draft(request, decision)):
        raise Http404
    return decision


@dataclass(frozen=True, slots=True)
class _Desk:
    """What stands on the page before anything is reckoned: the requests, the money, and the terms that are kept."""

    decision: object
    items: list
    envelopes: list
    requests: list
    terms: queries.Terms
    money: int
    held: int  # by other decisions on their way: no list of this one may count on it

    @classmethod
    def of(cls, decision):
        items, envelopes = queries.items_of(decision), queries.envelopes_of(decision.plan)
        requests = queries.requests_of(decision, items=items, on=clock.today())
        held = queries.held_elsewhere(decision, envelopes=envelopes)
        money = max(queries.left_for(decision.plan, envelopes=envelopes) - held, 0)
        return cls(decision, items, envelopes, requests, queries.terms_of(decision), money, held)

    def lists(self, terms, money):
        standing = [item.project.code for item in self.items]
        return queries.alternatives(self.requests, money=money, terms=terms, standing=standing)

    def before(self):
        """The terms and the money with which today's are compared: the newest change of either."""
        plan = self.decision.plan
        moment = self.terms.changed_at or queries.before_last_paper(plan, envelopes=self.envelopes)
        money = self.money
        if moment:
            money = max(queries.left_for(plan, envelopes=self.envelopes, before=moment) - self.held, 0)
        if money == self.money:
            return self.terms.before, money
        # a first budget decision moves nothing: before it there was no list
        return self.terms.now, money if money > 0 else self.money


def _compared(desk, terms, *, before, seen):
    """The lists under these terms, one of them explained, and what has moved since ``before`` (terms, money)."""
    found = desk.lists(terms, desk.money) if desk.requests else []
    shown = next((one for one in found if one.key == seen and one.chosen), None)
    shown = shown or next((one for one in found if one.chosen), None)
    old_terms, old_money = before
    changes = queries.changes(old_terms, terms)
    if old_money != desk.money:
        told = {"was": million(old_money), "money": million(desk.money)}
        changes.append(_("Dự toán còn lại: %(was)s → %(money)s triệu đồng") % told)
    reasons = queries.explained(shown, desk.requests, money=desk.money, terms=terms) if shown else []
    return {
        "alternatives": found,
        "shown": shown,
        "inside": [reason for reason in reasons if reason.inside],
        "outside": [reason for reason in reasons if not reason.inside],
        "left": desk.money - shown.amount if shown else 0,
        "changes": changes,
        "shifts": queries.shifts(desk.lists(old_terms, old_money), found) if changes and found else [],
    }


@step
def compare(request, pk):
    """The terms are saved as a whole; "try" reckons with them and keeps nothing."""
    decision = _draft(request, pk)
    desk = _Desk.of(decision)
    form = bind(forms.TermsForm, request, requests=desk.requests, terms=desk.terms.now)
    context = {
        "decision": decision,
        "plan": decision.plan,
        "money": desk.money,
        "held": held_told(desk.held),
        "requests": desk.requests,
        "items": desk.items,
        "terms": desk.terms,
        "limit": queries.SECONDS,
        "previewed": False,
    }
    if request.method != "POST":
        context |= _compared(desk, desk.terms.now, before=desk.before(), seen=request.GET.get("xem"))

    def preview(_data):
        before = (desk.terms.now, desk.money)
        return {"previewed": True, **_compared(desk, form.wanted(), before=before, seen=request.POST.get(PREVIEW))}

    return act(
        request,
        form,
        lambda _data: operations.set_terms(
            decision, terms=form.wanted(), seen=request.POST.get("da-xem", ""), by=request.user
        ),
        template="desk/plans/alternatives.html",
        context=context,
        to=reverse("plans:alternatives", args=[pk]),
        done=_told_changes,
        preview=preview,
    )


def _told_changes(changes):
    if not changes:
        return _("Không có điều kiện nào thay đổi.")
    count = len(changes)
    return ngettext("Đã lưu %(count)s thay đổi.", "Đã lưu %(count)s thay đổi.", count) % {"count": count}


@writes
def take(request, pk):
    """The chosen list becomes the draft's: a proposal still, which the council and the approver judge."""
    decision = _draft(request, pk)
    items = {item.project_id: item for item in queries.items_of(decision)}
    requests = queries.requests_of(decision, items=list(items.values()), on=clock.today())
    wanted = set(request.POST.getlist("de-an"))
    chosen = [candidate for candidate in requests if candidate.project.code in wanted]
    if not chosen or len(chosen) != len(wanted):
        raise NotPossible(_("Danh sách đề án đã thay đổi. Hãy mở lại trang so sánh phương án."))
    lines = []
    for candidate in chosen:
        item = items.get(candidate.project.pk)
        if item is None:
            lines.append(Line(candidate.project))
        else:
            shares = {share.envelope: share.amount for share in item.shares.all()}
            lines.append(Line(candidate.project, item.national, item.local, item.counterpart, item.other, shares))
    operations.arrange(decision, lines=lines, by=request.user, seen=request.POST.get("da-xem", ""))
    return page_of(decision)
