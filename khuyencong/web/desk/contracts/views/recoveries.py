"""Money that goes back by decision."""

from django.http import Http404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.money import dong
from khuyencong.budgets.queries import positions, recoverable
from khuyencong.contracts import operations, queries
from khuyencong.contracts.enums import RecoveryGround
from khuyencong.norms.enums import Ground
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms
from khuyencong.web.desk.contracts.views.shared import guard, of_law, paper_of, project_of, step_page


@step
def order(request, pk, envelope):
    project = project_of(request, pk)
    guard(request, project, P.RECOVER)
    found = next(((one, own) for one, own in positions(project).items() if one.pk == envelope), None)
    if found is None:
        raise Http404
    source, own = found
    stopped = project.state == ProjectState.STOPPED
    ground = RecoveryGround.STOPPED if stopped else RecoveryGround.SURPLUS if own.surplus else RecoveryGround.VIOLATION
    demanded = sum(r.amount - r.received for r in queries.recoveries(project).filter(envelope=source))
    there = max(recoverable(source, project=project) - demanded, 0)
    surplus = max(own.surplus - demanded, 0)
    facts = {
        "advanced": dong(own.advanced),
        "settled": dong(own.settled),
        "demanded": dong(demanded),
        "there": dong(there),
    }
    sums = _("Đã tạm ứng %(advanced)s đồng, đã quyết toán %(settled)s đồng, đang chờ thu hồi %(demanded)s đồng; còn có thể "
             "thu hồi %(there)s đồng.") % facts  # fmt: skip
    form = bind(
        forms.RecoveryForm,
        request,
        project=project,
        initial={"ground": ground, "amount": surplus or there or None},
    )

    def do(data):
        paper = paper_of(request, project, form)
        names = ("ground", "amount", "reason", "due_on")
        return operations.order_recovery(
            project,
            envelope=source,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            **{name: data[name] for name in names},
        )

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.STOPPED, ProjectState.SETTLED, ProjectState.LIQUIDATED,),
        refusal="" if there else sums,
        title=_("Quyết định thu hồi kinh phí"),
        button=_("Ghi quyết định thu hồi"),
        done=_("Đã ghi quyết định thu hồi; chờ tiền nộp."),
        sub=_("%(project)s. Nguồn: %(envelope)s.") % {"project": project.title, "envelope": source},
        law=[
            of_law(
                project,
                _("Phần đã tạm ứng không có khối lượng, phần đã dùng không được quyết toán phải hoàn trả để nộp ngân sách."),
                Ground.PAY_BACK,
            ),
        ],
        sums=[sums],
        after=[_("Tiền chỉ ghi vào sổ khi đã nộp kho bạc; số thu hồi không được phân bổ lại.")],
        paper=form.kind,
    )  # fmt: skip


@step
def receive(request, pk, recovery):
    project = project_of(request, pk)
    guard(request, project, P.SETTLE)
    found = queries.recoveries(project).filter(pk=recovery).first()
    if found is None:
        raise Http404
    owed = found.amount - found.received
    form = bind(forms.ReceiptForm, request, initial={"amount": owed or None})

    def do(data):
        paper = paper_of(request, project, form)
        return operations.receive_recovery(
            found,
            amount=data["amount"],
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            treasury_number=data["treasury_number"],
        )

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi tiền thu hồi đã nộp"),
        refusal="" if owed > 0 else _("Khoản này đã nộp đủ."),
        button=_("Ghi tiền đã nộp"),
        done=_("Đã ghi tiền thu hồi."),
        law=[_("%(paper)s: %(reason)s") % {"paper": found.paper, "reason": found.reason}],
        sums=[
            _("Phải thu %(amount)s − đã nộp %(received)s = còn %(owed)s đồng, hạn %(day)s.")
            % {
                "amount": dong(found.amount),
                "received": dong(found.received),
                "owed": dong(owed),
                "day": f"{found.due_on:%d/%m/%Y}",
            }
        ],
        after=[_("Sổ kinh phí ghi thu hồi; không xoá được.")],
        paper=form.kind,
    )
