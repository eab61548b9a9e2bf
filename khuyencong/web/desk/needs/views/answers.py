"""Answers of communes: a need, or none."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.needs import operations
from khuyencong.web.common.doors import for_holders
from khuyencong.web.common.papers import store_all
from khuyencong.web.common.steps import step_page
from khuyencong.web.common.views import act, bind, step
from khuyencong.web.desk.needs import forms


@step
def register(request):
    for_holders(request.user, Permission.NEED_REGISTER)
    form = bind(forms.NeedForm, request, user=request.user, initial=_asked(request))

    return act(
        request,
        form,
        lambda data: _register(request, form, data),
        template="desk/needs/register.html",
        to=lambda need: reverse("needs:page", args=[need.pk]),
        done=_("Đã ghi nhu cầu."),
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
