"""The list of vouchers: typed, pasted, taken out."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base.errors import DomainError, Invalid, NotAllowed
from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.contracts import imports, operations, queries
from khuyencong.contracts.models import Voucher
from khuyencong.contracts.operations.vouchers import voucher_faults
from khuyencong.documents.enums import PaperKind
from khuyencong.files import operations as files
from khuyencong.files.models import StoredFile
from khuyencong.norms.enums import Ground
from khuyencong.projects.enums import ProjectState
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.serve import stored
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.contracts.views.shared import guard, of_law, paper_of, project_of, spent_rows, step_page


def vouchers_of(project) -> str:
    return reverse("contracts:vouchers", args=[project.pk])


@reads
def vouchers(request, pk):
    project = project_of(request, pk)
    if parts.own_beneficiaries(request.user, project) is not None:
        raise NotAllowed(_("Bảng kê chứng từ do đơn vị thực hiện và cơ quan quản lý xem."))
    count = queries.reckoning(project)
    which = request.GET.get("bang", "8a")
    rows = queries.vouchers(project)
    shown = [row for row in rows if which == "8b" or row.source in ("national", "local")]
    may_record = parts.may(request.user, project, P.VOUCHER_RECORD) and project.state in (
        ProjectState.RUNNING,
        ProjectState.ACCEPTED,
    )
    url = vouchers_of(project)
    state_lines = sum(row.source in ("national", "local") for row in rows)
    return render(
        request,
        "desk/contracts/vouchers.html",
        {
            "project": project,
            "rows": shown,
            "total": sum(row.amount for row in shown),
            "sources": spent_rows(count),
            "count": count,
            "beyond": count.beyond_grant(),
            "may_record": may_record,
            "tabs": [
                Tab(_("Mẫu 8a: kinh phí nhà nước"), f"{url}?bang=8a", state_lines, which != "8b"),
                Tab(_("Mẫu 8b: gồm cả đối ứng, nguồn khác"), f"{url}?bang=8b", len(rows), which == "8b"),
            ],
        },
    )


@step
def add_voucher(request, pk):
    project = project_of(request, pk)
    guard(request, project, P.VOUCHER_RECORD)
    form = bind(forms.VoucherForm, request, project=project)

    def do(data):
        row = form.row()
        [faults] = voucher_faults(project, rows=[row])
        if faults:  # each told beside its field
            raise Invalid(**{fault.fact: capfirst(fault.sentence) for fault in reversed(faults)})
        return operations.add_vouchers(project, rows=[row], by=request.user)

    return step_page(
        request,
        project,
        form,
        do,
        title=_("Thêm một chứng từ"),
        button=_("Thêm vào bảng kê"),
        done=_("Đã thêm chứng từ."),
        law=_voucher_law(project),
        to=vouchers_of(project),
    )


def _voucher_law(project) -> list[str]:
    first = queries.first_contract_day(project)
    years = ", ".join(str(year) for year in sorted(queries.budget_years(project)))
    return [
        _("Chứng từ trong năm ngân sách %(years)s, không trước ngày ký hợp đồng %(day)s.")
        % {"years": years, "day": f"{first:%d/%m/%Y}"}
        if first
        else "",
        _("Mỗi hoá đơn (mã số thuế, ký hiệu, số) chỉ vào một đề án; hai nguồn cùng trả thì ghi hai dòng."),
        of_law(project, _("Hỗ trợ theo tỷ lệ: kê cả phần đối ứng."), Ground.VOUCHERS),
    ]


@step
def paste_vouchers(request, pk):
    project = project_of(request, pk)
    guard(request, project, P.VOUCHER_RECORD)
    form = bind(forms.PasteForm, request, project=project)
    context = {
        "project": project,
        "law": _voucher_law(project),
        "back": vouchers_of(project),
        "paper_kind": PaperKind.VOUCHER_LIST.label,
        "found": None,
        "faults": [],
    }
    template = "desk/contracts/paste.html"
    if request.method == "POST" and "ghi" not in request.POST:
        return _preview(request, project, form, context, template)

    def do(data):
        found = imports.read_list(project, source=data["source"], text=data["pasted"], sure=data["sure"])
        if found.faults:
            raise Invalid(
                pasted=counted("Bảng kê còn %(count)s chỗ sai; hãy xem trước lại.", len(found.faults))
                % {"count": len(found.faults)}
            )
        paper = paper_of(request, project, form, PaperKind.VOUCHER_LIST)
        return operations.add_vouchers(project, rows=found.rows, by=request.user, paper=paper)

    return act(
        request,
        form,
        do,
        template=template,
        context=context,
        to=vouchers_of(project),
        done=lambda made: counted("Đã ghi %(count)s chứng từ.", len(made)) % {"count": len(made)},
    )


def _preview(request, project, form, context, template):
    """What the list says, nothing written; the pasted text goes along to be confirmed."""
    context["form"] = form
    if not form.is_valid():
        return render(request, template, context, status=422)
    file, data = form.cleaned_data["file"], form.cleaned_data
    content, name = (file.read(), file.name) if file else (b"", "")
    try:
        found = imports.read_list(
            project, source=data["source"], text=data["pasted"], data=content, name=name, sure=data["sure"]
        )
    except DomainError as refusal:
        for name, sentence in getattr(refusal, "fields", {"": str(refusal)}).items():
            form.add_error(name if name in form.fields else None, sentence)
        return render(request, template, context, status=422)
    sent = request.POST.copy()
    if file:
        sent["pasted"] = found.text  # what was pasted stays as it was: else the page says that it has been changed
    context["form"] = type(form)(sent, project=project)
    context["form"].is_valid()
    context |= {"found": found, "beyond": queries.reckoning(project).beyond_grant(found.sums)}
    context["faults"] = [(imports.cell_name(f.row, f.column), f.reason) for f in (*found.faults, *found.warnings)]
    if context["faults"]:
        context["marked"] = _keep_marked(request, project, found, data=content, name=name)
    return render(request, template, context, status=422 if found.faults else 200)


def _keep_marked(request, project, found, *, data: bytes, name: str) -> str:
    """Where the list with its faults in the cells can be fetched by who sent it; empty where no copy can be made."""
    stem = name.rpartition(".")[0] or _("bang-ke-%(code)s") % {"code": project.code}
    try:
        file = files.store(imports.marked(found, data=data, name=name), name=f"{stem}-danh-dau.xlsx", by=request.user)
    except DomainError:  # the preview tells the faults; the marked copy is a help
        return ""
    return reverse("contracts:marked_vouchers", args=[project.pk, file.uid])


@reads
def marked_vouchers(request, pk, uid):
    """The list that this person sent, its faults in their cells."""
    project = project_of(request, pk)
    guard(request, project, P.VOUCHER_RECORD)
    return stored(request, get_object_or_404(StoredFile, uid=uid, actor_id=request.user.pk))


@step
def remove_voucher(request, pk, voucher):
    project = project_of(request, pk)
    guard(request, project, P.VOUCHER_RECORD)
    found = get_object_or_404(Voucher, pk=voucher, project=project)
    form = bind(forms.WhyForm, request)
    return step_page(
        request,
        project,
        form,
        lambda data: operations.remove_voucher(found, reason=data["reason"], by=request.user),
        title=_("Bỏ chứng từ %(voucher)s khỏi bảng kê") % {"voucher": found},
        button=_("Bỏ khỏi bảng kê"),
        done=_("Đã bỏ chứng từ khỏi bảng kê."),
        sub=_("%(content)s, %(amount)s đồng.") % {"content": found.content, "amount": dong(found.amount)},
        law=[_("Chứng từ vẫn giữ trong nhật ký, cùng lý do.")],
        to=vouchers_of(project),
    )
