import secrets
from operator import attrgetter

import django_filters
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit import queries as chain
from khuyencong.audit.enums import ACTIONS
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.budgets import queries as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.contracts.models import Advance, Settlement, Voucher
from khuyencong.files.queries import open_file
from khuyencong.places.models import Scope
from khuyencong.projects.queries import journal_of
from khuyencong.reporting import exports, operations
from khuyencong.reporting.queries import exceptions as found
from khuyencong.reporting.queries import sampling
from khuyencong.reporting.queries.yearly import territory
from khuyencong.web.common import lists
from khuyencong.web.common.forms import DayField
from khuyencong.web.common.lists import Column
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.views import reads, writes
from khuyencong.web.desk.projects.parts import mark_of

ALL = "tat-ca"
SIZES = (10, 20, 50, 100, 200)
_EVERYWHERE = Scope(whole_country=True)


def _frame(request) -> found.Frame:
    """The territory of the auditor's mandate, the year and province in work; ``nam=tat-ca`` all years."""
    year = request.GET.get("nam", "")
    chosen = None if year == ALL else int(year) if year.isdecimal() and len(year) == 4 else request.frame.year
    return found.frame_for(request.user, year=chosen, province=request.frame.province)


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(label, reverse(f"audit:{name}"), current=name == current)
        for name, label in (
            ("list", _("Ngoại lệ")),
            ("sample", _("Chọn mẫu")),
            ("envelopes", _("Theo dòng tiền")),
            ("journal", _("Nhật ký")),
        )
    ]


def _years(request, frame) -> dict:
    return {"years": request.frame.years, "asked": frame, "all_years": ALL}


# ---- exceptions ----


@reads
def board(request):
    """The kinds with their numbers; over the whole country each number is asked for after the page is shown."""
    frame = _frame(request)
    counted = not frame.vast or lists.COUNT in request.GET
    counts = found.board(frame) if counted else {}
    rows = [_kind(frame, kind, counts.get(kind.key)) for kind in found.KINDS.values()]
    context = {"title": _("Kiểm toán"), "rows": rows, "tabs": _tabs("list"), **_years(request, frame)}
    if not counted:
        context["count_url"] = f"?nam={frame.year or ALL}&{lists.COUNT}=1"
    return render(request, "desk/audit/board.html", context)


@reads
def number(request, key):
    """One row of the board, counted."""
    if key not in found.KINDS:
        raise Http404
    frame = _frame(request)
    row = _kind(frame, found.KINDS[key], found.board(frame, key)[key])
    return render(request, "desk/audit/_kind.html", {"row": row})


def _kind(frame, kind, count) -> dict:
    """``count`` is None where nobody has counted yet."""
    year = f"?nam={frame.year or ALL}"
    return {
        "label": kind.label,
        "explanation": kind.explanation,
        "count": count,
        "url": reverse("audit:exceptions", args=[kind.key]) + year,
        "count_url": reverse("audit:number", args=[kind.key]) + year,
    }


EXPORTED = (
    Column("code", gettext_lazy("Mã đề án"), value=lambda f: f.project.code if f.project else ""),
    Column("what", gettext_lazy("Đề án, đối tượng"), value=lambda f: f.project.title if f.project else f.subject),
    Column("on", gettext_lazy("Ngày"), kind="day"),
    Column("sentence", gettext_lazy("Nội dung")),
)


@reads
def exceptions(request, key):
    kind = found.KINDS.get(key)
    if kind is None:
        raise Http404
    frame = _frame(request)
    lines = kind.found(frame)
    if request.GET.get(lists.EXPORT) == "xlsx":
        book = lists.workbook(str(kind.label), EXPORTED, lines)
        return FileResponse(book, as_attachment=True, filename=f"{key}-{clock.today():%Y%m%d}.xlsx")
    page = Paginator(lines, lists.ROWS).get_page(request.GET.get(lists.PAGE))
    context = {"title": str(kind.label), "kind": kind, "page": page, "key": key, **_years(request, frame)}
    return render(request, "desk/audit/exceptions.html", context)


# ---- a sample that can be drawn again ----


