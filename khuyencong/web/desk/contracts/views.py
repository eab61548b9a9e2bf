import django_filters
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.base.errors import DomainError, Invalid, NotAllowed
from khuyencong.base.money import dong, million
from khuyencong.base.text import fold
from khuyencong.budgets.queries import position, positions
from khuyencong.contracts import imports, operations, queries
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance, ProgressReport, Purchase, SupportContract, Voucher
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.documents.operations import record_paper
from khuyencong.files.operations import store
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.projects.enums import Level, ProjectState, Source
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.contracts import forms, parts
from khuyencong.web.desk.projects.parts import MARKS

# ---- the list ----


def columns(deadlines: parts.Deadlines) -> tuple[lists.Column, ...]:
    return (
        lists.Column(
            "title",
            _("Đề án, mã, đơn vị thực hiện"),
            sort="sort_key",
            url=lambda project: reverse("contracts:page", args=[project.pk]),
            small=lambda project: f"{project.code}, {project.implementer}",
        ),
        lists.Column("code", _("Mã"), sort="code", shown=False),
        lists.Column("place", _("Địa bàn"), shown=False),
        lists.Column("state", _("Trạng thái"), kind="state", sort="state", mark=lambda project: MARKS[project.state]),
        lists.Column("next", _("Bước tới"), value=lambda project: parts.NEXT[project.state]),
        lists.Column("due", _("Hạn"), kind="due", value=deadlines.of),
        lists.Column("granted", _("Được duyệt"), kind="million", value="granted", shown=False),
        lists.Column("contracted", _("Đã giao"), kind="million", sort="contracted", total=Sum("contracted")),
        lists.Column("advanced", _("Đã tạm ứng"), kind="million", sort="advanced", total=Sum("advanced")),
        lists.Column("settled", _("Quyết toán"), kind="million", sort="settled", total=Sum("settled")),
    )


class ContractFilter(lists.Filter):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"),
        choices=[(state.value, state.label) for state in queries.AFTER_APPROVAL],
        empty_label=gettext_lazy("Mọi trạng thái"),
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("Cấp quản lý"), choices=Level, empty_label=gettext_lazy("Mọi cấp")
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"))
    waits = django_filters.ChoiceFilter(
        label=gettext_lazy("Tạm ứng đang chờ"),
        choices=[
            (AdvanceState.REQUESTED.value, gettext_lazy("Chờ Sở xác nhận")),
            (AdvanceState.CONFIRMED.value, gettext_lazy("Chờ chuyển tiền")),
        ],
        method="with_waiting",
        empty_label=gettext_lazy("Không lọc"),
    )
    q = django_filters.CharFilter(label=gettext_lazy("Tên đề án, mã, cơ sở"), method="with_words")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.form.fields["q"].widget.attrs["placeholder"] = _("Có dấu hoặc không")

    def with_waiting(self, projects, name, value):
        return projects.filter(pk__in=Advance.objects.filter(state=value).values("project_id"))

    def with_words(self, projects, name, value):
        for word in fold(value).split():
            projects = projects.filter(words__contains=word)
        return projects


@reads
def contract_list(request):
    scope = queries.with_figures(queries.board(request.user))
    return lists.answer(
        request,
        scope.select_related("implementer", "province", "commune"),
        columns=columns(parts.Deadlines.on(clock.today())),
        filters=ContractFilter,
        order=("-year", "-code"),
        name="hop-dong",
        title=_("Hợp đồng, nghiệm thu, quyết toán"),
        sub=_(
            "Đề án đã được phê duyệt: kinh phí nhà nước đã giao, đã tạm ứng, đã quyết toán (triệu đồng) và bước tới."
        ),
        unit=_("đề án"),
        empty=_("Chưa có đề án nào được phê duyệt. Đề án vào đây khi quyết định phê duyệt kế hoạch được ghi nhận."),
    )


# ---- one project ----


def _project(request, pk):
    scope = queries.board(request.user).select_related("province", "commune__province", "implementer", "dossier")
    return get_object_or_404(scope, pk=pk)


def page_of(project) -> str:
    return reverse("contracts:page", args=[project.pk])


