"""The answer of a list page."""

from collections.abc import Iterable

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from khuyencong.web.common import parts
from khuyencong.web.common.lists.columns import Act, Column
from khuyencong.web.common.lists.listing import Listing


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
    drawn: QuerySet | None = None,
) -> HttpResponse:
    """The list page, its rows alone (htmx), or its export.  ``name`` becomes the file's name.

    ``drawn``: where to find the rows costs more than to read them, any rows of the model with what stands beside them.  The
    keys of ``queryset`` are then asked for once, which counts them too, and those of the page are read from here.
    """
    listing = Listing(request, queryset, columns, filters, order, unit, drawn=drawn)
    if listing.wants_export:
        return listing.export(name, title)
    part = request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request
    if part and listing.sums_asked:
        return render(request, "ui/_sums.html", {"list": listing})
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
