"""One decision: what stands in it, ranked, put in, taken out."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.base.sentences import counted
from khuyencong.councils.queries import may_answer
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import OPEN, DecisionState
from khuyencong.plans.models import ChangeRequest, Item
from khuyencong.plans.operations import Line
from khuyencong.plans.operations.lines import refuse_kind, refuse_no_draft
from khuyencong.projects import queries as projects
from khuyencong.web.common.doors import said_no
from khuyencong.web.common.parts import Event, Offer
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, reads, step, writes
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import checks_of, decimals_of, decision_of, for_plan, page_of, trail_to

ROUTES = {
    "ask_opinion": "plans:ask_opinion",
    "submit": "plans:submit",
    "hand_back": "plans:hand_back",
    "approve": "plans:approve",
    "refuse": "plans:refuse",
}
BACK = {"hand_back", "refuse"}  # ways back: never the blue button


def _may_draft(request, decision) -> bool:
    return decision.state == DecisionState.DRAFT and queries.may_for(request.user, Permission.PLAN_DRAFT, decision.plan)


def _reserve(decision) -> tuple[int, int]:
    """What this draft may still give, and what other decisions on their way hold of the same money."""
    envelopes = queries.envelopes_of(decision.plan)
    held = queries.held_elsewhere(decision, envelopes=envelopes)
    return max(queries.left_for(decision.plan, envelopes=envelopes) - held, 0), held


def held_told(held) -> str:
    """That other decisions hold money which this draft cannot count on; empty where none does."""
    if not held:
        return ""
    told = _("Đã trừ %(money)s triệu đồng của quyết định khác đang lấy ý kiến, trình duyệt từ cùng dự toán.")
    return told % {"money": million(held)}


@reads
def decision_page(request, pk):
    decision = decision_of(request, pk)
    items = queries.items_of(decision)
    if _may_draft(request, decision) and decision.includes:
        form = _rank_form(request, decision, items)
        return render(request, "desk/plans/arrange.html", _decision_context(request, decision, items, form=form))
    return render(request, "desk/plans/decision.html", _decision_context(request, decision, items))


@reads
def support_conditions(request, pk):
    """Which conditions of support the projects of the list do not keep, before anybody signs it."""
    decision = decision_of(request, pk)
    listed = [item.project for item in queries.items_of(decision)] if decision.includes else []
    standing = projects.refused(listed, on=clock.today())
    rows = [(project, standing[project.pk]) for project in listed if project.pk in standing]
    facts = {"decision": decision, "rows": rows, "number": len(listed), "here": _("Điều kiện hỗ trợ")}
    return render(request, "desk/plans/conditions.html", facts)


def _decision_context(request, decision, items, *, form=None):
    today, total = clock.today(), sum(item.support for item in items)
    waiting = []
    if _may_draft(request, decision) and not decision.includes:
        waiting = list(queries.requests_to_decide(decision.plan, decision.kind)[:100])
    opinions = list(decision.opinions.select_related("body", "answer_paper"))
    reserve, held = _reserve(decision) if form else (0, 0)
    return {
        "decision": decision,
        "plan": decision.plan,
        "items": items,
        "total": total,
        "decimals": decimals_of(items),
        "total_million": million(total),
        "offers": _offers(request, decision, items),
        "checks": checks_of(decision, items) if items and decision.state in OPEN else [],
        "opinions": [_opinion_row(request, decision, one) for one in opinions],
        "events": _events(decision),
        "authority": queries.authority_of(decision, on=decision.on or today, items=items),
        "requests": waiting,
        "may_draft": _may_draft(request, decision),
        "terms": queries.terms_of(decision) if decision.includes else None,
        "form": form,
        "reserve": reserve,
        "left": reserve - total if form else 0,
        "sorted_by": _sorted_by(decision, form, reserve, held) if form else "",
    }


def _sorted_by(decision, form, reserve, held) -> str:
    told = _("%(n)s đề án đạt thẩm định; dự toán còn %(money)s triệu đồng. Xếp theo thứ tự ưu tiên.")
    told %= {"n": len(form.rows), "money": million(reserve)}
    told = norms.cited(told, Ground.PRIORITIES, on=clock.today(), of=decision.plan)
    return f"{told} {held_told(held)}".strip()


def _opinion_row(request, decision, opinion):
    """A question with the pages on which it is answered and put off, where this person may do that."""
    row, user, plan = {"opinion": opinion}, request.user, decision.plan
    if opinion.answered_on or decision.state not in OPEN:
        return row
    asks = queries.may_for(user, Permission.OPINION_ASK, plan)
    if may_answer(user, opinion, place=plan.place, asks=asks):
        row["url"] = reverse("plans:give_opinion", args=[decision.pk, opinion.pk])
    if asks:
        row["extend"] = reverse("plans:extend_opinion", args=[decision.pk, opinion.pk])
    return row


def _offers(request, decision, items):
    found = []
    for offer in queries.steps_open_to(request.user, decision, on=clock.today(), items=items):
        label = str(offer.step.label)
        if offer.step.name == "revise":
            url = reverse("plans:revise", args=[decision.pk]) if offer.is_open else ""
            found.append(Offer(label, url, offer.why, post=offer.is_open))
            continue
        if offer.recorded:
            label = _("Ghi nhận: %(step)s") % {"step": label.lower()}
        url = reverse(ROUTES[offer.step.name], args=[decision.pk]) if offer.is_open else ""
        found.append(Offer(label, url, offer.why, quiet=offer.step.name in BACK))
    if _may_draft(request, decision) and not queries.why_kept(decision, items=items):
        found.append(
            Offer(
                _("Bỏ dự thảo"),
                reverse("plans:discard", args=[decision.pk]),
                post=True,
                question=_(
                    "Dự thảo chưa có đề án nào sẽ không còn trong kế hoạch; nhật ký vẫn giữ việc đã làm. Bỏ dự thảo này?"
                ),
                quiet=True,
            )
        )
    return found


def _events(decision):
    """The life so far, newest first."""
    labels = queries.labels_of_steps()
    return [
        Event(
            labels.get(taken.name, taken.get_target_display()),
            taken.on,
            taken.note,
            _("%(by)s ghi") % {"by": taken.by},
            "now" if index == 0 else "",
            link=str(taken.paper) if taken.paper else "",
            url=_paper_url(taken.paper),
        )
        for index, taken in enumerate(decision.steps.select_related("paper", "by").order_by("-on", "-pk"))
    ]


def _paper_url(paper) -> str:
    return reverse("documents:page", args=[paper.pk]) if paper else ""


def _rank_form(request, decision, items):
    table = queries.working_table(decision, items=items, money=_reserve(decision)[0], on=clock.today())
    return bind(
        forms.RankForm,
        request,
        rows=table.rows,
        envelopes=queries.envelopes_of(decision.plan),
        national=decision.plan.level == Level.NATIONAL,
    )


@step
def arrange(request, pk):
    """The working table is saved as a whole: all lines or none."""
    decision = decision_of(request, pk)
    if request.method != "POST":
        return redirect("plans:decision", pk)
    items = queries.items_of(decision)
    form = _rank_form(request, decision, items)

    def do(_data):
        lines = [_line(form, row, amounts) for row, amounts in form.wanted()]
        return operations.arrange(decision, lines=lines, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/plans/arrange.html",
        context=_decision_context(request, decision, items, form=form),
        to=page_of(decision),
        done=_saved,
    )


def _saved(decision):
    count = decision.items.count()
    return counted("Đã lưu danh sách %(count)s đề án.", count) % {"count": count}


def _line(form, row, amounts):
    """Which envelope: the chosen one; else as written before while the amount stays; else the only one there is."""
    shares = {}
    for source, amount in amounts.items():
        if not amount:
            continue
        chosen = form.cleaned_data.get(f"from_{source}")
        kept = [s for s in row.item.shares.all() if s.source == source] if row.item else []
        if chosen is not None:
            shares[chosen] = amount
        elif kept and sum(share.amount for share in kept) == amount:
            shares |= {share.envelope: share.amount for share in kept}
        elif len(kept) == 1:
            shares[kept[0].envelope] = amount
        else:
            return Line(row.project, **amounts)
    return Line(row.project, **amounts, shares=shares)


@writes
def put_change(request, pk, request_pk):
    decision = decision_of(request, pk)
    wanted = get_object_or_404(ChangeRequest.objects.visible_to(request.user), pk=request_pk)
    operations.put_change(decision, request=wanted, by=request.user)
    return page_of(decision)


@step
def put_violation(request, pk):
    decision = decision_of(request, pk)
    plan = decision.plan
    for_plan(request.user, Permission.PLAN_DRAFT, plan)
    form = bind(forms.ViolationForm, request, projects=queries.running(plan).order_by("code"))
    return step_page(
        request,
        form,
        lambda data: operations.put_violation(
            decision, project=data["project"], reason=data["reason"], by=request.user
        ),
        trail=trail_to(decision.plan, decision),
        title=_("Ngừng do sai phạm"),
        refusal=said_no(refuse_no_draft, decision) or said_no(refuse_kind, decision, includes=False),
        sub=norms.cited(_("Không cần đề nghị của đơn vị thực hiện."), Ground.CHANGE_UNASKED, on=clock.today(), of=plan),
        button=_("Đưa vào dự thảo"),
        to=page_of(decision),
        done=_("Đã đưa vào dự thảo."),
    )


@writes
def take_out(request, pk, item):
    decision = decision_of(request, pk)
    line = get_object_or_404(Item.objects.select_related("decision", "project"), pk=item, decision=decision)
    operations.take_out(line, by=request.user)
    return page_of(decision)


@writes
def discard(request, pk):
    plan = operations.discard_draft(decision_of(request, pk), by=request.user)
    messages.success(request, _("Đã bỏ dự thảo."))
    return reverse("plans:page", args=[plan.pk])


@writes
def revise(request, pk):
    decision = decision_of(request, pk)
    operations.revise(decision, by=request.user, on=clock.today())
    return page_of(decision)