@reads
def page(request, pk):
    project, today = _project(request, pk), clock.today()
    own = parts.own_beneficiaries(request.user, project)
    file = queries.file_of(project)
    if own is not None:
        file = queries.only_of(file, own)
    steps = parts.Steps(request.user, project, file, on=today)
    whole = own is None
    contracts = parts.contract_rows(steps)
    money = list(steps.positions.values()) if whole else []
    count = None
    if whole and project.state in (ProjectState.RUNNING, ProjectState.ACCEPTED):
        count = queries.reckoning(project)
    stage = {ProjectState.ACCEPTED: Stage.SETTLEMENT, ProjectState.SETTLED: Stage.REMAINDER}.get(
        project.state, Stage.FIRST_ADVANCE
    )
    shown = whole and project.state not in (ProjectState.APPROVED, ProjectState.LIQUIDATED, ProjectState.STOPPED)
    papers = parts.papers_of(steps.papers(stage)) if shown else None
    return render(
        request,
        "desk/contracts/page.html",
        {
            "project": project,
            "mark": MARKS[project.state],
            "next": parts.NEXT[project.state],
            "due": parts.due_of(project, file, on=today),
            "file": file,
            "offers": steps.all() if whole else parts.own_offers(contracts),
            "whole": whole,
            "contracts": contracts,
            "reports": parts.report_rows(steps),
            "advances": parts.advance_rows(steps),
            "positions": parts.money_rows(project, steps.positions) if whole else [],
            "promised": sum(own.committed for own in money),
            "advanced": sum(own.advanced for own in money),
            "count": count,
            "sources": spent_rows(count) if count else [],
            "papers": papers,
            "stage": Stage(stage).label,
            "may_vouch": whole and project.state != ProjectState.APPROVED,
        },
    )


def spent_rows(count):
    """Label and sum of each source that vouchers name."""
    return [(Source(source).label, amount) for source, amount in count.spent.items() if amount]


def _guard(request, project, permission: P) -> None:
    """A page of an act is for who may act; the act asks again."""
    if not parts.may(request.user, project, permission):
        authorise(request.user, permission, place=project.place, body=project.implementer)


def _step_page(
    request,
    project,
    form,
    do,
    *,
    title,
    button,
    done,
    sub="",
    law=(),
    sums=(),
    checks=(),
    after=(),
    table=None,
    to="",
    template="desk/contracts/step.html",
    paper="",
):
    back = to or page_of(project)
    return act(
        request,
        form,
        do,
        template=template,
        context={
            "project": project,
            "title": title,
            "sub": sub or project.title,
            "button": button,
            "back": back,
            "law": law,
            "sums": [one for one in sums if one],
            "checks": checks,
            "after": after,
            "table": table,
            "paper_kind": PaperKind(paper).label if paper else "",
            "has_paper": hasattr(form, "paper_fields"),
        },
        to=back,
        done=done,
    )


def _paper(request, project, form, kind=""):
    return signed_paper(form, kind=kind or form.kind, by=request.user, province=project.province)


# ---- task, tender, support contracts ----


@step
def tender(request, pk):
    project = _project(request, pk)
    _guard(request, project, P.TENDER_RECORD)
    form = bind(forms.TenderForm, request)

    def do(data):
        names = ("package", "winner", "winner_tax_code", "value")
        paper = _paper(request, project, form)
        return operations.record_tender(project, by=request.user, paper=paper, **{name: data[name] for name in names})

    selection = parts.selection_of(project, on=clock.today())
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi kết quả lựa chọn nhà thầu"),
        button=_("Ghi kết quả lựa chọn nhà thầu"),
        done=_("Đã ghi kết quả lựa chọn nhà thầu."),
        law=[_("Kết quả phải được phê duyệt trước khi ký hợp đồng (%(citation)s).") % {"citation": selection.citation}]
        if selection.by_tender
        else [_("Dạng đề án này không bắt buộc đấu thầu; ghi khi có gói thầu.")],
        after=[_("Đề án đủ điều kiện về lựa chọn nhà thầu để giao nhiệm vụ.")],
        paper=form.kind,
    )


