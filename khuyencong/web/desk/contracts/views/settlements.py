"""Settlement, what is given back, liquidation."""

from django.http import Http404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.budgets.queries import positions
from khuyencong.contracts import operations, queries, rules
from khuyencong.contracts.models import Acceptance
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.documents.operations import record_paper
from khuyencong.norms.enums import Ground
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import guard, guard_named, of_law, paper_of, project_of, step_page


@step
def settle(request, pk):
    project, today = project_of(request, pk), clock.today()
    guard_named(request, project, P.SETTLE)
    invoiced = queries.accepted_for_invoice(Acceptance.objects.filter(project=project))
    form = bind(forms.SettleForm, request, project=project, initial={"with_invoice": invoiced})

    def do(data):
        paper = paper_of(request, project, form)
        return operations.settle(
            project,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            with_invoice=data["with_invoice"],
            late_reason=data["late_reason"],
        )

    count = queries.reckoning(project)

    def shows():
        last = queries.last_acceptance(project)
        due = queries.settlement_due(project, last=last.on, on=today) if last else None
        held = positions(project)
        advanced = sum(own.advanced for own in held.values())
        surplus = sum(surplus for _envelope, _amount, surplus in rules.settled_by(held, count.due))
        facts = queries.settlement_facts(project, with_invoice=bool(form["with_invoice"].value()), on=today)
        lines = queries.papers_for(project, stage=Stage.SETTLEMENT, on=today, facts=facts)
        return {
            "law": [
                counted("Hạn lập hồ sơ: %(day)s, %(days)s ngày sau nghiệm thu cuối cùng (%(article)s).", due.days)
                % {"day": f"{due.last_day:%d/%m/%Y}", "days": due.days, "article": due.citation}
                if due and due.last_day
                else "",
                _("Chứng từ đã kê: %(sum)s đồng.") % {"sum": dong(count.spent_total)},
                _papers_of_invoice(lines),
            ],
            "sums": [
                count.due.sentence,
                *count.beyond_grant(),
                _("Đã tạm ứng %(advanced)s đồng; phải nộp trả %(surplus)s đồng.")
                % {"advanced": dong(advanced), "surplus": dong(surplus)},
            ],
            "checks": parts.checks_of([line for line in lines if line.requirement.code != "settlement_table"]),
        }

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.ACCEPTED,),
        title=_("Quyết toán"),
        button=_("Quyết toán %(amount)s đồng") % {"amount": dong(count.due.state)},
        done=_("Đã quyết toán."),
        shows=shows,
        after=[
            _("Kinh phí đã cam kết mà không dùng trở về nguồn."),
            _("Số quyết toán không sửa được; tạm ứng thừa phải nộp trả trước khi thanh lý."),
        ],
        paper=form.kind,
    )


def _papers_of_invoice(lines) -> str:
    """What the file holds where the implementer invoices who gave the task; empty where no rule says so."""
    own = [str(line.title) for line in lines if line.requirement.only_when == Fact.INVOICES_AGENCY]
    left_out = [str(line.title) for line in lines if line.requirement.only_when == f"!{Fact.INVOICES_AGENCY}"]
    if not own:
        return ""
    told = _("Đơn vị thực hiện xuất hoá đơn thì hồ sơ có: %(papers)s") % {"papers": "; ".join(own)}
    return f"{told}; " + _("không cần: %(papers)s.") % {"papers": "; ".join(left_out)} if left_out else f"{told}."


@step
def return_surplus(request, pk, envelope):
    project = project_of(request, pk)
    guard(request, project, P.SETTLE)
    found = next(((one, own) for one, own in positions(project).items() if one.pk == envelope), None)
    if found is None:
        raise Http404
    source, own = found
    demanded = sum(row.amount - row.received for row in queries.recoveries(project) if row.envelope_id == source.pk)
    form = bind(forms.ReturnForm, request, initial={"amount": max(own.surplus - demanded, 0) or None})
    sums = [
        _("Đã tạm ứng %(advanced)s − quyết toán %(settled)s = phải nộp trả %(surplus)s đồng.")
        % {"advanced": dong(own.advanced), "settled": dong(own.settled), "surplus": dong(own.surplus)}
    ]
    if demanded > 0:
        sums.append(
            _("Trong đó %(amount)s đồng nộp theo quyết định thu hồi, ghi ở mục “Thu hồi kinh phí”.")
            % {"amount": dong(demanded)}
        )

    owed = ""
    if own.surplus <= demanded:
        owed = _("Không còn khoản nào phải nộp trả ở nguồn này ngoài quyết định thu hồi.")
        owed = " ".join([sums[0], owed, *sums[1:]])

    def do(data):
        paper = paper_of(request, project, form)
        return operations.return_surplus(
            project, envelope=source, amount=data["amount"], by=request.user, on=data["signed_on"], paper=paper
        )

    return step_page(
        request,
        project,
        form,
        do,
        states=(
            ProjectState.SETTLED,
            ProjectState.STOPPED,
        ),
        refusal=owed,
        title=_("Nộp trả kinh phí thừa"),
        button=_("Ghi đã nộp trả"),
        done=_("Đã ghi nộp trả."),
        shows=lambda: {
            "law": [of_law(project, _("Phần đã tạm ứng không được quyết toán phải nộp ngân sách."), Ground.PAY_BACK)],
        },
        sums=sums,
        after=[_("Nộp trả đủ thì thanh lý được hợp đồng.")] if project.state == ProjectState.SETTLED else [],
        paper=form.kind,
    )


@step
def liquidate(request, pk):
    project = project_of(request, pk)
    guard_named(request, project, P.LIQUIDATE)
    form = bind(forms.LiquidateForm, request)

    def do(data):
        paper, table = paper_of(request, project, form), None
        if data["reconciled_on"]:
            table = record_paper(
                kind=PaperKind.RECONCILIATION,
                number="",
                signed_on=data["reconciled_on"],
                by=request.user,
                province=project.province,
            )
        return operations.liquidate(
            project,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            reconciliation=table,
            late_reason=data["late_reason"],
        )

    def shows():
        due = queries.liquidation_due(project, on=clock.today())
        own = list(positions(project).values())
        day = {"day": f"{due.last_day:%d/%m/%Y}", "article": due.citation} if due.last_day else None
        sums = {"settled": dong(sum(one.settled for one in own)), "advanced": dong(sum(one.advanced for one in own))}
        return {
            "law": [_("Không chậm quá %(day)s (%(article)s).") % day] if day else [],
            "sums": [_("Quyết toán %(settled)s đồng, đã chuyển %(advanced)s đồng.") % sums],
        }

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.SETTLED,),
        title=_("Thanh lý hợp đồng"),
        button=_("Thanh lý hợp đồng"),
        done=_("Đã thanh lý hợp đồng."),
        shows=shows,
        after=[_("Đề án kết thúc ở trạng thái “%(state)s”.") % {"state": ProjectState.LIQUIDATED.label}],
        paper=form.kind,
    )
