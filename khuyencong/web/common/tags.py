"""The components that pages are made of.  They are template builtins: nothing has to be loaded.

Words of a page are given with ``_("…")``, also as values of components: ``{% panel _("Giấy tờ") %}``.

A page::

    {% extends "base.html" %}
    {% block title %}{{ project.title }}{% endblock %}
    {% block main %}
    {% crumbs "Đề án" list_url "Năm 2026" "" project.code %}
    {% head project.title sub=line %}
      <a class="btn btn-quiet" href="…">Ghi nhận văn bản</a><a class="btn btn-primary" href="…">Nghiệm thu</a>
    {% endhead %}
    …
    {% endblock %}

========== ==========================================================================================================
head       ``{% head title sub="một câu" %}buttons{% endhead %}``: one h1, one sentence, the primary button last
crumbs     ``{% crumbs label url label url last %}``: pairs, the last label without address; "" for a step without one;
           ``{% trail steps last %}`` the same from a list of (label, address)
panel      ``{% panel "Kinh phí theo nguồn" note="triệu đồng" id="tien" %}…{% endpanel %}``: a section with its heading;
           ``edit=url``: the step that changes it, taken inside the panel
facts      ``{% facts %}{% fact "Hạn" %}{% due day %}{% endfact %}…{% endfacts %}``: facts in a row, for the head of a record;
           ``{% facts list=True %}`` the same as a definition list.  A fact with nothing in it shows "–"
state      ``{% state record %}`` (asks ``get_state_display`` and ``state_mark``) or ``{% state "Đang thực hiện" "run" %}``;
           marks: draft wait run done stop late
table      ``{% table %}<thead>…</thead><tbody>…</tbody>{% endtable %}``: numbers ``td.n``, sums ``tr.sum`` in the head;
           ``kind="kc-fits"`` for a narrow one that need not scroll on a phone
money      ``{% money amount %}`` 1.234.567 đ; ``{% million amount %}`` in a table in triệu đồng, with ``{% million amount 2 %}``
           the column's number of decimals (``parts.places(amounts)``), the missing ones kept as invisible space
due        ``{% due day %}``: 30/11/2026 (còn 7 ngày), amber when near, red when late
tabs       ``{% tabs items %}`` of ``parts.Tab`` (label, url, count, current)
steps      ``{% steps offers %}`` of ``parts.Offer``: what can be done now as buttons, the shut ones as text with the reason
timeline   ``{% timeline events %}`` of ``parts.Event``
checks     ``{% checks items %}`` of ``parts.Check``: papers, conditions: có / thiếu / không áp dụng
figures    ``{% figures items %}`` of ``parts.Figure``, with sparkline
bar        ``{% bar slices "720 triệu đồng: …" %}`` of ``parts.Slice``
todo       ``{% todo items %}`` of ``parts.Todo``, late ones first (the caller sorts)
pager      ``{% pager page %}`` of a Django ``Page`` or ``lists.Listing.page``; keeps the query string
nothing    ``{% nothing "Chưa có đề án nào" %}what to do{% endnothing %}``: an empty list (``empty`` belongs to ``for``)
field      ``{% field form.name %}`` one field with label, hint, errors; ``{{ form }}`` all of them;
           ``{% field form.name look="phone" %}`` on pages of ``base_public.html`` (phones, no Tabler, no script needed);
           ``{% row %}{% field … %}{% field … %}{% endrow %}`` two beside each other
once       ``{% once %}`` in every form that acts: CSRF and the token against double clicks
submit     ``{% submit "Phê duyệt 24 đề án" cancel=url %}``: the one button of a form, with the way out
after      ``{% after "Sau khi ghi nhận" %}<li>…</li>{% endafter %}``: what follows, before the button
sum        ``{% arithmetic warn=False %}50% × 500 = 250 …{% endarithmetic %}``: a calculation as a sentence
confirm    ``{% confirm url "Ngừng đề án" question="…" %}fields, what follows{% endconfirm %}``: asks once, without script
share      ``{% share text url %}``: the phone's own share sheet; without script a text to copy
icon       ``{% icon "check" %}``: never without its word
========== ==========================================================================================================

Blocks of ``base.html``: ``title``, ``main``, ``foot`` (the last line: where figures come from), ``styles``, ``scripts``
(``<script src=… defer>``, never inline).  Pages for phones and the public extend ``base_public.html``: ``title``, ``place``,
``until``, ``main``, ``robots``; no Tabler, no menu.  A context value ``title`` is the title where the block is not filled.

The skeleton of a record: facts, tabs, then what can be done first in the source (phones need it first)::

    {% facts %}…{% endfacts %}{% tabs tabs %}
    <div class="kc-two">
      <aside aria-label="{% trans "Việc làm được bây giờ" %}"><h2>…</h2>{% steps offers %}</aside>
      <div class="kc-body">{% panel … %}…{% endpanel %}</div>
      <aside aria-label="{% trans "Quá trình" %}"><h2>…</h2>{% timeline events %}</aside>
    </div>

The page of a step is ``web/common/steps.py`` and ``desk/step.html``.

Filters: ``amount|dong`` (1.234.567), ``amount|million`` (425,06), ``amount|words`` (Ba tỷ … đồng), ``ratio|percent``
(0.734 → 73,4%), ``day|day`` (22/11/2026), ``moment|moment`` (22/11/2026 08:15), ``number|number`` (1.234), ``value|dash``.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.base import clock, money, text
from khuyencong.web.common import parts, views
from khuyencong.web.common.icons import ICONS

register = template.Library()
NEAR = 3  # days before a deadline from which it turns amber


# ---- values ----


@register.filter
def dong(amount) -> str:
    """``1234567`` → ``1.234.567``."""
    return "–" if amount is None else money.dong(int(amount))


@register.filter
def dong_or_dash(amount) -> str:
    """As ``dong``, with "–" for nothing: a column of zeros hides what is there."""
    return money.dong(int(amount)) if amount else "–"


@register.filter(name="million")
def million_filter(amount) -> str:
    """đồng → triệu đồng in running text."""
    return "–" if amount is None else money.million(int(amount))


@register.filter
def signed_million(amount) -> str:
    """A difference in triệu đồng with its sign."""
    return money.million(amount) if amount == 0 else ("+" if amount > 0 else "−") + money.million(abs(amount))


@register.filter
def words(amount) -> str:
    """An amount in words, as on papers."""
    return "" if amount is None else text.vnd_words(int(amount))


@register.filter
def percent(ratio, decimals=1) -> str:
    """``0.734`` → ``73,4%``; whole ones without decimals: ``50%``."""
    if ratio is None:
        return "–"
    value = (Decimal(str(ratio)) * 100).quantize(Decimal(1).scaleb(-int(decimals)), ROUND_HALF_UP)
    shown = f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return shown.replace(".", ",") + "%"


@register.filter
def number(value) -> str:
    """A count with dots, a measure with a comma: 1.234 and 12,5."""
    if value is None:
        return "–"
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


@register.filter
def measure(value) -> str:
    """A stored quantity without the zeros that only the database needs: 1 and 2,5."""
    if value is None:
        return "–"
    shown = f"{Decimal(value):f}"
    return number(Decimal(shown.rstrip("0").rstrip(".") if "." in shown else shown))


@register.filter
def day(value) -> str:
    """``22/11/2026``."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value:%d/%m/%Y}"


