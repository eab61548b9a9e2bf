"""The language of a request, ``request.frame``, and one line in the log for each request."""

import logging
import time

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from khuyencong.web.common import accounts, frame, typed
from khuyencong.web.common.views import back

log = logging.getLogger("khuyencong.web.request")


class Language:
    """Vietnamese unless this device has chosen otherwise: what a browser was installed with says nothing here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SignedIn(LoginRequiredMiddleware):
    """Whoever is not signed in signs in first and comes to the page where he was: a button leads back to the page on which
    it stands, since its own address answers no reading, and what he typed comes with him.  A part of a page that htmx asks for
    is refused, or the page of signing in would be put into the form that is being filled."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        if request.method == "POST":
            page = back(request, request.get_full_path())
            if facts := typed.of(request, page):
                return accounts.sign_in(request, page, facts)
            return redirect_to_login(page, self.get_login_url(view_func))
        return super().handle_no_permission(request, view_func)


class Frame:
    """Year and province in work; afterwards method, page, status and duration are logged: no names, addresses, words
    that were searched for, nor keys of links (the name of the page stands for its address)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begun = time.perf_counter()
        request.frame = frame.Frame(request)
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET":
            response = _only_pressed(request, response)
        match = request.resolver_match
        facts = {
            "method": request.method,
            "page": match.view_name if match else "-",
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1000),
            "by": request.user.pk if request.user.is_authenticated else None,
        }
        log.info("%(method)s %(page)s %(status)s %(ms)s ms by %(by)s", facts, extra={"request_facts": facts})
        return response


def _only_pressed(request, answer):
    """The address of a button, reloaded or kept as a link: a page that says so."""
    page = render(request, "405.html", status=405)
    page["Allow"] = answer["Allow"]
    return page