@step
def assign(request, pk):
    project = _project(request, pk)
    _guard(request, project, P.ASSIGN)
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
        paper = _paper(request, project, form)
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
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Giao nhiệm vụ, ký hợp đồng thực hiện"),
        button=_("Ghi giao nhiệm vụ, %(amount)s triệu đồng") % {"amount": granted},
        done=_("Đã giao nhiệm vụ."),
        law=[
            _("Cục ký hợp đồng với đơn vị thực hiện theo kế hoạch được duyệt (khoản 1 Điều 12 TT 36/2013/TT-BCT).")
            if national
            else _("Sở Công Thương hoặc Ủy ban nhân dân giao kinh phí khuyến công địa phương."),
            _("Đơn vị thực hiện: %(name)s.") % {"name": project.implementer},
        ],
        sums=[_granted_sentence(project)],
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
    project = _project(request, pk)
    _guard(request, project, P.CONTRACT_SIGN)
    form = bind(forms.BeginForm, request, initial={"on": clock.today()})
    return _step_page(
        request,
        project,
        form,
        lambda data: operations.begin_work(project, by=request.user, on=data["on"]),
        title=_("Bắt đầu thực hiện"),
        button=_("Ghi bắt đầu thực hiện"),
        done=_("Đề án bắt đầu thực hiện."),
        law=[
            _("Đề án không có đơn vị thụ hưởng riêng: đơn vị thực hiện tự bắt đầu (khoản 2 Điều 23 TT 36/2013/TT-BCT).")
        ],
        after=[_("Đề án chuyển sang “%(state)s”.") % {"state": ProjectState.RUNNING.label}],
    )


def _beneficiary(project, who):
    return get_object_or_404(
        project.beneficiaries.filter(removed_on=None).select_related(
            "establishment__organisation", "establishment__commune__province", "establishment__province"
        ),
        pk=who,
    )


@step
def sign(request, pk, who):
    project = _project(request, pk)
    _guard(request, project, P.CONTRACT_SIGN)
    beneficiary = _beneficiary(project, who)
    initial = {name: getattr(beneficiary, name) for name in ("national", "local", "counterpart")}
    form = bind(forms.SignForm, request, beneficiary=beneficiary, initial={**initial, "ends_on": project.ends_on})

    def do(data):
        paper = _paper(request, project, form)
        amounts = {name: data[name] for name in ("national", "local", "counterpart") if name in data}
        return operations.sign_support(
            beneficiary, by=request.user, on=data["signed_on"], paper=paper, ends_on=data["ends_on"], **amounts
        )

    approved = (
        _("Sở duyệt vào danh sách ngày %(day)s.") % {"day": f"{beneficiary.approved_on:%d/%m/%Y}"}
        if beneficiary.approved_on
        else _("Sở chưa duyệt vào danh sách thụ hưởng (Mẫu 11, khoản 3 Điều 23 TT 36/2013/TT-BCT).")
    )
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Hợp đồng hỗ trợ với %(name)s") % {"name": beneficiary},
        button=_("Ghi hợp đồng hỗ trợ"),
        done=_("Đã ghi hợp đồng hỗ trợ."),
        law=[approved, beneficiary.content],
        sums=[
            _("Được duyệt: nhà nước hỗ trợ %(support)s, đối ứng %(own)s, tổng đầu tư %(total)s triệu đồng.")
            % {
                "support": million(beneficiary.support),
                "own": million(beneficiary.counterpart),
                "total": million(beneficiary.total),
            }
        ],
        after=[_("Hợp đồng đầu tiên mở bước thực hiện: báo cáo tháng, mua sắm, tạm ứng theo khối lượng.")],
        paper=form.kind,
    )


def _own_side(request, project, beneficiary) -> None:
    """Pages for the implementer and for the establishment itself."""
    own = beneficiary.establishment
    if not (
        parts.may(request.user, project, P.PROGRESS_REPORT)
        or request.user.may(P.PROGRESS_REPORT_OWN, place=own.commune or own.province, body=own.organisation)
    ):
        raise NotAllowed(_("Chỉ đơn vị thực hiện hoặc chính cơ sở thụ hưởng được ghi việc này."))


@step
def purchase(request, pk, contract):
    project = _project(request, pk)
    found = get_object_or_404(
        SupportContract.objects.filter(assignment__project=project).select_related(
            "beneficiary__establishment__organisation", "beneficiary__establishment__commune"
        ),
        pk=contract,
    )
    _own_side(request, project, found.beneficiary)
    form = bind(forms.PurchaseForm, request)

    def do(data):
        names = ("item", "value", "seller", "seller_tax_code", "serial", "is_new")
        paper = _paper(request, project, form, PaperKind.PURCHASE_CONTRACT)
        return operations.record_purchase(
            found,
            signed_on=data["bought_on"],
            by=request.user,
            paper=paper,
            **{name: data[name] for name in names},
        )

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Hợp đồng mua của %(name)s") % {"name": found.beneficiary},
        button=_("Ghi hợp đồng mua"),
        done=_("Đã ghi hợp đồng mua."),
        law=[_("Máy móc được hỗ trợ phải là máy mới (điểm b khoản 4 Điều 4 TT 46/2012/TT-BCT).")],
        after=[_("Máy phải được bàn giao trước khi nghiệm thu.")],
        paper=PaperKind.PURCHASE_CONTRACT,
    )


