"""The rows of a file as they were judged."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from khuyencong.base.workbook import judging
from khuyencong.base.workbook.judging import RowState
from khuyencong.places.models import Unit

ESTABLISHMENTS, PRODUCTS = "establishments", "products"
SUMMED = ("workers", "women", "revenue", "export")
LABELS = {
    ESTABLISHMENTS: gettext_lazy("Danh sách cơ sở"),
    PRODUCTS: gettext_lazy("Sản phẩm đã được công nhận"),
}


class Place(NamedTuple):
    """Where a row says that it produces: units of today, its words, and the unit of its day."""

    province: Unit
    commune: Unit | None = None
    text: str = ""
    unit: Unit | None = None


@dataclass(slots=True, kw_only=True)
class Row(judging.Row):
    """One establishment or product of the file, judged."""

    place: Place
    facts: dict[str, Any] = field(default_factory=dict)
    year: dict[str, Any] = field(default_factory=dict)  # what of the year is to be written
    said: dict[str, int] = field(default_factory=dict)  # what of the year the file tells, known already or not
    unlike: str = ""  # where the record of that year says otherwise
    fill: dict[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def where(self) -> str:
        return str(self.place.commune or self.place.province)

    @property
    def commune_id(self) -> int | None:
        return self.place.commune.pk if self.place.commune else None

    @property
    def tax_code(self) -> str:
        return self.facts.get("tax_code", "")


@dataclass(slots=True, kw_only=True)
class Checked(judging.Checked[Row]):
    """A whole file, judged; nothing is written yet."""

    kind: str
    year: int

    @property
    def totals(self) -> dict[str, int]:
        """Workers and money (đồng) of the rows without errors."""
        sound = [row for row in self.rows if row.verdict is not RowState.FAULTY]
        return {name: sum(row.said.get(name, 0) for row in sound) for name in SUMMED}