@reads
def sample(request):
    frame = _frame(request)
    asked = request.GET.get("co-mau", "")
    seed = request.GET.get("hat-giong", "").strip()[:40]
    what = sampling.VOUCHERS if request.GET.get("loai") == sampling.VOUCHERS else sampling.PROJECTS
    size = int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[1]
    drawn = sampling.draw(frame, seed=seed, size=size, what=what) if seed else None
    context = {
        "title": _("Chọn mẫu ngẫu nhiên"),
        "tabs": _tabs("sample"),
        "seed": seed or secrets.token_hex(4),
        "what": what,
        "size": size,
        "sizes": SIZES,
        "sample": drawn,
        **_years(request, frame),
    }
    return render(request, "desk/audit/sample.html", context)


@writes
def export(request):
    """The chosen dossiers, streamed; the journal remembers who took them."""
    frame = found.frame_for(request.user)
    keys = [int(key) for key in request.POST.getlist("de-an") if key.isdecimal()][: sampling.LARGEST + 1]
    projects = list(frame.projects().filter(pk__in=keys).select_related("province", "commune").order_by("code"))
    operations.take_dossiers(projects, by=request.user)
    seed = request.POST.get("hat-giong", "")[:40]
    stream = exports.dossiers(
        projects,
        journal=journal_of(projects).iterator(chunk_size=2_000),
        verdict=chain.verify(),
        with_scans=all(request.user.may(Permission.VIEW_PERSONAL, place=project.place) for project in projects),
        drawn=_("Hạt giống của mẫu: %(seed)s") % {"seed": seed} if seed else "",
    )
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="ho-so-kiem-toan-{clock.today():%Y%m%d}.zip"'
    return response


# ---- following one đồng ----


def _sum(name):
    return lists.Shared(budgets.sums_of, attrgetter(name))


@reads
def envelopes(request):
    frame = _frame(request)
    rows = Envelope.objects.filter(territory(frame.scope))
    if frame.province is not None:
        rows = rows.filter(Q(province=frame.province) | Q(province=None))
    if frame.year is not None:
        rows = rows.filter(year=frame.year)
    return lists.answer(
        request,
        budgets.with_sums(rows),
        columns=(
            Column("name", _("Nguồn"), url=lists.page("audit:envelope"), small="holder"),
            Column("level", _("Cấp"), value="get_level_display"),
            Column("year", _("Năm"), sort="year"),
            Column("given", _("Được giao"), kind="million", total=_sum("given")),
            Column("paid", _("Đã chi"), kind="million", value="advanced", total=_sum("advanced")),
        ),
        order=("level", "name"),
        name="dong-tien",
        title=_("Theo dòng tiền"),
        sub=_("Chọn một nguồn để đi theo từng đồng: quyết định giao, sổ, đề án, tạm ứng, chứng từ."),
        unit=_("nguồn"),
        empty=_("Năm này chưa có nguồn nào được giao."),
        views=_tabs("envelopes"),
    )


@reads
def envelope(request, pk):
    frame = found.frame_for(request.user)
    here = get_object_or_404(Envelope.objects.select_related("holder").filter(territory(frame.scope)), pk=pk)
    page = Paginator(budgets.ledger(here), 100).get_page(request.GET.get(lists.PAGE))
    context = {"title": here.name, "envelope": here, "page": page, "balance": budgets.balance(here)}
    return render(request, "desk/audit/envelope.html", context)


@reads
def trail(request, pk):
    frame = found.frame_for(request.user)
    project = get_object_or_404(frame.projects().select_related("implementer", "province", "commune"), pk=pk)
    vouchers = Voucher.objects.filter(project=project, removed_at=None).select_related("beneficiary__establishment")
    context = {
        "title": project.title,
        "project": project,
        "mark": mark_of(project),
        "flow": budgets.flow(project),
        "advances": Advance.objects.filter(project=project)
        .select_related("envelope", "payment")
        .order_by("number", "pk"),
        "settlement": Settlement.objects.filter(project=project).select_related("paper").first(),
        "page": Paginator(vouchers.order_by("on", "pk"), 100).get_page(request.GET.get(lists.PAGE)),
    }
    return render(request, "desk/audit/trail.html", context)


