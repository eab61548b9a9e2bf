"""Columns, buttons and what else a list is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from khuyencong.web.common import parts

SORT, PAGE, CHOSEN, EXPORT, COUNT = "sap", "trang", "cot", "xuat", "dem"  # names in the query string
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
    total: Any = (
        None  # an aggregate, summed over all that is filtered, or a function of it where a plain sum would mislead
    )
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
