"""Papers put into the dossier, or said not to apply."""

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.base.errors import NotAllowed
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper, Requirement
from khuyencong.organisations.models import Organisation
from khuyencong.projects import operations
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.views.shared import KEEPING, opened_to, page_of, step_page


def _line_asked(request):
    """The line of the checklist, and the party, that the address names."""
    requirement = party = None
    if request.GET.get("giay", "").isdecimal():
        requirement = get_object_or_404(Requirement, pk=request.GET["giay"])
    if request.GET.get("ben", "").isdecimal():
        party = get_object_or_404(Organisation, pk=request.GET["ben"])
    return requirement, party


def _line_said(requirement, party) -> str:
    if requirement is None:
        return ""
    return ". ".join(
        part for part in (", ".join(str(w) for w in (requirement.title, party) if w), requirement.article) if part
    )


@step
def put_paper(request, pk):
    project = opened_to(request, pk, *KEEPING, by_paper=False)
    requirement, party = _line_asked(request)
    kind = requirement.paper_kind if requirement else PaperKind.OTHER
    papers = (
        Paper.objects.visible_to(request.user)
        .filter(kind=kind, closed=False)
        .filter(Q(province=project.province) | Q(province=None))
    )
    form = bind(forms.PutForm, request, papers=papers.order_by("-signed_on", "-pk"))

    def do(data):
        facts = {"abstract": data["abstract"] or (requirement.title if requirement else "")}
        paper = signed_paper(form, kind=kind, by=request.user, province=project.province, **facts)
        return operations.put_paper(project, paper=paper, requirement=requirement, party=party, by=request.user)

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Thêm văn bản vào hồ sơ"),
        law=[_line_said(requirement, party)],
        paper=kind if requirement else "",
        button=_("Thêm vào hồ sơ"),
        to=page_of(project, "papers"),
        done=_("Đã thêm vào hồ sơ."),
    )


@step
def waive_paper(request, pk):
    project = opened_to(request, pk, *KEEPING, by_paper=False)
    requirement, party = _line_asked(request)
    if requirement is None:
        raise NotAllowed(_("Hãy chọn giấy tờ trong danh mục."))
    form = bind(forms.WaiveForm, request)
    return step_page(
        request,
        project,
        form,
        lambda data: operations.waive_paper(
            project, requirement=requirement, party=party, reason=data["reason"], by=request.user
        ),
        title=_("Giấy tờ không áp dụng"),
        law=[_line_said(requirement, party)],
        button=_("Ghi không áp dụng"),
        to=page_of(project, "papers"),
        done=_("Đã ghi không áp dụng."),
    )
