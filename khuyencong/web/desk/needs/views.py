import django_filters
from django.conf import settings
from django.db.models import Sum
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments.models import Establishment
from khuyencong.establishments.queries import duplicates_of
from khuyencong.files.operations import store
from khuyencong.needs import letters, operations, queries
from khuyencong.needs.enums import NeedKind, NeedState
from khuyencong.needs.models import Call, Link, Need
from khuyencong.norms import queries as norms
from khuyencong.web.common import lists
from khuyencong.web.common.papers import signed_paper
from khuyencong.web.common.qr import qr_svg
from khuyencong.web.common.serve import stored
from khuyencong.web.common.views import act, bind, reads, step, writes
from khuyencong.web.desk.needs import forms
from khuyencong.web.desk.needs.parts import MARKS, events_of, money_of, offers_of

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cơ sở, nhu cầu"),
        sort="folded",
        url=lambda need: reverse("needs:page", args=[need.pk]),
        small="what",
    ),
    lists.Column("commune", gettext_lazy("Xã, phường"), sort="commune__sort_key", small="hamlet"),
    lists.Column("kind", gettext_lazy("Loại"), value="get_kind_display", shown=False),
    lists.Column("state", gettext_lazy("Trạng thái"), kind="state", sort="state", mark=lambda need: MARKS[need.state]),
    lists.Column("sent_on", gettext_lazy("Ngày gửi"), kind="day", sort="sent_on"),
    lists.Column("channel", gettext_lazy("Cách nhận"), value="get_channel_display"),
    lists.Column("about", gettext_lazy("Khoảng (triệu đồng)"), kind="million", sort="about", total=Sum("about")),
)


class NeedFilter(lists.Filter):
    call = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Đợt đăng ký"),
        empty_label=gettext_lazy("Mọi đợt"),
        queryset=lambda request: Call.objects.visible_to(request.user).select_related("province").order_by("-year"),
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Trạng thái"), choices=NeedState, empty_label=gettext_lazy("Mọi trạng thái")
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Loại"), choices=NeedKind, empty_label=gettext_lazy("Mọi loại")
    )
    q = lists.FoldedFilter("folded", label=gettext_lazy("Tên, nội dung"))


@reads
def need_list(request):
    user, acts = request.user, []
    acts.append(lists.Act(_("Các đợt đăng ký"), reverse("needs:calls"), quiet=True))
    if user.holds(Permission.NEED_CONFIRM):
        acts.append(lists.Act(_("Xã xác nhận"), reverse("needs:confirm"), quiet=True))
    if user.holds(Permission.NEED_DECIDE) or user.holds(Permission.PAPER_RECORD):
        acts.append(lists.Act(_("Trả lời nhu cầu"), reverse("needs:decide"), quiet=True))
    if user.holds(Permission.NEED_REGISTER):
        acts.append(lists.Act(_("Không có nhu cầu"), reverse("needs:none"), quiet=True))
        acts.append(lists.Act(_("Đăng ký nhu cầu"), reverse("needs:register")))
    return lists.answer(
        request,
        Need.objects.visible_to(user).select_related("commune", "province"),
        columns=COLUMNS,
        filters=NeedFilter,
        order="-sent_on",
        name="nhu-cau",
        title=_("Đăng ký nhu cầu"),
        sub=_("Mỗi nhu cầu một dòng, từ khi xã gửi đến khi có trả lời."),
        unit=_("nhu cầu"),
        empty=_("Chưa có nhu cầu nào. Xã không có nhu cầu cũng cần trả lời."),
        acts=acts,
    )


# ---- calls and their board ----


@reads
def call_list(request):
    calls = (
        Call.objects.visible_to(request.user)
        .select_related("province", "paper")
        .order_by("-year", "province__sort_key")
    )
    return render(
        request,
        "desk/needs/calls.html",
        {"calls": calls[:200], "may_open": request.user.holds(Permission.CALL_OPEN)},
    )


@step
def open_call(request):
    form = bind(forms.CallForm, request, user=request.user, initial={"year": clock.today().year + 1})

    def do(data):
        paper = signed_paper(form, kind=PaperKind.CALL_LETTER, by=request.user, province=data["province"])
        names = ("province", "year", "opens_on", "commune_deadline", "dossier_deadline", "note")
        return operations.open_call(paper=paper, by=request.user, **{name: data[name] for name in names})

    return act(
        request,
        form,
        do,
        template="desk/needs/open_call.html",
        context={"days": norms.deadlines(clock.today().year + 1, on=clock.today())},
        to=lambda call: reverse("needs:board", args=[call.pk]),
        done=_("Đã mở đợt đăng ký."),
    )


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
            "days": norms.deadlines(
                call.year, on=call.paper.signed_on, letter_dates=letter_days, province=call.province
            ),
            "may_link": request.user.may(Permission.SURVEY_PLAN, place=call.province),
            "may_open": request.user.may(Permission.CALL_OPEN, place=call.province),
        },
    )


