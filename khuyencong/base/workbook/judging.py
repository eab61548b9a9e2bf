"""The rows of a list, judged before anything is written: what is new, known, doubtful or wrong, and why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from khuyencong.base.sentences import kept, together
from khuyencong.base.workbook.grid import Cell, Fault, Sheet
from khuyencong.base.workbook.headers import Header
from khuyencong.base.workbook.values import failure, text_of

SHOWN = 300  # rows of each kind that a preview shows
Progress = Callable[[int], None]


def silent(done: int) -> None:
    """Nobody waits."""


class RowState(TextChoices):
    """What an imported row is, before anything is written."""

    NEW = "new", _("mới")
    SAME = "same", _("đã có")
    CHANGED = "changed", _("bổ sung")
    DOUBTFUL = "doubtful", _("nghi trùng")
    FAULTY = "faulty", _("có lỗi")


@dataclass(slots=True)
class Line:
    """One row of a sheet before judgement, with what is found wrong in its cells.

    What is wrong under a head that the sheet has not is told at the column ``name``.
    """

    sheet: Sheet
    header: Header
    number: int  # from 0
    cells: Sequence[Cell]
    group: str = ""  # the place that a heading above names
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Whether the sheet has this column at all."""
        return key in self.header.columns

    def value(self, key: str) -> Cell:
        return self.header.value(self.cells, key)

    def text(self, key: str) -> str:
        return text_of(self.value(key))

    def fault(self, key: str, reason: str) -> None:
        self.faults.append(self._at(key, reason))

    def warn(self, key: str, reason: str) -> None:
        self.warnings.append(self._at(key, reason))

    def look_for_failures(self) -> None:
        """A formula that came to nothing is a fault in every column, once."""
        told = {fault.column for fault in self.faults}
        for key, column in self.header.columns.items():
            if column not in told and (reason := failure(self.value(key))):
                self.fault(key, reason)

    def _at(self, key: str, reason: str) -> Fault:
        return Fault(self.sheet.name, self.number, self.header.columns.get(key, self.header.columns["name"]), reason)


@dataclass(slots=True)
class Row:
    """One row of a file, judged."""

    sheet: str
    number: int  # as people count
    name: str
    verdict: RowState = RowState.NEW
    why: str = ""  # of all but a new one
    match: int | None = None  # the record it is, or may be

    @property
    def where(self) -> str:
        """Its place, as a preview tells it."""
        return ""

    def told(self) -> dict[str, Any]:
        """The row as a preview tells it."""
        told = {"sheet": self.sheet, "row": self.number, "name": self.name, "place": self.where, "why": kept(self.why)}
        return {**told, "match": self.match}


R = TypeVar("R", bound=Row)


@dataclass(slots=True)
class Checked(Generic[R]):
    """A whole file, judged; nothing is written yet."""

    province: Any
    digest: str
    rows: list[R] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def settle(self, row: R, line: Line) -> R:
        """Keep a row with what was found wrong in its line: one fault makes it faulty, as does a cell that Excel failed in."""
        line.look_for_failures()
        self.warnings += line.warnings
        if line.faults:
            row.verdict, row.why = RowState.FAULTY, together(" ", (fault.reason for fault in line.faults))
            self.errors += line.faults
        self.rows.append(row)
        return row

    def of(self, verdict: RowState) -> list[R]:
        """The rows with this verdict."""
        return [row for row in self.rows if row.verdict is verdict]

    def chosen(self, accept: Iterable[tuple[str, int]] = ()) -> list[R]:
        """The rows that are written: the new ones, and the doubtful that a person has found to be new (sheet and number)."""
        accepted = {(sheet, int(number)) for sheet, number in accept}
        return [
            row
            for row in self.rows
            if row.verdict is RowState.NEW or (row.verdict is RowState.DOUBTFUL and (row.sheet, row.number) in accepted)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each kind, all of them together as ``rows``."""
        found = dict.fromkeys(RowState.values, 0)
        for row in self.rows:
            found[row.verdict.value] += 1
        return {"rows": len(self.rows), **found, "warnings": len(self.warnings), "errors": len(self.errors)}

    def preview(self) -> dict[str, Any]:
        """What a person looks at before he confirms: the first rows of each kind, and the warnings that none of them tells."""
        shown: dict[str, list[dict[str, Any]]] = {state.value: [] for state in RowState if state != RowState.SAME}
        for row in self.rows:
            if row.verdict.value in shown and len(shown[row.verdict.value]) < SHOWN:
                shown[row.verdict.value].append(row.told())
        own = {
            (row.sheet, row.number - 1, row.why)
            for state in (RowState.DOUBTFUL, RowState.CHANGED)
            for row in self.of(state)
        }
        told = [fault for fault in self.warnings if (fault.sheet, fault.row, fault.reason) not in own]
        return {**shown, "warnings": [fault.as_kept() for fault in told[:SHOWN]], "warned": len(told)}
