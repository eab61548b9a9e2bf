"""One search over everything.  A desk that can be searched has a module ``search.py`` with

* ``LABEL``: what its results are, in the plural;
* ``find(user, folded, limit)``: at most ``limit`` rows of what this person may see whose folded text holds ``folded``
  (lower case, no accents), each a ``Hit(title, subtitle, url)``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from khuyencong.base import text

ORDER = ("projects", "establishments", "needs", "contracts", "documents", "norms", "organisations", "places")
LIMIT = 8
SHORTEST = 2


@dataclass(slots=True)
class Hit:
    title: str
    url: str
    subtitle: str = ""


@cache
def sources() -> list:
    """The modules that can be searched, in the order in which their results are shown."""
    return [import_module(f"khuyencong.web.desk.{noun}.search") for noun in ORDER]


def everything(user, typed: str, limit: int = LIMIT, among: list | None = None) -> Iterator[dict]:
    """Results by kind: ``{"label", "hits", "more"}``; kinds without any are left out."""
    folded = " ".join(text.fold(typed).split())
    if len(folded) < SHORTEST:
        return
    for source in sources() if among is None else among:
        hits = list(source.find(user, folded, limit + 1))
        if hits:
            yield {"label": source.LABEL, "hits": hits[:limit], "more": len(hits) > limit}
