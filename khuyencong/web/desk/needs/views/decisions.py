"""Proposed, returned, withdrawn; one letter for several needs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.documents.enums import PaperKind
from khuyencong.needs import operations
from khuyencong.needs.enums import NeedState
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Need
from khuyencong.norms import queries as norms
from khuyencong.web.common import steps
from khuyencong.web.common.doors import for_holders, said_no
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.needs import forms
from khuyencong.web.desk.needs.views.shared import for_who_may, need_of, step_page


def _found(need) -> list[str]:
    """What a proposal rests on: whether the place is supported today, and what the survey found."""
    visit = need.visits.exclude(surveyed_on=None).order_by("-pk").first()
    lines = [norms.place_eligibility(need.commune or need.province, on=clock.today()).reason]
    if visit is not None:
        day = f"{visit.surveyed_on:%d/%m/%Y}"
        lines.append(_("Khảo sát ngày %(day)s: %(found)s") % {"day": day, "found": visit.findings})
        if visit.investment:
            lines.append(_("Tổng đầu tư dự kiến: %(amount)s đồng.") % {"amount": dong(visit.investment)})
    return lines


@step
def propose(request, pk):
    need = need_of(request, pk)
    for_who_may(request.user, need, Permission.NEED_PROPOSE)
    form = bind(forms.ProposeForm, request, initial={"on": clock.today(), "proposal": "plan"})
    return step_page(
        request,
        need,
        form,
        lambda data: operations.propose(need, by=request.user, **data),
        title=_("Đề xuất của Trung tâm"),
        law=_found(need),
        refusal=said_no(LIFECYCLE.check, "propose", need.state),
        button=_("Gửi đề xuất cho Sở"),
        done=_("Đã gửi đề xuất."),
    )


@step
def return_need(request, pk):
    need = need_of(request, pk)
    for_who_may(request.user, need, Permission.NEED_DECIDE)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        need,
        form,
        lambda data: operations.return_(need, by=request.user, **data),
        title=_("Yêu cầu Trung tâm đề xuất lại"),
        refusal=said_no(LIFECYCLE.check, "return", need.state),
        button=_("Yêu cầu đề xuất lại"),
        done=_("Đã trả lại cho Trung tâm."),
    )


@step
def withdraw(request, pk):
    need = need_of(request, pk)
    for_who_may(request.user, need, Permission.NEED_REGISTER)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        need,
        form,
        lambda data: operations.withdraw(need, by=request.user, **data),
        title=_("Rút nhu cầu"),
        refusal=said_no(LIFECYCLE.check, "withdraw", need.state),
        button=_("Rút nhu cầu"),
        done=_("Đã rút nhu cầu."),
    )


def _several(request, form_class, *, state, permission, paper_kind, operation, done, **shown):
    for_holders(request.user, permission)
    scope = request.user.scope(permission)
    if not scope and request.user.holds(Permission.PAPER_RECORD):
        scope = request.user.scope(Permission.PAPER_RECORD)
    needs = (
        Need.objects.within(scope)
        .filter(state=state)
        .select_related("commune", "province")
        .order_by("commune__sort_key", "pk")
    )
    form = bind(form_class, request, needs=needs)

    def do(data):
        first = data["needs"][0]
        paper = signed_paper(form, kind=paper_kind, by=request.user, province=first.province)
        return operation(data["needs"], by=request.user, on=paper.signed_on, paper=paper)

    return steps.step_page(
        request,
        form,
        do,
        trail=[(_("Đăng ký nhu cầu"), reverse("needs:list"))],
        paper=paper_kind,
        number=needs.count(),
        template="desk/needs/several.html",
        to=reverse("needs:list"),
        done=lambda given: done(len(given)) % {"number": len(given)},
        **shown,
    )


@step
def confirm(request):
    return _several(
        request,
        forms.ConfirmForm,
        state=NeedState.SENT,
        permission=Permission.NEED_CONFIRM,
        paper_kind=PaperKind.NEED_LETTER,
        operation=operations.confirm,
        title=_("Xã xác nhận nhu cầu"),
        sub=_(
            "Một văn bản của Ủy ban nhân dân xã cho các nhu cầu đã chọn. Chụp ảnh bản đã ký là đủ, không phải gõ lại."
        ),
        button=_("Xác nhận các nhu cầu đã chọn"),
        done=lambda number: counted("Đã xác nhận %(number)s nhu cầu.", number),
    )


@step
def decide(request):
    return _several(
        request,
        forms.DecideForm,
        state=NeedState.PROPOSED,
        permission=Permission.NEED_DECIDE,
        paper_kind=PaperKind.ANSWER_LETTER,
        operation=operations.decide,
        title=_("Sở trả lời nhu cầu"),
        sub=_("Đồng ý với đề xuất của Trung tâm cho các nhu cầu đã chọn; xã và cơ sở nhận được trả lời bằng văn bản."),
        button=_("Đồng ý và gửi trả lời"),
        done=lambda number: counted("Đã trả lời %(number)s nhu cầu; xã và cơ sở đã được báo.", number),
    )
