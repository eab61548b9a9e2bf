"""The pages of the frame itself: switches, menu, search, refusals."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import is_valid_path, reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from khuyencong.authority.permissions import Permission
from khuyencong.people.operations import read_in
from khuyencong.web.common import frame, typed
from khuyencong.web.common import search as searching
from khuyencong.web.common.accounts import sign_in
from khuyencong.web.common.forms import communes_of
from khuyencong.web.common.views import back, reads

A_YEAR = 365 * 24 * 3600


@reads
def menu(request):
    """All that this person may open; the menu of a phone, and where somebody without a mandate lands."""
    return render(request, "desk/home/menu.html")


@reads
def search(request):
    """Everything at once, with and without accents, results by kind."""
    typed = request.GET.get("q", "").strip()
    kinds = list(searching.everything(request.user, typed))
    context = {"q": typed, "kinds": kinds, "short": len(typed) < searching.SHORTEST}
    return render(request, "desk/home/search.html", context)


@require_POST
def switch(request):
    """Year and province in work, kept for this session."""
    year, province = request.POST.get("year", ""), request.POST.get("province", "")
    if year.isdecimal() and int(year) in request.frame.years:
        request.session[frame.YEAR] = int(year)
    if "province" in request.POST:
        allowed = {unit.pk for unit in request.frame.provinces}
        request.session[frame.PROVINCE] = int(province) if province.isdecimal() and int(province) in allowed else None
    return HttpResponseRedirect(back(request))


@login_not_required
@require_POST
def language(request):
    """The language of the interface, kept on this device; messages to who is signed in are written in it from now on."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(back(request))
    if chosen in dict(settings.LANGUAGES):
        translation.activate(chosen)
        if request.user.is_authenticated:
            read_in(chosen, by=request.user)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=A_YEAR, secure=settings.SECURE_COOKIES, samesite="Lax"
        )
    return response


@login_not_required
@require_POST
def theme(request):
    """Light, dark, or as the device; kept on this device."""
    chosen = request.POST.get("theme", "")
    response = HttpResponseRedirect(back(request))
    if chosen in ("light", "dark"):
        response.set_cookie(frame.THEME, chosen, max_age=A_YEAR, secure=settings.SECURE_COOKIES, samesite="Lax")
    else:
        response.delete_cookie(frame.THEME, samesite="Lax")
    return response


@reads
def communes(request):
    """The options of a select: today's communes of a province that this person may see."""
    chosen = next((value for value in request.GET.values() if value.isdecimal()), None)
    scope = request.user.scope(Permission.VIEW)
    units = communes_of(scope, int(chosen)).only("pk", "full_name") if chosen else []
    return render(request, "ui/_options.html", {"units": units, "chosen": bool(chosen)})


# ---- refusals ----


def _refusal(request, status: int, sentence: str) -> HttpResponse:
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    context = {"sentence": sentence, "way": _way_out(request), "may_search": known}
    return render(request, f"{status}.html", context, status=status)


def _way_out(request) -> tuple[str, str] | None:
    """Where this person came from, or, with no such page of ours, the record above the address of a step or the list above
    that of a record, with the words that lead there; None for neither."""
    came_from = back(request, "")
    if came_from and urlsplit(came_from).path not in (request.path, reverse("account_login")):
        return came_from, translation.gettext("Quay lại trang trước")
    above = request.path.rstrip("/").rpartition("/")[0] + "/"
    if above != "/" and is_valid_path(above):
        return above, translation.gettext("Về mục phía trên")
    return None


@never_cache
@requires_csrf_token
def not_allowed(request, exception=None) -> HttpResponse:
    """403 with the sentence of the refusal."""
    return _refusal(request, 403, str(exception) if exception and str(exception) else "")


@never_cache
@requires_csrf_token
def not_found(request, exception=None) -> HttpResponse:
    """404: not there, or not for this person; the two are not told apart."""
    return _refusal(request, 404, "")


@never_cache
@requires_csrf_token
def not_understood(request, exception=None) -> HttpResponse:
    """400."""
    return _refusal(request, 400, "")


@never_cache
@requires_csrf_token
def our_fault(request) -> HttpResponse:
    """500: drawn without asking the database for anything."""
    return HttpResponse(_without_frame("500.html"), status=500)


@never_cache
@login_not_required
@requires_csrf_token
def forged(request, reason="") -> HttpResponse:
    """CSRF: the form did not come from here, or is older than the sign-in: the session ended, or the person signed in anew in
    another window.  What was typed in a form of ours comes to him again; where no cookie says who acts, it is taken."""
    if request.headers.get("HX-Request") and not request.user.is_authenticated:
        return HttpResponse(status=401)
    entering = request.resolver_match.view_name == "account_login"
    if not typed.ours(request):
        sentence = translation.gettext(
            "Trang này mở đã quá lâu, hoặc trình duyệt chặn cookie. Hãy tải lại trang rồi gửi lại."
        )
        return _refusal(request, 403, sentence)
    if not entering and _asks_nobody(request):
        request.csrf_processing_done = True  # judged here: a view that asks again by itself gets the same answer
        view, args, kwargs = request.resolver_match
        return view(request, *args, **kwargs)
    page = back(request)
    if entering:
        page = page if request.POST.get("next") else "/"
        facts = typed.opened(request.POST.get(typed.FIELD, ""))
    else:
        facts = typed.of(request, page)
    if not request.user.is_authenticated:
        return sign_in(request, page, facts, cookies=entering)
    if facts and not typed.is_of(facts, request.user):
        facts, page = None, "/"  # another person's
    if facts:
        typed.keep(request, facts)
    elif not entering:
        messages.warning(request, typed.not_done())
    return HttpResponseRedirect(typed.where(facts) if facts else page)


def _asks_nobody(request) -> bool:
    """Whether the form acts for nobody whom a cookie of this browser names: whoever reads its page may send it, as the browser
    itself says that ours was read (``typed.ours``).  So it is with a page whose address is the key, whoever is signed in."""
    view = request.resolver_match.func
    open_to_all = not getattr(view, "login_required", True)
    return open_to_all and (getattr(view, "keyed", False) or not request.user.is_authenticated)


def _without_frame(template: str) -> str:
    from django.template.loader import render_to_string

    return render_to_string(template)
