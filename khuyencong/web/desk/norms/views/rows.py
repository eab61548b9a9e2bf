"""Dated rows of an instrument: entered, ended, verified, corrected; the norms in rows."""

import django_filters
from django.core import paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.norms import operations, queries
from khuyencong.norms.enums import Level
from khuyencong.norms.models import Line, Row
from khuyencong.norms.rules import number
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.web.common import lists
from khuyencong.web.common.forms import DayField
from khuyencong.web.common.lists import Column
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.norms import forms
from khuyencong.web.desk.norms.views.shared import KINDS, change_page, instrument_of, mark_of, step_page, sure, tabs
from khuyencong.web.desk.norms.views.words import value_of, what_of


def _model(kind: str) -> type[Row]:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _row(kind: str, pk: int) -> Row:
    return get_object_or_404(_model(kind)._default_manager.select_related("instrument", "province"), pk=pk)


def _given(data: dict) -> dict:
    """Without the fields that were left empty and have a default of their own."""
    return {name: value for name, value in data.items() if value is not None}


@step
def add_row(request, pk, kind):
    text, model = instrument_of(pk), _model(kind)
    form = bind(forms.row_form(model), request, initial={"valid_from": text.valid_from})
    return change_page(
        request,
        form,
        lambda data: operations.add_row(text, model=model, by=request.user, on=clock.today(), **_given(data)),
        suppose=lambda data: ([operations.propose_row(text, model=model, by=request.user, **_given(data))], []),
        of=text,
        title=_("Thêm dòng: %(kind)s") % {"kind": model._meta.verbose_name},
        button=_("Ghi dòng"),
        done=_("Đã ghi dòng mới, chưa kiểm chứng."),
    )


@step
def end_row(request, kind, pk):
    row = _row(kind, pk)
    form = bind(forms.EndForm, request)
    return change_page(
        request,
        form,
        lambda data: operations.end_row(row, by=request.user, on=clock.today(), **data),
        suppose=lambda data: ([operations.propose_end(row, by=request.user, **data)], [row]),
        of=row,
        title=_("Kết thúc một dòng"),
        button=_("Kết thúc dòng"),
        done=_("Đã kết thúc dòng."),
        after=[_("Từ ngày đó hệ thống không dùng dòng này nữa."), _("Quyết định đã ra giữ nguyên số đã quyết.")],
    )


@step
def succeed_row(request, kind, pk):
    row = _row(kind, pk)
    base = forms.row_form(type(row), leave_out=(*type(row).KEY, "valid_to", "source", "note"))
    first = {name: getattr(row, name) for name in base.base_fields if name not in ("article", "valid_from")}
    form = bind(forms.successor_form(base), request, row=row, initial=first)

    def suppose(data):
        ended, following = operations.propose_successor(row, by=request.user, **_given(data))
        return [ended, following], [row]

    return change_page(
        request,
        form,
        lambda data: operations.succeed_row(row, by=request.user, on=clock.today(), **_given(data)),
        suppose=suppose,
        of=row,
        title=_("Thay bằng dòng mới"),
        button=_("Thay dòng"),
        done=_("Đã thay bằng dòng mới, chưa kiểm chứng."),
        after=[
            _("Dòng cũ hết hiệu lực đúng ngày dòng mới có hiệu lực, không có ngày nào trống hoặc trùng."),
            _("Quyết định đã ra giữ nguyên số đã quyết."),
        ],
    )


@reads
def periods(request, kind, pk):
    """What holds when: the rows of the key of this one, with the days between them on which none holds."""
    row = _row(kind, pk)
    today = clock.today()
    shown = [
        {
            "period": period,
            "row": period.row,
            "value": value_of(period.row) if period.row else "",
            "mark": mark_of(period.row) if period.row else "",
            "sure": sure(period.row) if period.row else "",
            "now": period.holds_on(today),
        }
        for period in queries.periods_of(row)
    ]
    context = {
        "row": row,
        "kind": kind,
        "what": what_of(row),
        "name": type(row)._meta.verbose_name,
        "periods": shown,
        "open_days": sum(one["row"] is None for one in shown),
        "may": request.user.may(Permission.CATALOGUE_MANAGE, place=row.province),
    }
    return render(request, "desk/norms/periods.html", context)


