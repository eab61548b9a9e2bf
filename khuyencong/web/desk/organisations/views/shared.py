"""What the pages of this desk have alike."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.organisations.enums import ESTABLISHMENTS
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Unit
from khuyencong.web.common.parts import Tab
from khuyencong.web.common.steps import step_page


def provinces(request):
    return Unit.objects.current().provinces().only("full_name").order_by("sort_key")


def tabs(request, current):
    return [
        Tab(_("Cơ quan, tổ chức"), reverse("organisations:list"), current=current == "list"),
        Tab(_("Chuyên gia, tổ chức tư vấn"), reverse("organisations:experts"), current=current == "experts"),
        Tab(_("Cộng tác viên, đầu mối"), reverse("organisations:contacts"), current=current == "contacts"),
    ]


def page_of(body):
    return reverse("organisations:page", args=[body.pk])


def body_of(pk):
    return get_object_or_404(
        Organisation.objects.exclude(kind__in=ESTABLISHMENTS).select_related("place", "parent"), pk=pk
    )


def managed(request, pk):
    """A body of the catalogue that this person keeps; for others its steps are not there."""
    body = body_of(pk)
    if not request.user.may(Permission.CATALOGUE_MANAGE, place=body.place):
        raise Http404
    return body


def step_of(request, form, do, *, body=None, **shown):
    """A step of this desk, on one body or before there is one."""
    trail = [(_("Tổ chức"), reverse("organisations:list"))]
    if body is not None:
        trail.append((str(body), page_of(body)))
    return step_page(request, form, do, trail=trail, **shown)