@step
def deliver(request, pk, purchase):
    project = _project(request, pk)
    found = get_object_or_404(
        Purchase.objects.filter(support_contract__assignment__project=project).select_related(
            "support_contract__beneficiary__establishment__organisation",
            "support_contract__beneficiary__establishment__commune",
        ),
        pk=purchase,
    )
    beneficiary = found.support_contract.beneficiary
    _own_side(request, project, beneficiary)
    form = bind(forms.DeliverForm, request, initial={"serial": found.serial})

    def do(data):
        paper = _paper(request, project, form, PaperKind.HANDOVER_RECORD)
        return operations.deliver(found, by=request.user, on=data["on"], serial=data["serial"], paper=paper)

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Bàn giao “%(item)s”") % {"item": found.item},
        button=_("Ghi bàn giao"),
        done=_("Đã ghi bàn giao."),
        sub=str(beneficiary),
        law=[_("Ký hợp đồng mua ngày %(day)s.") % {"day": f"{found.signed_on:%d/%m/%Y}"}],
        after=[_("Khi mọi máy của cơ sở đã bàn giao, Sở nghiệm thu được.")],
        paper=PaperKind.HANDOVER_RECORD,
    )


# ---- month by month ----


@step
def tell(request, pk, who):
    project = _project(request, pk)
    beneficiary = _beneficiary(project, who)
    _own_side(request, project, beneficiary)
    form = bind(forms.TellForm, request)

    def do(data):
        photos = [store(file, name=file.name, by=request.user) for file in data["photos"]]
        return operations.tell_progress(
            beneficiary,
            done=data["done"],
            note=data["note"],
            files=photos,
            by=request.user,
            **form.split(data["month"]),
        )

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Số liệu tháng của %(name)s") % {"name": beneficiary},
        button=_("Gửi số liệu tháng"),
        done=_("Đã gửi số liệu tháng."),
        sub=beneficiary.content or project.title,
        law=[
            _("Ghi tổng giá trị đã làm từ đầu, gồm cả phần cơ sở tự bỏ vốn."),
            _("Tổng đầu tư: %(total)s triệu đồng.") % {"total": million(beneficiary.total)},
        ],
        after=[_("Đơn vị thực hiện lập báo cáo tháng từ số liệu này, gửi trước ngày 25.")],
    )


@step
def report(request, pk):
    project, today = _project(request, pk), clock.today()
    _guard(request, project, P.PROGRESS_REPORT)
    told = queries.latest_updates(project, year=today.year, month=today.month)
    last = ProgressReport.objects.filter(project=project).order_by("-year", "-month").first()
    done = sum(update.done for update in told) or (last.done if last else 0)
    initial = {
        "done": max(done, last.done if last else 0),
        "state_spent": last.state_spent if last else 0,
        "counterpart_spent": last.counterpart_spent if last else 0,
        "sent_on": today,
    }
    form = bind(forms.ReportForm, request, initial=initial)

    def do(data):
        names = ("done", "state_spent", "counterpart_spent", "note")
        paper = _paper(request, project, form, PaperKind.PROGRESS_REPORT)
        return operations.report(
            project,
            by=request.user,
            on=data["sent_on"],
            paper=paper,
            **form.split(data["month"]),
            **{name: data[name] for name in names},
        )

    limit = queries.report_due(today.year, today.month, on=today)
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Báo cáo tiến độ tháng"),
        button=_("Gửi báo cáo tiến độ"),
        done=_("Đã gửi báo cáo tiến độ."),
        law=[
            _("Gửi trước ngày 25 hằng tháng (điểm a khoản 3 Điều 23 TT 36/2013/TT-BCT)."),
            _("Hạn tháng này: %(day)s.") % {"day": f"{limit:%d/%m/%Y}"} if limit else "",
            _("Luỹ kế không nhỏ hơn tháng trước: %(done)s đồng.") % {"done": dong(last.done)} if last else "",
        ],
        table={
            "title": _("Số liệu cơ sở đã gửi"),
            "rows": [
                (
                    str(update.beneficiary),
                    _("Tháng %(month)s/%(year)s") % {"month": update.month, "year": update.year},
                    update.done,
                )
                for update in told
            ],
            "total": sum(update.done for update in told),
            "none": _("Chưa cơ sở nào gửi số liệu."),
        },
        after=[_("Muốn đề nghị tạm ứng theo khối lượng, báo cáo phải được Sở xác nhận (khoản 4 Điều 21).")],
        paper=PaperKind.PROGRESS_REPORT,
    )