@reads
def gaps(request):
    """The days that the law as recorded leaves open, each with the time line in which it lies."""
    found = queries.gaps(on=clock.today())
    page = paginator.Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [
        {
            "gap": gap,
            "name": gap.model._meta.verbose_name,
            "level": Level(gap.level).label,
            "url": reverse("norms:periods", args=[gap.model._meta.model_name, gap.pk]),
        }
        for gap in page
    ]
    return render(request, "desk/norms/gaps.html", {"page": page, "rows": rows, "views": tabs("gaps")})


@step
def verify_row(request, kind, pk):
    row = _row(kind, pk)
    form = bind(forms.VerifyForm, request, initial={"mark": row.verified, "source": row.source})
    return step_page(
        request,
        form,
        lambda data: operations.verify_row(row, by=request.user, on=clock.today(), **data),
        of=row,
        title=_("Ghi kết quả đối chiếu"),
        button=_("Ghi kết quả"),
        done=_("Đã ghi kết quả đối chiếu."),
    )


@step
def correct_row(request, kind, pk):
    row = _row(kind, pk)
    base = forms.row_form(type(row), leave_out=("source",), cited=bool(row.article.strip()))
    form = bind(
        type("CorrectForm", (base, forms.ReasonForm), {}),
        request,
        initial={name: getattr(row, name) for name in base.base_fields},
    )
    return change_page(
        request,
        form,
        lambda data: operations.correct_row(row, by=request.user, on=clock.today(), **data),
        suppose=lambda data: ([operations.propose_correction(row, by=request.user, **data)], [row]),
        of=row,
        title=_("Sửa dòng chưa kiểm chứng"),
        button=_("Ghi sửa đổi"),
        done=_("Đã sửa; số cũ nằm trong nhật ký."),
    )


NORMS = (
    Column(
        "line", gettext_lazy("Dòng hỗ trợ"), value=lambda r: r.line.name, sort="line__name", small=lambda r: r.line.code
    ),
    Column(
        "percent",
        gettext_lazy("Tỷ lệ"),
        kind="percent",
        value=lambda r: None if r.percent is None else r.percent / 100,
        sort="percent",
    ),
    Column("multiplier", gettext_lazy("Hệ số"), value=lambda r: r.multiplier and number(r.multiplier), shown=False),
    Column("cap", gettext_lazy("Không quá, triệu đồng"), kind="million", sort="cap"),
    Column("unit", gettext_lazy("Đơn vị"), value=lambda r: r.line.unit),
    Column(
        "instrument",
        gettext_lazy("Căn cứ"),
        value=lambda r: str(r.instrument),
        small="article",
        sort="instrument__code",
        url=lists.page("norms:page", "instrument_id"),
    ),
    Column(
        "province",
        gettext_lazy("Áp dụng"),
        value=lambda r: r.province.full_name if r.province else _("Cả nước"),
        shown=False,
    ),
    Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
    Column("valid_to", gettext_lazy("Đến trước ngày"), kind="day", sort="valid_to"),
    Column("verified", gettext_lazy("Kiểm chứng"), kind="state", value=sure, mark=mark_of, sort="verified"),
    Column("note", gettext_lazy("Ghi chú"), shown=False),
)


class DayFilter(django_filters.Filter):
    field_class = DayField

    def filter(self, queryset, value):
        return queryset.on(value) if value else queryset


class NormFilter(lists.Filter):
    on = DayFilter(label=gettext_lazy("Có hiệu lực ngày"))
    level = django_filters.ChoiceFilter(label=gettext_lazy("Cấp"), choices=Level, empty_label=gettext_lazy("Mọi cấp"))
    province = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Tỉnh"),
        queryset=Unit.objects.none(),
        method="of_province",
        empty_label=gettext_lazy("Mọi tỉnh"),
    )
    line = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Dòng hỗ trợ"), queryset=Line.objects.all(), empty_label=gettext_lazy("Mọi dòng")
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.filters["province"].queryset = places.current_provinces()

    def of_province(self, queryset, _name, value):
        return queryset.filter(pk__in=queries.support_norms(province=value).values("pk"))


@reads
def row_list(request):
    return lists.answer(
        request,
        queries.support_norms(),
        columns=NORMS,
        filters=NormFilter,
        order=(F("line__activity").asc(nulls_last=True), "line__code", "-valid_from"),
        name="dinh-muc",
        title=_("Định mức hỗ trợ"),
        sub=_(
            "Mỗi dòng là một mức của một văn bản trong một thời gian. Quyết định đã ra giữ nguyên số của ngày quyết định."
        ),
        unit=_("dòng"),
        empty=_("Chưa có quy định nào khớp: kinh phí địa phương chỉ theo văn bản của tỉnh đã nạp."),
        views=tabs("rows"),
    )
