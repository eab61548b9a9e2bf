"""The steps of a project's life, and exceptions a person clears."""

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import dong, million
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Stage
from khuyencong.projects import operations, queries, rules
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.conditions import told_of
from khuyencong.web.desk.projects.parts import checks_of, may_clear
from khuyencong.web.desk.projects.views.shared import page_of, project_of, signed_by, step_page

AFTER = {
    "submit": gettext_lazy(
        "Hồ sơ khoá lại và chuyển đến Sở Công Thương để thẩm định; muốn sửa phải được yêu cầu bổ sung."
    ),
    "return": gettext_lazy("Hồ sơ mở lại cho đơn vị thực hiện, kèm lý do."),
    "appraise": gettext_lazy("Đề án được xếp vào danh sách chờ kế hoạch; định mức của ngày này được giữ cho đề án."),
    "fail": gettext_lazy("Đề án dừng ở đây; muốn làm tiếp phải lập đề án mới."),
    "register": gettext_lazy("Đề án chuyển đến Cục để thẩm định cấp Bộ."),
    "ministry_return": gettext_lazy("Hồ sơ mở lại cho đơn vị thực hiện, kèm lý do; sau đó thẩm định lại từ cấp cơ sở."),
    "ministry_appraise": gettext_lazy("Đề án chờ Bộ trưởng phê duyệt trong kế hoạch năm."),
    "ministry_fail": gettext_lazy("Đề án dừng ở đây; muốn làm tiếp phải lập đề án mới."),
    "withdraw": gettext_lazy("Đề án không được xét nữa."),
}


REASONED = frozenset({"return", "fail", "ministry_return", "ministry_fail", "withdraw"})


NOTED = frozenset({"appraise", "ministry_appraise"})


@step
def take(request, pk, name):
    """One step: left what the law asks, right the paper and the day."""
    project = project_of(request, pk)
    workflow = LIFECYCLES[project.level]
    here = next((one for one in workflow if one.name == name), None)
    if here is None:
        raise Http404
    offer = next((o for o in queries.steps_open_to(request.user, project) if o.step.name == name and not o.ahead), None)
    if offer is None or not offer.is_open:
        why = (
            offer.why
            if offer
            else _("Bước này không mở ở trạng thái “%(state)s”.") % {"state": project.get_state_display()}
        )
        if request.method != "POST":
            raise NotAllowed(why)
    checked = name in ("submit", "appraise", "ministry_appraise")
    kind = here.paper
    papers = documents.choices_for(request.user, kind=kind).filter(Q(province=project.province) | Q(province=None))
    form = bind(
        forms.StepForm,
        request,
        papers=papers,
        with_reason=name in REASONED,
        with_note=name in NOTED,
        initial=signed_by(request.user),
    )

    def do(data):
        paper = signed_paper(form, kind=kind, by=request.user, province=project.province)
        more = {key: data[key] for key in ("reason", "note") if key in form.fields}
        operation = operations.return_ if name == "return" else getattr(operations, name)
        return operation(project, by=request.user, on=form.legal_day, paper=paper, **more)

    findings, conditions = _judged(request.user, project) if checked else ([], {})
    lines = queries.checklist(
        project,
        stage=Stage.REGISTRATION if name.startswith(("ministry", "register")) else Stage.APPRAISAL,
        on=clock.today(),
    )
    return step_page(
        request,
        project,
        form,
        do,
        title=here.label,
        law=[here.article],
        recorded=bool(offer and offer.recorded),
        conflict=queries.conflict_of(request.user, project.uid) if name in ("appraise", "fail", "return") else None,
        findings=findings,
        **conditions,
        checks=checks_of(lines),
        missing=len(documents.missing(lines)),
        beside=True,
        paper=kind,
        after=[
            AFTER[name],
            _("Nhà nước hỗ trợ %(million)s triệu đồng (%(amount)s đồng).")
            % {"million": million(project.support), "amount": dong(project.support)},
        ],
        button=_("%(step)s, đề án %(code)s") % {"step": here.label, "code": project.code},
        template="desk/projects/step.html",
        done=lambda done: _("Đã ghi: %(step)s.") % {"step": here.label},
    )


def _judged(user, project):
    """What the checks say of the file, and apart from it the conditions of support with what is missing."""
    now, today = queries.helped(project), clock.today()
    judgements = queries.conditions_of(project, on=today, beneficiaries=now)
    file = [
        finding
        for finding in queries.checks(project, on=today, beneficiaries=now)
        if finding.rule not in queries.CONDITION_RULES
    ]
    return file, told_of(user, project, judgements, helped=now, may_clear=may_clear(user, project))


@step
def clear_warning(request, pk):
    project = project_of(request, pk)
    initial = {"rule": request.GET.get("rule", ""), "subject": request.GET.get("subject", "")}
    form = bind(forms.ClearForm, request, initial=initial)
    asked = request.POST if request.method == "POST" else request.GET
    finding = next(
        (
            f
            for f in queries.checks(project, on=rules.judged(project, on=clock.today()).day)
            if f.rule == asked.get("rule") and f.subject == asked.get("subject", "")
        ),
        None,
    )
    return step_page(
        request,
        project,
        form,
        lambda data: operations.clear_warning(
            project,
            rule=data["rule"],
            subject=data["subject"],
            reason=data["reason"],
            by=request.user,
            on=clock.today(),
        ),
        title=_("Chấp nhận ngoại lệ"),
        sums=[finding.told if finding else _("Không còn điều nào thuộc loại này cần chấp nhận.")],
        short=finding is not None,
        after=[
            _("Điều này không còn chặn các bước, nhưng vẫn hiện ở hồ sơ và trang kiểm toán cùng tên, lý do của bạn.")
        ],
        button=_("Chấp nhận ngoại lệ"),
        to=page_of(project, "checks"),
        done=_("Đã ghi ngoại lệ cùng lý do."),
    )