@reads
def voucher(request, pk):
    frame = found.frame_for(request.user)
    rows = Voucher.objects.select_related(
        "project__province", "project__commune__province", "beneficiary__establishment", "by", "file"
    )
    here = get_object_or_404(rows.filter(project__in=frame.projects()), pk=pk)
    same = Voucher.objects.filter(key=here.key, removed_at=None, project__in=frame.projects()).exclude(pk=pk)
    context = {
        "title": _("Chứng từ %(voucher)s") % {"voucher": here},
        "voucher": here,
        "same": same.select_related("project") if here.key else [],
        "may_open": request.user.may(Permission.VIEW_PERSONAL, place=here.project.place),
    }
    return render(request, "desk/audit/voucher.html", context)


@reads
def voucher_file(request, pk):
    """The scan of a voucher, for who may see personal data at its place."""
    frame = found.frame_for(request.user)
    rows = Voucher.objects.select_related("project__province", "project__commune__province", "file")
    here = get_object_or_404(rows.filter(project__in=frame.projects(), file__isnull=False), pk=pk)
    if not request.user.may(Permission.VIEW_PERSONAL, place=here.project.place):
        raise NotAllowed(_("Bạn không có quyền xem dữ liệu cá nhân trong bản chụp này."))
    return FileResponse(
        open_file(here.file), as_attachment=True, filename=here.file.name, content_type=here.file.content_type
    )


# ---- the journal ----


def _journal_scope(user):
    for permission in (Permission.AUDIT, Permission.PEOPLE_MANAGE):
        if scope := user.scope(permission):
            return scope
    raise NotAllowed(_("Nhật ký dành cho kiểm toán, thanh tra và quản trị hệ thống."))


class SinceFilter(django_filters.Filter):
    """From or until the day on which it was written down, both included, as the journal itself reads days."""

    field_class = DayField

    def filter(self, queryset, value):
        if not value:
            return queryset
        days = chain.search(_EVERYWHERE, **{self.field_name: value})
        return queryset.filter(pk__in=days.order_by().values("pk"))


class JournalFilter(lists.Filter):
    tu = SinceFilter(field_name="start", label=gettext_lazy("Ghi từ ngày"))
    den = SinceFilter(field_name="end", label=gettext_lazy("đến ngày"))
    action = django_filters.ChoiceFilter(
        label=gettext_lazy("Việc"),
        choices=lambda: sorted(ACTIONS.items(), key=lambda item: str(item[1])),
        empty_label=gettext_lazy("Mọi việc"),
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Người, đối tượng"))


JOURNAL = (
    Column("at", gettext_lazy("Ghi lúc"), kind="moment", sort="at"),
    Column("actor", gettext_lazy("Người thực hiện")),
    Column("action", gettext_lazy("Việc"), value="label"),
    Column("subject", gettext_lazy("Đối tượng"), small="subject_kind"),
    Column("on", gettext_lazy("Ngày pháp lý"), kind="day"),
    Column("signer", gettext_lazy("Người ký")),
    Column("position", gettext_lazy("Niêm phong"), kind="number", shown=False),
    Column("digest", gettext_lazy("Mã băm"), shown=False),
)


@reads
def journal(request):
    scope = _journal_scope(request.user)
    rows = chain.search(scope)
    if request.frame.province_id and not scope.whole_country:
        rows = rows.filter(province_id=request.frame.province_id)
    return lists.answer(
        request,
        rows,
        columns=JOURNAL,
        filters=JournalFilter,
        order="-pk",
        name="nhat-ky",
        title=_("Nhật ký"),
        sub=_("Mỗi việc một dòng, chỉ ghi thêm, không sửa, không xoá; các dòng được niêm phong nối nhau."),
        unit=_("dòng"),
        empty=_("Chưa có dòng nhật ký nào."),
        acts=[lists.Act(_("Kiểm tra niêm phong"), reverse("audit:verify"))],
        views=_tabs("journal") if request.user.holds(Permission.AUDIT) else [],
    )


@reads
def verify(request):
    _journal_scope(request.user)
    typed = request.GET.get("moc", "").strip()
    kept = chain.anchor_of(typed) if typed else None
    verdict = chain.verify(anchor=kept)
    context = {
        "typed": typed,
        "kept": kept,
        "title": _("Kiểm tra niêm phong nhật ký"),
        "verdict": verdict,
        "sentence": exports.verdict_sentence(verdict),
        "anchor": verdict.anchor,
    }
    return render(request, "desk/audit/verify.html", context)
