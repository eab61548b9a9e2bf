"""Lists: filter, chips, sort, 50 rows a page, sums of what is filtered, columns to choose, export of exactly this.

A whole list page::

    COLUMNS = (
        Column("code", _("Mã"), sort="code"),
        Column("title", _("Đề án, đơn vị thụ hưởng"), sort="sort_key", url=lambda p: reverse("projects:page", args=[p.pk]),
               small=lambda p: p.implementer),
        Column("state", _("Trạng thái"), kind="state", sort="state"),
        Column("due_on", _("Hạn"), kind="due", sort="due_on"),
        Column("national", _("KCQG"), kind="million", total=Sum("national")),
        Column("note", _("Ghi chú"), shown=False),
    )

    class ProjectFilter(lists.Filter):
        state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=ProjectState, empty_label=_("Mọi trạng thái"))
        q = lists.FoldedFilter("folded", label=_("Tên đề án, cơ sở"))

    @reads
    def project_list(request):
        return lists.answer(
            request, Project.objects.visible_to(request.user).select_related("implementer", "commune"),
            columns=COLUMNS, filters=ProjectFilter, order="-code", name="de-an",
            title=_("Đề án"), sub=_("Mỗi đề án một dòng."), unit=_("đề án"),
            empty=_("Chưa có đề án nào. Bấm “Lập đề án” để bắt đầu."),
            acts=[Act(_("Lập đề án"), reverse("projects:draft"))] if request.user.holds(Permission.PROJECT_DRAFT) else [],
        )

``answer`` needs no template (``list.html``); a page with more around the list gives ``template="desk/…/list.html"`` that
extends ``list.html`` and fills its blocks ``above``, ``below``, ``acts``.  A page that draws its own rows uses ``Listing``.

What it costs: one aggregate query for count and all sums, one for the rows (two where there are more than a thousand);
select_related is the caller's.  A column's
``value`` is a dotted name or a function of the row and must not query.  Kinds of column: text, small (second in ``small``
beneath), number, money (đồng), million (đồng shown in triệu đồng), percent (a ratio), day, moment, due, state.
The query string: ``sap`` (sort, ``-`` descending), ``trang``, ``cot`` (columns), ``xuat`` (xlsx or csv), ``dem`` (count the
saved views), and the filters.

A list whose address has a name can be kept as a person sees it (``people.SavedView``, pages in ``saved.py``).  To count a saved
view costs as much as to open it: the list is shown first, then its views are counted, by a second request of htmx or a link.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
import xlsxwriter
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khuyencong.base import clock, money, trigram
from khuyencong.people.models import SavedView
from khuyencong.web.common import parts, tags

ROWS = 50
FEW = 1_000  # rows that a database sorts as they are
MANY = 10_000  # rows of which a page is met sooner by walking the order than by sorting them
SORT, PAGE, CHOSEN, EXPORT, COUNT = "sap", "trang", "cot", "xuat", "dem"
OWN = (SORT, PAGE, CHOSEN, EXPORT)
NUMERIC = ("number", "money", "million", "percent")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of page and export.  ``value``: dotted name or function of the row (default: ``name``)."""

    name: str
    label: str
    kind: str = "text"
    value: str | Callable[[Any], Any] = ""
    sort: str | tuple[str, ...] = ""
    url: Callable[[Any], str] | None = None
    small: str | Callable[[Any], Any] = ""  # the second line of the cell
    mark: Callable[[Any], str] | None = None  # of a state: draft wait run done stop late
    total: Any = None  # an aggregate, summed over all that is filtered
    shown: bool = True  # False: only when chosen; an export carries it as well when chosen

    def of(self, row: Any) -> Any:
        wanted = self.value or self.name
        if callable(wanted):
            return wanted(row)
        if self.kind == "state" and not self.value and hasattr(row, f"get_{self.name}_display"):
            return getattr(row, f"get_{self.name}_display")()
        return parts.attribute(row, wanted)

    def second(self, row: Any) -> Any:
        return self.small(row) if callable(self.small) else parts.attribute(row, self.small) if self.small else ""

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC


@dataclass(slots=True)
class Act:
    """A button in the head of a list; the last one is the primary one unless ``quiet``."""

    label: str
    url: str
    quiet: bool = False
    icon: str = ""


@dataclass(slots=True)
class Heading:
    label: str
    numeric: bool
    url: str = ""
    arrow: str = ""
    spoken: str = ""


@dataclass(slots=True)
class Chip:
    label: str
    url: str


# ---- filters ----


class Filter(django_filters.FilterSet):
    """A filter form over a list.  Without ``Meta.model``: declare the filters."""


class FoldedFilter(django_filters.CharFilter):
    """Words in any order, with or without accents, inside a stored folded column."""

    def __init__(self, field_name, **options):
        super().__init__(field_name=field_name, lookup_expr="contains", **options)
        self.extra.setdefault("widget", forms.TextInput(attrs={"placeholder": _lazy_hint, "type": "search"}))

    def filter(self, queryset, value):
        if not value:
            return queryset
        request = self.parent.request
        return self.search(queryset, value, everywhere=request is not None and request.frame.whole_country)

    def search(self, queryset, typed, *, everywhere):
        return trigram.with_words(queryset, self.field_name, typed, everywhere=everywhere)


class _Hint:
    def __str__(self) -> str:
        return _("Có dấu hoặc không")


_lazy_hint = _Hint()


# ---- the list ----


