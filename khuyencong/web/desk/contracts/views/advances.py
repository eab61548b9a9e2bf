"""An advance: asked for, confirmed, paid or sent back."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.budgets.queries import position, positions
from khuyencong.contracts import operations, queries
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, ProgressReport
from khuyencong.norms.enums import Ground
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import guard, guard_named, of_law, paper_of, project_of, step_page


@step
def request_advance(request, pk, envelope):
    project, today = project_of(request, pk), clock.today()
    guard(request, project, P.ADVANCE_REQUEST)
    found = next((one for one in positions(project) if one.pk == envelope), None)
    if found is None:
        raise Http404
    confirmed = ProgressReport.objects.filter(project=project, confirmed_on__isnull=False)
    last = confirmed.order_by("-year", "-month").first()
    room = queries.room(project, envelope=found, on=today, report=last)
    initial = {"amount": room.amount or None, "report": last}
    form = bind(forms.RequestAdvanceForm, request, project=project, initial=initial)

    def do(data):
        paper = paper_of(request, project, form)
        return operations.request_advance(
            project,
            envelope=found,
            amount=data["amount"],
            report=data["report"],
            by=request.user,
            on=data["signed_on"],
            paper=paper,
        )

    def shows():
        own, twice = position(found, project=project), queries.paid_twice(project, on=today)
        return {
            "law": [
                room.refusal,
                _("Đã cam kết %(committed)s, đã chuyển %(advanced)s, còn %(left)s triệu đồng.")
                % {
                    "committed": million(own.committed),
                    "advanced": million(own.advanced),
                    "left": million(own.unpaid),
                },
            ],
            "sums": [room.sentence, *_paid_twice(twice)],
            "short": _stands(twice),
            "checks": parts.checks_of(queries.papers_for_advance(project, kind=room.kind, on=today)),
            "after": [of_law(project, _("Sở xác nhận khối lượng rồi kế toán mới chuyển tiền."), Ground.VOLUME)],
        }

    return step_page(
        request,
        project,
        form,
        do,
        states=(
            ProjectState.ASSIGNED,
            ProjectState.RUNNING,
            ProjectState.ACCEPTED,
            ProjectState.SETTLED,
        ),
        refusal=room.refusal,
        title=_("Đề nghị %(kind)s") % {"kind": room.kind.label.lower()},
        button=_("Đề nghị tạm ứng"),
        done=_("Đã ghi đề nghị tạm ứng; chờ Sở xác nhận."),
        sub=_("%(project)s. Nguồn: %(envelope)s.") % {"project": project.title, "envelope": found},
        shows=shows,
        paper=form.kind,
    )


def _paid_twice(found) -> list[str]:
    """What would be paid a second time: who let it pass and why, or that somebody must first."""
    return [
        _("%(told)s %(who)s cho qua: %(reason)s")
        % {"told": one.told, "who": one.cleared.by, "reason": one.cleared.reason}
        if one.cleared
        else _("%(twin)s Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được.") % {"twin": one.told}
        for one in found
    ]


def _stands(found) -> bool:
    return any(one.cleared is None for one in found)


def _advance(project, pk):
    return get_object_or_404(Advance.objects.select_related("project", "envelope", "report"), pk=pk, project=project)


def _shut(advance, *states, back=False) -> str:
    """Why nothing is done with it; ``back``: it is to be sent back, which is left where its project was stopped."""
    if advance.state in states and not back and advance.project.state not in queries.UNDER_WAY:
        said = _("Đề án đang ở trạng thái “%(state)s” nên không chuyển tạm ứng; đề nghị này chỉ trả lại được.")
        return said % {"state": advance.project.get_state_display()}
    if advance.state in states:
        return ""
    if advance.state == AdvanceState.REQUESTED:
        return _("Sở chưa xác nhận khối lượng cho đề nghị này.")
    return _("Đề nghị tạm ứng này đang ở trạng thái “%(state)s”.") % {"state": advance.get_state_display()}


def _of_advance(advance) -> str:
    return _("Lần %(number)s, %(kind)s: %(amount)s đồng từ %(envelope)s.") % {
        "number": advance.number,
        "kind": advance.get_kind_display().lower(),
        "amount": dong(advance.amount),
        "envelope": advance.envelope,
    }


@step
def confirm_advance(request, pk, advance):
    project = project_of(request, pk)
    guard(request, project, P.VOLUME_CONFIRM)
    found = _advance(project, advance)
    form = bind(forms.ConfirmAdvanceForm, request)

    def do(data):
        paper = paper_of(request, project, form)
        return operations.confirm_advance(found, by=request.user, on=data["signed_on"], paper=paper)

    def shows():
        twice = queries.paid_twice(project, on=clock.today())
        return {
            "law": [
                _of_advance(found),
                of_law(project, _("Sở kiểm tra, xác nhận khối lượng công việc trước khi đề nghị đi."), Ground.VOLUME),
            ],
            "sums": _paid_twice(twice),
            "short": _stands(twice),
            "after": [
                _("Kế toán chưa chuyển được tiền cho tới khi có người của Sở cho qua.")
                if _stands(twice)
                else _("Kế toán chuyển được tiền.")
            ],
        }

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Xác nhận đề nghị tạm ứng"),
        refusal=_shut(found, AdvanceState.REQUESTED),
        button=_("Xác nhận %(amount)s triệu đồng") % {"amount": million(found.amount)},
        done=_("Đã xác nhận đề nghị tạm ứng."),
        shows=shows,
        paper=form.kind,
    )


@step
def pay_advance(request, pk, advance):
    project = project_of(request, pk)
    found = _advance(project, advance)
    (guard if found.envelope.place else guard_named)(request, project, P.ADVANCE_PAY)
    form = bind(forms.PayForm, request)

    def do(data):
        paper = paper_of(request, project, form)
        return operations.pay_advance(
            found, by=request.user, on=data["signed_on"], paper=paper, treasury_number=data["treasury_number"]
        )

    def shows():
        twice = queries.paid_twice(project, on=clock.today())
        return {
            "law": _law_of_paying(project, found),
            "sums": _paid_twice(twice),
            "short": _stands(twice),
        }

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi chuyển tiền tạm ứng"),
        refusal=_shut(found, AdvanceState.CONFIRMED),
        button=_("Ghi đã chuyển %(amount)s đồng") % {"amount": dong(found.amount)},
        done=_("Đã ghi chuyển tiền."),
        shows=shows,
        after=[_("Sổ kinh phí ghi tạm ứng; không xoá được.")],
        paper=form.kind,
    )


def _law_of_paying(project, found) -> list[str]:
    confirmed = (
        _("Sở xác nhận khối lượng ngày %(day)s; ngày chuyển tiền không được trước ngày đó.")
        % {"day": f"{found.confirmed_on:%d/%m/%Y}"}
        if found.confirmed_on
        else _("Sở chưa xác nhận khối lượng cho đề nghị này.")
    )
    return [
        _of_advance(found),
        of_law(project, confirmed, Ground.VOLUME),
        of_law(project, _("Kho bạc kiểm soát, thanh toán theo chứng từ."), Ground.TREASURY),
        queries.after_its_year(project, envelope=found.envelope, on=clock.today()),
    ]


@step
def refuse_advance(request, pk, advance):
    project = project_of(request, pk)
    found = _advance(project, advance)
    guard(request, project, P.VOLUME_CONFIRM if found.state == AdvanceState.REQUESTED else P.ADVANCE_PAY)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        project,
        form,
        lambda data: operations.refuse_advance(found, by=request.user, **data),
        title=_("Trả lại đề nghị tạm ứng"),
        refusal=_shut(found, AdvanceState.REQUESTED, AdvanceState.CONFIRMED, back=True),
        button=_("Trả lại"),
        done=_("Đã trả lại đề nghị."),
        law=[_of_advance(found)],
        after=[_("Đơn vị thực hiện đề nghị lại được; lần sau mang số mới.")],
    )
