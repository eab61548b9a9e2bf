"""Columns, buttons and what else a list is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.encoding import force_str

from khuyencong.web.common import parts

SORT, PAGE, CHOSEN, EXPORT, COUNT, SUM = "sap", "trang", "cot", "xuat", "dem", "tong"  # names in the query string
NUMERIC = ("number", "money", "million", "percent")


@dataclass(frozen=True, slots=True)
class Shared:
    """A sum that stands in an answer about all that is filtered.  Columns that share the answer ask for it once."""

    find: Callable[[Any], Any]
    read: Callable[[Any], Any]


@cache
def _labels(model: type[Model], name: str) -> dict[Any, Any]:
    """The words for the values of a field.  Django gathers them anew for each row, and hashing a word translates it."""
    return dict(model._meta.get_field(name).flatchoices)


KEY = 1_000_000_007  # stands for the key of a row where an address is put together


@cache
def _around(name: str, urls: str, prefix: str) -> tuple[str, str]:
    before, _key, after = reverse(name, args=[KEY], urlconf=urls).rpartition(str(KEY))
    return before, after


def page(name: str, key: str = "pk") -> Callable[[Any], str]:
    """Where a row leads: to the page of this name, of its own key or of the one in ``key``.  The address is looked for
    once: Django tries it anew for each of fifty rows."""

    def address(row: Any) -> str:
        before, after = _around(name, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        return f"{before}{getattr(row, key)}{after}"

    return address


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
    total: Any = None  # an aggregate, summed over all that is filtered; a function of it or ``Shared`` where a plain sum would mislead
    shown: bool = True  # False: only when chosen; an export carries it as well when chosen

    def of(self, row: Any) -> Any:
        wanted = self.value or self.name
        if callable(wanted):
            return wanted(row)
        if self.kind == "state" and not self.value and hasattr(row, f"get_{self.name}_display"):
            wanted = f"get_{self.name}_display"
        if isinstance(row, Model) and wanted.startswith("get_") and wanted.endswith("_display"):
            name = wanted.removeprefix("get_").removesuffix("_display")
            value = getattr(row, name)
            return force_str(_labels(type(row), name).get(value, value), strings_only=True)
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
