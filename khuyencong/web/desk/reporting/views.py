from dataclasses import replace

import django_filters
from django.db.models import F, Q, Sum
from django.http import FileResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import million
from khuyencong.budgets.enums import EntryKind
from khuyencong.establishments.models import Establishment
from khuyencong.projects.enums import Activity, Source
from khuyencong.projects.models import Beneficiary
from khuyencong.reporting import exports
from khuyencong.reporting.enums import Discrepancy, Map, Period, period_title
from khuyencong.reporting.queries import published as figures
from khuyencong.reporting.queries import yearly
from khuyencong.reporting.rules import span
from khuyencong.web.common import lists
from khuyencong.web.common.forms import communes_of
from khuyencong.web.common.lists import Column
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.views import reads
from khuyencong.web.desk.projects.parts import mark_of
from khuyencong.web.desk.reporting.parts import Paper, address
from khuyencong.web.desk.reporting.sent import closing

ALL = "tat-ca"
FIRST_YEAR = 1990
MOST_NAMED = 3  # communes in a title


def _frame(request) -> yearly.Frame:
    """Year, period, province and map that the address asks for; otherwise those in work."""
    asked = request.GET
    year = asked.get("nam", "")
    province = request.frame.province
    if "tinh" in asked:
        province = next((unit for unit in request.frame.provinces if str(unit.pk) == asked["tinh"]), None)
    period = asked.get("ky", "")
    frame = yearly.frame_for(
        request.user,
        year=int(year) if year.isdecimal() and FIRST_YEAR <= int(year) <= 2100 else request.frame.year,
        province=province,
        map=asked.get("ban-do", Map.TODAY),
        period=Period(int(period)) if period in map(str, Period.values) else None,
    )
    return replace(frame, cumulative=asked.get("luy-ke") == "1" and frame.period is not None)


def _own_communes(request, frame) -> list:
    """Of who is there for some communes of the province alone: these; its figures are theirs, not the province's."""
    scope, province = request.user.scope(), frame.province
    if province is None or scope.whole_country or province.pk in scope.provinces:
        return []
    return list(communes_of(scope, province.pk))


def _where(request, frame, own=None) -> str:
    own = _own_communes(request, frame) if own is None else own
    if frame.province is not None:
        names = ", ".join(unit.named_inside for unit in own[:MOST_NAMED])
        if len(own) > MOST_NAMED:
            number = len(own)
            names = ngettext("%(number)s xã, phường", "%(number)s xã, phường", number) % {"number": number}
        return ", ".join(filter(None, [names, frame.province.named_inside]))
    return _("cả nước") if request.frame.whole_country else _("các địa bàn được giao")


def _when(frame) -> str:
    said = period_title(frame.year, frame.period)
    return _("luỹ kế đến hết %(period)s") % {"period": said} if frame.cumulative else said


def _file(frame) -> str:
    return f"{frame.year}-ky-{frame.period}" if frame.period else str(frame.year)


# ---- the report ----


@reads
def report(request):
    frame = _frame(request)
    told = yearly.yearly(frame)
    when = _when(frame)
    own = _own_communes(request, frame)
    place = _where(request, frame, own)
    title = _("Báo cáo khuyến công %(period)s, %(place)s") % {"period": when, "place": place}
    counted = _("Tính lúc %(at)s. %(map)s.") % {"at": f"{request.frame.now:%H:%M %d/%m/%Y}", "map": frame.map.label}
    if own:
        counted += " " + _("Chỉ gồm đề án và kinh phí ở địa bàn của bạn, không phải cả tỉnh.")
    if request.GET.get("xuat") == "xlsx":
        book = exports.workbook(told, title=title, note=counted)
        return FileResponse(book, as_attachment=True, filename=f"bao-cao-khuyen-cong-{_file(frame)}.xlsx")
    maps = [
        Tab(
            str(way.label),
            f"?{address(replace(frame, map=way))}",
            current=way == frame.map,
        )
        for way in Map
    ]
    return render(
        request,
        "desk/reporting/report.html",
        {
            "title": title,
            "place": place,
            "own_communes": own,
            "counted": counted,
            "report": told,
            "paper": Paper(told),
            "when": when,
            "until": min(clock.today(), span(frame.year, frame.period)[1]) if frame.period else clock.today(),
            "asked": frame,
            "periods": Period,
            "closing": closing(request, told),
            "maps": maps,
            "years": sorted({*request.frame.years, frame.year}, reverse=True),
            "today": clock.today(),
            "excel": f"?{address(frame, xuat='xlsx')}",
        },
    )


