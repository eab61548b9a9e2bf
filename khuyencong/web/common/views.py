"""Three kinds of view, and the one way in which a page acts.

A page that shows::

    @reads
    def project_page(request, pk):
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        return render(request, "desk/projects/page.html", {"project": project})

A page with a form for one act (GET shows it, POST acts; a refused form comes back filled, with status 422)::

    @step
    def appraise(request, pk):
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        form = bind(AppraiseForm, request)
        return act(
            request, form, lambda data: operations.appraise(project, by=request.user, on=data["on"]),
            template="desk/projects/appraise.html", context={"project": project},
            to=reverse("projects:page", args=[pk]), done=_("Đã ghi kết quả thẩm định."),
        )

The form in the template needs ``{% once %}`` (CSRF and a token, so that a double click acts once)::

    <form method="post" enctype="multipart/form-data">{% once %}{{ form }}{% submit "Ghi kết quả" cancel=back %}</form>

A button without questions (POST only; the view calls one act and says where next; a refusal is shown where the person is)::

    @writes
    def withdraw(request, pk):
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        operations.withdraw(project, by=request.user, on=clock.today())
        return reverse("projects:page", args=[pk])

What a view need not do: catch refusals (``Invalid`` goes to its fields, ``NotPossible`` above the form or as a message,
``NotAllowed`` becomes a 403 page with the sentence), open a transaction, or guard against a double click.
"""

import logging
import re
import secrets
from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khuyencong.base.errors import DomainError, Invalid, NotAllowed
from khuyencong.base.kept import keeping
from khuyencong.web.common import typed
from khuyencong.web.common.forms import PaperForm

