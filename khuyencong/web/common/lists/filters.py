"""Filters over a list."""

import django_filters
from django import forms
from django.utils.translation import gettext as _

from khuyencong.base import trigram


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
        request, asked = self.parent.request, self.parent.form.cleaned_data
        everywhere = request is not None and request.frame.whole_country and not asked.get("province")
        return self.search(queryset, value, everywhere=everywhere)

    def search(self, queryset, typed, *, everywhere):
        return trigram.with_words(queryset, self.field_name, typed, everywhere=everywhere)


class _Hint:
    def __str__(self) -> str:
        return _("Có dấu hoặc không")


_lazy_hint = _Hint()