@dataclass
class Listing:
    """What a template needs to draw a list; ``body`` is the drawn rows, ``page`` the raw records."""

    request: HttpRequest
    queryset: QuerySet
    columns: tuple[Column, ...]
    filters: type[django_filters.FilterSet] | None = None
    order: str | tuple[str, ...] = "-pk"
    unit: str = ""
    size: int = ROWS
    options: dict = field(default_factory=dict)

    @cached_property
    def filterset(self):
        return self.filters(self.request.GET, queryset=self.queryset, request=self.request) if self.filters else None

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

    @cached_property
    def filtered(self) -> QuerySet:
        """All rows that the filter lets through, sorted."""
        queryset = self.filterset.qs if self.filterset else self.queryset
        return queryset.order_by(*self.ordering)

    # -- sort

    @cached_property
    def _sorted_by(self) -> tuple[Column | None, bool]:
        asked = self.request.GET.get(SORT, "")
        column = next((c for c in self.columns if c.sort and c.name == asked.lstrip("-")), None)
        return column, asked.startswith("-")

    @property
    def ordering(self) -> list:
        """The sort that was asked for, else the list's own; the key ends it in the same direction, so that an index over
        the sorted column can be walked either way."""
        column, down = self._sorted_by
        if column is None:
            names = [self.order] if isinstance(self.order, str) else list(self.order)
            last = str(names[-1])
            return names if last.lstrip("-") in ("pk", "id") else [*names, "-pk" if last.startswith("-") else "pk"]
        names = (column.sort,) if isinstance(column.sort, str) else column.sort
        return [*(self._directed(name.lstrip("-"), down) for name in names), "-pk" if down else "pk"]

    def _directed(self, name: str, down: bool):
        """Empty values come last; where none can be, the plain name lets the database use its index."""
        try:
            never_empty = not self.queryset.model._meta.get_field(name).null
        except FieldDoesNotExist:
            never_empty = False
        if never_empty:
            return f"-{name}" if down else name
        return F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)

    # -- columns

    @cached_property
    def chosen(self) -> list[Column]:
        asked = set(self.request.GET.getlist(CHOSEN))
        picked = [c for c in self.columns if c.name in asked] if asked else []
        return picked or [c for c in self.columns if c.shown]

    @property
    def choices(self) -> list[dict]:
        return [{"column": c, "chosen": c in self.chosen} for c in self.columns]

    # -- numbers of all that is filtered: one query

    @cached_property
    def totals(self) -> dict:
        wanted = {f"total_{c.name}": c.total for c in self.columns if c.total is not None and c in self.chosen}
        base = (self.filterset.qs if self.filterset else self.queryset).order_by()
        return base.aggregate(total_rows=Count("*"), **wanted)

    @property
    def count(self) -> int:
        return self.totals["total_rows"]

    @cached_property
    def page(self):
        paginator = Paginator(self.filtered, self.size)
        paginator.count = self.count  # cached_property of the paginator: no second count
        return paginator.get_page(self.request.GET.get(PAGE))

    @cached_property
    def records(self) -> list:
        """The rows of this page.  Of a long list first only their keys are sorted, from the nearer end, so that neither
        joins nor wide rows are carried through the sort and the last page costs as much as the first."""
        if self.count <= FEW or self.queryset.query.distinct or self.queryset._fields is not None:
            return list(self.page.object_list)
        with trigram.walking(self.count > MANY):
            keys = self._keys_of_page()
        place = {key: index for index, key in enumerate(keys)}
        return sorted(self.queryset.order_by().filter(pk__in=keys), key=lambda row: place[row.pk])

    def _keys_of_page(self) -> list:
        first, last = self.page.start_index() - 1, self.page.end_index()
        ordered = self.filtered.prefetch_related(None).values_list("pk", flat=True)
        if first > self.count - last:
            return list(ordered.reverse()[self.count - last : self.count - first])[::-1]
        return list(ordered[first:last])

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
        if c.kind == "percent":
            return tags.percent(value)
        if c.kind == "number":
            return tags.number(value)
        if c.kind == "day":
            return tags.day(value)
        if c.kind == "moment":
            return tags.moment(value)
        if c.kind == "due":
            return tags.due(value)
        if c.kind == "state":
            mark = c.mark(record) if c.mark else getattr(record, f"{c.name}_mark", "")
            return tags.state(str(value), mark)
        return "–" if value is None or value == "" else localize(value)

    @property
    def body(self) -> SafeString:
        """The rows as HTML: a template would ask four questions of each of four hundred cells."""
        rows = ([self._drawn(c, record) for c in self.chosen] for record in self.records)
        return mark_safe("".join(f"<tr>{''.join(cells)}</tr>" for cells in rows))

    def _drawn(self, c: Column, record: Any) -> str:
        shown = self._cell(c, c.of(record), record)
        if c.url and (address := c.url(record)):
            shown = format_html('<a href="{}">{}</a>', address, shown)
        none = "kc-none" if str(shown).startswith("–") else ""  # a phone leaves it out
        css = f"{self._css(c)} {none}".strip()
        opened = f'<td class="{css}" {self._said(c)}>' if css else f"<td {self._said(c)}>"
        small = localize(c.second(record))
        second = f"<small>{conditional_escape(small)}</small>" if small else ""
        return f"{opened}{conditional_escape(shown)}{second}</td>"

    @staticmethod
    def _said(c: Column) -> str:
        """The head of the column, which a phone shows before the value."""
        return f'data-label="{conditional_escape(c.label)}"'

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
                known = f"total_{c.name}" in self.totals
                value = self.totals.get(f"total_{c.name}")
                shown = self._cell(c, value or 0) if known else ""
                cells.append({"shown": shown, "css": self._css(c), "label": c.label})
        return [{"shown": self.counted, "span": max(lead, 1), "css": "", "label": ""}, *(cells if lead else cells[1:])]

    @property
    def counted(self) -> str:
        return f"{tags.number(self.count)} {self.unit or _('dòng')}"

    @property
    def headings(self) -> list[Heading]:
        column, down = self._sorted_by
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
            (n, v) for n, values in self.request.GET.lists() for v in values if n not in (CHOSEN, PAGE, EXPORT, COUNT)
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

    # -- export: the same rows, the same columns, all pages

    @property
    def wants_export(self) -> bool:
        return self.request.GET.get(EXPORT) in ("xlsx", "csv")

    def export(self, name: str, title: str = "") -> HttpResponse:
        """The filtered rows with the chosen columns, in đồng where money is shown."""
        stamp = f"{name}-{clock.today():%Y%m%d}"
        if self.request.GET[EXPORT] == "csv":
            lines = (_csv_line(line) for line in self._lines(translation.get_language()))
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = f'attachment; filename="{stamp}.csv"'
            return response
        book = workbook(title or name, self.chosen, self._records_in_pieces())
        return FileResponse(book, as_attachment=True, filename=f"{stamp}.xlsx")

    def _records_in_pieces(self) -> Iterable:
        return self.filtered.iterator(chunk_size=2000)

    def _lines(self, language: str) -> Iterator[list]:
        with translation.override(language):  # the response is written after the request has been left
            yield ["\ufeff" + str(self.chosen[0].label), *(str(c.label) for c in self.chosen[1:])]
            for record in self._records_in_pieces():
                yield [_plain(c.of(record)) for c in self.chosen]


