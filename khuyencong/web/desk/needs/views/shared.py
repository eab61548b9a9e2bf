"""What every page of one need begins with."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from khuyencong.needs.models import Need
from khuyencong.web.common.views import act


def need_of(request, pk) -> Need:
    return get_object_or_404(
        Need.objects.visible_to(request.user).select_related(
            "call__province", "commune__province", "province", "establishment__organisation", "answer", "confirmation"
        ),
        pk=pk,
    )


def step_page(request, need, form, do, *, title, button, done, sub=""):
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
