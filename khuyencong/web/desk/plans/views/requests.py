"""What implementers ask to change."""

import django_filters
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.budgets.queries import positions_of
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.plans import operations, queries
from khuyencong.plans.enums import OPEN, DecisionKind, RequestState
from khuyencong.plans.models import ChangeRequest
from khuyencong.plans.rules import STOPS, why_unchangeable
from khuyencong.projects.models import Project
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_those_here
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.parts import Offer
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.tags.values import citation
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.plans import forms
from khuyencong.web.desk.plans.views.shared import letters_for, tabs

REQUEST_COLUMNS = (
    lists.Column(
        "project",
        gettext_lazy("Đề án"),
        value=lambda one: f"{one.project.code} {one.project.title}",
        url=lists.page("plans:request"),
        small=lambda one: one.project.implementer,
    ),
    lists.Column("kind", gettext_lazy("Đề nghị"), value="get_kind_display", sort="kind"),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=lambda one: one.state_mark),
    lists.Column("authority_body", gettext_lazy("Thẩm quyền"), small=lambda wanted: citation(wanted.authority_basis)),
    lists.Column("requested_on", gettext_lazy("Ngày đề nghị"), kind="day", sort="requested_on"),
)


class RequestFilter(lists.Filter):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=RequestState, empty_label=gettext_lazy("Mọi trạng thái")
    )


@reads
def request_list(request):
    return lists.answer(
        request,
        queries.requests(request.user),
        columns=REQUEST_COLUMNS,
        filters=RequestFilter,
        order=("requested_on", "pk")
        if request.GET.get("state") == RequestState.REQUESTED
        else ("-requested_on", "-pk"),
        name="de-nghi-dieu-chinh",
        title=_("Đề nghị điều chỉnh, bổ sung, ngừng"),
        sub=_("Đơn vị thực hiện đề nghị, Sở xác nhận, người có thẩm quyền quyết định."),
        unit=_("đề nghị"),
        empty=_("Chưa có đề nghị nào. Đề nghị được lập từ trang của đề án."),
        views=tabs("requests"),
    )


def _request(request, pk) -> ChangeRequest:
    found = ChangeRequest.objects.visible_to(request.user).select_related(
        "project__implementer",
        "project__province",
        "project__commune",
        "paper",
        "confirmation",
        "new_commune",
        "leaving__establishment",
        "coming",
        "partner",
    )
    return get_object_or_404(found, pk=pk)


@reads
def request_page(request, pk):
    wanted = _request(request, pk)
    offers = []
    if wanted.state == RequestState.REQUESTED:
        place = wanted.project.place
        if request.user.may(Permission.CHANGE_CONFIRM, place=place) or request.user.may(
            Permission.PAPER_RECORD, place=place
        ):
            why = why_unchangeable(wanted.project)
            offers = [
                Offer(_("Xác nhận đề nghị"), url="" if why else reverse("plans:confirm_request", args=[pk]), why=why),
                Offer(_("Không chấp thuận"), reverse("plans:refuse_request", args=[pk])),
            ]
        else:
            why = _("Việc này thuộc thẩm quyền của Sở.")
            why = norms.cited(why, Ground.CHANGE_REQUEST, on=wanted.requested_on, of=wanted.project)
            offers = [Offer(_("Xác nhận đề nghị"), why=why)]
    elif wanted.state == RequestState.CONFIRMED:
        offers = _next_of(request.user, wanted)
        if request.user.may(Permission.CHANGE_CONFIRM, place=wanted.project.place):
            offers.append(_taken_back(wanted))
    money = positions_of([wanted.project])[wanted.project_id]
    return render(
        request,
        "desk/plans/request.html",
        {
            "wanted": wanted,
            "project": wanted.project,
            "offers": offers,
            "paid": sum(told.advanced for told in money.values()),
            "items": list(wanted.items.select_related("decision__plan__province", "decision__plan__commune")),
        },
    )


def _taken_back(wanted) -> Offer:
    """The department's way back from its word, while nobody has decided."""
    draft = queries.draft_holding(wanted)
    why = _("Đề nghị đang nằm trong %(decision)s: hãy bỏ dòng đó khỏi dự thảo trước.") % {"decision": draft}
    url = "" if draft else reverse("plans:refuse_request", args=[wanted.pk])
    return Offer(_("Không chấp thuận"), url=url, why=why if draft else "", quiet=True)


