"""The page of one need, and putting right what it says."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.establishments.models import Establishment
from khuyencong.establishments.queries import duplicates_of
from khuyencong.files.models import StoredFile
from khuyencong.needs import operations, queries
from khuyencong.needs.enums import NeedState
from khuyencong.norms import queries as norms
from khuyencong.web.common.serve import stored
from khuyencong.web.common.views import bind, reads, step
from khuyencong.web.desk.needs import forms
from khuyencong.web.desk.needs.parts import MARKS, events_of, money_of, offers_of, opens_of, project_from, supported
from khuyencong.web.desk.needs.views.shared import for_who_may, need_of, step_page


@reads
def need_page(request, pk):
    need = need_of(request, pk)
    user, project = request.user, project_from(need)
    visit = need.visits.select_related("plan", "paper").order_by("-pk").first()
    return render(
        request,
        "desk/needs/page.html",
        {
            "need": need,
            "mark": MARKS[need.state],
            "words": queries.words(need, money=money_of(project)),
            "offers": offers_of(user, need, project),
            "project": project,
            "before": supported(user, need, project),
            "events": events_of(need, user),
            "opens": opens_of(need, user),
            "photos": need.photos.select_related("file"),
            "visit": visit,
            "seen": visit.photos.all() if visit else [],
            "place": norms.place_eligibility(need.commune or need.province, on=clock.today()),
            "see_phone": _sees_phone(user, need),
            "may_correct": need.state == NeedState.SENT
            and user.may(Permission.NEED_REGISTER, place=need.commune or need.province),
            "may_name": user.may(Permission.ESTABLISHMENT_EDIT, place=need.commune or need.province),
        },
    )


def _sees_phone(user, need) -> bool:
    return user.may(Permission.VIEW_PERSONAL, place=need.commune or need.province)


@reads
def photo(request, pk, number):
    """A photo of a need, for whoever may see the need."""
    need = need_of(request, pk)
    return stored(request, get_object_or_404(need.photos.select_related("file"), pk=number).file)


@reads
def survey_photo(request, pk, number):
    """A photo that a survey brought home, for whoever may see the need."""
    need = need_of(request, pk)
    return stored(request, get_object_or_404(StoredFile, pk=number, pk__in=need.visits.values("photos")))


@step
def correct(request, pk):
    need = need_of(request, pk)
    for_who_may(request.user, need, Permission.NEED_REGISTER)
    initial = {name: getattr(need, name) for name in ("kind", "name", "phone", "hamlet", "what", "about")}
    form = bind(forms.CorrectForm, request, initial=initial, personal=_sees_phone(request.user, need))
    return step_page(
        request,
        need,
        form,
        lambda data: operations.correct(need, by=request.user, **data),
        title=_("Sửa nhu cầu"),
        refusal="" if need.state == NeedState.SENT else _("Nhu cầu đã được xác nhận nên không sửa được nữa."),
        button=_("Lưu"),
        done=_("Đã sửa."),
    )


@step
def name_establishment(request, pk):
    need = need_of(request, pk)
    for_who_may(request.user, need, Permission.ESTABLISHMENT_EDIT)
    likely = [found.establishment.pk for found in duplicates_of(name=need.name, commune=need.commune, limit=20)]
    candidates = (
        Establishment.objects.visible_to(request.user).filter(pk__in=likely).select_related("commune", "province")
    )
    new = f"{reverse('establishments:register')}?{urlencode({'nhu-cau': need.pk})}"
    if not candidates and request.method != "POST":  # there is nothing to choose: it is entered
        messages.info(request, _("Chưa có cơ sở nào tên gần giống. Hãy thêm cơ sở: thêm xong là gắn với nhu cầu này."))
        return redirect(new)
    form = bind(forms.EstablishmentForm, request, candidates=candidates)
    return step_page(
        request,
        need,
        form,
        lambda data: operations.name_establishment(need, by=request.user, **data),
        title=_("Nhu cầu này của cơ sở nào?"),
        button=_("Gắn với cơ sở đã chọn"),
        template="desk/needs/whose.html",
        new=new,
        done=_("Đã gắn nhu cầu với cơ sở."),
    )
