"""What views hand to the components of ``tags``: small values, ready to be shown.

Each may as well be a plain dict with the same keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(slots=True)
class Offer:
    """A step in ``{% steps %}``: open with a ``url``, shut with a sentence ``why`` (reason and article)."""

    label: str
    url: str = ""
    why: str = ""
    post: bool = False  # a button that acts at once, without a page
    question: str = ""  # asked first, with what follows
    quiet: bool = False  # a way back (withdraw, return, refuse): never the blue button, stands after the others


@dataclass(slots=True)
class Event:
    """A line of ``{% timeline %}``.  ``mark``: "" (past), "now" or "next"; give the future first, as the list is drawn."""

    what: str
    on: date | datetime | None = None
    note: str = ""
    who: str = ""
    mark: str = ""
    url: str = ""
    link: str = ""  # the words that carry the url: the number of the paper


@dataclass(slots=True)
class Todo:
    """A line of ``{% todo %}``: deadline, sentence (the act first, in bold), button with the act's name."""

    act: str
    url: str
    button: str
    rest: str = ""
    due: date | None = None
    note: str = ""


@dataclass(slots=True)
class Figure:
    """One of the figures of ``{% figures %}``.  ``points`` draws a sparkline, which ``spoken`` says in words."""

    label: str
    value: str
    unit: str = ""
    notes: list[str] = field(default_factory=list)
    points: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)  # the dashed line: the same period of the year before
    spoken: str = ""
    url: str = ""


@dataclass(slots=True)
class Check:
    """A line of ``{% checks %}``.  ``state``: "ok", "missing", "none" (does not apply)."""

    what: str
    state: str
    note: str = ""
    url: str = ""
    link: str = ""
    by_analogy: bool = False  # said once under the list


@dataclass(slots=True)
class Tab:
    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(slots=True)
class Slice:
    """A piece of ``{% bar %}``: amount and which of the four tones (1 blue, 2 pale blue, 3 grey, 4 pale grey)."""

    label: str
    amount: int
    tone: int = 1


def places(amounts: Iterable[int | None]) -> int:
    """How many decimals a column in triệu đồng needs (at most 3) so that the commas stand in line."""
    needed = 0
    for amount in amounts:
        thousands = round((amount or 0) / 1000)
        if thousands % 10:
            return 3
        if thousands % 100:
            needed = max(needed, 2)
        elif thousands % 1000:
            needed = max(needed, 1)
    return needed


def spark(points: list[float], width: int = 88, height: int = 28, other: list[float] | None = None) -> str:
    """The ``d`` of a sparkline through ``points``, on one scale with ``other``."""
    both = [*points, *(other or [])]
    if not points or not both:
        return ""
    low, high = min(both), max(both)
    span, across = (high - low) or 1, max(len(points) - 1, 1)
    spots = [
        f"{index * width / across:.1f} {height - 2 - (value - low) * (height - 4) / span:.1f}"
        for index, value in enumerate(points)
    ]
    return "M" + " L".join(spots)


def attribute(thing: Any, name: str) -> Any:
    """``a.b`` of an object, a dict, or either through dots; calls what can be called; None where nothing is."""
    for part in name.split("."):
        thing = thing.get(part) if isinstance(thing, dict) else getattr(thing, part, None)
        if callable(thing) and not isinstance(thing, type):
            thing = thing()
        if thing is None:
            return None
    return thing
