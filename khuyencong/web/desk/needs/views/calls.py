"""Calls, the board of communes, links to answer by."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents.enums import PaperKind
from khuyencong.needs import letters, operations, queries
from khuyencong.needs.models import Call, Link
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.web.common import lists
from khuyencong.web.common.doors import for_holders, for_those_here
from khuyencong.web.common.forms import communes_of
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.qr import qr_svg
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import bind, reads, step, writes
from khuyencong.web.desk.documents.views.papers import open_to
from khuyencong.web.desk.needs import forms


@reads
def call_list(request):
    calls = (
        Call.objects.visible_to(request.user)
        .select_related("province", "paper")
        .order_by("-year", "province__sort_key", "pk")
    )
    page = Paginator(calls, lists.ROWS).get_page(request.GET.get(lists.PAGE))
    return render(
        request,
        "desk/needs/calls.html",
        {"page": page, "may_open": request.user.holds(Permission.CALL_OPEN)},
    )


@step
def open_call(request):
    for_holders(request.user, Permission.CALL_OPEN)
    form = bind(forms.CallForm, request, user=request.user, initial={"year": clock.today().year + 1})
    year, province = form.asked_for()

    def do(data):
        paper = signed_paper(form, kind=PaperKind.CALL_LETTER, by=request.user, province=data["province"])
        names = ("province", "year", "opens_on", "commune_deadline", "dossier_deadline", "note")
        return operations.open_call(paper=paper, by=request.user, **{name: data[name] for name in names})

    return step_page(
        request,
        form,
        do,
        trail=[(_("Các đợt đăng ký"), reverse("needs:calls"))],
        title=_("Mở đợt đăng ký"),
        sub=_("Ngày ghi trong công văn được dùng; công văn không ghi thì theo quy định."),
        paper=PaperKind.CALL_LETTER,
        button=_("Mở đợt đăng ký"),
        template="desk/needs/open_call.html",
        **_days_of(year, on=clock.today(), province=province),
        year=year,
        to=lambda call: reverse("needs:board", args=[call.pk]),
        done=_("Đã mở đợt đăng ký."),
    )


def _days_of(year, *, on, province, letter_dates=None) -> dict:
    """The yearly days of national money, and those of local money where a row tells them; the day of a letter stands with
    both."""
    asked = {"on": on, "letter_dates": letter_dates, "province": province}
    local = norms.deadlines(year, level=Level.PROVINCIAL, **asked) if province else []
    return {
        "days": norms.deadlines(year, **asked),
        "local_days": [answer for answer in local if answer.default is not None],
    }


@reads
def board(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("province", "paper"), pk=pk)
    scope = request.user.scope()
    inside = None if scope.whole_country or call.province_id in scope.provinces else scope.communes
    found = queries.board(call, communes=inside)
    letter_days = {"registration_to_department": call.dossier_deadline} if call.dossier_deadline else {}
    return render(
        request,
        "desk/needs/board.html",
        {
            "call": call,
            "board": found,
            "of_some": inside is not None,
            "by_commune": request.frame.province_id == call.province_id,
            "opens_letter": open_to(request.user).filter(pk=call.paper_id).exists(),
            **_days_of(call.year, on=call.paper.signed_on, letter_dates=letter_days, province=call.province),
            "mine": set(
                communes_of(request.user.scope(Permission.SURVEY_PLAN), call.province_id).values_list("pk", flat=True)
            ),
            "answers": set(
                communes_of(request.user.scope(Permission.NEED_REGISTER), call.province_id).values_list("pk", flat=True)
            )
            if call.opens_on <= clock.today()
            else set(),
            "asks_own": call.opens_on <= clock.today() and bool(queries.may_ask_for(request.user)),
            "may_open": request.user.may(Permission.CALL_OPEN, place=call.province),
        },
    )


@step
def move_deadline(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("province"), pk=pk)
    for_those_here(request.user, Permission.CALL_OPEN, place=call.province)
    form = bind(forms.DeadlineForm, request, initial={"commune_deadline": call.commune_deadline})

    def do(data):
        paper = signed_paper(form, kind=PaperKind.CALL_LETTER, by=request.user, province=call.province)
        return operations.move_deadline(call, commune_deadline=data["commune_deadline"], paper=paper, by=request.user)

    return step_page(
        request,
        form,
        do,
        trail=_trail(call),
        title=_("Đổi hạn của xã, phường"),
        sub=call,
        paper=PaperKind.CALL_LETTER,
        button=_("Đổi hạn"),
        to=board_of(call),
        done=_("Đã đổi hạn."),
    )


def board_of(call) -> str:
    return reverse("needs:board", args=[call.pk])


def _trail(call):
    return [(_("Các đợt đăng ký"), reverse("needs:calls")), (str(call.year), board_of(call))]


@step
def make_link(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("province"), pk=pk)
    for_holders(request.user, Permission.SURVEY_PLAN)
    form = bind(forms.LinkForm, request, call=call, user=request.user, initial={"commune": request.GET.get("xa")})
    return step_page(
        request,
        form,
        lambda data: operations.make_link(call, by=request.user, **data),
        trail=_trail(call),
        title=_("Tạo liên kết trả lời"),
        sub=_("Người nhận mở liên kết trên điện thoại, trả lời cho xã mình, không cần mật khẩu."),
        button=_("Tạo liên kết"),
        to=lambda link: reverse("needs:link", args=[link.pk]),
    )


def _links_of(user):
    return Link.objects.filter(call__in=Call.objects.visible_to(user)).select_related("call__province", "commune")


@reads
def link_page(request, pk):
    link = get_object_or_404(_links_of(request.user), pk=pk)
    authorise(request.user, Permission.SURVEY_PLAN, place=link.commune)
    url = settings.SITE_URL + reverse("field:answer", args=[link.code])
    return render(
        request,
        "desk/needs/link.html",
        {
            "link": link,
            "url": url,
            "text": letters.invitation(link),
            "qr": qr_svg(url),
            "open": link.open_at(clock.now()),
        },
    )


@writes
def revoke_link(request, pk):
    link = get_object_or_404(_links_of(request.user), pk=pk)
    operations.revoke_link(link, by=request.user)
    return board_of(link.call)
