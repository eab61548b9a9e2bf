"""How a page shows a list: cells, sums, headings, chips, saved views."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import localize
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khuyencong.base import money
from khuyencong.people.models import SavedView
from khuyencong.web.common import parts
from khuyencong.web.common.drawn import shown
from khuyencong.web.common.lists.columns import CHOSEN, COUNT, EXPORT, PAGE, SORT, SUM, Chip, Column, Heading
from khuyencong.web.common.lists.rows import Rows
from khuyencong.web.common.tags import values as tags

SHOWN_AS: dict[str, Callable[[Any], Any]] = {
    "percent": tags.percent,
    "number": tags.number,
    "day": tags.day,
    "moment": tags.moment,
    "due": tags.due,
}


class Listing(Rows):
    """What a template needs to draw a list; ``body`` is the drawn rows, ``page`` the raw records."""

    @cached_property
    def form(self):
        if not self.filterset:
            return None
        form = self.filterset.form
        form.use_required_attribute = False
        for bound in form.fields.values():
            small = "form-select-sm" if getattr(bound.widget, "input_type", "") == "select" else "form-control-sm"
            bound.widget.attrs["class"] = f"{bound.widget.attrs.get('class', '')} {small}".strip()
        return form

    @property
    def choices(self) -> list[dict]:
        return [{"column": c, "chosen": c in self.chosen} for c in self.columns]

    # -- drawn

    @cached_property
    def _decimals(self) -> dict[str, int]:
        found = {}
        for c in self.chosen:
            if c.kind == "million":
                amounts = [c.of(record) for record in self.records]
                found[c.name] = parts.places([*amounts, self.totals.get(f"total_{c.name}")])
        return found

    def _cell(self, c: Column, value: Any, record: Any = None):
        if c.kind == "million":
            return tags.million_cell(value, self._decimals[c.name])
        if c.kind == "money":
            return "–" if value is None else money.dong(int(value))
        if c.kind == "state":
            mark = c.mark(record) if c.mark else getattr(record, f"{c.name}_mark", "")
            return tags.state_cell(str(value), mark)
        if shown_as := SHOWN_AS.get(c.kind):
            return shown_as(value)
        return "–" if value is None or value == "" else localize(value)

    @property
    def body(self) -> SafeString:
        """The rows as HTML: a template would ask four questions of each of four hundred cells."""
        draw = [self._drawing(c) for c in self.chosen]
        rows = ("".join([cell(record) for cell in draw]) for record in self.records)
        return mark_safe("".join([f"<tr>{cells}</tr>" for cells in rows]))

    def _drawing(self, c: Column) -> Callable[[Any], str]:
        """How the cells of a column are drawn: its words and classes are put together once, not in each row."""
        css, said = self._css(c), self._said(c)
        opened = f'<td class="{css}" {said}>' if css else f"<td {said}>"
        without = f'<td class="{f"{css} kc-none".strip()}" {said}>'  # a phone leaves it out

        def drawn(record: Any) -> str:
            cell = shown(self._cell(c, c.of(record), record))
            if c.url and (address := c.url(record)):
                begin, cell = opened, f'<a href="{shown(address)}">{cell}</a>'
            else:
                begin = without if cell.startswith("–") else opened
            small = localize(c.second(record)) if c.small else ""
            return f"{begin}{cell}<small>{shown(small)}</small></td>" if small else f"{begin}{cell}</td>"

        return drawn

    @staticmethod
    def _said(c: Column) -> str:
        """The head of the column, which a phone shows before the value."""
        return f'data-label="{shown(c.label)}"'

    @staticmethod
    def _css(c: Column) -> str:
        return "n" if c.numeric else "text-nowrap" if c.kind in ("day", "moment", "due", "state") else ""

    @property
    def sums(self) -> list[dict]:
        """The second row of the head: the count under the leading words, each sum under its column."""
        cells, lead = [], 0
        for c in self.chosen:
            if c.total is None and not cells:
                lead += 1
            else:
                shown = "…" if c.total is not None and self.summed_later else ""
                if f"total_{c.name}" in self.totals:
                    shown = self._cell(c, self.totals[f"total_{c.name}"] or 0)
                cells.append({"shown": shown, "css": self._css(c), "label": c.label})
        return [{"shown": self.counted, "span": max(lead, 1), "css": "", "label": ""}, *(cells if lead else cells[1:])]

    @property
    def sums_url(self) -> str:
        """Asked after the page is shown: the same list with its sums; "" where they are there."""
        return self.url(**{SUM: "1"}) if self.summed_later else ""

    @property
    def sums_asked(self) -> bool:
        return SUM in self.request.GET

    @property
    def counted(self) -> str:
        return f"{tags.number(self.count)} {self.unit or _('dòng')}"

    @property
    def headings(self) -> list[Heading]:
        column, down = self.sorted_by
        out = []
        for c in self.chosen:
            if not c.sort:
                out.append(Heading(c.label, c.numeric))
                continue
            mine = c is column
            out.append(
                Heading(
                    c.label,
                    c.numeric,
                    url=self.url(**{SORT: f"-{c.name}" if mine and not down else c.name, PAGE: None}),
                    arrow=("↓" if down else "↑") if mine else "",
                    spoken=("descending" if down else "ascending") if mine else "none",
                )
            )
        return out

    def url(self, **changes: str | None) -> str:
        """This list with some of its query string changed (None takes away)."""
        query = self.request.GET.copy()
        query.pop(COUNT, None)
        query.pop(SUM, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"?{query.urlencode()}" if query else self.request.path

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Hidden fields of the filter form: sort and columns outlive a new filter."""
        return [(name, value) for name in (SORT, CHOSEN) for value in self.request.GET.getlist(name)]

    @property
    def kept_for_columns(self) -> list[tuple[str, str]]:
        return [
            (n, v)
            for n, values in self.request.GET.lists()
            for v in values
            if n not in (CHOSEN, PAGE, EXPORT, COUNT, SUM)
        ]

    @property
    def chips(self) -> list[Chip]:
        """The conditions in use, each with the address that takes it away."""
        if not self.form:
            return []
        self.form.is_valid()
        out = []
        for name in self.form.fields:
            bound = self.form[name]
            value = self.form.cleaned_data.get(name) if hasattr(self.form, "cleaned_data") else None
            if value in (None, "", []) or (hasattr(value, "__len__") and not len(value)):
                continue
            query = self.request.GET.copy()
            for key in [k for k in query if k == name or k.startswith(f"{name}_")]:
                del query[key]
            query.pop(PAGE, None)
            out.append(Chip(self._spoken(bound, value), f"?{query.urlencode()}" if query else self.request.path))
        return out

    @staticmethod
    def _spoken(bound, value) -> str:
        choices = dict(_flat(getattr(bound.field, "choices", []))) if not hasattr(bound.field, "queryset") else {}
        values = value if isinstance(value, (list, tuple, QuerySet)) else [value]
        said = ", ".join(
            str(choices.get(str(v), choices.get(v, tags.day(v) if isinstance(v, date) else v))) for v in values
        )
        return said if choices or hasattr(bound.field, "queryset") else f"{bound.label}: {said}"

    @property
    def clear(self) -> str:
        query = self.request.GET.copy()
        for name in [n for n in query if n not in (SORT, CHOSEN)]:
            del query[name]
        return f"?{query.urlencode()}" if query else self.request.path

    @property
    def xlsx_url(self) -> str:
        return self.url(**{EXPORT: "xlsx", PAGE: None})

    @property
    def csv_url(self) -> str:
        return self.url(**{EXPORT: "csv", PAGE: None})

    # -- views that this person has saved

    @cached_property
    def saved(self) -> list[SavedView]:
        """His own views of this list, in the order of their names."""
        return list(SavedView.objects.filter(user=self.request.user, page=self.route)) if self.route else []

    @property
    def route(self) -> str:
        """The name of this list's address; "" where it has none or stands under a record, then it cannot be kept."""
        at = self.request.resolver_match
        return at.view_name if at and at.url_name and not at.kwargs else ""

    @property
    def in_use(self) -> str:
        """Conditions, order and columns in use, as a query string that says the same in one way."""
        return kept_query(self.request.GET)

    @property
    def counted_asked(self) -> bool:
        return COUNT in self.request.GET

    def views(self, given: Iterable[parts.Tab] = ()) -> list[parts.Tab]:
        """The row over the list: what the page gives, then the person's own views; with their counts when asked."""
        tabs = list(given)
        if self.saved and not tabs:
            tabs.append(parts.Tab(_("Tất cả"), self.request.path, current=not self.in_use))
        for view in self.saved:
            count = self._counted(view) if self.counted_asked else None
            tabs.append(parts.Tab(view.name, f"{self.request.path}?{view.query}", count, view.query == self.in_use))
        return tabs

    def _counted(self, view: SavedView) -> int:
        found = self.queryset
        if self.filters:
            found = self.filters(QueryDict(view.query), queryset=self.queryset, request=self.request).qs
        return found.order_by().count()

    @property
    def count_url(self) -> str:
        """Asked after the page is shown: the same row with counts."""
        return "" if self.counted_asked or not self.saved else f"{self.url(**{COUNT: '1'})}"

    @property
    def save_url(self) -> str:
        """Where what is in use is kept under a name; "" where there is nothing to keep."""
        if not self.route or not self.in_use:
            return ""
        return f"{reverse('save_view')}?{urlencode({'danh-sach': self.route, 'xem': self.in_use})}"

    @property
    def saved_url(self) -> str:
        return f"{reverse('saved_views')}?{urlencode({'danh-sach': self.route})}" if self.saved else ""


def kept_query(query: QueryDict) -> str:
    """A query string without page, export, counts, sums and empty values, its names in order: what makes a view."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        if name not in (PAGE, EXPORT, COUNT, SUM) and (values := [value for value in query.getlist(name) if value]):
            kept.setlist(name, values)
    return kept.urlencode()


def _flat(choices) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield value, label
