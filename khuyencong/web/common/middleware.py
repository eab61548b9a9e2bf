"""``request.frame``, and one line in the log for each request."""

import logging
import time

from khuyencong.web.common import frame

log = logging.getLogger("khuyencong.web.request")


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
