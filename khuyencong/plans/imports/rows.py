"""The rows of a file as they were judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from khuyencong.base.workbook import judging
from khuyencong.base.workbook.judging import RowState
from khuyencong.norms.enums import ProjectKind
from khuyencong.places.models import Unit
from khuyencong.plans.imports.columns import SOURCES, folded_words


@dataclass(slots=True)
class Helped:
    """A beneficiary as a row names it; money in đồng where it is known to be his."""

    name: str
    place_text: str = ""
    commune: Unit | None = None
    support: Mapping[str, int] = field(default_factory=dict)
    establishment: int | None = None  # one that is kept already
    alike: str = ""  # the name of one that may be the same


@dataclass(slots=True, kw_only=True)
class Row(judging.Row):
    """One project of the file, judged; ``name`` is its title, ``match`` the project it is, or may be."""

    kind: ProjectKind | None = None
    level: str = ""
    year: int = 0
    amounts: dict[str, int] = field(default_factory=dict)  # đồng, by source
    unsplit: int = 0  # đồng, where only the whole is told
    place: dict[str, Any] = field(default_factory=dict)  # province, commune, place_text, place_unit
    implementer: int | None = None  # a body that is kept
    implementer_name: str = ""
    helped: list[Helped] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)  # form, content, starts_on, ends_on, other_giver, state …

    @property
    def total(self) -> int:
        return sum(self.amounts.values()) + self.unsplit

    @property
    def body(self) -> tuple:
        """Which body carries it out, as rows are compared."""
        return (self.implementer,) if self.implementer else (None, folded_words(self.implementer_name))

    @property
    def where(self) -> str:
        return str(self.place.get("commune") or self.place.get("province") or "")

    def told(self) -> dict[str, Any]:
        return {**super(Row, self).told(), "total": self.total}


@dataclass(slots=True, kw_only=True)
class Checked(judging.Checked[Row]):
    """A whole file, judged; nothing is written yet."""

    level: str
    year: int

    @property
    def totals(self) -> dict[str, int]:
        """The money of the rows without errors, in đồng."""
        sound = [row for row in self.rows if row.verdict is not RowState.FAULTY]
        sums = {source: sum(row.amounts.get(source, 0) for row in sound) for source in SOURCES}
        unsplit = sum(row.unsplit for row in sound)
        return {"total": sum(sums.values()) + unsplit, **sums, **({"unsplit": unsplit} if unsplit else {})}

    @property
    def without_kind(self) -> list[Row]:
        """The rows of which a person must say what kind of project they are."""
        return [row for row in self.rows if row.kind is None and row.verdict in (RowState.NEW, RowState.DOUBTFUL)]

    def preview(self) -> dict[str, Any]:
        """The rows, the sums, the warnings."""
        return {**super(Checked, self).preview(), "totals": self.totals, "without_kind": len(self.without_kind)}