def kept_query(query: QueryDict) -> str:
    """A query string without page, export, count and empty values, its names in order: what makes a view."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        if name not in (PAGE, EXPORT, COUNT) and (values := [value for value in query.getlist(name) if value]):
            kept.setlist(name, values)
    return kept.urlencode()


def _flat(choices) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield value, label


def _plain(value: Any) -> Any:
    """For a file: days and moments as people write them, text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return value
    written = str(value)
    return f"'{written}" if re.match(r"[=+\-@\t\r]", written) else written


def _csv_line(line: list) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(line)
    return buffer.getvalue()


def workbook(title: str, columns: Iterable[Column], records: Iterable) -> io.BytesIO:
    """An .xlsx of these columns, written row by row."""
    columns, target = list(columns), io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", str(title))[:31])
    bold, day = (
        book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    amount, ratio = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0.0%"})
    sheet.freeze_panes(1, 0)
    for index, c in enumerate(columns):
        sheet.set_column(index, index, 16 if c.numeric or c.kind in ("day", "due") else 28)
        unit = f" ({_('đồng')})" if c.kind in ("money", "million") else ""
        sheet.write_string(0, index, f"{c.label}{unit}", bold)
    for line, record in enumerate(records, start=1):
        for index, c in enumerate(columns):
            value = c.of(record)
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, date)):
                sheet.write_string(line, index, _plain(value) if isinstance(value, datetime) else str(value))
            elif isinstance(value, datetime):
                sheet.write_string(line, index, _plain(value))
            elif isinstance(value, date):
                sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif c.kind == "percent":
                sheet.write_number(line, index, float(value), ratio)
            else:
                sheet.write_number(line, index, float(value), amount if c.numeric else None)
    book.close()
    target.seek(0)
    return target


def answer(
    request: HttpRequest,
    queryset: QuerySet,
    *,
    columns: tuple[Column, ...],
    title: str,
    name: str,
    filters: type[django_filters.FilterSet] | None = None,
    order: str | tuple[str, ...] = "-pk",
    sub: str = "",
    unit: str = "",
    empty: str = "",
    acts: Iterable[Act] = (),
    views: Iterable[parts.Tab] = (),
    template: str = "list.html",
    context: dict | None = None,
) -> HttpResponse:
    """The list page, its rows alone (htmx), or its export.  ``name`` becomes the file's name."""
    listing = Listing(request, queryset, columns, filters, order, unit)
    if listing.wants_export:
        return listing.export(name, title)
    part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    if part and not listing.counted_asked:
        return render(request, "ui/_list.html", {"list": listing, "title": title, "empty_hint": empty})
    values = {
        "list": listing,
        "title": title,
        "sub": sub,
        "empty_hint": empty,
        "acts": list(acts),
        "views": listing.views(views),
    }
    if part:
        return render(request, "ui/_views.html", values)
    return render(request, template, {**values, **(context or {})})
