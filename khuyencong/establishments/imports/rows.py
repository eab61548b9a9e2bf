"""The rows of a file as they were judged."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy

from khuyencong.base.workbook import Fault
from khuyencong.establishments.enums import RowState
from khuyencong.places.models import Unit

SHOWN = 300  # rows of each kind that a preview shows
ESTABLISHMENTS, PRODUCTS = "establishments", "products"
LABELS = {
    ESTABLISHMENTS: gettext_lazy("Danh sách cơ sở"),
    PRODUCTS: gettext_lazy("Sản phẩm đã được công nhận"),
}


@dataclass(slots=True)
class Row:
    """One row of the file, judged."""

    sheet: str
    number: int  # as people count
    state: RowState
    name: str
    why: str = ""  # of a doubtful or known one
    match: int | None = None  # the record it is, or may be
    facts: dict[str, Any] = field(default_factory=dict)
    place: tuple[Unit, Unit | None, str, Unit | None] | None = None  # province, commune, text, unit of its day
    year: dict[str, Any] = field(default_factory=dict)
    fill: dict[str, Any] = field(default_factory=dict)
    key: str = ""


@dataclass(slots=True)
class Checked:
    """A whole file, judged; nothing is written yet."""

    kind: str
    province: Unit
    year: int
    digest: str
    rows: list[Row] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind, all of them together as ``rows``."""
        found = dict.fromkeys((state.value for state in RowState), 0)
        for row in self.rows:
            found[row.state.value] += 1
        return {"rows": len(self.rows), **found, "warnings": len(self.warnings), "errors": len(self.errors)}

    def preview(self) -> dict[str, Any]:
        """What a person looks at before he confirms: the first rows of each kind, and the warnings."""
        shown: dict[str, list[dict[str, Any]]] = {state.value: [] for state in RowState if state != RowState.SAME}
        for row in self.rows:
            if row.state.value in shown and len(shown[row.state.value]) < SHOWN:
                place = str(row.place[1] or row.place[0]) if row.place else ""
                told = {"sheet": row.sheet, "row": row.number, "name": row.name, "place": place, "why": row.why}
                shown[row.state.value].append({**told, "match": row.match})
        return {**shown, "warnings": [fault.as_json() for fault in self.warnings[:SHOWN]]}
