"""Month by month: figures of the beneficiaries, reports, confirmed volume."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import BeneficiaryUpdate, ProgressReport
from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import Ground
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.papers import store_all
from khuyencong.web.common.serve import stored
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import (
    beneficiary_of,
    guard,
    of_law,
    own_side_only,
    paper_of,
    project_of,
    step_page,
)
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries import projects_of


@reads
def told(request, pk):
    """Everything that beneficiaries sent of this project, with their photos and invoices; an establishment finds its own."""
    project = project_of(request, pk)
    own = parts.own_beneficiaries(request.user, project)
    return render(
        request,
        "desk/contracts/told.html",
        {"project": project, "told": queries.updates_of(project, among=own), "whole": own is None},
    )


@reads
def told_file(request, pk, update, number):
    """One photo or invoice, for whoever sees what came with it."""
    project = project_of(request, pk)
    own = parts.own_beneficiaries(request.user, project)
    updates = BeneficiaryUpdate.objects.filter(beneficiary__project=project)
    found = get_object_or_404(updates if own is None else updates.filter(beneficiary__in=own), pk=update)
    return stored(request, get_object_or_404(found.files, pk=number))


@step
def tell(request, pk, who):
    project, today = project_of(request, pk), clock.today()
    beneficiary = beneficiary_of(project, who)
    own_side_only(request, project, beneficiary)
    before = next(iter(queries.updates_of(project, among=[beneficiary.pk])), None)
    form = bind(forms.TellForm, request, total=beneficiary.total, before=before.update.done if before else 0)
    due = queries.report_due(today.year, today.month, on=today, project=project)

    def do(data):
        photos = store_all(data["photos"], by=request.user)
        return operations.tell_progress(
            beneficiary,
            done=data["done"],
            note=data["note"],
            files=photos,
            by=request.user,
            **form.split(data["month"]),
        )

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.RUNNING,),
        title=_("Số liệu tháng của %(name)s") % {"name": beneficiary},
        button=_("Gửi số liệu tháng"),
        done=_("Đã gửi số liệu tháng."),
        sub=beneficiary.content or project.title,
        law=[
            _("Ghi tổng giá trị đã làm từ đầu, gồm cả phần cơ sở tự bỏ vốn."),
            _("Tổng đầu tư: %(total)s triệu đồng.") % {"total": million(beneficiary.total)},
            _("Lần trước, tháng %(month)s/%(year)s: đã làm %(done)s đồng.")
            % {"month": before.update.month, "year": before.update.year, "done": dong(before.update.done)}
            if before
            else "",
            _("Hạn tháng này: hết ngày %(day)s.") % {"day": f"{due.last_day:%d/%m/%Y}"} if due.last_day else "",
        ],
        one=before,
        template="desk/contracts/tell.html",
        after=[_("Đơn vị thực hiện lập báo cáo tháng từ số liệu này.")],
    )


def _told_less(told, last) -> str:
    """A question for the implementer: establishments tell less than the last report says."""
    done = sum(one.update.done for one in told)
    if last is None or not told or done >= last.done:
        return ""
    return _(
        "Cơ sở báo %(done)s đồng, thấp hơn báo cáo tháng %(month)s/%(year)s: %(last)s đồng. Hãy hỏi lại cơ sở."
    ) % {
        "done": dong(done),
        "month": last.month,
        "year": last.year,
        "last": dong(last.done),
    }


def _to_the_next(request):
    """Who came from the list of all that he has yet to report goes back to it, and home after the last."""
    waiting = f"{reverse('contracts:list')}?task={TaskKind.REPORT}"
    return lambda made: waiting if projects_of(request.user, TaskKind.REPORT).exists() else reverse("home")


@step
def report(request, pk):
    project, today = project_of(request, pk), clock.today()
    guard(request, project, P.PROGRESS_REPORT)
    latest = queries.latest_updates(project, year=today.year, month=today.month)
    every = {one.update.pk: one for one in queries.updates_of(project, until=(today.year, today.month))}
    told = [every[update.pk] for update in latest]
    last = ProgressReport.objects.filter(project=project).order_by("-year", "-month").first()
    done = sum(one.update.done for one in told) or (last.done if last else 0)
    initial = {
        "done": max(done, last.done if last else 0),
        "state_spent": last.state_spent if last else 0,
        "counterpart_spent": last.counterpart_spent if last else 0,
        "sent_on": today,
    }
    form = bind(forms.ReportForm, request, initial=initial, total=project.total)

    def do(data):
        names = ("done", "state_spent", "counterpart_spent", "note")
        paper = paper_of(request, project, form, PaperKind.PROGRESS_REPORT)
        return operations.report(
            project,
            by=request.user,
            on=data["sent_on"],
            paper=paper,
            **form.split(data["month"]),
            **{name: data[name] for name in names},
        )

    def shows():
        due = queries.report_due(today.year, today.month, on=today, project=project)
        told_due = _("Hạn tháng này: hết ngày %(day)s (%(article)s).")
        told_before = _("Luỹ kế không nhỏ hơn tháng trước: %(done)s đồng.")
        told_after = _("Muốn đề nghị tạm ứng theo khối lượng, báo cáo phải được Sở xác nhận.")
        return {
            "law": [
                told_due % {"day": f"{due.last_day:%d/%m/%Y}", "article": due.citation} if due.last_day else "",
                told_before % {"done": dong(last.done)} if last else "",
            ],
            "after": [of_law(project, told_after, Ground.VOLUME)],
        }

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.ASSIGNED, ProjectState.RUNNING),
        title=_("Báo cáo tiến độ tháng"),
        button=_("Gửi báo cáo tiến độ"),
        to=_to_the_next(request) if request.GET.get("task") == TaskKind.REPORT else "",
        done=lambda made: _("Đã gửi báo cáo tiến độ của %(code)s.") % {"code": project.code},
        sums=[_told_less(told, last)],
        short=True,
        told=told,
        told_total=sum(one.update.done for one in told),
        template="desk/contracts/report.html",
        shows=shows,
        paper=PaperKind.PROGRESS_REPORT,
    )


@step
def confirm_volume(request, pk, report):
    project = project_of(request, pk)
    guard(request, project, P.VOLUME_CONFIRM)
    found = get_object_or_404(ProgressReport, pk=report, project=project)
    form = bind(forms.ConfirmVolumeForm, request)

    def do(data):
        paper = paper_of(request, project, form)
        return operations.confirm_volume(found, by=request.user, on=data["signed_on"], paper=paper)

    share = found.done * 100 / project.total if project.total else 0
    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.ASSIGNED, ProjectState.RUNNING),
        refusal=_("Khối lượng của báo cáo này đã được xác nhận.") if found.confirmed_on else "",
        title=_("Xác nhận khối lượng tháng %(month)s/%(year)s") % {"month": found.month, "year": found.year},
        button=_("Xác nhận %(done)s triệu đồng khối lượng") % {"done": million(found.done)},
        done=_("Đã xác nhận khối lượng."),
        shows=lambda: {
            "law": [of_law(project, _("Sở kiểm tra, xác nhận khối lượng và kinh phí trong báo cáo."), Ground.VOLUME)],
        },
        sums=[
            _("%(done)s / %(total)s triệu đồng tổng vốn = %(share)s%%.")
            % {"done": million(found.done), "total": million(project.total), "share": f"{share:.1f}".replace(".", ",")}
        ],
        after=[_("Báo cáo này dùng được để đề nghị tạm ứng.")],
        paper=form.kind,
    )


@step
def remove_report(request, pk, report):
    project = project_of(request, pk)
    guard(request, project, P.PROGRESS_REPORT)
    found = get_object_or_404(ProgressReport, pk=report, project=project)
    return step_page(
        request,
        project,
        bind(forms.WhyForm, request),
        lambda data: operations.remove_report(found, reason=data["reason"], by=request.user),
        states=(ProjectState.ASSIGNED, ProjectState.RUNNING),
        refusal=_("Báo cáo này đã được Sở xác nhận khối lượng.") if found.confirmed_on else "",
        title=_("Rút báo cáo tháng %(month)s/%(year)s") % {"month": found.month, "year": found.year},
        button=_("Rút báo cáo"),
        done=_("Đã rút báo cáo; hãy gửi lại báo cáo đúng."),
        law=[_("Chỉ rút được báo cáo Sở chưa xác nhận. Nhật ký giữ nội dung đã gửi, cùng lý do.")],
        sums=[_("Khối lượng đã báo cáo: %(done)s đồng.") % {"done": dong(found.done)}],
    )
