"""The opinion of another body: asked, put off and given."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import Level
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import OPEN
from khuyencong.plans.models import OpinionRequest
from khuyencong.web.common.opinions import (
    AnswerForm,
    ExtensionForm,
    OpinionForm,
    already_answered,
    answered,
    extended,
    refuse_who_may_not_answer,
)
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.plans.views.shared import checks_of, decimals_of, decision_of, for_plan, page_of, trail_to


def _asked_about(request, pk):
    """The decision, for who asks others about it."""
    decision = decision_of(request, pk)
    for_plan(request.user, Permission.OPINION_ASK, decision.plan)
    return decision


def _closed(decision) -> str:
    if decision.state in OPEN:
        return ""
    return _("Quyết định đã ban hành hoặc không được phê duyệt; không còn lấy ý kiến.")


@step
def ask_opinion(request, pk):
    decision = _asked_about(request, pk)
    national = decision.plan.level == Level.NATIONAL
    form = bind(
        OpinionForm,
        request,
        province=decision.plan.province,
        asking=request.user if national else None,
        initial={"on": clock.today()},
    )
    return step_page(
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
        trail=trail_to(decision.plan, decision),
        title=_("Lấy ý kiến"),
        refusal=_closed(decision),
        sub=_("Trước hạn trả lời, dự thảo chưa được trình hay ban hành; quá hạn thì được đi tiếp."),
        button=_("Lấy ý kiến"),
        to=page_of(decision),
        done=lambda asked: _("Đã hỏi ý kiến %(body)s.") % {"body": asked.body},
    )


@step
def give_opinion(request, pk, opinion):
    decision = decision_of(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body"), pk=opinion, decision=decision)
    plan = decision.plan
    asks = queries.may_for(request.user, Permission.OPINION_ASK, plan)
    refuse_who_may_not_answer(request.user, asked, place=plan.place, asks=asks)
    kind = PaperKind.OPINION
    form = bind(AnswerForm, request, papers=documents.choices_for(request.user, kind=kind))

    def do(data):
        return answered(operations.give_opinion, asked, form, by=request.user, province=decision.plan.province)

    def shows():
        items = queries.items_of(decision)
        return {
            "checks": checks_of(decision, items),
            "items": items,
            "decimals": decimals_of(items),
            "total": sum(item.support for item in items),
        }

    return step_page(
        request,
        form,
        do,
        trail=trail_to(decision.plan, decision),
        title=_("Ghi ý kiến"),
        refusal=already_answered(asked) or _closed(decision),
        sub=_("%(body)s cho ý kiến về %(what)s, %(plan)s.")
        % {"body": asked.body, "what": decision.title, "plan": decision.plan},
        asked=asked,
        shows=shows,
        paper=kind,
        button=_("Ghi ý kiến"),
        template="desk/plans/answer.html",
        to=page_of(decision),
        done=_("Đã ghi ý kiến."),
    )


@step
def extend_opinion(request, pk, opinion):
    decision = _asked_about(request, pk)
    asked = get_object_or_404(OpinionRequest.objects.select_related("body"), pk=opinion, decision=decision)
    kind = PaperKind.OTHER
    form = bind(ExtensionForm, request, papers=documents.choices_for(request.user, kind=kind))
    return step_page(
        request,
        form,
        lambda data: extended(
            operations.extend_opinion, asked, form, kind=kind, by=request.user, province=decision.plan.province
        ),
        trail=trail_to(decision.plan, decision),
        title=_("Gia hạn cho ý kiến"),
        refusal=already_answered(asked) or _closed(decision),
        sub=str(asked.body),
        law=[_("Hạn trả lời đang có: %(day)s.") % {"day": f"{asked.due_on:%d/%m/%Y}"}],
        after=[_("Trước hạn mới, dự thảo chưa được trình hay ban hành.")],
        paper=kind,
        button=_("Gia hạn"),
        to=page_of(decision),
        done=_("Đã gia hạn cho ý kiến."),
    )
