"""What is listed: filter, sort, sums, pages, files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import django_filters
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation

from khuyencong.base import clock, trigram
from khuyencong.web.common.lists.columns import CHOSEN, EXPORT, PAGE, SORT, SUM, Column, Shared
from khuyencong.web.common.lists.files import csv_line, plain, workbook

ROWS = 50
FEW = 1_000  # rows that a database sorts as they are
MANY = 5_000  # rows of which a page is met sooner by walking the order than by sorting them


@dataclass
class Rows:
    """What is listed: filtered, sorted, counted and summed, cut into pages, written into a file."""

    request: HttpRequest
    queryset: QuerySet
    columns: tuple[Column, ...]
    filters: type[django_filters.FilterSet] | None = None
    order: str | tuple[str, ...] = "-pk"
    unit: str = ""
    size: int = ROWS
    options: dict = field(default_factory=dict)
    drawn: QuerySet | None = None  # where to find the rows costs more than to read them: any rows, without conditions

    @cached_property
    def filterset(self):
        return self.filters(self.request.GET, queryset=self.queryset, request=self.request) if self.filters else None

    @cached_property
    def filtered(self) -> QuerySet:
        """All rows that the filter lets through, sorted."""
        queryset = self.filterset.qs if self.filterset else self.queryset
        return queryset.order_by(*self.ordering)

    # -- sort

    @cached_property
    def sorted_by(self) -> tuple[Column | None, bool]:
        asked = self.request.GET.get(SORT, "")
        column = next((c for c in self.columns if c.sort and c.name == asked.lstrip("-")), None)
        return column, asked.startswith("-")

    @property
    def ordering(self) -> list:
        """The sort that was asked for, else the list's own; the key ends it in the same direction, so that an index over
        the sorted column can be walked either way."""
        column, down = self.sorted_by
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

    # -- numbers of all that is filtered: one query, and those of columns that count otherwise

    @cached_property
    def totals(self) -> dict:
        """The count and the sums; without the sums where they are asked for after the page is shown."""
        if self.summed_later:
            return {"total_rows": self._rows}
        wanted, base = self._wanted, self._unsorted
        shared = {name: total for name, total in wanted.items() if isinstance(total, Shared)}
        plain = {name: total for name, total in wanted.items() if name not in shared and not callable(total)}
        told = {name: total(base) for name, total in wanted.items() if callable(total)}
        answers = {find: find(base) for find in {total.find for total in shared.values()}}
        told |= {name: total.read(answers[total.find]) for name, total in shared.items()}
        if self.drawn is not None and not plain:
            return {"total_rows": self._rows} | told
        return base.aggregate(total_rows=Count("*"), **plain) | told

    @property
    def _wanted(self) -> dict:
        return {f"total_{c.name}": c.total for c in self.columns if c.total is not None and c in self.chosen}

    @property
    def _unsorted(self) -> QuerySet:
        return (self.filterset.qs if self.filterset else self.queryset).order_by()

    @cached_property
    def summed_later(self) -> bool:
        """Whether the sums come by a request of their own: all pages of the whole country are added up longer than
        one wants to wait for the first fifty."""
        frame = getattr(self.request, "frame", None)
        if SUM in self.request.GET or not self._wanted or frame is None or not frame.whole_country:
            return False
        return self._rows > self.size

    @cached_property
    def _rows(self) -> int:
        return self._unsorted.count() if self.drawn is None else len(self._all_keys)

    @cached_property
    def _all_keys(self) -> list:
        """The keys of all pages in their order: one question that finds, counts and sorts."""
        return list(self.filtered.prefetch_related(None).values_list("pk", flat=True))

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
        if self.drawn is not None:
            keys, rows = self._all_keys[self.page.start_index() - 1 : self.page.end_index()], self.drawn
        elif self.count <= FEW or self.queryset.query.distinct or self.queryset._fields is not None:
            return list(self.page.object_list)
        else:
            rows = self.queryset
            with trigram.walking(self.count > MANY):
                keys = self._keys_of_page()
        place = {key: index for index, key in enumerate(keys)}
        return sorted(rows.order_by().filter(pk__in=keys), key=lambda row: place[row.pk])

    def _keys_of_page(self) -> list:
        first, last = self.page.start_index() - 1, self.page.end_index()
        ordered = self.filtered.prefetch_related(None).values_list("pk", flat=True)
        if first > self.count - last:
            return list(ordered.reverse()[self.count - last : self.count - first])[::-1]
        return list(ordered[first:last])

    # -- export: the same rows, the same columns, all pages

    @property
    def wants_export(self) -> bool:
        return self.request.GET.get(EXPORT) in ("xlsx", "csv")

    def export(self, name: str, title: str = "") -> HttpResponse:
        """The filtered rows with the chosen columns, in đồng where money is shown."""
        stamp = f"{name}-{clock.today():%Y%m%d}"
        if self.request.GET[EXPORT] == "csv":
            lines = (csv_line(line) for line in self._lines(translation.get_language()))
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
                yield [plain(c.of(record)) for c in self.chosen]