@step
def confirm_volume(request, pk, report):
    project = _project(request, pk)
    _guard(request, project, P.VOLUME_CONFIRM)
    found = get_object_or_404(ProgressReport, pk=report, project=project)
    form = bind(forms.ConfirmVolumeForm, request)

    def do(data):
        paper = _paper(request, project, form)
        return operations.confirm_volume(found, by=request.user, on=data["signed_on"], paper=paper)

    share = found.done * 100 / project.total if project.total else 0
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Xác nhận khối lượng tháng %(month)s/%(year)s") % {"month": found.month, "year": found.year},
        button=_("Xác nhận %(done)s triệu đồng khối lượng") % {"done": million(found.done)},
        done=_("Đã xác nhận khối lượng."),
        law=[_("Sở kiểm tra, xác nhận khối lượng và kinh phí trong báo cáo (khoản 4 Điều 21 TT 36/2013/TT-BCT).")],
        sums=[
            _("%(done)s / %(total)s triệu đồng tổng vốn = %(share)s%%.")
            % {"done": million(found.done), "total": million(project.total), "share": f"{share:.1f}".replace(".", ",")}
        ],
        after=[_("Báo cáo này dùng được để đề nghị tạm ứng.")],
        paper=form.kind,
    )


# ---- advances ----


@step
def request_advance(request, pk, envelope):
    project, today = _project(request, pk), clock.today()
    _guard(request, project, P.ADVANCE_REQUEST)
    found = next((one for one in positions(project) if one.pk == envelope), None)
    if found is None:
        raise Http404
    confirmed = ProgressReport.objects.filter(project=project, confirmed_on__isnull=False)
    last = confirmed.order_by("-year", "-month").first()
    room = queries.room(project, envelope=found, on=today, report=last)
    initial = {"amount": room.amount or None, "report": last}
    form = bind(forms.RequestAdvanceForm, request, project=project, initial=initial)

    def do(data):
        paper = _paper(request, project, form)
        return operations.request_advance(
            project,
            envelope=found,
            amount=data["amount"],
            report=data["report"],
            by=request.user,
            on=data["signed_on"],
            paper=paper,
        )

    own = position(found, project=project)
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Đề nghị %(kind)s") % {"kind": room.kind.label.lower()},
        button=_("Đề nghị tạm ứng"),
        done=_("Đã ghi đề nghị tạm ứng; chờ Sở xác nhận."),
        sub=_("%(project)s. Nguồn: %(envelope)s.") % {"project": project.title, "envelope": found},
        law=[
            room.refusal,
            _("Đã cam kết %(committed)s, đã chuyển %(advanced)s, còn %(left)s triệu đồng.")
            % {
                "committed": million(own.committed),
                "advanced": million(own.advanced),
                "left": million(own.unpaid),
            },
        ],
        sums=[room.sentence],
        checks=parts.checks_of(queries.papers_for_advance(project, kind=room.kind, on=today)),
        after=[_("Sở xác nhận khối lượng rồi kế toán mới chuyển tiền (khoản 4 Điều 21 TT 36/2013/TT-BCT).")],
        paper=form.kind,
    )


def _advance(project, pk):
    return get_object_or_404(Advance.objects.select_related("project", "envelope", "report"), pk=pk, project=project)


def _of_advance(advance) -> str:
    return _("Lần %(number)s, %(kind)s: %(amount)s đồng từ %(envelope)s.") % {
        "number": advance.number,
        "kind": advance.get_kind_display().lower(),
        "amount": dong(advance.amount),
        "envelope": advance.envelope,
    }