# ---- the records behind a figure ----

AMOUNTS = {
    "national": gettext_lazy("KCQG được duyệt"),
    "local": gettext_lazy("KCĐP được duyệt"),
    "support": gettext_lazy("Kinh phí nhà nước được duyệt"),
    "counterpart": gettext_lazy("Đối ứng được duyệt"),
    "other": gettext_lazy("Nguồn khác được duyệt"),
    "unsplit": gettext_lazy("Kinh phí chưa tách nguồn"),
    "contracted": gettext_lazy("Đã ký hợp đồng"),
    "halted": gettext_lazy("Đã ký, đề án nay đã ngừng"),
    "halted-advanced": gettext_lazy("Đã giải ngân, đề án nay đã ngừng"),
    "advanced": gettext_lazy("Đã giải ngân"),
    "settled": gettext_lazy("Đã quyết toán"),
    "contracted-national": gettext_lazy("KCQG đã ký hợp đồng"),
    "contracted-local": gettext_lazy("KCĐP đã ký hợp đồng"),
    "advanced-national": gettext_lazy("KCQG đã giải ngân"),
    "advanced-local": gettext_lazy("KCĐP đã giải ngân"),
    "settled-national": gettext_lazy("KCQG đã quyết toán"),
    "settled-local": gettext_lazy("KCĐP đã quyết toán"),
    "settled-counterpart": gettext_lazy("Đối ứng đã quyết toán"),
}
CONDITIONS = {
    "accepted": gettext_lazy("Đã nghiệm thu"),
    "settled": gettext_lazy("Đã quyết toán"),
    "stopped": gettext_lazy("Ngừng thực hiện"),
    "historical": gettext_lazy("Hồ sơ lịch sử"),
    "changed": gettext_lazy("Có điều chỉnh"),
}


def _asked(request) -> dict:
    """Which figure the address names."""
    activity, place = request.GET.get("nhom", ""), request.GET.get("noi", "")
    return {
        "activity": int(activity) if activity.isdecimal() and int(activity) in Activity.values else None,
        "place": int(place) if place.isdecimal() else None,
        "amount": request.GET.get("so", "") if request.GET.get("so") in AMOUNTS else "",
        "condition": request.GET.get("la", "") if request.GET.get("la") in CONDITIONS else "",
    }


def _project_columns(amount: str) -> tuple[Column, ...]:
    return (
        Column("code", _("Mã"), sort=("year", "code")),
        Column(
            "title",
            _("Đề án, đơn vị thực hiện"),
            sort="sort_key",
            url=lists.page("projects:page"),
            small="implementer",
        ),
        Column("place", _("Địa bàn"), value="place", small="place_text"),
        Column("state", _("Trạng thái"), kind="state", sort="state", mark=mark_of, value="get_state_display"),
        Column("historical", _("Hồ sơ"), value=lambda project: _("lịch sử") if project.historical else ""),
        Column("figure", str(AMOUNTS[amount or "support"]), kind="million", sort="figure", total=Sum("figure")),
    )


@reads
def records(request):
    frame, asked = _frame(request), _asked(request)
    said = [
        str(AMOUNTS[asked["amount"]]) if asked["amount"] else "",
        str(CONDITIONS[asked["condition"]]) if asked["condition"] else "",
        str(Activity(asked["activity"]).label) if asked["activity"] else "",
        _("đúng một địa bàn của báo cáo") if asked["place"] is not None else "",
    ]
    return lists.answer(
        request,
        yearly.behind(frame, **asked).select_related("implementer", "province", "commune"),
        columns=_project_columns(asked["amount"]),
        order=("code",),
        name=f"bao-cao-{_file(frame)}-de-an",
        title=_("Đề án làm nên số này"),
        sub=_("Báo cáo %(period)s, %(place)s: %(what)s. Số tiền tính bằng triệu đồng.")
        % {
            "period": _when(frame),
            "place": _where(request, frame),
            "what": "; ".join(filter(None, said)) or _("Mọi đề án được duyệt"),
        },
        unit=_("đề án"),
        empty=_("Không có đề án nào."),
        acts=[lists.Act(_("Về báo cáo"), f"{reverse('reporting:list')}?{address(frame)}", quiet=True)],
    )


