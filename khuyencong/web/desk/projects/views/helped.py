"""The establishments a project helps: added, changed, approved."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.money import million
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import PaperKind
from khuyencong.projects import operations, queries
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import act, bind, step, writes
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.views.shared import beneficiary_of, project_of, signed_by


@step
def add_beneficiary(request, pk):
    project = project_of(request, pk)
    form = bind(forms.BeneficiaryForm, request, user=request.user, project=project)
    template, context = (
        "desk/projects/beneficiary.html",
        {
            "project": project,
            "title": _("Thêm đơn vị thụ hưởng"),
            "back": reverse("projects:beneficiaries", args=[pk]),
            "button": _("Thêm đơn vị thụ hưởng"),
        },
    )
    if request.method == "POST" and "_find" in request.POST:
        form.full_clean()
        form._errors.clear()
        return render(request, template, {**context, "form": form})
    return act(
        request,
        form,
        lambda data: operations.add_beneficiary(
            project, establishment=data["establishment"], content=data["content"], by=request.user, **form.amounts()
        ),
        template=template,
        context=context,
        to=reverse("projects:beneficiaries", args=[pk]),
        done=lambda b: _("Đã thêm %(name)s.") % {"name": b.establishment},
    )


@step
def change_beneficiary(request, pk, who):
    project = project_of(request, pk)
    beneficiary = beneficiary_of(project, who)
    names = ("content", "total", "national", "local", "counterpart")
    form = bind(
        forms.BeneficiaryForm, request, fixed=True, initial={name: getattr(beneficiary, name) for name in names}
    )
    return act(
        request,
        form,
        lambda data: operations.change_beneficiary(
            beneficiary, content=data["content"], by=request.user, **form.amounts()
        ),
        template="desk/projects/beneficiary.html",
        context={
            "project": project,
            "title": str(beneficiary.establishment),
            "back": reverse("projects:beneficiaries", args=[pk]),
            "button": _("Lưu"),
        },
        to=reverse("projects:beneficiaries", args=[pk]),
        done=_("Đã lưu."),
    )


@writes
def remove_beneficiary(request, pk, who):
    operations.remove_beneficiary(beneficiary_of(project_of(request, pk), who), by=request.user)
    return reverse("projects:beneficiaries", args=[pk])


@step
def approve_beneficiaries(request, pk):
    project = project_of(request, pk)
    waiting = [b for b in queries.helped(project) if b.approved_on is None]
    papers = documents.choices_for(request.user, kind=PaperKind.GROUP_PLAN).filter(province=project.province)
    form = bind(forms.StepForm, request, papers=papers, initial=signed_by(request.user))
    chosen = [b for b in waiting if str(b.pk) in request.POST.getlist("who")] if request.method == "POST" else waiting

    def do(data):
        paper = data.get("existing") or signed_paper(
            form, kind=PaperKind.GROUP_PLAN, by=request.user, province=project.province
        )
        return operations.approve_beneficiaries(
            project, beneficiaries=chosen, by=request.user, on=form.legal_day, paper=paper
        )

    return act(
        request,
        form,
        do,
        template="desk/projects/approve_beneficiaries.html",
        context={
            "project": project,
            "waiting": waiting,
            "chosen": {b.pk for b in chosen},
            "findings": queries.with_clearances(
                project,
                [
                    *queries.norm_findings(project, beneficiaries=waiting, lines=(), on=clock.today()),
                    *queries.place_findings(project, beneficiaries=waiting, on=clock.today()),
                    *queries.before_findings(project, beneficiaries=waiting, on=clock.today()),
                ],
            ),
            "support": million(sum(b.support for b in waiting)),
            "back": reverse("projects:beneficiaries", args=[pk]),
        },
        to=reverse("projects:beneficiaries", args=[pk]),
        done=lambda done: _("Đã duyệt %(count)s đơn vị thụ hưởng.") % {"count": len(done)},
    )
