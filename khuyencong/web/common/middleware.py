"""The language of a request, ``request.frame``, and one line in the log for each request."""

import logging
import time

from django.conf import settings
from django.utils import translation

from khuyencong.web.common import frame

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


class Frame:
    """Year and province in work; afterwards method, page, status and duration are logged: no names, addresses, words
    that were searched for, nor keys of links (the name of the page stands for its address)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        begun = time.perf_counter()
        request.frame = frame.Frame(request)
        response = self.get_response(request)
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
