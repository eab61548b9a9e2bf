"""The establishments a project helps: added, changed, approved."""

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.base.sentences import counted
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.projects import operations, queries
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import bind, step, writes
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.views.shared import beneficiary_of, opened_to, page_of, signed_by, step_page, whole_of


@step
def add_beneficiary(request, pk):
    project = opened_to(request, pk, Permission.PROJECT_DRAFT)
    initial = _from_needs(project)
    form = bind(forms.BeneficiaryForm, request, user=request.user, project=project, initial=initial)
    return step_page(
        request,
        project,
        form,
        lambda data: operations.add_beneficiary(
            project, establishment=data["establishment"], by=request.user, **form.values()
        ),
        title=_("Thêm đơn vị thụ hưởng"),
        refusal=queries.list_shut(project, on=clock.today()),
        button=_("Thêm đơn vị thụ hưởng"),
        template="desk/projects/beneficiary.html",
        to=page_of(project, "beneficiaries"),
        done=lambda b: _("Đã thêm %(name)s.") % {"name": b.establishment},
    )


def _from_needs(project) -> dict:
    """Whom the needs of this project name and who is not in it yet."""
    here = project.beneficiaries.filter(removed_on=None).values("establishment")
    need = project.needs.exclude(establishment=None).exclude(establishment__in=here).order_by("pk").first()
    return {"establishment": need.establishment_id, "content": need.what, "total": need.about} if need else {}


@step
def change_beneficiary(request, pk, who):
    project = opened_to(request, pk, Permission.PROJECT_DRAFT)
    beneficiary = beneficiary_of(project, who)
    names = ("content", "total", "national", "local", "counterpart", "other_support", "other_support_told")
    form = bind(
        forms.BeneficiaryForm, request, fixed=True, initial={name: getattr(beneficiary, name) for name in names}
    )
    return step_page(
        request,
        project,
        form,
        lambda data: operations.change_beneficiary(beneficiary, by=request.user, **form.values()),
        title=str(beneficiary.establishment),
        refusal=queries.list_shut(project, on=clock.today()),
        button=_("Lưu"),
        template="desk/projects/beneficiary.html",
        to=page_of(project, "beneficiaries"),
        done=_("Đã lưu."),
    )


@writes
def remove_beneficiary(request, pk, who):
    project = whole_of(request, pk)
    operations.remove_beneficiary(beneficiary_of(project, who), by=request.user)
    return page_of(project, "beneficiaries")


@step
def approve_beneficiaries(request, pk):
    project = opened_to(request, pk, Permission.BENEFICIARIES_APPROVE)
    waiting = [b for b in queries.helped(project) if b.approved_on is None]
    papers = documents.choices_for(request.user, kind=PaperKind.GROUP_PLAN).filter(province=project.province)
    form = bind(forms.StepForm, request, papers=papers, initial=signed_by(request.user))
    findings = queries.with_clearances(project, queries.list_findings(project, beneficiaries=waiting, on=clock.today()))
    standing = [finding.subject for finding in findings if finding.refuses]
    ready = [b for b in waiting if not any(str(b.uid) in subject for subject in standing)]
    chosen = [b for b in waiting if str(b.pk) in request.POST.getlist("who")] if request.method == "POST" else ready

    def do(data):
        paper = signed_paper(form, kind=PaperKind.GROUP_PLAN, by=request.user, province=project.province)
        return operations.approve_beneficiaries(
            project, beneficiaries=chosen, by=request.user, on=form.legal_day, paper=paper
        )

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Duyệt danh sách thụ hưởng"),
        refusal="" if waiting else _("Không còn đơn vị thụ hưởng nào chờ duyệt."),
        shows=lambda: {
            "law": [
                norms.cited(
                    _("Sở duyệt danh sách thụ hưởng, Mẫu 11, trước khi ký hợp đồng hỗ trợ."),
                    Ground.GROUP_LIST,
                    on=clock.today(),
                    of=project,
                )
            ],
        },
        findings=findings,
        waiting=waiting,
        chosen={b.pk for b in chosen},
        after=[
            _("Đơn vị thực hiện ký được hợp đồng hỗ trợ với các cơ sở này."),
            _("Thay đổi phải có quyết định điều chỉnh."),
        ],
        paper=PaperKind.GROUP_PLAN,
        button=counted("Duyệt %(count)s đơn vị thụ hưởng, %(support)s triệu đồng", len(chosen))
        % {"count": len(chosen), "support": million(sum(b.support for b in chosen))}
        if chosen
        else _("Duyệt các đơn vị đã chọn"),
        template="desk/projects/approve_beneficiaries.html",
        to=page_of(project, "beneficiaries"),
        done=lambda done: counted("Đã duyệt %(count)s đơn vị thụ hưởng.", len(done)) % {"count": len(done)},
    )


@step
def share_out(request, pk):
    project = opened_to(request, pk, Permission.BENEFICIARIES_APPROVE)
    helped = queries.helped(project)
    over = queries.shares_over(project, helped, on=clock.today())
    papers = documents.choices_for(request.user, kind=PaperKind.GROUP_PLAN).filter(province=project.province)
    form = bind(forms.SharesForm, request, helped=helped, papers=papers, initial=signed_by(request.user))

    def do(data):
        paper = signed_paper(form, kind=PaperKind.GROUP_PLAN, by=request.user, province=project.province)
        return operations.share_out(project, shares=form.shares(), by=request.user, on=form.legal_day, paper=paper)

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Xác định lại phần của từng đơn vị thụ hưởng"),
        refusal=""
        if project.is_under_way and over
        else _("Phần của các đơn vị thụ hưởng nằm trong kinh phí được duyệt."),
        law=[
            _("Được duyệt: KCQG %(national)s đồng, KCĐP %(local)s đồng.")
            % {"national": dong(project.granted_national or 0), "local": dong(project.granted_local or 0)},
            over,
        ],
        after=[
            _("Đơn vị thực hiện ký được hợp đồng hỗ trợ theo phần mới."),
            _("Hợp đồng đã ký nhiều hơn phần mới thì phải có phụ lục."),
        ],
        paper=PaperKind.GROUP_PLAN,
        button=_("Ghi phần của từng đơn vị"),
        to=page_of(project, "beneficiaries"),
        done=lambda shares: (
            _("Đã xác định lại phần của từng đơn vị thụ hưởng: cộng %(shared)s đồng trong %(granted)s đồng được duyệt.")
            % {"shared": dong(sum(one.support for one in shares)), "granted": dong(project.granted or 0)}
        ),
    )