@step
def confirm_advance(request, pk, advance):
    project = _project(request, pk)
    _guard(request, project, P.VOLUME_CONFIRM)
    found = _advance(project, advance)
    form = bind(forms.ConfirmAdvanceForm, request)

    def do(data):
        paper = _paper(request, project, form)
        return operations.confirm_advance(found, by=request.user, on=data["signed_on"], paper=paper)

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Xác nhận đề nghị tạm ứng"),
        button=_("Xác nhận %(amount)s triệu đồng") % {"amount": million(found.amount)},
        done=_("Đã xác nhận đề nghị tạm ứng."),
        law=[
            _of_advance(found),
            _("Sở kiểm tra, xác nhận khối lượng công việc trước khi đề nghị đi (khoản 4 Điều 21 TT 36/2013/TT-BCT)."),
        ],
        after=[_("Kế toán chuyển được tiền.")],
        paper=form.kind,
    )


@step
def pay_advance(request, pk, advance):
    project = _project(request, pk)
    _guard(request, project, P.ADVANCE_PAY)
    found = _advance(project, advance)
    form = bind(forms.PayForm, request)

    def do(data):
        paper = _paper(request, project, form)
        return operations.pay_advance(
            found, by=request.user, on=data["signed_on"], paper=paper, treasury_number=data["treasury_number"]
        )

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Ghi chuyển tiền tạm ứng"),
        button=_("Ghi đã chuyển %(amount)s đồng") % {"amount": dong(found.amount)},
        done=_("Đã ghi chuyển tiền."),
        law=[
            _of_advance(found),
            _("Kho bạc kiểm soát, thanh toán theo chứng từ (điểm b khoản 2 Điều 8 TTLT 26/2014)."),
        ],
        after=[_("Sổ kinh phí ghi tạm ứng; không xoá được.")],
        paper=form.kind,
    )


@step
def refuse_advance(request, pk, advance):
    project = _project(request, pk)
    found = _advance(project, advance)
    _guard(request, project, P.VOLUME_CONFIRM if found.state == AdvanceState.REQUESTED else P.ADVANCE_PAY)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return _step_page(
        request,
        project,
        form,
        lambda data: operations.refuse_advance(found, by=request.user, **data),
        title=_("Trả lại đề nghị tạm ứng"),
        button=_("Trả lại"),
        done=_("Đã trả lại đề nghị."),
        law=[_of_advance(found)],
        after=[_("Đơn vị thực hiện đề nghị lại được; lần sau mang số mới.")],
    )


# ---- acceptance ----


@step
def accept(request, pk, who=None):
    project = _project(request, pk)
    _guard(request, project, P.ACCEPT)
    if who is None and request.method != "POST" and (waiting := queries.not_yet_accepted(project)):
        # whom to accept is chosen on the contract's page, unless only one is left
        one = reverse("contracts:accept_one", args=[project.pk, waiting[0].pk])
        return redirect(one if len(waiting) == 1 else page_of(project))
    beneficiary = _beneficiary(project, who) if who else None
    contract = SupportContract.objects.filter(beneficiary=beneficiary).first() if beneficiary else None
    form = bind(
        forms.AcceptForm,
        request,
        project=project,
        beneficiary=beneficiary,
        initial=_usual_acceptance(project, beneficiary, contract),
    )

    def do(data):
        paper = _paper(request, project, form)
        names = ("place", "state_volume", "counterpart_volume", "verdict", "note", "form")
        return operations.accept(
            project,
            beneficiary=beneficiary,
            seats=form.seats(),
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            **{name: data[name] for name in names},
        )

    support = contract.national + contract.local if contract else project.granted or 0
    own = contract.counterpart if contract else project.granted_counterpart or 0
    bought = contract.purchases.all() if contract else []
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Nghiệm thu cơ sở: %(name)s") % {"name": beneficiary} if beneficiary else _("Nghiệm thu cơ sở"),
        button=_("Ghi biên bản nghiệm thu"),
        done=_("Đã ghi biên bản nghiệm thu."),
        law=[
            _("Sở Công Thương chủ trì; đơn vị thực hiện không chủ trì (khoản 1 Điều 21 TT 36/2013/TT-BCT)."),
            _("Nghiệm thu cả khối lượng từ vốn đối ứng (điểm b khoản 3 Điều 8 TTLT 26/2014/TTLT-BTC-BCT)."),
            *(
                _("%(item)s: bàn giao %(day)s.") % {"item": one.item, "day": f"{one.delivered_on:%d/%m/%Y}"}
                if one.delivered_on
                else _("%(item)s: chưa bàn giao.") % {"item": one.item}
                for one in bought
            ),
        ],
        sums=[
            _("Nhà nước hỗ trợ %(support)s + đối ứng %(own)s = %(total)s triệu đồng phải nghiệm thu.")
            % {"support": million(support), "own": million(own), "total": million(support + own)}
        ],
        after=[_("Khi cơ sở cuối cùng đạt, đề án chuyển sang “%(state)s”.") % {"state": ProjectState.ACCEPTED.label}],
        template="desk/contracts/accept.html",
        paper=form.kind,
    )