@register.filter
def moment(value) -> str:
    """``22/11/2026 08:15`` in Vietnam."""
    return "–" if value is None else f"{timezone.localtime(value):%d/%m/%Y %H:%M}"


@register.filter
def recent(value) -> str:
    """A moment not long ago: "hôm nay 08:12", "hôm qua 16:05", else "20/11 16:42"."""
    day, at = timezone.localdate(value), f"{timezone.localtime(value):%H:%M}"
    days = (clock.today() - day).days
    if days == 0:
        return _("hôm nay %(time)s") % {"time": at}
    if days == 1:
        return _("hôm qua %(time)s") % {"time": at}
    return f"{day:%d/%m} {at}" if day.year == clock.today().year else f"{day:%d/%m/%Y} {at}"


@register.filter
def dash(value):
    """The value, or "–" where there is none."""
    return "–" if value is None or value == "" else value


@register.simple_tag(name="money")
def money_tag(amount, unit="đ"):
    """An amount in đồng, as on vouchers and in settlements."""
    if amount is None:
        return "–"
    return format_html('<span class="kc-num">{} {}</span>', money.dong(int(amount)), unit)


@register.simple_tag
def million(amount, decimals=0):
    """An amount in a column of triệu đồng: at least the decimals it has, up to ``decimals`` as invisible space."""
    return million_cell(amount, decimals)


