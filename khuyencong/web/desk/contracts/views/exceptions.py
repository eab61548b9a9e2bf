"""What stands in the way of a contract and the department lets pass with a reason: machines and invoices that the State has
paid for before, a project cut in several, orders of days that cannot be."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.contracts import operations, queries
from khuyencong.projects.models import Project
from khuyencong.projects.queries import norms_missing, splits_granted, with_details
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import project_of, step_page
from khuyencong.web.desk.projects.parts import whole_file


@reads
def twins(request, pk):
    project = project_of(request, pk)
    if not whole_file(request.user, project):
        raise Http404
    context = {
        "project": project,
        "rows": parts.twin_rows(request.user, project),
        "without_norm": norms_missing(project, on=clock.today()),
    }
    return render(request, "desk/contracts/twins.html", context)


@step
def clear_twin(request, pk, key):
    project = project_of(request, pk)
    twins = [twin for twin in queries.twins_of(project) if twin.key == key and twin.cleared is None]
    splits = [
        split for split in splits_granted(project, on=clock.today()) if split.key == key and split.cleared is None
    ]
    evidence = [line for told in with_details(request.user, twins) for line in (told.sentence, told.detail) if line]
    return _let_pass(
        request,
        project,
        [*evidence, *(split.told for split in splits)],
        lambda data: operations.clear_twin(project, key=key, by=request.user, **data),
        title=_("Cho qua đề án bị chia nhỏ") if splits else _("Cho qua máy, hoá đơn đã được hỗ trợ"),
        to=reverse("contracts:twins", args=[project.pk]),
        after=_(
            "Điều này không còn chặn tạm ứng, nhưng vẫn hiện ở hợp đồng và trang kiểm toán cùng tên, lý do của bạn."
        ),
    )


@step
def clear_order(request, pk, key):
    project = project_of(request, pk)
    orders = queries.impossible_orders(Project.objects.filter(pk=project.pk))
    return _let_pass(
        request,
        project,
        [order.sentence for order in orders if order.key == key],
        lambda data: operations.clear_order(project, key=key, by=request.user, **data),
        title=_("Cho qua thứ tự ngày bất hợp lý"),
        after=_(
            "Điều này không còn chặn nghiệm thu, nhưng vẫn hiện ở hợp đồng và trang kiểm toán cùng tên, lý do của bạn."
        ),
    )


def _let_pass(request, project, evidence, do, *, title, after, to=""):
    if not evidence:
        raise Http404
    if not parts.may_clear(request.user, project):
        authorise(request.user, P.PROJECT_APPRAISE, place=project.place)
    return step_page(
        request,
        project,
        bind(forms.ReasonForm, request, initial={"on": clock.today()}),
        do,
        title=title,
        button=_("Cho qua, kèm lý do"),
        done=_("Đã cho qua, cùng lý do."),
        sums=evidence,
        to=to,
        short=True,
        after=[after],
    )