def _next_of(user, wanted) -> list[Offer]:
    """A confirmed request waits for a decision: where it is taken up, for who drafts."""
    label, plan = _("Đưa vào quyết định của kế hoạch"), queries.plan_of_request(user, wanted)
    if why := why_unchangeable(wanted.project):
        return [Offer(label, why=why)]
    if plan is None or not queries.may_for(user, Permission.PLAN_DRAFT, plan):
        return [Offer(label, why=_("Người lập kế hoạch đưa đề nghị vào dự thảo quyết định điều chỉnh, ngừng."))]
    kind = DecisionKind.STOP if wanted.kind in STOPS else DecisionKind.ADJUST
    drafted = plan.decisions.filter(kind=kind, state__in=OPEN).order_by("-pk").first()
    if drafted is None:
        return [Offer(label, url=reverse("plans:page", args=[plan.pk]))]
    return [
        Offer(_("Mở %(decision)s để đưa vào") % {"decision": drafted}, url=reverse("plans:decision", args=[drafted.pk]))
    ]


@step
def ask_change(request, pk):
    """The implementer's request, from the page of its project."""
    project = get_object_or_404(
        Project.objects.visible_to(request.user)
        .whole_to(request.user)
        .select_related("implementer", "province", "commune"),
        pk=pk,
    )
    for_those_here(request.user, Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer)
    kind = PaperKind.REQUEST_LETTER
    form = bind(
        forms.ChangeForm,
        request,
        project=project,
        papers=letters_for(request.user, project, kind=kind),
        initial={"signer": str(request.user), "signer_title": request.user.title},
    )

    def do(data):
        paper = signed_paper(form, kind=kind, by=request.user, province=project.province, issuer=project.implementer)
        return operations.request_change(project, by=request.user, on=form.legal_day, paper=paper, **form.values())

    return step_page(
        request,
        form,
        do,
        trail=[(_("Đề án"), reverse("projects:list")), (project.code, reverse("projects:page", args=[pk]))],
        title=_("Đề nghị điều chỉnh"),
        sub=project.title,
        refusal=why_unchangeable(project),
        shows=lambda: {
            "law": [
                norms.cited(
                    _("Đơn vị thực hiện có văn bản nêu rõ lý do; Sở xác nhận."),
                    Ground.CHANGE_REQUEST,
                    on=clock.today(),
                    of=project,
                ),
                _("Ai quyết định tuỳ loại điều chỉnh; hệ thống ghi ngay khi nhận đề nghị."),
                _("Chỉ điền những ô mà loại điều chỉnh cần."),
            ],
        },
        project=project,
        granted=[(_("KCQG"), project.granted_national), (_("KCĐP"), project.granted_local)],
        paper=kind,
        button=_("Gửi đề nghị"),
        template="desk/plans/ask_change.html",
        to=lambda asked: reverse("plans:request", args=[asked.pk]),
        done=_("Đã ghi đề nghị; chờ Sở xác nhận."),
    )


def _request_step(request, pk, form_class, operation, *, states=(RequestState.REQUESTED,), **shown):
    wanted, back = _request(request, pk), reverse("plans:request", args=[pk])
    for_those_here(request.user, Permission.CHANGE_CONFIRM, place=wanted.project.place)
    kind = PaperKind.ANSWER_LETTER
    form = bind(form_class, request, papers=letters_for(request.user, wanted.project, kind=kind))

    def do(data):
        paper = signed_paper(form, kind=kind, by=request.user, province=wanted.province)
        more = {"reason": data["reason"]} if "reason" in form.fields else {}
        return operation(wanted, by=request.user, on=form.legal_day, paper=paper, **more)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Đề nghị điều chỉnh"), reverse("plans:requests")), (wanted.project.code, back)],
        sub=wanted,
        refusal=""
        if wanted.state in states
        else _("Đề nghị đang ở trạng thái “%(state)s”.") % {"state": wanted.get_state_display()},
        law=[
            f"{wanted.get_kind_display()}: {wanted.asked}" if wanted.asked else wanted.get_kind_display(),
            _("Lý do: %(reason)s") % {"reason": wanted.reason},
            _("Thẩm quyền quyết định: %(body)s %(basis)s")
            % {
                "body": wanted.authority_body,
                "basis": f"({citation(wanted.authority_basis)})" if wanted.authority_basis else "",
            },
        ],
        paper=kind,
        template="desk/plans/request_step.html",
        to=back,
        **shown,
    )


@step
def confirm_request(request, pk):
    return _request_step(
        request,
        pk,
        forms.ConfirmForm,
        operations.confirm_request,
        title=_("Xác nhận đề nghị"),
        button=_("Xác nhận đề nghị"),
        done=_("Đã xác nhận; đề nghị có thể đưa vào quyết định."),
    )


@step
def refuse_request(request, pk):
    return _request_step(
        request,
        pk,
        forms.RefuseForm,
        operations.refuse_request,
        states=(RequestState.REQUESTED, RequestState.CONFIRMED),
        title=_("Không chấp thuận đề nghị"),
        button=_("Không chấp thuận"),
        done=_("Đã ghi: không chấp thuận."),
    )
