"""The lists behind the lines of a home."""

from collections.abc import Callable

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from khuyencong.people.models import User
from khuyencong.work.enums import TaskKind


class TaskFilter(django_filters.ChoiceFilter):
    """What a line of this person's home counts, by ``counted``: the home leads here with it, and it is no field to fill."""

    def __init__(self, counted: Callable[[User, str], QuerySet], **options):
        self.counted = counted
        choices = [(kind.value, format_lazy("{}: {}", gettext_lazy("Việc của bạn"), kind.label)) for kind in TaskKind]
        super().__init__(label=gettext_lazy("Việc của bạn"), choices=choices, widget=forms.HiddenInput, **options)

    def filter(self, queryset, value):
        if not value:
            return queryset
        return queryset.filter(pk__in=self.counted(self.parent.request.user, value).order_by().values("pk"))