@step
def move_deadline(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("province"), pk=pk)
    form = bind(forms.DeadlineForm, request, initial={"commune_deadline": call.commune_deadline})

    def do(data):
        paper = signed_paper(form, kind=PaperKind.CALL_LETTER, by=request.user, province=call.province)
        return operations.move_deadline(call, commune_deadline=data["commune_deadline"], paper=paper, by=request.user)

    return act(
        request,
        form,
        do,
        template="desk/needs/step.html",
        context={"title": _("Đổi hạn của xã, phường"), "sub": call, "button": _("Đổi hạn"), "back": board_of(call)},
        to=board_of(call),
        done=_("Đã đổi hạn."),
    )


def board_of(call) -> str:
    return reverse("needs:board", args=[call.pk])


@step
def make_link(request, pk):
    call = get_object_or_404(Call.objects.visible_to(request.user).select_related("province"), pk=pk)
    form = bind(forms.LinkForm, request, call=call, initial={"commune": request.GET.get("xa")})
    return act(
        request,
        form,
        lambda data: operations.make_link(call, by=request.user, **data),
        template="desk/needs/step.html",
        context={
            "title": _("Tạo liên kết trả lời"),
            "sub": _("Người nhận mở liên kết trên điện thoại, trả lời cho xã mình, không cần mật khẩu."),
            "button": _("Tạo liên kết"),
            "back": board_of(call),
        },
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
            "text": letters.invitation(link, url=url),
            "qr": qr_svg(url),
            "open": link.open_at(clock.now()),
        },
    )


@writes
def revoke_link(request, pk):
    link = get_object_or_404(_links_of(request.user), pk=pk)
    operations.revoke_link(link, by=request.user)
    return board_of(link.call)


# ---- answers ----


@step
def register(request):
    form = bind(forms.NeedForm, request, user=request.user)

    return act(
        request,
        form,
        lambda data: _register(request, form, data),
        template="desk/needs/register.html",
        to=lambda need: reverse("needs:page", args=[need.pk]),
        done=_("Đã ghi nhu cầu."),
    )


def _register(request, form, data):
    values = form.need_values()
    photos = [store(file, name=file.name, by=request.user) for file in data["photos"]]
    return operations.register(values.pop("call"), by=request.user, photos=photos, **values)


@step
def answer_none(request):
    form = bind(forms.AnsweredForm, request, user=request.user)
    return act(
        request,
        form,
        lambda data: operations.answer_none(
            data["call"], commune=data["commune"], channel=data["channel"], on=data["on"], by=request.user
        ),
        template="desk/needs/step.html",
        context={
            "title": _("Xã không có nhu cầu"),
            "sub": _("Không có nhu cầu cũng là một câu trả lời; xã không bị nhắc nữa."),
            "button": _("Ghi: không có nhu cầu"),
            "back": reverse("needs:list"),
        },
        to=reverse("needs:list"),
        done=_("Đã ghi xã không có nhu cầu."),
    )


# ---- one need ----


def _need(request, pk) -> Need:
    return get_object_or_404(
        Need.objects.visible_to(request.user).select_related(
            "call__province", "commune__province", "province", "establishment__organisation", "answer", "confirmation"
        ),
        pk=pk,
    )


@reads
def need_page(request, pk):
    need = _need(request, pk)
    user = request.user
    return render(
        request,
        "desk/needs/page.html",
        {
            "need": need,
            "mark": MARKS[need.state],
            "words": queries.words(need, money=money_of(need)),
            "offers": offers_of(user, need),
            "events": events_of(need),
            "photos": need.photos.select_related("file"),
            "visit": need.visits.select_related("plan", "paper").order_by("-pk").first(),
            "place": norms.place_eligibility(need.commune or need.province, on=clock.today()),
            "see_phone": user.may(Permission.VIEW_PERSONAL, place=need.commune or need.province),
            "may_correct": need.state == NeedState.SENT
            and user.may(Permission.NEED_REGISTER, place=need.commune or need.province),
            "may_name": user.may(Permission.ESTABLISHMENT_EDIT, place=need.commune or need.province),
        },
    )


def _step_page(request, need, form, do, *, title, button, done, sub=""):
    """One step of one need: the same page with other words."""
    back = reverse("needs:page", args=[need.pk])
    return act(
        request,
        form,
        do,
        template="desk/needs/step.html",
        context={"title": title, "sub": sub or str(need), "button": button, "back": back, "need": need},
        to=back,
        done=done,
    )


