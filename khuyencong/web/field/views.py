"""The page behind a personal link: a commune answers on a phone, without a password, in at most 90 seconds."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khuyencong.base import clock
from khuyencong.base.errors import DomainError, Invalid, NotPossible
from khuyencong.needs import operations, queries
from khuyencong.needs.enums import EntryChannel
from khuyencong.needs.models import Need
from khuyencong.web.common.papers import store_all
from khuyencong.web.common.views import act, bind, keyed, reads, step
from khuyencong.web.field.forms import AnswerForm


@login_not_required
@keyed
@never_cache
@step
def answer(request, code):
    try:
        link = queries.link_by_code(code)
    except NotPossible as refusal:
        return render(request, "field/closed.html", {"sentence": str(refusal)}, status=404)
    bearer, done = operations.Bearer(link), reverse("field:sent", args=[code])
    context = {"link": link, "call": link.call, "uid": request.POST.get("uid") or uuid.uuid4()}
    if request.method == "POST" and "none" in request.POST:
        return _none(request, link, bearer, done, context)

    def do(data):
        photos = store_all(data.pop("photos"), by=bearer)
        return operations.register(
            link.call,
            commune=link.commune,
            channel=EntryChannel.LINK,
            by=bearer,
            on=clock.today(),
            photos=photos,
            uid=_uid(context["uid"]),
            **data,
        )

    return act(request, bind(AnswerForm, request), do, template="field/answer.html", context=context, to=done)


def _uid(text) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise Invalid(name=_("Trang đã cũ. Hãy mở lại liên kết.")) from None


def _none(request, link, bearer, done, context):
    from django.http import HttpResponseRedirect

    try:
        operations.answer_none(link.call, commune=link.commune, channel=EntryChannel.LINK, by=bearer, on=clock.today())
    except DomainError as refusal:
        return render(
            request, "field/answer.html", {**context, "form": AnswerForm(), "refusal": str(refusal)}, status=422
        )
    return HttpResponseRedirect(done)


@login_not_required
@never_cache
@reads
def sent(request, code):
    """What this commune has answered so far, each need in one row of words."""
    try:
        link = queries.link_by_code(code)
    except NotPossible as refusal:
        return render(request, "field/closed.html", {"sentence": str(refusal)}, status=404)
    needs = (
        Need.objects.filter(call=link.call, commune=link.commune)
        .prefetch_related("steps", "visits")
        .order_by("-pk")[:50]
    )
    return render(
        request,
        "field/sent.html",
        {
            "link": link,
            "call": link.call,
            "none": link.call.empty_answers.filter(commune=link.commune).first(),
            "rows": [(need, queries.words(need)) for need in needs],
        },
    )