def million_cell(amount: int | None, decimals: int = 0) -> SafeString:
    """The content of a cell; "–" for nothing and for none."""
    decimals = int(decimals or 0)
    shown = money.million(int(amount)) if amount else "–"
    rest = shown.partition(",")[2]
    missing = "0" * (decimals - len(rest))
    if not missing:
        return format_html("{}", shown)
    return format_html('{}<i class="kc-dec" aria-hidden="true">{}{}</i>', shown, "" if rest else ",", missing)


@register.simple_tag
def due(value, today=None):
    """A deadline as a day and as what is left."""
    if not value:
        return "–"
    left = (value - (today or clock.today())).days
    tone = "kc-late" if left < 0 else "kc-warm" if left <= NEAR else "kc-2nd"
    return format_html(
        '<span class="kc-num">{}</span> <span class="{}">({})</span>', day(value), tone, left_in_words(left)
    )


def left_in_words(left: int) -> str:
    if left < 0:
        return ngettext("quá hạn %(days)s ngày", "quá hạn %(days)s ngày", -left) % {"days": -left}
    if left == 0:
        return _("hôm nay")
    return ngettext("còn %(days)s ngày", "còn %(days)s ngày", left) % {"days": left}


@register.simple_tag
def state(record, mark=""):
    """A state as shape, colour and word."""
    if not isinstance(record, str) and hasattr(record, "get_state_display"):
        mark = mark or getattr(record, "state_mark", "")
        record = record.get_state_display()
    return format_html('<span class="kc-state" data-s="{}">{}</span>', mark or "draft", record)


@register.simple_tag(takes_context=True)
def paper(context, shown, short=False):
    """An official paper by its name: a link where this person may open it, else the name alone.

    ``opens`` of the page: the keys of papers beyond his territory that he may open here, None for all of them.
    """
    if not shown:
        return ""
    name = (shown.number or str(shown)) if short else str(shown)
    opens = context.get("opens", ())
    if opens is None or shown.pk in opens or shown.in_sight_of(context["request"].user):
        return format_html('<a href="{}">{}</a>', reverse("documents:page", args=[shown.pk]), name)
    return name


@register.simple_tag
def icon(name, size=""):
    """A drawing of 24 × 24 in the colour of the text; its word stands beside it."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        size,
        mark_safe("".join(f'<path d="{path}"/>' for path in ICONS[name])),  # our own table
    )


# ---- blocks ----


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
    """A table.  On a phone its rows stand under each other, each cell with its head before it; one in which cells span or
    are filled in scrolls inside itself."""
    if not _HELD_TOGETHER.search(content):
        content, kind = _with_heads(content), f"{kind} kc-stack".strip()
    return _block(
        '<div class="kc-wide" tabindex="0" role="region" aria-label="{}"><table class="kc-table {}">',
        "</table></div>",
        content,
        label or _("Bảng"),
        kind,
    )


_HELD_TOGETHER = re.compile(
    r'colspan|rowspan|<input(?! type="hidden")|<select|kc-rank'
)  # a button's hidden token is no field
_HEAD, _CELL, _MARKUP = (
    re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL),
    re.compile(r"<(tr|td)\b"),
    re.compile(r"<[^>]*>"),
)


def _with_heads(content: str) -> str:
    """The rows of a rendered table, each cell with the words of its column."""
    head, end, rows = content.partition("</thead>")
    labels = [" ".join(_MARKUP.sub("", text).split()).replace('"', "&quot;") for text in _HEAD.findall(head)]
    column = 0

    def named(found: re.Match) -> str:
        nonlocal column
        if found[1] == "tr":
            column = 0
            return found[0]
        column += 1
        label = labels[column - 1] if column <= len(labels) else ""
        return f'<td data-label="{label}"' if label and column > 1 else found[0]

    return head + end + _CELL.sub(named, rows)


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
    """CSRF and the token of this very form."""
    request = context["request"]
    sent = request.POST.get(views.ONCE) if request.method == "POST" else ""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        get_token(request),
        views.ONCE,
        sent or views.new_token(),
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


# ---- lists of ready values ----


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
