"""One value as people read it: money, numbers, days, states, papers, icons."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khuyencong.base import clock, money, text
from khuyencong.web.common.icons import ICONS

register = template.Library()
OUR_MARKS = str.maketrans(",.", ".,")
NEAR = 3  # days before a deadline from which it turns amber


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
    return f"{value:,}".translate(OUR_MARKS)


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


@register.filter
def citation(kept: str) -> str:
    """A law text kept with a record, whose mark “chưa kiểm chứng” is read in the language of the page."""
    told = _("chưa kiểm chứng")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            mark = translation.gettext("chưa kiểm chứng")
        kept = kept.replace(mark, told)
    return kept


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
    return _million_cell(int(amount) if amount else None, int(decimals or 0))


@lru_cache(maxsize=4096)  # the same round amounts stand in many rows
def _million_cell(amount: int | None, decimals: int) -> SafeString:
    shown = "–" if amount is None else money.million(amount)
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
    return _due(value, today or clock.today(), translation.get_language())


@lru_cache(maxsize=1024)  # many rows end on one day
def _due(value: date, today: date, language: str) -> SafeString:
    left = (value - today).days
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
    return state_cell(record, mark)


def state_cell(word: str, mark: str) -> SafeString:
    """The same of a word and its mark."""
    said = str(word)
    return _state_cell(said, mark or "draft", hasattr(said, "__html__"))


@lru_cache(maxsize=512)  # of a few words many rows are made
def _state_cell(word: str, mark: str, drawn: bool) -> SafeString:
    return format_html('<span class="kc-state" data-s="{}">{}</span>', mark, mark_safe(word) if drawn else word)


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
@lru_cache(maxsize=256)
def icon(name, size=""):
    """A drawing of 24 × 24 in the colour of the text; its word stands beside it.  Made once in a process."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
        'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        size,
        mark_safe("".join(f'<path d="{path}"/>' for path in ICONS[name])),  # our own table
    )
