"""Appendices: a contract takes over what a decision changed."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.money import dong
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Assignment, SupportContract
from khuyencong.norms.enums import Ground
from khuyencong.projects.queries import last_step
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms
from khuyencong.web.desk.contracts.views.shared import guard, guard_named, of_law, paper_of, project_of, step_page


@step
def amend_assignment(request, pk):
    project = project_of(request, pk)
    guard_named(request, project, P.ASSIGN)
    assignment = Assignment.objects.filter(project=project).first()
    if assignment is None:
        raise Http404
    form = bind(forms.AmendForm, request, initial={"ends_on": project.ends_on})

    def do(data):
        paper = paper_of(request, project, form)
        return operations.amend_assignment(
            assignment, by=request.user, on=data["signed_on"], paper=paper, ends_on=data["ends_on"], note=data["note"]
        )

    rows = [
        (_("KCQG"), assignment.national, project.granted_national or 0),
        (_("KCĐP"), assignment.local, project.granted_local or 0),
    ]
    return step_page(
        request,
        project,
        form,
        do,
        title=_("Phụ lục hợp đồng thực hiện"),
        button=_("Ghi phụ lục hợp đồng"),
        done=_("Đã ghi phụ lục; hợp đồng theo số mới."),
        shows=lambda: {
            "law": [
                of_law(project, _("Điều chỉnh thể hiện bằng phụ lục hợp đồng."), Ground.CHANGE_APPENDIX),
                of_law(project, _("Tạm ứng, thanh toán căn cứ vào hợp đồng thực hiện."), Ground.TASK_BINDS),
            ],
            "sums": [*_changes(rows), *_longer(assignment, project)],
        },
        after=[_("Tạm ứng tiếp theo được tính theo số mới.")],
        paper=form.kind,
    )


@step
def amend_support(request, pk, contract):
    project = project_of(request, pk)
    guard(request, project, P.CONTRACT_SIGN)
    found = get_object_or_404(
        SupportContract.objects.select_related("beneficiary__establishment", "assignment"),
        pk=contract,
        assignment__project=project,
    )
    own = found.beneficiary
    names = ("national", "local", "counterpart")
    form = bind(
        forms.AmendSupportForm,
        request,
        contract=found,
        initial={name: getattr(own, name) for name in names} | {"ends_on": _end_now(project, found)},
    )

    def do(data):
        paper = paper_of(request, project, form)
        return operations.amend_support(
            found,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            ends_on=data["ends_on"],
            note=data["note"],
            **{name: data.get(name, 0) for name in names},
        )

    rows = [
        (_("KCQG"), found.national, own.national),
        (_("KCĐP"), found.local, own.local),
        (_("đối ứng"), found.counterpart, own.counterpart),
    ]
    return step_page(
        request,
        project,
        form,
        do,
        title=_("Phụ lục hợp đồng hỗ trợ: %(name)s") % {"name": own},
        button=_("Ghi phụ lục hợp đồng"),
        done=_("Đã ghi phụ lục; hợp đồng theo số mới."),
        shows=lambda: {
            "law": [
                of_law(project, _("Phụ lục theo quyết định điều chỉnh đề án."), Ground.CHANGE)
                if last_step(project, "adjust")
                else _("Hợp đồng ghi khác số đã duyệt: phụ lục đưa về đúng số đã duyệt.")
            ],
            "sums": [*_changes(rows), *_longer(found, project)],
        },
        after=[_("Nghiệm thu theo số mới của hợp đồng.")],
        paper=form.kind,
    )


def _changes(rows) -> list[str]:
    return [
        _("%(source)s: hợp đồng %(before)s → quyết định %(now)s đồng.")
        % {"source": source, "before": dong(before), "now": dong(now)}
        for source, before, now in rows
        if before or now
    ]


def _end_now(project, contract):
    """The end to begin with: the task's, where it was given more time since."""
    task = contract.assignment
    behind = queries.support_differs(contract, assignment=task, appendices=queries.appendices(project))
    return task.ends_on if behind and task.ends_on else contract.ends_on


def _longer(contract, project) -> list[str]:
    """The time by the contract and by the decisions, where they are not one."""
    if not (contract.ends_on and project.ends_on) or contract.ends_on == project.ends_on:
        return []
    told = _("Hạn hoàn thành: hợp đồng %(before)s → đề án %(now)s.")
    return [told % {"before": f"{contract.ends_on:%d/%m/%Y}", "now": f"{project.ends_on:%d/%m/%Y}"}]