@reads
def helped(request):
    frame = _frame(request)
    beside = ("establishment__province", "establishment__commune", "project")
    found = yearly.helped(frame).select_related(*beside)
    return lists.answer(
        request,
        found,
        columns=(
            Column(
                "establishment",
                _("Cơ sở"),
                url=lists.page("establishments:page", "establishment_id"),
                sort="establishment__sort_key",
                small=lambda row: row.establishment.commune or row.establishment.province,
            ),
            Column("project", _("Đề án"), url=lists.page("projects:page", "project_id")),
            Column("content", _("Nội dung hỗ trợ")),
            Column("national", _("KCQG"), kind="million", sort="national", total=Sum("national")),
            Column("local", _("KCĐP"), kind="million", sort="local", total=Sum("local")),
            Column("counterpart", _("Đối ứng"), kind="million", sort="counterpart", total=Sum("counterpart")),
        ),
        order=("establishment__sort_key",),
        name=f"bao-cao-{_file(frame)}-luot-co-so",
        title=_("Lượt cơ sở được hỗ trợ"),
        sub=_("Mỗi lần được hỗ trợ một dòng; đề án ngừng thực hiện không tính."),
        unit=_("lượt"),
        empty=_("Không có cơ sở nào."),
        acts=[lists.Act(_("Về báo cáo"), f"{reverse('reporting:list')}?{address(frame)}", quiet=True)],
        drawn=Beneficiary.objects.select_related(*beside) if request.frame.whole_country else None,
    )


@reads
def establishments(request):
    frame = _frame(request)
    found = yearly.different_establishments(frame, women=request.GET.get("nu") == "1")
    return lists.answer(
        request,
        found.select_related("province", "commune"),
        columns=(
            Column(
                "name",
                _("Cơ sở"),
                url=lists.page("establishments:page"),
                sort="sort_key",
                small=lambda row: row.commune or row.province,
            ),
            Column("legal_form", _("Loại hình"), value="get_legal_form_display"),
            Column("main_product", _("Sản phẩm chính")),
        ),
        order=("sort_key",),
        name=f"bao-cao-{_file(frame)}-co-so",
        title=_("Cơ sở khác nhau được hỗ trợ"),
        sub=_("Mỗi cơ sở một dòng, dù được hỗ trợ mấy lần; cơ sở đã gộp tính là một."),
        unit=_("cơ sở"),
        empty=_("Không có cơ sở nào."),
        acts=[lists.Act(_("Về báo cáo"), f"{reverse('reporting:list')}?{address(frame)}", quiet=True)],
        drawn=Establishment.objects.select_related("province", "commune"),
    )


@reads
def envelopes(request):
    frame = _frame(request)
    source, moved = request.GET.get("nguon", ""), request.GET.get("so") == "moved"

    def total(kind: EntryKind) -> Sum:
        return Sum("entries__amount", filter=Q(entries__kind=kind) & frame.during("entries__on"), default=0)

    found = yearly.envelopes(frame, source).annotate(
        given=total(EntryKind.ALLOCATED),
        carried_in=total(EntryKind.CARRIED_IN),
        carried_out=total(EntryKind.CARRIED_OUT),
        returned=total(EntryKind.RETURNED),
    )
    change = F("carried_in") - F("carried_out") - F("returned")
    found = found.annotate(figure=change if moved else F("given"))
    title = _("Chuyển nguồn, nộp trả") if moved else _("Dự toán giao")
    said = [
        f"{Source(source).label}." if source in yearly.STATE_MONEY else "",
        _("Nhận chuyển nguồn, trừ chuyển nguồn đi và nộp trả.")
        if moved
        else _("Theo quyết định giao dự toán; chuyển nguồn và nộp trả ở cột riêng."),
        "" if moved else _told_once(frame, source, found),
    ]
    return lists.answer(
        request,
        found.select_related("holder", "province"),
        columns=(
            Column("name", _("Nguồn"), small="holder"),
            Column("level", _("Cấp"), value="get_level_display"),
            Column("province", _("Tỉnh")),
            Column("carried_in", _("Nhận chuyển nguồn"), kind="million", total=Sum("carried_in")),
            Column("carried_out", _("Chuyển nguồn đi"), kind="million", total=Sum("carried_out")),
            Column("returned", _("Đã nộp trả"), kind="million", total=Sum("returned")),
            Column("figure", title, kind="million", total=Sum("figure")),
        ),
        order=("level", "name"),
        name=f"bao-cao-{_file(frame)}-du-toan",
        title=_("%(figure)s %(period)s") % {"figure": title, "period": _when(frame)},
        sub=" ".join(filter(None, said)),
        unit=_("nguồn"),
        empty=_("Chưa có quyết định giao dự toán nào."),
        acts=[lists.Act(_("Về báo cáo"), f"{reverse('reporting:list')}?{address(frame)}", quiet=True)],
    )


