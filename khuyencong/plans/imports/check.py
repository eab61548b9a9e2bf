"""A file of projects judged row by row.  Nothing is written."""

import hashlib
from collections.abc import Mapping, Sequence

from khuyencong.base.sentences import sentence as _
from khuyencong.base.workbook.judging import Progress, RowState, silent
from khuyencong.norms.enums import Level
from khuyencong.places.models import Unit
from khuyencong.plans.imports.known import compare
from khuyencong.plans.imports.parties import find_bodies, find_establishments
from khuyencong.plans.imports.reader import STEP, Reader
from khuyencong.plans.imports.rows import Checked, Row
from khuyencong.plans.imports.sheets import lines_of, tables
from khuyencong.plans.imports.table import Line, Table


def check_plan(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int,
    level: str,
    unit: int | None = None,
    progress: Progress = silent,
) -> Checked:
    """Read and judge the table of a yearly plan of one province; writes nothing.

    ``unit`` is how many đồng the money columns count in, where the file does not say.  Raises Invalid(file=…) when the file
    cannot be read or holds no such table.
    """
    checked = Checked(province, hashlib.sha256(data).hexdigest(), level=str(level), year=year)
    at = judge(Reader(checked), tables(data, name, unit=unit), progress=progress)
    if level == Level.COMMUNAL:
        _one_commune(checked, at)
    return checked


def judge(reader: Reader, found: Sequence[Table], *, progress: Progress, historical: bool = False) -> dict[int, Line]:
    """Every row of these tables with its verdict, in ``reader.checked``; returns where each row stands, by its identity."""
    checked = reader.checked
    at: dict[int, Line] = {}
    for done, line in enumerate(lines_of(found), start=1):
        row = reader.read(line)
        at[id(row)] = line
        checked.rows.append(row)
        if done % STEP == 0:
            progress(done)
    for table in found:
        checked.warnings += table.warnings
    _compare_all(checked, at, historical=historical)
    progress(len(checked.rows))
    return at


def _compare_all(checked: Checked, at: Mapping[int, Line], *, historical: bool) -> None:
    """The part of the judgement that looks at all rows together."""

    def warn(row: Row, reason: str) -> None:
        checked.warnings.append(at[id(row)].fault("beneficiary", reason))

    find_bodies(checked, ended=historical)
    compare(checked, historical=historical)
    find_establishments(checked, warn)
    _leave_known(checked, at)
    for row in checked.rows:
        if row.verdict in (RowState.CHANGED, RowState.DOUBTFUL):
            checked.warnings.append(at[id(row)].fault("title", row.why))
    order = {id(line.table): number for number, line in enumerate(at.values())}
    sheets = {line.table.sheet.name: order[id(line.table)] for line in at.values()}
    for faults in (checked.errors, checked.warnings):
        faults.sort(key=lambda fault: (sheets.get(fault.sheet, len(sheets)), fault.row, fault.column))


def _leave_known(checked: Checked, at: Mapping[int, Line]) -> None:
    """Nothing is written for a project that is known: where it lies and whom it helps is not asked of a person again."""
    known = {
        (line.table.sheet.name, number, line.table.header.columns.get(key))
        for row in checked.rows
        if row.match is not None and row.verdict in (RowState.SAME, RowState.CHANGED)
        for line in (at[id(row)],)
        for number in line.rows
        for key in ("place", "beneficiary")
    }
    checked.warnings = [fault for fault in checked.warnings if (fault.sheet, fault.row, fault.column) not in known]


def _one_commune(checked: Checked, at: Mapping[int, Line]) -> None:
    for row in checked.rows:
        if row.verdict is RowState.NEW and row.place.get("commune") is None:
            fault = at[id(row)].fault("place", _("Kế hoạch cấp xã phải rõ xã, phường của từng đề án."))
            checked.errors.append(fault)
            row.verdict, row.why = RowState.FAULTY, fault.reason