@reads
def photo(request, pk, number):
    """A photo of a need, for whoever may see the need."""
    need = _need(request, pk)
    return stored(request, get_object_or_404(need.photos.select_related("file"), pk=number).file)


@step
def correct(request, pk):
    need = _need(request, pk)
    initial = {name: getattr(need, name) for name in ("kind", "name", "phone", "hamlet", "what", "about")}
    form = bind(forms.CorrectForm, request, initial=initial)
    return _step_page(
        request,
        need,
        form,
        lambda data: operations.correct(need, by=request.user, **data),
        title=_("Sửa nhu cầu"),
        button=_("Lưu"),
        done=_("Đã sửa."),
    )


@step
def name_establishment(request, pk):
    need = _need(request, pk)
    likely = [found.establishment.pk for found in duplicates_of(name=need.name, commune=need.commune, limit=20)]
    candidates = Establishment.objects.visible_to(request.user).filter(pk__in=likely)
    form = bind(forms.EstablishmentForm, request, candidates=candidates)
    return _step_page(
        request,
        need,
        form,
        lambda data: operations.name_establishment(need, by=request.user, **data),
        title=_("Nhu cầu này của cơ sở nào?"),
        button=_("Gắn với cơ sở đã chọn"),
        done=_("Đã gắn nhu cầu với cơ sở."),
    )


@step
def propose(request, pk):
    need = _need(request, pk)
    form = bind(forms.ProposeForm, request, initial={"on": clock.today(), "proposal": "plan"})
    return _step_page(
        request,
        need,
        form,
        lambda data: operations.propose(need, by=request.user, **data),
        title=_("Đề xuất của Trung tâm"),
        button=_("Gửi đề xuất cho Sở"),
        done=_("Đã gửi đề xuất."),
    )


@step
def return_need(request, pk):
    need = _need(request, pk)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return _step_page(
        request,
        need,
        form,
        lambda data: operations.return_(need, by=request.user, **data),
        title=_("Yêu cầu Trung tâm đề xuất lại"),
        button=_("Yêu cầu đề xuất lại"),
        done=_("Đã trả lại cho Trung tâm."),
    )


@step
def withdraw(request, pk):
    need = _need(request, pk)
    form = bind(forms.ReasonForm, request, initial={"on": clock.today()})
    return _step_page(
        request,
        need,
        form,
        lambda data: operations.withdraw(need, by=request.user, **data),
        title=_("Rút nhu cầu"),
        button=_("Rút nhu cầu"),
        done=_("Đã rút nhu cầu."),
    )


# ---- one letter for several needs ----


def _several(request, *, state, permission, paper_kind, operation, title, sub, button, done):
    scope = request.user.scope(permission)
    if not scope and request.user.holds(Permission.PAPER_RECORD):
        scope = request.user.scope(Permission.PAPER_RECORD)
    needs = (
        Need.objects.within(scope)
        .filter(state=state)
        .select_related("commune", "province")
        .order_by("commune__sort_key", "pk")
    )
    form = bind(forms.SeveralForm, request, needs=needs)

    def do(data):
        first = data["needs"][0]
        paper = signed_paper(form, kind=paper_kind, by=request.user, province=first.province)
        return operation(data["needs"], by=request.user, on=paper.signed_on, paper=paper)

    return act(
        request,
        form,
        do,
        template="desk/needs/several.html",
        context={"title": title, "sub": sub, "button": button, "back": reverse("needs:list"), "number": needs.count()},
        to=reverse("needs:list"),
        done=done,
    )


@step
def confirm(request):
    return _several(
        request,
        state=NeedState.SENT,
        permission=Permission.NEED_CONFIRM,
        paper_kind=PaperKind.NEED_LETTER,
        operation=operations.confirm,
        title=_("Xã xác nhận nhu cầu"),
        sub=_("Một văn bản của Ủy ban nhân dân xã cho các nhu cầu đã chọn; ảnh chụp bản đã ký là đủ."),
        button=_("Xác nhận các nhu cầu đã chọn"),
        done=_("Đã xác nhận."),
    )


@step
def decide(request):
    return _several(
        request,
        state=NeedState.PROPOSED,
        permission=Permission.NEED_DECIDE,
        paper_kind=PaperKind.ANSWER_LETTER,
        operation=operations.decide,
        title=_("Sở trả lời nhu cầu"),
        sub=_("Đồng ý với đề xuất của Trung tâm cho các nhu cầu đã chọn; xã và cơ sở nhận được trả lời bằng văn bản."),
        button=_("Đồng ý và gửi trả lời"),
        done=_("Đã trả lời; xã và cơ sở đã được báo."),
    )
