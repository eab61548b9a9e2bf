"""Pieces drawn from ready values (``parts``): tabs, steps, time lines, figures, pages."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.web.common import parts
from khuyencong.web.common.tags.values import NEAR, left_in_words

register = template.Library()


@register.inclusion_tag("ui/tabs.html")
def tabs(items, label=""):
    return {"items": items, "label": label or _("Các phần")}


@register.inclusion_tag("ui/steps.html", takes_context=True)
def steps(context, offers):
    """Open ones first, the first that leads on blue; then the shut ones with their reason."""
    way_on = [offer for offer in offers if parts.attribute(offer, "url") and not parts.attribute(offer, "quiet")]
    way_back = [offer for offer in offers if parts.attribute(offer, "url") and parts.attribute(offer, "quiet")]
    return {
        "open": [*way_on, *way_back],
        "main": way_on[0] if way_on else None,
        "shut": [offer for offer in offers if not parts.attribute(offer, "url")],
        "request": context["request"],
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(events):
    return {"events": events}


@register.inclusion_tag("ui/checks.html")
def checks(items, lacking=""):
    """What is missing comes first, with the word ``lacking`` before it."""
    order = {"missing": 0, "ok": 1, "none": 2}
    return {
        "items": sorted(items, key=lambda item: order.get(parts.attribute(item, "state"), 1)),
        "lacking": lacking or _("Thiếu:"),
        "by_analogy": any(parts.attribute(item, "by_analogy") for item in items),
    }


@register.inclusion_tag("ui/figures.html")
def figures(items):
    shown = []
    for item in items:
        points = parts.attribute(item, "points") or []
        before = parts.attribute(item, "before") or []
        line = parts.spark(points, other=before)
        shown.append(
            {
                "item": item,
                "line": line,
                "before": parts.spark(before, other=points),
                "end": line.rpartition("L")[2].lstrip("M").split() if line else None,
            }
        )
    return {"items": shown}


@register.inclusion_tag("ui/todo.html")
def todo(items, quiet=False):
    """The first button is blue unless the page has another that comes before (``quiet``)."""
    today = clock.today()
    shown = []
    for item in items:
        until = parts.attribute(item, "due")
        left = (until - today).days if isinstance(until, date) else None
        shown.append(
            {
                "item": item,
                "when": "" if left is None else left_in_words(left),
                "tone": "" if left is None else "kc-late" if left < 0 else "kc-warm" if left <= NEAR else "",
            }
        )
    return {"items": shown, "quiet": quiet}


@register.simple_tag
def bar(slices, spoken):
    """A stacked bar; ``spoken`` says it in words.  Widths are attributes: the CSP allows no style."""
    total = sum(parts.attribute(piece, "amount") or 0 for piece in slices)
    pieces, x = [], 0.0
    for piece in slices:
        width = 100 * (parts.attribute(piece, "amount") or 0) / total if total else 0
        if width:
            tone = parts.attribute(piece, "tone")
            pieces.append(
                format_html(
                    '<rect class="kc-b{}" x="{}%" width="{}%" height="16"/>',
                    tone,
                    f"{x:.1f}",
                    f"{max(width - 0.2, 0.1):.1f}",
                )
            )
        x += width
    return format_html(
        '<svg class="kc-bar" role="img" aria-label="{}">{}</svg>', spoken, mark_safe("".join(map(str, pieces)))
    )


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context, page):
    """The pages of a list, with the rest of the query string kept."""
    request = context["request"]

    def url(number):
        query = request.GET.copy()
        query["trang"] = number
        return f"?{query.urlencode()}"

    numbers = []
    for near in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1):
        numbers.append(
            {"label": near, "url": url(near) if isinstance(near, int) else "", "current": near == page.number}
        )
    return {
        "page": page,
        "numbers": numbers,
        "before": url(page.previous_page_number()) if page.has_previous() else "",
        "next": url(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/share.html")
def share(text, url=""):
    """Ready text and link for the phone's own share sheet."""
    return {"text": text, "url": url}
