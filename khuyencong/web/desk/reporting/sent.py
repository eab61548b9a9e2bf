"""Reports that are closed and sent: the list, the page of one edition, sending, accepting, returning."""

import django_filters
from django import forms
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.base.money import million
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground
from khuyencong.reporting import exports, operations
from khuyencong.reporting.enums import Map, Period, period_title
from khuyencong.reporting.models import SentReport
from khuyencong.reporting.queries import sent, yearly
from khuyencong.reporting.rules import span
from khuyencong.web.common import lists
from khuyencong.web.common.forms import DayField, PaperForm
from khuyencong.web.common.lists import Column
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.reporting.parts import Paper, differences

# ---- the list ----


def _late(report) -> str:
    return _("gửi quá hạn") if report.due_on and report.on > report.due_on else ""


COLUMNS = (
    Column(
        "title",
        gettext_lazy("Báo cáo"),
        value=str,
        url=lists.page("reporting:sent_page"),
        sort=("year", "period", "edition"),
    ),
    Column("on", gettext_lazy("Ngày gửi"), kind="day", sort="on", small=_late),
    Column("due_on", gettext_lazy("Hạn gửi"), kind="day", sort="due_on"),
    Column("paper", gettext_lazy("Văn bản")),
    Column("standing", gettext_lazy("Nơi nhận"), value=sent.standing),
)


class SentFilter(lists.Filter):
    year = django_filters.NumberFilter(label=gettext_lazy("Năm kế hoạch"))
    period = django_filters.ChoiceFilter(
        label=gettext_lazy("Kỳ báo cáo"), choices=Period, empty_label=gettext_lazy("Mọi kỳ")
    )


@reads
def sent_list(request):
    if not request.user.holds(Permission.VIEW):
        raise NotAllowed(_("Trang này dành cho cơ quan quản lý và Trung tâm."))
    found = SentReport.objects.visible_to(request.user)
    if request.frame.province_id:
        found = found.filter(province_id=request.frame.province_id)
    return lists.answer(
        request,
        found.select_related("province", "paper").prefetch_related("answers").defer("figures"),
        columns=COLUMNS,
        filters=SentFilter,
        order=("-on", "-pk"),
        name="bao-cao-da-gui",
        title=_("Báo cáo đã gửi"),
        sub=_(
            "Báo cáo quý, 6 tháng, năm của Sở gửi UBND tỉnh và Cục; mỗi lần gửi một dòng, số liệu giữ như đã báo cáo."
        ),
        unit=_("báo cáo"),
        empty=_("Chưa gửi báo cáo nào. Mở Báo cáo, chọn kỳ, rồi chốt và gửi.")
        if request.user.holds(Permission.REPORT_CLOSE) or request.user.holds(Permission.PAPER_RECORD)
        else _("Chưa có báo cáo nào được gửi."),
        acts=[lists.Act(_("Về báo cáo"), reverse("reporting:list"), quiet=True)],
    )


# ---- closing a period ----


def _cited(province, year, period, sentence) -> str:
    return norms.cited(sentence, Ground.PERIOD_REPORT, on=span(year, period)[1])


def _due(province, year, period) -> str:
    """By when, in a sentence."""
    due = sent.deadline(province, year=year, period=period)
    if due.last_day is None:
        return _("Chưa có quy định của tỉnh về ngày gửi; văn bản chung không ghi ngày.")
    return _("Hạn gửi: %(day)s (%(where)s).") % {"day": f"{due.last_day:%d/%m/%Y}", "where": due.citation}


def may_send(user, province) -> bool:
    return user.may(Permission.REPORT_CLOSE, place=province) or user.may(Permission.PAPER_RECORD, place=province)


def closing(request, told) -> dict | None:
    """What stands above the report of one period, as it is sent (by today's map): whether it was, what may be done."""
    frame = told.frame
    if frame.period is None or frame.province is None or frame.map != Map.TODAY or frame.cumulative:
        return None
    province, year, period = frame.province, frame.year, frame.period
    last = None
    if SentReport.objects.visible_to(request.user).filter(province=province).exists():
        last = sent.last_of(province, year=year, period=period)
    over = span(year, period)[1] < clock.today()
    differs = last is not None and sent.differs(last.figures, sent.statement(told))
    again = differs or (last is not None and last.answers.filter(accepted=False).exists())
    url = f"{reverse('reporting:send', args=[year, period.value])}?tinh={province.pk}"
    return {
        "last": last,
        "differs": differs,
        "due": "" if last else _due(province, year, period),
        "ends_on": None if over else span(year, period)[1],
        "url": url if over and may_send(request.user, province) and (last is None or again) else "",
    }


