"""Alternatives to the list of a draft, side by side; one of them is taken over into the draft by a person."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.plans import operations, queries
from khuyencong.plans.operations import Line
from khuyencong.web.common.views import reads, writes
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.decisions import _may_draft, _reserve
from khuyencong.web.desk.plans.views.shared import decision_of, page_of


def _draft(request, pk):
    decision = decision_of(request, pk)
    if not (decision.includes and _may_draft(request, decision)):
        raise Http404
    return decision


def _asked(source, requests):
    form = forms.TermsForm(source or None, requests=requests)
    return form, form.terms() if form.is_bound and form.is_valid() else queries.Terms()


@reads
def compare(request, pk):
    decision = _draft(request, pk)
    items = queries.items_of(decision)
    requests = queries.requests_of(decision, items=items, on=clock.today())
    form, terms = _asked(request.GET, requests)
    money = _reserve(decision)
    found = queries.alternatives(requests, money=money, terms=terms) if requests else []
    shown = next((one for one in found if one.key == request.GET.get("xem") and one.chosen), None)
    shown = shown or next((one for one in found if one.chosen), None)
    query = request.GET.copy()
    query.pop("xem", None)
    return render(
        request,
        "desk/plans/alternatives.html",
        {
            "decision": decision,
            "plan": decision.plan,
            "form": form,
            "money": money,
            "requests": requests,
            "alternatives": found,
            "shown": shown,
            "reasons": queries.explained(shown, requests, money=money) if shown else [],
            "query": query.urlencode(),
        },
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


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
    operations.arrange(decision, lines=lines, by=request.user)
    return page_of(decision)