def _usual_acceptance(project, beneficiary, contract) -> dict:
    """The usual seats and volumes, to be corrected."""
    initial = {"form": "5a", "verdict": "passed", "body_centre": project.implementer_id}
    found = forms._bodies(project, beneficiary)
    chair = found["chair"].filter(kind=BodyKind.DEPARTMENT).first()
    commune = found["commune"].first()
    initial |= {"body_chair": chair and chair.pk, "body_commune": commune and commune.pk}
    if beneficiary is not None:
        own = beneficiary.establishment
        initial |= {
            "body_beneficiary": own.organisation_id,
            "name_beneficiary": own.representative,
            "place": own.place_text or str(own.commune or own.province),
            "state_volume": contract.national + contract.local if contract else beneficiary.support,
            "counterpart_volume": contract.counterpart if contract else beneficiary.counterpart,
        }
    else:
        initial |= {
            "place": project.place_text or str(project.place),
            "state_volume": project.granted,
            "counterpart_volume": project.granted_counterpart or 0,
        }
    return initial


# ---- vouchers ----


def vouchers_of(project) -> str:
    return reverse("contracts:vouchers", args=[project.pk])


@reads
def vouchers(request, pk):
    project = _project(request, pk)
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
            "may_record": may_record,
            "tabs": [
                Tab(_("Mẫu 8a: kinh phí nhà nước"), f"{url}?bang=8a", state_lines, which != "8b"),
                Tab(_("Mẫu 8b: gồm cả đối ứng, nguồn khác"), f"{url}?bang=8b", len(rows), which == "8b"),
            ],
        },
    )


@step
def add_voucher(request, pk):
    project = _project(request, pk)
    _guard(request, project, P.VOUCHER_RECORD)
    form = bind(forms.VoucherForm, request, project=project)
    return _step_page(
        request,
        project,
        form,
        lambda data: operations.add_vouchers(project, rows=[form.row()], by=request.user),
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
        _("Hỗ trợ theo tỷ lệ: kê cả phần đối ứng (điểm d khoản 1 Điều 19 TT 36/2013/TT-BCT)."),
    ]


@step
def paste_vouchers(request, pk):
    project = _project(request, pk)
    _guard(request, project, P.VOUCHER_RECORD)
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
        found = imports.read_list(project, source=data["source"], text=data["pasted"])
        if found.faults:
            raise Invalid(pasted=_("Bảng kê còn %(count)s chỗ sai; hãy xem trước lại.") % {"count": len(found.faults)})
        paper = _paper(request, project, form, PaperKind.VOUCHER_LIST)
        return operations.add_vouchers(project, rows=found.rows, by=request.user, paper=paper)

    return act(
        request,
        form,
        do,
        template=template,
        context=context,
        to=vouchers_of(project),
        done=lambda made: _("Đã ghi %(count)s chứng từ.") % {"count": len(made)},
    )


def _preview(request, project, form, context, template):
    """What the list says, nothing written; the pasted text goes along to be confirmed."""
    context["form"] = form
    if not form.is_valid():
        return render(request, template, context, status=422)
    file, data = form.cleaned_data["file"], form.cleaned_data
    try:
        found = imports.read_list(
            project,
            source=data["source"],
            text=data["pasted"],
            data=file.read() if file else b"",
            name=file.name if file else "",
        )
    except DomainError as refusal:
        for name, sentence in getattr(refusal, "fields", {"": str(refusal)}).items():
            form.add_error(name if name in form.fields else None, sentence)
        return render(request, template, context, status=422)
    sent = request.POST.copy()
    sent["pasted"] = found.text
    context["form"] = type(form)(sent, project=project)
    context["form"].is_valid()
    context["found"] = found
    context["faults"] = [(imports.cell_name(f.row, f.column), f.reason) for f in (*found.faults, *found.warnings)]
    return render(request, template, context, status=422 if found.faults else 200)


