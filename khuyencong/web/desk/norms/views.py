from collections import Counter

import django_filters
from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid
from khuyencong.base.money import million
from khuyencong.norms import operations, queries
from khuyencong.norms.enums import InstrumentKind, Level, Verified
from khuyencong.norms.models import ROWS, Instrument, Line, Row, SupportNorm
from khuyencong.norms.rules import number
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.web.common import lists, parts
from khuyencong.web.common.forms import DayField
from khuyencong.web.common.lists import Act, Column
from khuyencong.web.common.views import act, bind, reads, step
from khuyencong.web.desk.norms import forms

KINDS: dict[str, type[Row]] = {model._meta.model_name: model for model in ROWS}
MARKS = {Verified.YES: "done", Verified.EARLIER_PASS: "wait", Verified.PRESS: "wait", Verified.NO: "wait"}


def _may(user, place=None) -> bool:
    return user.may(Permission.CATALOGUE_MANAGE, place=place)


def _mark(row) -> str:
    return MARKS[row.verified]


def _sure(row) -> str:
    return _("Đã đối chiếu") if row.is_verified else _("Chưa kiểm chứng")


def _tabs(current: str) -> list[parts.Tab]:
    return [
        parts.Tab(_("Văn bản"), reverse("norms:list"), current=current == "list"),
        parts.Tab(_("Định mức hỗ trợ"), reverse("norms:rows"), current=current == "rows"),
        parts.Tab(_("Tính mức tối đa"), reverse("norms:maximum"), current=current == "maximum"),
    ]


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────

INSTRUMENTS = (
    Column(
        "number",
        gettext_lazy("Văn bản"),
        value=str,
        sort="code",
        small="title",
        url=lambda i: reverse("norms:page", args=[i.pk]),
    ),
    Column(
        "body",
        gettext_lazy("Cơ quan ban hành"),
        sort="body",
        small=lambda i: i.province.full_name if i.province else "",
    ),
    Column("signed_on", gettext_lazy("Ngày ký"), kind="day", sort="signed_on"),
    Column("valid_from", gettext_lazy("Hiệu lực từ"), kind="day", sort="valid_from"),
    Column("valid_to", gettext_lazy("Hết hiệu lực từ"), kind="day", sort="valid_to"),
    Column("verified", gettext_lazy("Kiểm chứng"), kind="state", value=_sure, mark=_mark, sort="verified"),
    Column("source", gettext_lazy("Nguồn"), shown=False),
)


