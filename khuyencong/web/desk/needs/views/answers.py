"""Answers of communes: a need, or none."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotAllowed
from khuyencong.needs import operations, queries
from khuyencong.needs.enums import EntryChannel
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.papers import store_all
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, step
from khuyencong.web.desk.needs import forms


@step
def register(request):
    for_holders(request.user, Permission.NEED_REGISTER)
    if not request.user.scope(Permission.NEED_REGISTER).has_territory:
        return _register_own(request)
    form = bind(forms.NeedForm, request, user=request.user, initial=_asked(request))

    return act(
        request,
        form,
        lambda data: _register(request, form, data),
        template="desk/needs/register.html",
        to=lambda need: reverse("needs:page", args=[need.pk]),
        done=_("Đã ghi nhu cầu."),
    )


def _register_own(request):
    """An establishment asks for itself: where it lies, its name and how its answer came are known."""
    mine = queries.may_ask_for(request.user)
    form = bind(forms.OwnNeedForm, request, user=request.user, establishments=mine, initial=_asked(request))
    refusal = ""
    if not mine:
        refusal = _(
            "Hồ sơ cơ sở chưa ghi xã, phường hiện nay. Hãy nhờ cán bộ xã hoặc Trung tâm ghi nơi sản xuất trước."
        )
    elif not form.fields["call"].queryset:
        refusal = _("Chưa có đợt đăng ký nào đang nhận nhu cầu. Khi Sở mở đợt, cơ sở gửi được ở đây.")

    def do(data):
        one, photos = data.pop("establishment"), store_all(data.pop("photos"), by=request.user)
        told = {"name": one.name, "commune": one.commune, "establishment": one, "photos": photos, **data}
        today = clock.today()
        return operations.register(told.pop("call"), by=request.user, on=today, channel=EntryChannel.ACCOUNT, **told)

    return step_page(
        request,
        form,
        do,
        trail=[(_("Đăng ký nhu cầu"), reverse("needs:list"))],
        title=_("Đăng ký nhu cầu của cơ sở"),
        sub="; ".join(f"{one}, {one.commune.named_inside}" for one in mine),
        refusal=refusal,
        after=[_("Xã xem và xác nhận; Trung tâm khảo sát rồi đề xuất; Sở trả lời bằng văn bản.")],
        button=_("Gửi nhu cầu"),
        to=lambda need: reverse("needs:page", args=[need.pk]),
        done=_("Đã gửi nhu cầu."),
    )


def _asked(request):
    """The call and the commune from whose row on the board the person comes."""
    asked = {"call": request.GET.get("dot"), "commune": request.GET.get("xa")}
    return {name: value for name, value in asked.items() if value and value.isdecimal()}


def _register(request, form, data):
    values = form.need_values()
    photos = store_all(data["photos"], by=request.user)
    return operations.register(values.pop("call"), by=request.user, photos=photos, **values)


@step
def answer_none(request):
    for_holders(request.user, Permission.NEED_REGISTER)
    if not request.user.scope(Permission.NEED_REGISTER).has_territory:
        raise NotAllowed(_("Chỉ xã, phường trả lời là không có nhu cầu; cơ sở không cần trả lời."))
    form = bind(forms.AnsweredForm, request, user=request.user, initial=_asked(request))
    return step_page(
        request,
        form,
        lambda data: operations.answer_none(
            data["call"], commune=data["commune"], channel=data["channel"], on=data["on"], by=request.user
        ),
        trail=[(_("Đăng ký nhu cầu"), reverse("needs:list"))],
        title=_("Xã không có nhu cầu"),
        sub=_("Không có nhu cầu cũng là một câu trả lời; xã không bị nhắc nữa."),
        button=_("Ghi: không có nhu cầu"),
        to=reverse("needs:list"),
        done=_("Đã ghi xã không có nhu cầu."),
    )
