"""What holds a part of a page: heads, panels, tables, fields, buttons."""

import re

from django import template
from django.middleware.csrf import get_token
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khuyencong.web.common import typed, views

register = template.Library()


def _block(start: str, end: str, content: str, *values) -> SafeString:
    opening = format_html(start, *values) if values else mark_safe(start)
    return opening + mark_safe(content) + mark_safe(end)  # rendered, thus escaped, by the template


@register.simple_block_tag
def head(content, title, sub=""):
    """The head of a page."""
    line = format_html("<p>{}</p>", sub) if sub else ""
    acts = _block('<div class="kc-acts">', "</div>", content) if content.strip() else ""
    return format_html('<div class="kc-head"><div><h1>{}</h1>{}</div>{}</div>', title, line, acts)


@register.simple_tag
def crumbs(*pairs):
    """Where this page stands: label and address in turn, the last one a label alone."""
    steps = []
    for index in range(0, len(pairs), 2):
        url = pairs[index + 1] if index + 1 < len(pairs) else ""
        label = pairs[index]
        steps.append(format_html('<a href="{}">{}</a>', url, label) if url else conditional_escape(label))
    return format_html(
        '<nav class="kc-crumbs" aria-label="{}">{}</nav>', _("Vị trí"), mark_safe(" / ".join(map(str, steps)))
    )


@register.simple_tag
def trail(steps, here):
    """The same from a list of (label, address), and this page's label."""
    return crumbs(*(value for step in steps for value in step), here)


@register.simple_block_tag
def panel(content, title, note="", id="", edit=""):
    """A section with its heading; ``note`` stands right of it: unit, source, day of the figures; ``edit``: the step that changes
    what is in it, taken inside the panel (``steps.py``)."""
    asks = (
        format_html(
            '<a class="kc-noprint" href="{}"{}>{}<span class="visually-hidden"> {}</span></a>',
            edit,
            _fetches(edit, id),
            _("Sửa"),
            title,
        )
        if edit
        else ""
    )
    return _block(
        '<section class="kc-sec"{}><header><h2>{}</h2>{}{}</header>',
        "</section>",
        content,
        format_html(' id="{}"', id) if id else "",
        title,
        format_html('<span class="kc-small">{}</span>', note) if note else "",
        asks,
    )


def _fetches(url: str, panel: str) -> SafeString:
    """A link that fetches the panel's new content; without a script it opens the page."""
    said = ' hx-get="{}" hx-target="#{}" hx-select="#{}" hx-swap="outerHTML" hx-headers=\'{{"X-Kc-Panel": "{}"}}\''
    return format_html(said, url, panel, panel, panel)


@register.simple_block_tag
def facts(content, list=False):
    """Facts in a row, or as a definition list."""
    return _block('<dl class="{}">', "</dl>", content, "kc-dl" if list else "kc-facts")


@register.simple_block_tag
def fact(content, label):
    """One fact; "–" where nothing is known."""
    return _block("<div><dt>{}</dt><dd>", "</dd></div>", content.strip() or "–", label)


@register.simple_block_tag
def table(content, label="", kind=""):
    """A table.  On a phone its rows stand under each other, each cell with its head before it, sums and fields too; one with
    cells over several rows scrolls inside itself."""
    told = "data-label=" in content  # a list tells its heads itself and stands on a phone in its own way
    if not told and "rowspan" not in content:
        content, kind = _with_heads(content), f"{kind} kc-stack".strip()
    return _block(
        '<div class="kc-wide" tabindex="0" role="region" aria-label="{}"><table class="kc-table {}">',
        "</table></div>",
        content,
        label or _("Bảng"),
        kind,
    )


_HEAD, _CELL, _SPAN, _MARKUP = (
    re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL),
    re.compile(r"<(tr|td|th)\b([^>]*)"),
    re.compile(r"""\bcolspan=["']?(\d+)"""),
    re.compile(r"<[^>]*>"),
)
_NONE = re.compile(r'<td( data-label="[^"]*")(?: class="(n)")?>\s*–\s*</td>')


