"""What every page of one need begins with."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.needs.models import Need
from khuyencong.web.common import steps
from khuyencong.web.common.doors import for_those_here


def need_of(request, pk) -> Need:
    return get_object_or_404(
        Need.objects.visible_to(request.user).select_related(
            "call__province", "commune__province", "province", "establishment__organisation", "answer", "confirmation"
        ),
        pk=pk,
    )


def for_who_may(user, need, permission) -> None:
    """The page of an act on this need is for who may do it."""
    body = need.establishment.organisation if need.establishment_id else None
    for_those_here(user, permission, place=need.commune or need.province, body=body)


def step_page(request, need, form, do, **shown):
    """A step on one need; it ends on its page."""
    page = reverse("needs:page", args=[need.pk])
    trail = [(_("Đăng ký nhu cầu"), reverse("needs:list")), (need.name, page)]
    return steps.step_page(request, form, do, trail=trail, sub=str(need), to=page, **shown)