class InstrumentFilter(lists.Filter):
    level = django_filters.ChoiceFilter(label=gettext_lazy("Cấp"), choices=Level, empty_label=gettext_lazy("Mọi cấp"))
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"), choices=InstrumentKind, empty_label=gettext_lazy("Mọi loại")
    )
    verified = django_filters.ChoiceFilter(
        label=gettext_lazy("Kiểm chứng"), choices=Verified, empty_label=gettext_lazy("Mọi mức")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Số, trích yếu"))


@reads
def instrument_list(request):
    manages = request.user.holds(Permission.CATALOGUE_MANAGE)
    return lists.answer(
        request,
        Instrument.objects.select_related("province"),
        columns=INSTRUMENTS,
        filters=InstrumentFilter,
        order=("level", "-valid_from"),
        name="van-ban-quy-pham",
        title=_("Văn bản, định mức"),
        sub=_(
            "Văn bản làm căn cứ cho mọi phép tính trong hệ thống. Dòng “chưa kiểm chứng” là dòng chưa ai đọc được văn bản."
        ),
        unit=_("văn bản"),
        empty=_("Chưa có văn bản nào khớp. Bỏ bớt điều kiện lọc."),
        acts=[Act(_("Thêm văn bản"), reverse("norms:add"))] if manages else [],
        views=_tabs("list"),
        template="desk/norms/list.html",
        context={"ended": queries.instruments_resting_on_ended(on=clock.today())},
    )


@reads
def page(request, pk):
    instrument = get_object_or_404(Instrument.objects.select_related("province", "file"), pk=pk)
    may, today = _may(request.user, instrument.province), clock.today()
    links = [
        (
            link.get_kind_display(),
            link.target,
            link.note,
            link.target.valid_to is not None and link.target.valid_to <= today,
        )
        for link in instrument.outgoing.select_related("target").order_by("kind", "pk")
    ]
    back = [
        (link.get_kind_display(), link.instrument, link.note)
        for link in instrument.incoming.select_related("instrument").order_by("kind", "pk")
    ]
    context = {
        "instrument": instrument,
        "mark": _mark(instrument),
        "sure": _sure(instrument),
        "groups": [_group(model, rows, today) for model, rows in queries.rows_of(instrument)],
        "links": links,
        "back": back,
        "rests_on_ended": any(gone and kind == _("căn cứ") for kind, _t, _n, gone in links)
        and instrument.holds_on(today),
        "may": may,
        "offers": _offers(instrument) if may else [],
        "kinds": [(name, model._meta.verbose_name) for name, model in KINDS.items()]
        if may and instrument.valid_to is None
        else [],
        "history": [parts.Event(_action(e.action), e.at, who=e.actor) for e in reversed(history_of(instrument))],
    }
    return render(request, "desk/norms/page.html", context)


def _action(action: str) -> str:
    return {
        "norms.add_instrument": _("Ghi văn bản"),
        "norms.end_instrument": _("Ghi hết hiệu lực"),
        "norms.link": _("Ghi văn bản liên quan"),
        "norms.verify_instrument": _("Ghi kết quả đối chiếu"),
        "norms.load": _("Nạp văn bản kèm hệ thống"),
    }.get(action, action)


def _offers(instrument: Instrument) -> list[parts.Offer]:
    ended = _("Văn bản đã hết hiệu lực.") if instrument.valid_to else ""
    return [
        parts.Offer(_("Ghi kết quả đối chiếu"), reverse("norms:verify", args=[instrument.pk])),
        parts.Offer(_("Ghi văn bản liên quan"), reverse("norms:link", args=[instrument.pk])),
        parts.Offer(_("Ghi hết hiệu lực"), "" if ended else reverse("norms:end", args=[instrument.pk]), why=ended),
    ]


SHARED = 3  # a remark on so many rows of one kind stands once under them


def _group(model: type[Row], rows: list[Row], today) -> dict:
    """Rows of one kind: those that hold or will hold, and those that have ended; a remark of many rows is told once."""
    often = Counter(row.note for row in rows if row.note)
    remarks = [note for note, count in often.items() if count >= SHARED]
    shown = [
        {
            "row": row,
            "what": _what(row),
            "value": _value(row),
            "mark": _mark(row),
            "sure": _sure(row),
            "ref": f"({remarks.index(row.note) + 1})" if row.note in remarks else "",
            "note": "" if row.note in remarks else row.note,
        }
        for row in rows
    ]
    holding = [line for line in shown if line["row"].valid_to is None or line["row"].valid_to > today]
    unread = sum(not line["row"].is_verified for line in holding)
    return {
        "title": model._meta.verbose_name,
        "kind": model._meta.model_name,
        "note": _("%(count)s dòng chưa kiểm chứng") % {"count": unread} if unread else "",
        "now": holding,
        "past": [line for line in shown if line not in holding],
        "remarks": remarks,
    }


def _what(row: Row) -> str:
    """The row without its text, which stands above."""
    if isinstance(row, SupportNorm):
        return row.activity or row.line.name
    for name in ("text", "get_code_display", "get_kind_display", "get_act_display", "get_change_display"):
        found = getattr(row, name, None)
        if found := found() if callable(found) else found:
            form = getattr(row, "get_form_display", None)
            return f"{found} ({form()})" if form and form() else str(found)
    return _("Mọi dạng khác")


def _figures(percent, cap, multiplier, condition="") -> str:
    """Rate, cap and factor of a money row in words."""
    said = []
    if percent is not None:
        said.append(_("tối đa %(percent)s%%") % {"percent": number(percent)})
    if cap is not None:
        said.append(_("không quá %(cap)s triệu đồng") % {"cap": million(cap)})
    if multiplier is not None:
        said.append(_("hệ số %(factor)s") % {"factor": number(multiplier)})
    if condition:
        said.append(condition)
    return ", ".join(said) or _("không nêu số tiền")


def _value(row: Row) -> str:
    """What the row says, in one line."""
    said = []
    if isinstance(row, SupportNorm):
        return _figures(row.percent, row.cap, row.multiplier, row.condition)
    if hasattr(row, "ratio"):
        said.append(_("tạm ứng %(percent)s%%") % {"percent": number(row.ratio * 100)})
        if row.volume is not None:
            said.append(_("khi khối lượng vượt %(percent)s%%") % {"percent": number(row.volume * 100)})
        return ", ".join(said)
    if hasattr(row, "strictly_before"):
        if row.kind == "days_after":
            return _("%(days)s ngày") % {"days": row.days}
        day = f"{row.day}/{row.month}" if row.month else _("%(day)s hằng tháng") % {"day": row.day}
        day = _("trước ngày %(day)s") % {"day": day} if row.strictly_before else _("ngày %(day)s") % {"day": day}
        return _("%(day)s năm sau") % {"day": day} if row.year_offset else day
    for name in ("body", "get_method_display", "must_name"):
        found = getattr(row, name, None)
        if found := found() if callable(found) else found:
            return str(found)
    return ""


@step
def add_instrument(request):
    form = bind(forms.InstrumentForm, request, user=request.user)

    def do(data):
        code = " ".join(part for part in (data["number"], data["province"].name if data["province"] else "") if part)
        return operations.add_instrument(by=request.user, on=clock.today(), code=code, **data)

    return act(
        request,
        form,
        do,
        template="desk/norms/form.html",
        context={"title": _("Thêm văn bản"), "button": _("Ghi văn bản"), "back": reverse("norms:list")},
        to=lambda i: reverse("norms:page", args=[i.pk]),
        done=_("Đã ghi văn bản."),
    )


def _of(pk) -> Instrument:
    return get_object_or_404(Instrument.objects.select_related("province"), pk=pk)


def _step(request, form, do, *, subject, title, button, done, back, sub="", template="desk/norms/form.html", **more):
    context = {"title": title, "sub": sub or str(subject), "button": button, "back": back, **more}
    return act(request, form, do, template=template, context=context, to=back, done=done)


@step
def end_instrument(request, pk):
    text = _of(pk)
    form = bind(forms.EndForm, request)
    return _step(
        request,
        form,
        lambda data: operations.end_instrument(text, by=request.user, on=clock.today(), **data),
        subject=text,
        title=_("Ghi hết hiệu lực"),
        button=_("Ghi hết hiệu lực"),
        done=_("Đã ghi ngày hết hiệu lực."),
        back=reverse("norms:page", args=[pk]),
        follows=[
            _("Mọi dòng của văn bản còn hiệu lực sẽ hết hiệu lực cùng ngày."),
            _("Quyết định đã ra giữ nguyên số đã quyết."),
        ],
    )


@step
def verify_instrument(request, pk):
    text = _of(pk)
    form = bind(forms.VerifyForm, request, initial={"mark": text.verified, "source": text.source})
    return _step(
        request,
        form,
        lambda data: operations.verify_instrument(text, by=request.user, on=clock.today(), **data),
        subject=text,
        title=_("Ghi kết quả đối chiếu"),
        button=_("Ghi kết quả"),
        done=_("Đã ghi kết quả đối chiếu."),
        back=reverse("norms:page", args=[pk]),
    )


@step
def link(request, pk):
    text = _of(pk)
    form = bind(forms.LinkForm, request, instrument=text)
    return _step(
        request,
        form,
        lambda data: operations.link(text, by=request.user, on=clock.today(), **data),
        subject=text,
        title=_("Ghi văn bản liên quan"),
        button=_("Ghi liên quan"),
        done=_("Đã ghi văn bản liên quan."),
        back=reverse("norms:page", args=[pk]),
    )


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


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
    text, model = _of(pk), _model(kind)
    form = bind(forms.row_form(model), request, initial={"valid_from": text.valid_from})
    return _step(
        request,
        form,
        lambda data: operations.add_row(text, model=model, by=request.user, on=clock.today(), **_given(data)),
        subject=text,
        title=_("Thêm dòng: %(kind)s") % {"kind": model._meta.verbose_name},
        button=_("Ghi dòng"),
        done=_("Đã ghi dòng mới, chưa kiểm chứng."),
        back=reverse("norms:page", args=[pk]),
    )


@step
def end_row(request, kind, pk):
    row = _row(kind, pk)
    form = bind(forms.EndForm, request)
    return _step(
        request,
        form,
        lambda data: operations.end_row(row, by=request.user, on=clock.today(), **data),
        subject=row,
        title=_("Kết thúc một dòng"),
        button=_("Kết thúc dòng"),
        done=_("Đã kết thúc dòng."),
        back=reverse("norms:page", args=[row.instrument_id]),
        follows=[_("Từ ngày đó hệ thống không dùng dòng này nữa."), _("Quyết định đã ra giữ nguyên số đã quyết.")],
    )


@step
def verify_row(request, kind, pk):
    row = _row(kind, pk)
    form = bind(forms.VerifyForm, request, initial={"mark": row.verified, "source": row.source})
    return _step(
        request,
        form,
        lambda data: operations.verify_row(row, by=request.user, on=clock.today(), **data),
        subject=row,
        title=_("Ghi kết quả đối chiếu"),
        button=_("Ghi kết quả"),
        done=_("Đã ghi kết quả đối chiếu."),
        back=reverse("norms:page", args=[row.instrument_id]),
    )


@step
def correct_row(request, kind, pk):
    row = _row(kind, pk)
    base = forms.row_form(type(row), leave_out=("source",))
    form = bind(
        type("CorrectForm", (base, forms.ReasonForm), {}),
        request,
        initial={name: getattr(row, name) for name in base.base_fields},
    )
    return _step(
        request,
        form,
        lambda data: operations.correct_row(row, by=request.user, on=clock.today(), **data),
        subject=row,
        title=_("Sửa dòng chưa kiểm chứng"),
        button=_("Ghi sửa đổi"),
        done=_("Đã sửa; số cũ nằm trong nhật ký."),
        back=reverse("norms:page", args=[row.instrument_id]),
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
        url=lambda r: reverse("norms:page", args=[r.instrument_id]),
    ),
    Column(
        "province",
        gettext_lazy("Áp dụng"),
        value=lambda r: r.province.full_name if r.province else _("Cả nước"),
        shown=False,
    ),
    Column("valid_from", gettext_lazy("Từ ngày"), kind="day", sort="valid_from"),
    Column("valid_to", gettext_lazy("Đến trước ngày"), kind="day", sort="valid_to"),
    Column("verified", gettext_lazy("Kiểm chứng"), kind="state", value=_sure, mark=_mark, sort="verified"),
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
        views=_tabs("rows"),
    )


@reads
def calculator(request):
    asked = bool(request.GET.get("line") or request.GET.get("cost"))
    form = (
        forms.MaximumForm(request.GET)
        if asked
        else forms.MaximumForm(initial={"on": clock.today(), "level": Level.NATIONAL})
    )
    answer, resolved = None, None
    if asked and form.is_valid():
        data = dict(form.cleaned_data)
        written = data.pop("place").strip()
        resolved = places.resolve(written, data["on"]) if written else None
        try:
            answer = queries.maximum(data.pop("line"), place=resolved, **data)
        except Invalid as refusal:
            for name, sentence in refusal.fields.items():
                form.add_error(name if name in form.fields else None, sentence)
    status = 422 if asked and answer is None else 200
    lines = [
        {
            "instrument": line.instrument,
            "article": line.article,
            "said": _figures(line.percent, line.cap, line.multiplier),
            "is_verified": line.is_verified,
        }
        for line in (answer.lines if answer else ())
    ]
    context = {"form": form, "answer": answer, "lines": lines, "resolved": resolved, "views": _tabs("maximum")}
    return render(request, "desk/norms/maximum.html", context, status=status)
