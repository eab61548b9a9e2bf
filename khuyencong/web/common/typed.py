"""What was typed in a form that could not be taken: its session had ended meanwhile, or the person had signed in anew.

Nothing is done and nothing is lost.  While nobody is signed in, the fields travel sealed in the page of signing in, which is the
answer to the form: neither the browser's store nor, for a stranger, ours keeps them.  Then they wait in the session of who has
signed in, and the page of the step shows its form filled (``views.step``); what was typed beside a button is said on the page
where the button stands.  Files and passwords do not travel.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from khuyencong.people.models import User

FIELD = "typed"  # of the page of signing in, and of the session
LONGEST = 200_000  # characters; no form of ours asks for more
KEPT = 12 * 3600  # seconds that a page of signing in may stand open
SHOWN = 3600  # seconds that a form waits for its person
BY = "_by"  # the hidden field of a form that names who fills it
NOT_TYPED = ("csrfmiddlewaretoken", "next")


def ours(request: HttpRequest) -> bool:
    """Whether a page of this house sent the form, as the browser itself says: what another site has written into a form is
    not shown to a person as his own."""
    origin = request.headers.get("Origin")
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def of(request: HttpRequest, page: str) -> dict[str, Any] | None:
    """What this form says, to be shown at its step or told on ``page``; None where nothing was typed, or too much."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name.startswith(("account_", "mfa_")):
        return None
    if not getattr(match.func, "login_required", True):
        return None  # a button of the frame, such as that of the language
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in NOT_TYPED and "password" not in name
    ]
    step = getattr(match.func, "acts", False)
    written = [value for name, value in fields if value and not name.startswith("_")]
    typed = (
        written if step else [value for value in written if not value.isdecimal()]
    )  # beside a button: keys of records
    if not (typed or request.FILES) or sum(map(len, written)) > LONGEST:
        return None
    files = [file.name for files in request.FILES.lists() for file in files[1]]
    by = request.POST.get(BY, "")
    return {"by": by, "step": request.get_full_path() if step else "", "page": page, "fields": fields, "files": files}


def is_of(facts: dict[str, Any], user: User) -> bool:
    """Whether this person typed it."""
    return facts["by"] == str(user.pk)


def where(facts: dict[str, Any]) -> str:
    """The address at which its person sees it again."""
    return facts["step"] or facts["page"]


def seal(facts: dict[str, Any]) -> str:
    """As a hidden field that nobody else can have written."""
    return signing.dumps(facts, salt=FIELD, compress=True)


def opened(sealed: str) -> dict[str, Any] | None:
    """What was sealed, unless it is too old or not ours."""
    try:
        return signing.loads(sealed, salt=FIELD, max_age=KEPT) if sealed else None
    except signing.BadSignature:
        return None


def keep(request: HttpRequest, facts: dict[str, Any]) -> None:
    """For the next page of who signs in here: a step waits for him with its form, anything else is told at once."""
    if facts["step"]:
        request.session[FIELD] = facts | {"until": time.time() + SHOWN}
    else:
        words = [
            value for name, value in facts["fields"] if not name.startswith("_") and not value.isdecimal() and value
        ]
        typed = _("Bạn đã nhập: %(words)s.") % {"words": "; ".join(f"“{word}”" for word in words)} if words else ""
        messages.warning(request, " ".join(filter(None, [not_done(), typed, files_again(facts)])))


def not_done() -> str:
    """What a button that came too late says."""
    return _("Việc vừa bấm chưa được thực hiện, vì phiên đăng nhập trước đã hết. Hãy bấm lại.")


def files_again(facts: dict[str, Any]) -> str:
    """The sentence about the files that did not travel; empty for none."""
    return _("Tệp phải chọn lại: %(files)s.") % {"files": ", ".join(facts["files"])} if facts["files"] else ""


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """What waits to be shown in the form at this address."""
    facts = request.session.get(FIELD)
    if facts and facts["step"] == request.get_full_path() and facts["until"] > time.time():
        return facts
    return None


def fill(request: HttpRequest, facts: dict[str, Any], refill: str) -> None:
    """Makes ``request`` the form as it was typed, sent only to be shown again, and tells the person so."""
    sent = QueryDict(mutable=True)
    for name, value in facts["fields"]:
        sent.appendlist(name, value)
    sent[refill] = "1"
    request.method, request.POST, request._files = "POST", sent, MultiValueDict()
    told = _(
        "Chưa gửi được, vì phiên đăng nhập trước đã hết. Nội dung đã nhập còn nguyên dưới đây: hãy xem lại rồi gửi."
    )
    messages.warning(request, f"{told} {files_again(facts)}".strip())


def drop(request: HttpRequest) -> None:
    """Its form has been sent anew."""
    if request.method == "POST" and waiting(request):
        del request.session[FIELD]
