"""The opinion of another body: asked and given."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.plans import operations, queries
from khuyencong.plans.models import OpinionRequest
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import act, bind, step
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import checks_of, decimals_of, decision_of


@step
def ask_opinion(request, pk):
    decision = decision_of(request, pk)
    form = bind(forms.OpinionForm, request, province=decision.plan.province, initial={"on": clock.today()})
    return act(
        request,
        form,
        lambda data: operations.ask_opinion(
            decision,
            body=data["body"],
            due_on=data["due_on"],
            question=data["question"],
            by=request.user,
            on=data["on"],
        ),
        template="desk/plans/ask.html",
        context={"decision": decision, "back": reverse("plans:decision", args=[pk])},
        to=reverse("plans:decision", args=[pk]),
        done=lambda asked: _("Đã hỏi ý kiến %(body)s.") % {"body": asked.body},
    )


@step
def give_opinion(request, pk, opinion):
    decision = decision_of(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body"), pk=opinion, decision=decision)
    kind = PaperKind.OPINION
    form = bind(forms.AnswerForm, request, papers=documents.choices_for(request.user, kind=kind))

    def do(data):
        paper = data.get("existing") or signed_paper(form, kind=kind, by=request.user, province=decision.plan.province)
        return operations.give_opinion(
            asked,
            agreement=data["agreement"],
            answer=data["answer"],
            by=request.user,
            on=form.legal_day,
            paper=paper,
        )

    items = queries.items_of(decision)
    return act(
        request,
        form,
        do,
        template="desk/plans/answer.html",
        context={
            "decision": decision,
            "asked": asked,
            "items": items,
            "decimals": decimals_of(items),
            "total": sum(item.support for item in items),
            "checks": checks_of(decision, items),
            "back": reverse("plans:decision", args=[pk]),
        },
        to=reverse("plans:decision", args=[pk]),
        done=_("Đã ghi ý kiến."),
    )
