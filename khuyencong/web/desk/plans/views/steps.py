"""Submitting and deciding."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import million
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.plans import operations, queries
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import act, bind, step
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import checks_of, decimals_of, decision_of

FORMS = {
    "submit": forms.StepForm,
    "hand_back": forms.ReasonForm,
    "approve": forms.ApproveForm,
    "refuse": forms.ReasonForm,
}


@step
def take(request, pk, name):
    """One step: left what the law asks and the arithmetic, right the paper, the sum and the day."""
    decision = decision_of(request, pk)
    items = queries.items_of(decision)
    authority = queries.authority_of(decision, on=clock.today(), items=items)
    here = queries.life_of(decision, authority=authority)[name]
    offers = queries.steps_open_to(request.user, decision, on=clock.today(), items=items)
    offer = next((one for one in offers if one.step.name == name), None)
    if request.method != "POST" and (offer is None or not offer.is_open):
        state = {"state": decision.get_state_display()}
        raise NotAllowed(offer.why if offer else _("Bước này không mở ở trạng thái “%(state)s”.") % state)
    recorded = bool(offer and offer.recorded)
    form = bind(
        FORMS[name],
        request,
        papers=documents.choices_for(request.user, kind=here.paper),
        initial={} if recorded else {"signer": str(request.user), "signer_title": request.user.title},
    )

    def do(data):
        plan = decision.plan
        paper = data.get("existing") or signed_paper(
            form, kind=here.paper, by=request.user, province=plan.province, commune=plan.commune
        )
        more = {key: data[key] for key in ("total", "reason") if key in form.fields}
        return getattr(operations, name)(decision, by=request.user, on=form.legal_day, paper=paper, **more)

    total = sum(item.support for item in items)
    return act(
        request,
        form,
        do,
        template="desk/plans/step.html",
        context={
            "decision": decision,
            "step": here,
            "name": name,
            "recorded": recorded,
            "authority": authority,
            "paper_kind": PaperKind(here.paper).label,
            "checks": checks_of(decision, items) if name in ("submit", "approve") else [],
            "needs": [_arithmetic(need) for need in queries.money_needed(decision, items=items)],
            "short": any(need.after < 0 for need in queries.money_needed(decision, items=items)),
            "items": items,
            "decimals": decimals_of(items),
            "total": total,
            "button": _button(decision, name, len(items), total, recorded=recorded),
            "back": reverse("plans:decision", args=[pk]),
        },
        to=reverse("plans:decision", args=[pk]),
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


def _arithmetic(need):
    facts = {"envelope": need.envelope, "left": million(need.left), "amount": million(abs(need.amount))}
    facts["after"] = million(abs(need.after))
    if need.amount < 0:
        return _("%(envelope)s: còn %(left)s + trả lại %(amount)s = %(after)s triệu đồng chưa phân bổ.") % facts
    if need.after < 0:
        return _("%(envelope)s: còn %(left)s − quyết định này %(amount)s: thiếu %(after)s triệu đồng.") % facts
    return _("%(envelope)s: còn %(left)s − quyết định này %(amount)s = %(after)s triệu đồng chưa phân bổ.") % facts


def _button(decision, name, count, total, *, recorded):
    facts = {"count": count, "total": million(total), "what": decision.get_kind_display()}
    if name == "submit":
        return _("Trình %(count)s đề án, %(total)s triệu đồng") % facts
    if name == "hand_back":
        return _("Trả lại để hoàn chỉnh")
    if name == "refuse":
        return _("Không phê duyệt %(count)s đề án") % facts
    if decision.includes:
        if recorded:
            return _("Ghi nhận phê duyệt %(count)s đề án, %(total)s triệu đồng") % facts
        return _("Phê duyệt %(count)s đề án, %(total)s triệu đồng") % facts
    if recorded:
        return _("Ghi nhận: %(what)s %(count)s đề án") % facts
    return _("%(what)s %(count)s đề án") % facts
