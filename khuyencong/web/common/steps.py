"""The page of one step, the same on every desk: left what the law asks and the arithmetic, right the form and its paper, last
what follows and the one button.

    return step_page(
        request, form, do, trail=[(_("Đề án"), reverse("projects:list")), (project.code, page)], title=_("Quyết toán"),
        law=[…], sums=[…], after=[…], paper=PaperKind.SETTLEMENT, button=_("Quyết toán"), to=page, done=_("Đã quyết toán."),
    )

A desk whose steps all stand under one record wraps it in three lines (``trail`` and ``sub``).  A step that shows more than this
has a template that extends ``desk/step.html`` and fills one of its blocks: ``lead`` above, ``beside`` left, ``form`` right with
``fields`` and ``after`` in it.

A step with a ``panel`` can be taken inside the record's page: ``{% panel … id="thong-tin" edit=url %}`` fetches the form into the
panel of this id, a refusal comes back there, and when the act is done the page of the record takes the whole place.  Without a
script the same address is a page.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khuyencong.documents.enums import PaperKind
from khuyencong.web.common.forms import PaperForm
from khuyencong.web.common.views import act


def rests_on(article: str) -> str:
    """Where a step stands in the law, as a line of its page; nothing where no row says it."""
    return _("Căn cứ: %(article)s.") % {"article": article} if article else ""


def step_page(
    request: HttpRequest,
    form: forms.BaseForm,
    do: Callable[[dict], Any],
    *,
    trail: Sequence[tuple[str, str]],
    title: str,
    button: str,
    to: str | Callable[[Any], str],
    back: str = "",
    done: str | Callable[[Any], str] = "",
    sub: Any = "",
    law: Iterable[str] = (),
    sums: Iterable[str] = (),
    short: bool = False,
    checks: Sequence = (),
    complete_at: str = "",
    after: Sequence[str] = (),
    paper: str = "",
    beside: bool = False,
    panel: str = "",
    preview: Callable[[dict], dict[str, Any]] | None = None,
    seeing: str = "",
    refusal: str = "",
    template: str = "desk/step.html",
    shows: Callable[[], dict[str, Any]] = dict,
    **more: Any,
) -> HttpResponse:
    """Show the page of a step, or do it (``act``).

    ``trail``: the pages above this one, each a label and an address.  ``law`` and ``sums``: sentences, empty ones left out;
    ``short`` marks the sums as a warning.  ``checks``: papers and conditions, with the page where they are completed.
    ``after``: what follows.  ``paper``: the kind of the paper that ``form`` (then a ``PaperForm``) describes.  ``beside``: the
    template fills the left side itself.  ``back``: where "cancel" leads, else ``to`` or the last page of the trail.
    ``panel``: the part of the record's page in which the step can be taken.  ``preview`` and ``seeing``: what a second button
    of these words shows of the act before it is done (``act``).  ``refusal``: why nobody can do it now; then the page says this
    and the way back, and shows no form.  ``shows``: gives any of what is only shown (``law``, ``sums``, ``checks``, ``after``, what
    the template wants besides); it is asked only where the page is shown, not where the step is taken and leads on.
    """
    back = back or (to if isinstance(to, str) else trail[-1][1])
    if refusal and request.method != "POST":  # what is sent all the same is refused by the act
        told = {"trail": trail, "title": title, "sub": sub, "refusal": refusal, "back": back}
        return render(request, "desk/shut.html", told, status=409)
    inside = bool(panel and request.htmx and request.headers.get("X-Kc-Panel") == panel)
    with_paper = isinstance(form, PaperForm)

    def shown() -> dict[str, Any]:
        says = {"law": law, "sums": sums, "short": short, "checks": checks, "after": after, **more, **shows()}
        says |= {name: [line for line in says[name] if line] for name in ("law", "sums")}
        return {
            "frame_of_page": "ui/inside.html" if inside else "base.html",
            "panel": panel if inside else "",
            "trail": trail,
            "title": title,
            "sub": sub,
            "complete_at": complete_at,
            "beside": bool(beside or says["law"] or says["sums"] or says["checks"]),
            "own": form.own_fields() if with_paper else form.visible_fields(),
            "with_paper": with_paper,
            "paper_first": with_paper and form.paper_first,
            "paper_kind": PaperKind(paper).label if paper else "",
            "button": button,
            "seeing": seeing,
            "back": back,
            **says,
        }

    answer = act(request, form, do, template=template, context=shown, to=to, done=done, preview=preview)
    if inside and answer.status_code in (200, 422):  # the form, not the record after the act
        answer["HX-Retarget"] = answer["HX-Reselect"] = f"#{panel}"
        answer["HX-Reswap"] = "outerHTML"
    return answer