log = logging.getLogger("khuyencong.web.refusal")
ONCE = "_once"  # the hidden field of a form that acts
REFILL = "_refill"  # pressed to fetch dependent choices without a script: nothing is done, nothing is complained of
PREVIEW = "_preview"  # pressed to see what the act would do: nothing is done
REMEMBERED = 60  # acts of one session whose second click is still recognised
READING = re.compile(r"[\s(]*(SELECT|WITH|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.IGNORECASE)  # "(" of a union
ALLOWED_TABLES = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(django_session|audit_access)', re.IGNORECASE)


class WritesWhileReading(RuntimeError):
    """A fault of ours: a page that only shows has tried to change something."""


def _only_reads(execute, sql, params, many, context):
    if not READING.match(sql) and not ALLOWED_TABLES.match(sql):
        raise WritesWhileReading(sql[:80])
    return execute(sql, params, many, context)


@contextmanager
def reading():
    """Inside, the database refuses every write but those of the session and of the access log; savepoints may be set."""
    with connection.execute_wrapper(_only_reads):
        yield


def reads(view):
    """A page that shows.  It answers GET and HEAD and cannot write."""

    @require_safe
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        try:
            with reading(), keeping():
                return view(request, *args, **kwargs)
        except NotAllowed as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    return wrapper


def step(view):
    """A page with a form for one act: GET shows it and cannot write, POST acts (through ``act``)."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.method == "POST":
            typed.drop(request)
            return _answered(request, view, args, kwargs)
        if facts := typed.waiting(request):
            return _shown_again(request, facts, view, args, kwargs)
        return reads(view)(request, *args, **kwargs)

    wrapper.acts = True  # a test asks all of these pages as somebody who may only look
    return wrapper


def _shown_again(request, facts, view, args, kwargs):
    """The page of a step with what was typed before the session ended; where it cannot be shown so, as it begins."""
    typed.fill(request, facts, REFILL)
    try:
        with reading():
            answer = view(request, *args, **kwargs)
    except (DomainError, WritesWhileReading):
        answer = None
    request.method = "GET"
    return answer if answer and answer.status_code == 200 else reads(view)(request, *args, **kwargs)


def keyed(view):
    """Whoever knows the address of this page acts in it, and no cookie says more of him: who is signed in acts in it as
    everybody else does.  So its form is taken from a browser that has lost its cookies, too (``pages.forged``)."""
    view.keyed = True
    return view


def writes(view):
    """A button: one act, POST only.  The view returns where to go next."""

    def pressed(request, *args, **kwargs):
        with transaction.atomic():
            if gone := _seen(request):
                return _again(request, gone)
            answer = view(request, *args, **kwargs)
            if not isinstance(answer, str):
                return answer
            _remember(request, answer)
        return HttpResponseRedirect(answer)

    @require_POST
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        return _answered(request, pressed, args, kwargs)

    return wrapper


def _answered(request, view, args, kwargs):
    try:
        return view(request, *args, **kwargs)
    except NotAllowed as refusal:
        _refused(request, refusal)
        raise PermissionDenied(str(refusal)) from refusal
    except DomainError as refusal:
        _refused(request, refusal)
        messages.error(request, str(refusal))
    except ValidationError as refusal:
        _refused(request, refusal)
        messages.error(request, " ".join(refusal.messages))
    return HttpResponseRedirect(back(request))


def _refused(request, refusal: Exception) -> None:
    """One line in the log: which page refused what kind of act, never the words, which may name people."""
    facts = {"page": request.resolver_match.view_name, "why": type(refusal).__name__, "by": request.user.pk}
    log.info("%(page)s refused by %(why)s to %(by)s", facts, extra={"refusal": facts})


def bind(form: type[forms.BaseForm], request: HttpRequest, **options: Any) -> forms.BaseForm:
    """The form with what was sent (POST) or as it begins (GET).  ``options`` go to the form: initial, instance, user …"""
    if request.method == "POST":
        return form(request.POST, request.FILES, **options)
    shown = form(**options)
    if isinstance(shown, PaperForm) and shown.paper_asked and request.user.is_authenticated and request.user.signs:
        shown.initial = {"signer": str(request.user), "signer_title": request.user.title} | shown.initial
    return shown


def act(
    request: HttpRequest,
    form: forms.BaseForm,
    do: Callable[[dict], Any],
    *,
    template: str,
    to: str | Callable[[Any], str],
    context: dict | Callable[[], dict] | None = None,
    done: str | Callable[[Any], str] = "",
    preview: Callable[[dict], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show ``form``, or do the act with its data, in one transaction, and go ``to``.

    ``do`` gets ``form.cleaned_data`` and calls one operation; ``to`` and ``done`` (the message) may be functions of its
    result.  A form that is wrong or refused comes back filled, with status 422; in the template it is ``form``.  ``context``
    may be a function: then it is asked only where the page is shown, not where the act is done and leads on.  ``preview``
    gets the same data when the person only wants to see what the act would do; it cannot write, and what it gives is shown.
    """

    def shown(status: int = 200, **more: Any) -> HttpResponse:
        told = context() if callable(context) else context or {}
        return render(request, template, {"form": form, **told, **more}, status=status)

    if request.method != "POST":
        return shown()
    if REFILL in request.POST:
        return shown(form=_refilled(form))
    if not form.is_valid():
        return shown(422)
    try:
        if preview is not None and PREVIEW in request.POST:
            with reading():
                return shown(**preview(form.cleaned_data))
        with transaction.atomic():
            if gone := _seen(request):
                return _again(request, gone)
            result = do(form.cleaned_data)
            target = to(result) if callable(to) else to
            _remember(request, target)
    except NotAllowed:
        raise
    except (DomainError, ValidationError) as refusal:
        _refused(request, refusal)
        _tell(form, refusal)
        return shown(422)
    if done:
        messages.success(request, done(result) if callable(done) else done)
    return HttpResponseRedirect(target)


def _tell(form, refusal: DomainError | ValidationError) -> None:
    """The sentences of a refusal, each on its field where the form has it, otherwise above the form.

    ValidationError is what a constraint of the database says through ``full_clean``.
    """
    if isinstance(refusal, Invalid):
        sentences = [(name, sentence) for name, sentence in refusal.fields.items()]
    elif isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        sentences = [(name, sentence) for name, said in refusal.message_dict.items() for sentence in said]
    elif isinstance(refusal, ValidationError):
        sentences = [(NON_FIELD_ERRORS, sentence) for sentence in refusal.messages]
    else:
        sentences = [(NON_FIELD_ERRORS, str(refusal))]
    for name, sentence in sentences:
        form.add_error(name if name in form.fields else None, sentence)


def _refilled(form):
    """The same form with what was typed, and no complaint yet."""
    form.full_clean()
    form._errors.clear()
    return form


def back(request: HttpRequest, otherwise: str = "/") -> str:
    """The page where the person is; only ever one of ours."""
    for url in (request.POST.get("next"), request.headers.get("Referer")):
        if url and url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
            return url
    return otherwise


# ---- a double click acts once ----


def new_token() -> str:
    """For the hidden field of one form."""
    return secrets.token_urlsafe(9)


def _seen(request) -> str | None:
    """Where this very form has led already, if it has.  Asked inside the act's transaction: two clicks wait here for each
    other, and the second finds in the database what the first has left."""
    token = request.POST.get(ONCE)
    if not token:
        return None
    if key := request.session.session_key:
        row = Session.objects.select_for_update().filter(session_key=key).first()
        kept = row.get_decoded().get(ONCE, {}) if row else {}
        request.session[ONCE] = {**request.session.get(ONCE, {}), **kept}
    return request.session.get(ONCE, {}).get(token)


def _remember(request, target: str) -> None:
    """In the transaction of the act, so that act and token stand or fall together."""
    token = request.POST.get(ONCE)
    if not token:
        return
    acted = {**request.session.get(ONCE, {}), token: target}
    request.session[ONCE] = dict(list(acted.items())[-REMEMBERED:])
    if request.session.session_key:
        request.session.save()


def _again(request, target: str) -> HttpResponse:
    messages.info(request, _("Việc này đã được ghi nhận ở lần bấm trước; không làm lại lần nữa."))
    return HttpResponseRedirect(target)