class SendForm(PaperForm):
    """The paper by which a department reports; why again, where it has reported before."""

    reason = forms.CharField(
        label=gettext_lazy("Lý do gửi lại"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Kỳ này đã báo cáo; hãy ghi lý do gửi lại.")},
    )

    def __init__(self, *args, again=False, **options):
        super().__init__(*args, **options)
        if not again:
            del self.fields["reason"]


@step
def send(request, year, period):
    if period not in Period.values:
        raise Http404
    period = Period(period)
    asked = request.GET.get("tinh", "")
    province = next((unit for unit in request.frame.provinces if str(unit.pk) == asked), request.frame.province)
    if province is None or not may_send(request.user, province):
        authorise(request.user, Permission.REPORT_CLOSE, place=province)
        raise Http404  # somebody of several provinces who has named none
    last = sent.last_of(province, year=year, period=period)
    form = bind(SendForm, request, again=last is not None)
    when = period_title(year, period)

    def do(data):
        paper = signed_paper(form, kind=PaperKind.PERIOD_REPORT, by=request.user, province=province)
        return operations.send_report(
            province,
            year=year,
            period=period,
            by=request.user,
            on=data["signed_on"],
            paper=paper,
            reason=data.get("reason", ""),
        )

    report = f"{reverse('reporting:list')}?nam={year}&ky={period}&tinh={province.pk}"
    law = _("Sở tổng hợp báo cáo quý, 6 tháng, năm gửi Cục và Ủy ban nhân dân cấp tỉnh.")
    return step_page(
        request,
        form,
        do,
        trail=[(_("Báo cáo"), report)],
        title=_("Chốt và gửi báo cáo %(period)s") % {"period": when},
        sub=str(province),
        law=[_cited(province, year, period, law), _due(province, year, period)],
        sums=[_summary(province, year, period)],
        paper=PaperKind.PERIOD_REPORT,
        after=[
            _("Số liệu được giữ nguyên như đã báo cáo; hồ sơ sửa sau đó không đổi báo cáo."),
            _("UBND tỉnh và Cục được báo; mỗi nơi tự tiếp nhận hoặc trả lại."),
        ],
        button=_("Chốt và gửi"),
        to=lambda made: reverse("reporting:sent_page", args=[made.pk]),
        done=_("Đã gửi báo cáo %(period)s.") % {"period": when},
    )


def _summary(province, year, period) -> str:
    told = yearly.yearly(sent.frame_of(province, year=year, period=period))
    whole = told.state_total
    return _(
        "Sẽ báo cáo: %(projects)s đề án được phê duyệt, %(approved)s triệu đồng; đã ký hợp đồng %(contracted)s, đã giải ngân "
        "%(advanced)s, đã quyết toán %(settled)s triệu đồng."
    ) % {
        "projects": told.total.projects,
        "approved": million(told.total.support),
        "contracted": million(whole.contracted),
        "advanced": million(whole.advanced),
        "settled": million(whole.settled),
    }


# ---- one edition ----


def _found(request, pk) -> SentReport:
    visible = SentReport.objects.visible_to(request.user).select_related("province", "paper", "by")
    return get_object_or_404(visible.prefetch_related("answers__by"), pk=pk)


@reads
def page(request, pk):
    report = _found(request, pk)
    said = sent.said(report)
    period = Period(report.period)
    place = report.province.named_inside
    if request.GET.get("xuat") == "xlsx":
        note = _("Đã báo cáo ngày %(on)s, văn bản %(paper)s; mã băm %(digest)s.") % {
            "on": f"{report.on:%d/%m/%Y}",
            "paper": report.paper,
            "digest": report.digest,
        }
        book = exports.workbook(said, title=str(report), note=note)
        return FileResponse(
            book, as_attachment=True, filename=f"bao-cao-{report.year}-ky-{report.period}-lan-{report.edition}.xlsx"
        )
    editions = list(
        SentReport.objects.filter(province=report.province, year=report.year, period=report.period)
        .order_by("edition")
        .only("edition", "on")
    )
    latest = editions[-1].pk == report.pk
    other = differences(Paper(said), Paper(sent.now(report)))
    returned = any(not answer.accepted for answer in report.answers.all())
    again = latest and (other or returned) and may_send(request.user, report.province)
    return render(
        request,
        "desk/reporting/sent.html",
        {
            "sent": report,
            "title": str(report),
            "when": period_title(report.year, period),
            "place": place,
            "own_communes": [],
            "until": span(report.year, period)[1],
            "asked": said.frame,
            "report": said,
            "paper": Paper(said),
            "answers": sent.answers(report),
            "mine": sent.recipient_for(request.user, report) if latest else None,
            "late": _late(report),
            "unbroken": sent.unbroken(report),
            "differences": other,
            "editions": editions if len(editions) > 1 else [],
            "again": f"{reverse('reporting:send', args=[report.year, report.period])}?tinh={report.province_id}"
            if again
            else "",
        },
    )


class AnswerForm(forms.Form):
    on = DayField(label=gettext_lazy("Ngày tiếp nhận"), past=True)


class ReturnForm(forms.Form):
    on = DayField(label=gettext_lazy("Ngày trả lại"), past=True)
    reason = forms.CharField(
        label=gettext_lazy("Lý do trả lại"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


@step
def accept(request, pk):
    return _answer(
        request,
        pk,
        AnswerForm,
        operations.accept_report,
        title=_("Tiếp nhận báo cáo"),
        button=_("Tiếp nhận"),
        done=_("Đã tiếp nhận báo cáo."),
        after=[_("Sở được báo. Nơi nhận kia tự tiếp nhận cho mình.")],
    )


@step
def give_back(request, pk):
    return _answer(
        request,
        pk,
        ReturnForm,
        operations.return_report,
        title=_("Trả lại báo cáo"),
        button=_("Trả lại"),
        done=_("Đã trả lại báo cáo."),
        after=[_("Sở được báo lý do và gửi lại; bản này vẫn được giữ.")],
    )


def _answer(request, pk, form_class, operation, *, title, button, done, after):
    report = _found(request, pk)
    here = reverse("reporting:sent_page", args=[pk])
    recipient = sent.recipient_for(request.user, report)
    if recipient is None:
        recipient = next((r for r, p in sent.PERMISSIONS.items() if request.user.may(p, place=report.province)), None)
    if recipient is None:
        raise NotAllowed(_("Chỉ nơi nhận báo cáo (UBND tỉnh, Cục) tiếp nhận hoặc trả lại."))
    form = bind(form_class, request, initial={"on": clock.today()})
    return step_page(
        request,
        form,
        lambda data: operation(report, recipient=recipient, by=request.user, **data),
        trail=[(_("Báo cáo đã gửi"), reverse("reporting:sent")), (str(report), here)],
        title=title,
        sub=str(recipient.label),
        button=button,
        after=after,
        to=here,
        done=done,
    )