@step
def remove_voucher(request, pk, voucher):
    project = _project(request, pk)
    _guard(request, project, P.VOUCHER_RECORD)
    found = get_object_or_404(Voucher, pk=voucher, project=project)
    form = bind(forms.RemoveVoucherForm, request)
    return _step_page(
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


# ---- settlement and liquidation ----


@step
def settle(request, pk):
    project, today = _project(request, pk), clock.today()
    _guard(request, project, P.SETTLE)
    form = bind(forms.SettleForm, request)

    def do(data):
        paper = _paper(request, project, form)
        return operations.settle(
            project,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            with_invoice=data["with_invoice"],
            late_reason=data["late_reason"],
        )

    count = queries.reckoning(project)
    last = queries.last_acceptance(project)
    limit = queries.settlement_due(project, last=last.on, on=today) if last else None
    advanced = sum(own.advanced for own in positions(project).values())
    surplus = max(advanced - count.due.state, 0)
    lines = queries.papers_for(project, stage=Stage.SETTLEMENT, on=today)
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Quyết toán"),
        button=_("Quyết toán %(amount)s đồng") % {"amount": dong(count.due.state)},
        done=_("Đã quyết toán."),
        law=[
            _("Hạn lập hồ sơ: %(day)s, 15 ngày sau nghiệm thu cuối cùng (khoản 1 Điều 18 TT 36/2013/TT-BCT).")
            % {"day": f"{limit:%d/%m/%Y}"}
            if limit
            else "",
            _("Chứng từ đã kê: %(sum)s đồng.") % {"sum": dong(count.spent_total)},
        ],
        sums=[
            count.due.sentence,
            _("Đã tạm ứng %(advanced)s đồng; phải nộp trả %(surplus)s đồng.")
            % {"advanced": dong(advanced), "surplus": dong(surplus)},
        ],
        checks=parts.checks_of([line for line in lines if line.requirement.code != "settlement_table"]),
        after=[
            _("Kinh phí đã cam kết mà không dùng trở về nguồn."),
            _("Số quyết toán không sửa được; tạm ứng thừa phải nộp trả trước khi thanh lý."),
        ],
        paper=form.kind,
    )


@step
def return_surplus(request, pk, envelope):
    project = _project(request, pk)
    _guard(request, project, P.SETTLE)
    found = next(((one, own) for one, own in positions(project).items() if one.pk == envelope), None)
    if found is None:
        raise Http404
    source, own = found
    form = bind(forms.ReturnForm, request, initial={"amount": own.surplus or None})

    def do(data):
        paper = _paper(request, project, form)
        return operations.return_surplus(
            project, envelope=source, amount=data["amount"], by=request.user, on=data["signed_on"], paper=paper
        )

    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Nộp trả kinh phí thừa"),
        button=_("Ghi đã nộp trả"),
        done=_("Đã ghi nộp trả."),
        law=[_("Phần đã tạm ứng không được quyết toán phải nộp ngân sách (khoản 6 Điều 12 TT 36/2013/TT-BCT).")],
        sums=[
            _("Đã tạm ứng %(advanced)s − quyết toán %(settled)s = phải nộp trả %(surplus)s đồng.")
            % {"advanced": dong(own.advanced), "settled": dong(own.settled), "surplus": dong(own.surplus)}
        ],
        after=[_("Nộp trả đủ thì thanh lý được hợp đồng.")] if project.state == ProjectState.SETTLED else [],
        paper=form.kind,
    )


@step
def liquidate(request, pk):
    project, today = _project(request, pk), clock.today()
    _guard(request, project, P.LIQUIDATE)
    form = bind(forms.LiquidateForm, request)

    def do(data):
        paper, table = _paper(request, project, form), None
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

    limit = queries.liquidation_due(project, on=today)
    own = list(positions(project).values())
    return _step_page(
        request,
        project,
        form,
        do,
        title=_("Thanh lý hợp đồng"),
        button=_("Thanh lý hợp đồng"),
        done=_("Đã thanh lý hợp đồng."),
        law=[
            _("Không chậm quá %(day)s (khoản 2 Điều 18 TT 36/2013/TT-BCT).") % {"day": f"{limit:%d/%m/%Y}"}
            if limit
            else "",
        ],
        sums=[
            _("Quyết toán %(settled)s đồng, đã chuyển %(advanced)s đồng.")
            % {
                "settled": dong(sum(one.settled for one in own)),
                "advanced": dong(sum(one.advanced for one in own)),
            }
        ],
        after=[_("Đề án kết thúc ở trạng thái “%(state)s”.") % {"state": ProjectState.LIQUIDATED.label}],
        paper=form.kind,
    )
