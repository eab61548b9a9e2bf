"""When things were written down.  Invented years must not all be written today: an auditor would find nothing but late
recordings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from khuyencong.base import clock


class Moments:
    """The moment at which the story writes.  ``to(day)`` sets it to that morning, a little later each time it is asked."""

    def __init__(self) -> None:
        self.now = clock.now()
        self._last = self.now

    def to(self, day: date, *, later: int = 0) -> None:
        """Write on ``day``, or ``later`` days after it; never in the future."""
        morning = datetime.combine(day + timedelta(days=later), time(8, 30), timezone.get_default_timezone())
        self._last = min(morning, self.now)

    def __call__(self) -> datetime:
        self._last = min(self._last + timedelta(seconds=20), self.now)
        return self._last


def day_of(today: date, month: int, day: int) -> date:
    """A day of the running year, as if it were late November: earlier in the year all days move together."""
    wanted, begin, whole = date(today.year, month, day), date(today.year, 1, 1), date(today.year, 11, 20)
    if today < whole:
        wanted = begin + (wanted - begin) * (today - begin).days // (whole - begin).days
    return min(wanted, today)


@contextmanager
def told() -> Iterator[Moments]:
    """While this lasts, every field that notes when a row was written takes the story's moment instead of the clock's, and
    identifiers follow the story too, so that it is the same each time it is told.  Secret codes stay secret."""
    moments, rng = Moments(), Random(45_2012)
    changed: list[tuple[Any, bool | None, Any]] = []
    try:
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if not model.__module__.startswith("khuyencong."):
                    continue
                noted = isinstance(field, models.DateTimeField) and (
                    field.auto_now_add or (field.name == "at" and field.has_default())
                )
                if noted:
                    changed.append((field, field.auto_now_add, field.default))
                    field.auto_now_add, field.default = False, moments
                elif field.name == "uid":
                    changed.append((field, None, field.default))
                    field.default = lambda: UUID(int=rng.getrandbits(128), version=4)
                else:
                    continue
                field.__dict__.pop("_get_default", None)
        yield moments
    finally:
        for field, auto, default in changed:
            if auto is not None:
                field.auto_now_add = auto
            field.default = default
            field.__dict__.pop("_get_default", None)