def _told_once(frame, source, found) -> str:
    """Where agency and provinces have both written down the same money the report counts it once; the list shows every row."""
    if frame.province is not None:
        return ""
    told = sum(balance.allocated for balance in yearly.given(frame, source).values())
    plain = found.aggregate(sum=Sum("figure", default=0))["sum"]
    if told == plain:
        return ""
    return _(
        "Khuyến công quốc gia mà Cục được giao và tỉnh được phân bổ lại chỉ tính một lần: báo cáo ghi %(told)s, các dòng cộng "
        "lại %(plain)s triệu đồng."
    ) % {"told": million(told), "plain": million(plain)}


# ---- published figures ----


def _tabs(current: str) -> list[Tab]:
    return [
        Tab(_("Số liệu"), reverse("reporting:published"), current=current == "published"),
        Tab(_("Đối chiếu"), reverse("reporting:reconciliation"), current=current == "reconciliation"),
    ]


FIGURES = (
    Column("province_then", gettext_lazy("Nơi như đã ghi"), sort="province_then", small="place"),
    Column("period", gettext_lazy("Thời kỳ"), sort=("year_from", "period")),
    Column("subject", gettext_lazy("Nội dung, chỉ tiêu"), sort="subject", small="indicator"),
    Column("value", gettext_lazy("Số liệu"), value=figures.said, small="unit", sort="value"),
    Column("planned", gettext_lazy("Loại"), value=lambda f: _("kế hoạch") if f.planned else _("kết quả")),
    Column(
        "document",
        gettext_lazy("Nguồn"),
        url=lambda f: f.document.url,
        small=lambda f: f.position,
        sort=("document__title", "pk"),
    ),
    Column("province", gettext_lazy("Tỉnh hiện nay"), shown=False),
    Column("part_of", gettext_lazy("Thành phần của"), shown=False),
    Column("note", gettext_lazy("Ghi chú"), shown=False),
)


class FigureFilter(lists.Filter):
    planned = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"),
        choices=(("True", gettext_lazy("Kế hoạch, chỉ tiêu")), ("False", gettext_lazy("Kết quả"))),
        empty_label=gettext_lazy("Mọi loại"),
    )
    year = django_filters.NumberFilter(label=gettext_lazy("Năm"), method="in_year")
    q = lists.FoldedFilter("folded", label=gettext_lazy("Nội dung, nơi"))

    def in_year(self, rows, name, value):
        return rows.filter(year_from__lte=value, year_to__gte=value)


KINDS = {
    Discrepancy.GAP: "late",
    Discrepancy.PART_MISSING: "wait",
    Discrepancy.ROUNDING: "done",
    Discrepancy.OPEN_LIST: "run",
}


def _public_frame(request):
    if not request.user.holds(Permission.VIEW):
        raise NotAllowed(_("Trang này dành cho cơ quan quản lý và Trung tâm."))
    return request.frame.province_id


@reads
def published(request):
    return lists.answer(
        request,
        figures.figures(province_id=_public_frame(request)),
        columns=FIGURES,
        filters=FigureFilter,
        order=("document__title", "pk"),
        name="so-lieu-da-cong-bo",
        title=_("Số liệu đã công bố"),
        sub=_("Ghi đúng như tài liệu, kể cả chỗ sai; tách khỏi số liệu hệ thống tự tính."),
        unit=_("số liệu"),
        empty=_("Chưa có số liệu công bố nào của địa bàn này."),
        views=_tabs("published"),
    )


@reads
def reconciliation(request):
    found = figures.reconcile(province_id=_public_frame(request))
    return render(
        request,
        "desk/reporting/reconciliation.html",
        {
            "title": _("Đối chiếu số liệu đã công bố"),
            "findings": found,
            "rows": [
                {
                    "finding": finding,
                    "kind": str(finding.kind.label),
                    "mark": KINDS[finding.kind],
                    "stated": figures.said(finding.figure),
                    "computed": figures.plain(finding.computed),
                    "difference": figures.plain(finding.difference),
                    "sources": [one for one in (finding.figure, finding.other) if one],
                }
                for finding in found
            ],
            "tabs": _tabs("reconciliation"),
        },
    )
