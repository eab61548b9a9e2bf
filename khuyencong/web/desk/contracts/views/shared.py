"""What every page of one project's contract does."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.contracts import queries
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level
from khuyencong.projects.enums import Source
from khuyencong.web.common import steps
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.desk.contracts import parts
from khuyencong.web.desk.projects.views.shared import may_keep


def project_of(request, pk):
    scope = queries.board(request.user).select_related("province", "commune__province", "implementer", "dossier")
    return get_object_or_404(scope, pk=pk)


def page_of(project) -> str:
    return reverse("contracts:page", args=[project.pk])


def spent_rows(count):
    """Label and sum of each source that vouchers name."""
    return [(Source(source).label, amount) for source, amount in count.spent.items() if amount]


def guard(request, project, permission: P) -> None:
    """A page of an act is for who may act; the act asks again."""
    if not parts.may(request.user, project, permission):
        local = project.level != Level.NATIONAL
        authorise(request.user, permission, place=project.place, body=project.implementer, local=local)


def guard_named(request, project, permission: P) -> None:
    """The same where the law names who does it, whatever his role knows."""
    guard(request, project, permission)
    if why := parts.not_his(request.user, project, permission):
        raise NotAllowed(why)


def of_law(project, sentence, rule: Ground) -> str:
    """The sentence with where its rule stands today for the money of this project."""
    return norms.cited(sentence, rule, on=clock.today(), of=project)


def _shut(project, states) -> str:
    if project.historical:
        return _("Hồ sơ lịch sử chỉ để xem và tổng hợp; không ghi thêm bước nào.")
    if project.state not in states:
        return _("Bước này không mở ở trạng thái “%(state)s”.") % {"state": project.get_state_display()}
    return ""


def step_page(request, project, form, do, *, title, sub="", to="", states=(), refusal="", **shown):
    """A step of this contract; it ends on the contract's page, or where ``to`` says.  ``states``: those in which it is open."""
    to = to or page_of(project)
    shut = _shut(project, states) if states else ""
    trail = [(_("Hợp đồng, nghiệm thu, quyết toán"), reverse("contracts:list")), (project.code, page_of(project))]
    return steps.step_page(
        request,
        form,
        do,
        trail=trail,
        sub=sub or project.title,
        complete_at=reverse("projects:papers", args=[project.pk]) if may_keep(request.user, project) else "",
        to=to,
        title=title,
        refusal=shut or refusal,
        project=project,
        **shown,
    )


def paper_of(request, project, form, kind=""):
    return signed_paper(form, kind=kind or form.kind, by=request.user, province=project.province)


def beneficiary_of(project, who):
    return get_object_or_404(
        project.beneficiaries.filter(removed_on=None).select_related(
            "establishment__organisation", "establishment__commune__province", "establishment__province"
        ),
        pk=who,
    )


def own_side_only(request, project, beneficiary) -> None:
    """Pages for the implementer and for the establishment itself."""
    own = beneficiary.establishment
    if not (
        parts.may(request.user, project, P.PROGRESS_REPORT)
        or request.user.may(P.PROGRESS_REPORT_OWN, place=own.commune or own.province, body=own.organisation)
    ):
        raise NotAllowed(_("Chỉ đơn vị thực hiện hoặc chính cơ sở thụ hưởng được ghi việc này."))
