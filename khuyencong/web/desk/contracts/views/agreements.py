"""Tender, task, support contracts, purchases and their delivery."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.contracts import operations, queries
from khuyencong.contracts.models import Purchase, SupportContract
from khuyencong.contracts.operations.shared import not_accepted
from khuyencong.documents.enums import PaperKind
from khuyencong.norms.enums import Ground, Level
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.web.common.doors import said_no
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.contracts import forms
from khuyencong.web.desk.contracts.views.shared import (
    beneficiary_of,
    guard,
    guard_named,
    of_law,
    own_side_only,
    paper_of,
    project_of,
    step_page,
)


@step
def tender(request, pk):
    project = project_of(request, pk)
    guard(request, project, P.TENDER_RECORD)
    form = bind(forms.TenderForm, request)

    def do(data):
        names = ("package", "winner", "winner_tax_code", "value")
        paper = paper_of(request, project, form)
        return operations.record_tender(project, by=request.user, paper=paper, **{name: data[name] for name in names})

    selection = queries.selection_of(project, on=clock.today())
    return step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi kết quả lựa chọn nhà thầu"),
        button=_("Ghi kết quả lựa chọn nhà thầu"),
        done=_("Đã ghi kết quả lựa chọn nhà thầu."),
        law=[queries.selection_told(project, selection)],
        after=[_("Đề án đủ điều kiện về lựa chọn nhà thầu để giao nhiệm vụ.")],
        paper=form.kind,
    )


@step
def assign(request, pk):
    project = project_of(request, pk)
    guard_named(request, project, P.ASSIGN)
    national = project.level == Level.NATIONAL
    form = bind(
        forms.AssignForm,
        request,
        project=project,
        initial={
            "form": "contract" if national else "decision",
            "giver": forms.usual_giver(project),
            "ends_on": project.ends_on,
        },
    )

    def do(data):
        paper = paper_of(request, project, form)
        return operations.assign(
            project,
            form=data["form"],
            giver=data["giver"],
            ends_on=data["ends_on"],
            by=request.user,
            on=data["signed_on"],
            paper=paper,
        )

    granted = million(project.granted or 0)
    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.APPROVED,),
        title=_("Giao nhiệm vụ, ký hợp đồng thực hiện"),
        button=_("Ghi giao nhiệm vụ, %(amount)s triệu đồng") % {"amount": granted},
        done=_("Đã giao nhiệm vụ."),
        shows=lambda: {
            "law": [
                of_law(project, _("Cục ký hợp đồng với đơn vị thực hiện theo kế hoạch được duyệt."), Ground.TASK)
                if national
                else _("Sở Công Thương hoặc Ủy ban nhân dân giao kinh phí khuyến công địa phương."),
                _("Đơn vị thực hiện: %(name)s.") % {"name": project.implementer},
                queries.selection_told(project, queries.selection_of(project, on=clock.today())),
            ],
            "sums": [_granted_sentence(project)],
        },
        after=[
            _("Đề án chuyển sang “%(state)s”.") % {"state": ProjectState.ASSIGNED.label},
            _("Đơn vị thực hiện ký được hợp đồng hỗ trợ với từng đơn vị thụ hưởng."),
        ],
        paper=form.kind,
    )


def _granted_sentence(project) -> str:
    if project.granted_national and project.granted_local:
        return _("KCQG %(national)s + KCĐP %(local)s = %(granted)s triệu đồng theo quyết định phê duyệt.") % {
            "national": million(project.granted_national),
            "local": million(project.granted_local),
            "granted": million(project.granted),
        }
    source = Source.NATIONAL if project.granted_national else Source.LOCAL
    return _("%(source)s: %(granted)s triệu đồng theo quyết định phê duyệt.") % {
        "source": source.label,
        "granted": million(project.granted or 0),
    }


@step
def begin(request, pk):
    project = project_of(request, pk)
    guard(request, project, P.CONTRACT_SIGN)
    form = bind(forms.BeginForm, request, initial={"on": clock.today()})
    return step_page(
        request,
        project,
        form,
        lambda data: operations.begin_work(project, by=request.user, on=data["on"]),
        states=(ProjectState.ASSIGNED,),
        title=_("Bắt đầu thực hiện"),
        button=_("Ghi bắt đầu thực hiện"),
        done=_("Đề án bắt đầu thực hiện."),
        shows=lambda: {
            "law": [
                of_law(
                    project, _("Đề án không có đơn vị thụ hưởng riêng: đơn vị thực hiện tự bắt đầu."), Ground.OWN_START
                )
            ],
        },
        after=[_("Đề án chuyển sang “%(state)s”.") % {"state": ProjectState.RUNNING.label}],
    )


def _signed(beneficiary) -> str:
    signed = SupportContract.objects.filter(beneficiary=beneficiary).select_related("paper").first()
    return (
        _("Đã ký hợp đồng hỗ trợ với %(name)s: %(paper)s.") % {"name": beneficiary, "paper": signed.paper}
        if signed
        else ""
    )


@step
def sign(request, pk, who):
    project = project_of(request, pk)
    guard(request, project, P.CONTRACT_SIGN)
    beneficiary = beneficiary_of(project, who)
    initial = {name: getattr(beneficiary, name) for name in ("national", "local", "counterpart")}
    form = bind(forms.SignForm, request, beneficiary=beneficiary, initial={**initial, "ends_on": project.ends_on})

    def do(data):
        paper = paper_of(request, project, form)
        amounts = {name: data[name] for name in ("national", "local", "counterpart") if name in data}
        return operations.sign_support(
            beneficiary, by=request.user, on=data["signed_on"], paper=paper, ends_on=data["ends_on"], **amounts
        )

    approved = (
        _("Sở duyệt vào danh sách ngày %(day)s.") % {"day": f"{beneficiary.approved_on:%d/%m/%Y}"}
        if beneficiary.approved_on
        else of_law(project, _("Sở chưa duyệt vào danh sách thụ hưởng, Mẫu 11."), Ground.GROUP_LIST)
    )
    return step_page(
        request,
        project,
        form,
        do,
        states=(
            ProjectState.ASSIGNED,
            ProjectState.RUNNING,
        ),
        refusal=_signed(beneficiary),
        title=_("Hợp đồng hỗ trợ với %(name)s") % {"name": beneficiary},
        button=_("Ghi hợp đồng hỗ trợ"),
        done=_("Đã ghi hợp đồng hỗ trợ."),
        law=[approved, beneficiary.content],
        shows=lambda: {
            "sums": [
                _("Được duyệt: nhà nước hỗ trợ %(support)s, đối ứng %(own)s, tổng đầu tư %(total)s triệu đồng.")
                % {
                    "support": million(beneficiary.support),
                    "own": million(beneficiary.counterpart),
                    "total": million(beneficiary.total),
                }
            ],
        },
        after=[_("Hợp đồng đầu tiên mở bước thực hiện: báo cáo tháng, mua sắm, tạm ứng theo khối lượng.")],
        paper=form.kind,
    )


@step
def purchase(request, pk, contract):
    project = project_of(request, pk)
    found = get_object_or_404(
        SupportContract.objects.filter(assignment__project=project).select_related(
            "beneficiary__establishment__organisation", "beneficiary__establishment__commune"
        ),
        pk=contract,
    )
    own_side_only(request, project, found.beneficiary)
    first = {} if found.purchases.exists() else {"item": found.beneficiary.content[:300]}
    form = bind(forms.PurchaseForm, request, initial=first)

    def do(data):
        names = ("item", "value", "seller", "seller_tax_code", "serial", "is_new")
        paper = paper_of(request, project, form, PaperKind.PURCHASE_CONTRACT)
        return operations.record_purchase(
            found,
            signed_on=data["bought_on"],
            by=request.user,
            paper=paper,
            **{name: data[name] for name in names},
        )

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.RUNNING,),
        refusal=said_no(not_accepted, found.beneficiary),
        title=_("Hợp đồng mua của %(name)s") % {"name": found.beneficiary},
        button=_("Ghi hợp đồng mua"),
        done=_("Đã ghi hợp đồng mua."),
        law=[queries.new_machines_told(project, on=clock.today())],
        after=[_("Máy phải được bàn giao trước khi nghiệm thu.")],
        paper=PaperKind.PURCHASE_CONTRACT,
    )


def _delivered(purchase) -> str:
    day = purchase.delivered_on
    return _("Đã ghi bàn giao ngày %(day)s.") % {"day": f"{day:%d/%m/%Y}"} if day else ""


@step
def deliver(request, pk, purchase):
    project = project_of(request, pk)
    found, beneficiary = _purchase_of(request, project, purchase)
    form = bind(forms.DeliverForm, request, initial={"serial": found.serial})

    def do(data):
        paper = paper_of(request, project, form, PaperKind.HANDOVER_RECORD)
        return operations.deliver(found, by=request.user, on=data["on"], serial=data["serial"], paper=paper)

    return step_page(
        request,
        project,
        form,
        do,
        states=(ProjectState.RUNNING,),
        refusal=_delivered(found),
        title=_("Bàn giao “%(item)s”") % {"item": found.item},
        button=_("Ghi bàn giao"),
        done=_("Đã ghi bàn giao."),
        sub=str(beneficiary),
        law=[_("Ký hợp đồng mua ngày %(day)s.") % {"day": f"{found.signed_on:%d/%m/%Y}"}],
        after=[_("Khi mọi máy của cơ sở đã bàn giao, Sở nghiệm thu được.")],
        paper=PaperKind.HANDOVER_RECORD,
    )


@step
def remove_purchase(request, pk, purchase):
    project = project_of(request, pk)
    found, beneficiary = _purchase_of(request, project, purchase)
    form = bind(forms.WhyForm, request)
    return step_page(
        request,
        project,
        form,
        lambda data: operations.remove_purchase(found, reason=data["reason"], by=request.user),
        states=(ProjectState.RUNNING,),
        refusal=said_no(not_accepted, beneficiary),
        title=_("Bỏ hợp đồng mua “%(item)s”") % {"item": found.item},
        button=_("Bỏ hợp đồng mua"),
        done=_("Đã bỏ hợp đồng mua."),
        sub=str(beneficiary),
        law=[_("Chỉ bỏ khi ghi nhầm hoặc hợp đồng không thực hiện. Nhật ký giữ nội dung đã ghi, cùng lý do.")],
        sums=[
            _("Giá trị %(amount)s đồng, bên bán %(seller)s.") % {"amount": dong(found.value), "seller": found.seller}
        ],
    )


def _purchase_of(request, project, pk):
    found = get_object_or_404(
        Purchase.objects.filter(support_contract__assignment__project=project).select_related(
            "support_contract__beneficiary__establishment__organisation",
            "support_contract__beneficiary__establishment__commune",
        ),
        pk=pk,
    )
    beneficiary = found.support_contract.beneficiary
    own_side_only(request, project, beneficiary)
    return found, beneficiary
