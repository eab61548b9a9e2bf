"""Machines and invoices of a project that the State has paid for before."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.contracts import operations, queries
from khuyencong.norms.enums import Level
from khuyencong.projects.queries import with_details
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import project_of, step_page
from khuyencong.web.desk.projects.parts import whole_file


@reads
def twins(request, pk):
    project = project_of(request, pk)
    if not whole_file(request.user, project):
        raise Http404
    context = {"project": project, "rows": parts.twin_rows(request.user, project)}
    return render(request, "desk/contracts/twins.html", context)


@step
def clear_twin(request, pk, key):
    project = project_of(request, pk)
    found = next((twin for twin in queries.twins_of(project) if twin.subject == key and twin.cleared is None), None)
    if found is None:
        raise Http404
    if project.level != Level.NATIONAL or not request.user.may(P.PROJECT_APPRAISE_MINISTRY, place=project.place):
        authorise(request.user, P.PROJECT_APPRAISE, place=project.place)
    [told] = with_details(request.user, [found])
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        project,
        form,
        lambda data: operations.clear_twin(project, key=key, by=request.user, **data),
        title=_("Cho qua máy, hoá đơn đã được hỗ trợ"),
        button=_("Cho qua, kèm lý do"),
        done=_("Đã cho qua, cùng lý do."),
        sums=[line for line in (told.sentence, told.detail) if line],
        to=reverse("contracts:twins", args=[project.pk]),
        short=True,
        after=[
            _("Điều này không còn chặn tạm ứng, nhưng vẫn hiện ở hợp đồng và trang kiểm toán cùng tên, lý do của bạn.")
        ],
    )