def _with_heads(content: str) -> str:
    """The rows of a rendered table, those of its sums too, each cell with the words of its column; a phone leaves out what is
    none."""
    head, end, rows = content.partition("</tr>")
    labels = [" ".join(_MARKUP.sub("", text).split()).replace('"', "&quot;") for text in _HEAD.findall(head)]
    column = 0

    def named(found: re.Match) -> str:
        nonlocal column
        if found[1] == "tr":
            column = 0
            return found[0]
        span = _SPAN.search(found[2])
        first, column = column, column + (int(span[1]) if span else 1)
        label = labels[first] if found[1] == "td" and 0 < first < len(labels) and not span else ""
        return f'<td data-label="{label}"{found[2]}' if label else found[0]

    return head + end + _NONE.sub(_none, _CELL.sub(named, rows))


def _none(cell: re.Match) -> str:
    return f'<td{cell[1]} class="{f"{cell[2]} " if cell[2] else ""}kc-none">–</td>'


@register.simple_block_tag
def nothing(content, title):
    """An empty list says what to do."""
    return _block('<div class="kc-empty"><p><b>{}</b></p>', "</div>", content, title)


@register.simple_block_tag
def arithmetic(content, warn=False):
    """A calculation as a sentence that a person can check."""
    return _block('<p class="kc-sum{}">', "</p>", content, " warn" if warn else "")


@register.simple_block_tag
def after(content, title=""):
    """What follows an act, said before it is done."""
    title = title or _("Sau khi ghi nhận")
    return _block('<div class="kc-after"><b class="fw-semibold">{}</b><ul>', "</ul></div>", content, title)


@register.simple_block_tag
def row(content, fields=2):
    """Two fields (or three short ones) beside each other, one under the other on a phone."""
    return _block('<div class="kc-row{}">', "</div>", content, " kc-row-3" if fields == 3 else "")


@register.simple_tag
def field(bound, look=""):
    """One field in our look; ``look="phone"`` in that of the pages for phones and the public."""
    return bound.render("ui/phone_field.html") if look == "phone" else bound.as_field_group()


@register.simple_tag(takes_context=True)
def once(context):
    """CSRF, the token of this very form, and who fills it."""
    request = context["request"]
    sent = request.POST.get(views.ONCE) if request.method == "POST" else ""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">{}',
        get_token(request),
        views.ONCE,
        sent or views.new_token(),
        format_html('<input type="hidden" name="{}" value="{}">', typed.BY, user.pk) if known else "",
    )


@register.simple_tag
def submit(label, cancel="", name="", value="", panel="", seeing=""):
    """The one button of a form; its words are the act.  In a ``panel`` the way out puts the panel back.  ``seeing``: the words of
    a second one, which only shows what the act would do."""
    inside = _fetches(cancel, panel) if panel else ""
    way_out = format_html('<a href="{}"{}>{}</a>', cancel, inside, _("Để sau")) if cancel else ""
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<div class="kc-submit"><button class="btn btn-primary" type="submit"{}>{}</button>{}{}</div>',
        named,
        label,
        format_html('<button class="btn btn-quiet" type="submit" name="_preview" value="1">{}</button>', seeing)
        if seeing
        else "",
        way_out,
    )


@register.simple_block_tag(takes_context=True)
def confirm(context, content, url, label, question="", tone="quiet"):
    """An act that asks once: the question opens under its button, with what follows; works without a script."""
    return _block(
        '<details class="kc-confirm"><summary class="btn btn-{}">{}</summary>'
        '<form method="post" action="{}" enctype="multipart/form-data">{}<p>{}</p>',
        format_html('<button class="btn btn-primary" type="submit">{}</button></form></details>', label),
        content,
        tone,
        label,
        url,
        once(context),
        question or _("Việc này không hoàn tác được. Bạn chắc chắn?"),
    )
