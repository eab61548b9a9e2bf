"""Instruments in rows, one with what it says, entered, ended, verified, linked."""

from collections import Counter

import django_filters
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.audit.queries import history_of
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.sentences import counted
from khuyencong.norms import operations, queries
from khuyencong.norms.enums import InstrumentKind, Level, LinkKind, Verified
from khuyencong.norms.models import Instrument, Row
from khuyencong.plans import queries as plans
from khuyencong.web.common import lists, parts, steps
from khuyencong.web.common.lists import Act, Column
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.norms import forms
from khuyencong.web.desk.norms.views.shared import KINDS, change_page, instrument_of, mark_of, step_page, sure, tabs
from khuyencong.web.desk.norms.views.words import value_of, what_of

INSTRUMENTS = (
    Column(
        "number",
        gettext_lazy("Văn bản"),
        value=str,
        sort="code",
        small="title",
        url=lists.page("norms:page"),
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
    Column("verified", gettext_lazy("Kiểm chứng"), kind="state", value=sure, mark=mark_of, sort="verified"),
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
        views=tabs("list"),
        template="desk/norms/list.html",
        context={"ended": queries.instruments_resting_on_ended(on=clock.today())},
    )


@reads
def page(request, pk):
    instrument = get_object_or_404(Instrument.objects.select_related("province", "file"), pk=pk)
    may = request.user.may(Permission.CATALOGUE_MANAGE, place=instrument.province)
    today = clock.today()
    outgoing = instrument.outgoing.select_related("target").order_by("kind", "pk")
    ended = {link.pk for link in outgoing if link.target.valid_to is not None and link.target.valid_to <= today}
    links = [(link.get_kind_display(), link.target, link.note, link.pk in ended) for link in outgoing]
    back = [
        (link.get_kind_display(), link.instrument, link.note)
        for link in instrument.incoming.select_related("instrument").order_by("kind", "pk")
    ]
    context = {
        "instrument": instrument,
        "mark": mark_of(instrument),
        "sure": sure(instrument),
        "groups": [_group(model, rows, today) for model, rows in queries.rows_of(instrument)],
        "links": links,
        "back": back,
        "rests_on_ended": instrument.holds_on(today)
        and any(link.kind == LinkKind.BASED_ON and link.pk in ended for link in outgoing),
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
            "what": what_of(row),
            "value": value_of(row),
            "mark": mark_of(row),
            "sure": sure(row),
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
        "note": counted("%(count)s dòng chưa kiểm chứng", unread) % {"count": unread} if unread else "",
        "now": holding,
        "past": [line for line in shown if line not in holding],
        "remarks": remarks,
    }


@step
def add_instrument(request):
    if not request.user.holds(Permission.CATALOGUE_MANAGE):
        authorise(request.user, Permission.CATALOGUE_MANAGE)
    form = bind(forms.InstrumentForm, request, user=request.user)

    def do(data):
        code = " ".join(part for part in (data["number"], data["province"].name if data["province"] else "") if part)
        return operations.add_instrument(by=request.user, on=clock.today(), code=code, **data)

    return steps.step_page(
        request,
        form,
        do,
        trail=[(_("Văn bản, định mức"), reverse("norms:list"))],
        title=_("Thêm văn bản"),
        button=_("Ghi văn bản"),
        to=lambda i: reverse("norms:page", args=[i.pk]),
        done=_("Đã ghi văn bản."),
    )


@step
def end_instrument(request, pk):
    text = instrument_of(pk)
    form = bind(forms.EndForm, request)
    return change_page(
        request,
        form,
        lambda data: operations.end_instrument(text, by=request.user, on=clock.today(), **data),
        suppose=lambda data: operations.propose_end_instrument(text, by=request.user, kinds=plans.OF_AMOUNTS, **data),
        of=text,
        title=_("Ghi hết hiệu lực"),
        button=_("Ghi hết hiệu lực"),
        done=_("Đã ghi ngày hết hiệu lực."),
        after=[
            _("Mọi dòng của văn bản còn hiệu lực sẽ hết hiệu lực cùng ngày."),
            _("Quyết định đã ra giữ nguyên số đã quyết."),
        ],
    )


@step
def verify_instrument(request, pk):
    text = instrument_of(pk)
    form = bind(forms.VerifyForm, request, initial={"mark": text.verified, "source": text.source})
    return step_page(
        request,
        form,
        lambda data: operations.verify_instrument(text, by=request.user, on=clock.today(), **data),
        of=text,
        title=_("Ghi kết quả đối chiếu"),
        button=_("Ghi kết quả"),
        done=_("Đã ghi kết quả đối chiếu."),
    )


@step
def link(request, pk):
    text = instrument_of(pk)
    form = bind(forms.LinkForm, request, instrument=text)
    return step_page(
        request,
        form,
        lambda data: operations.link(text, by=request.user, on=clock.today(), **data),
        of=text,
        title=_("Ghi văn bản liên quan"),
        button=_("Ghi liên quan"),
        done=_("Đã ghi văn bản liên quan."),
    )
