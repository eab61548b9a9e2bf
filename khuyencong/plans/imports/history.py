"""Hồ sơ lịch sử: lists of projects that were closed before this system, at their final state, outside the checks.

They are marked "chưa có hồ sơ gốc" unless the list says that the file is kept, are counted in reports, and what their
beneficiaries were given answers the question of earlier support.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import transaction

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook import Column, Fault, Unreadable
from khuyencong.base.workbook.judging import Progress, silent
from khuyencong.establishments.models import SupportedItem
from khuyencong.files import operations as files
from khuyencong.files.models import ImportRun
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans.imports import words
from khuyencong.plans.imports.check import judge
from khuyencong.plans.imports.columns import COLUMNS
from khuyencong.plans.imports.reader import Reader
from khuyencong.plans.imports.rows import Checked, Row
from khuyencong.plans.imports.settled import SETTLED_COLUMNS, final_amounts
from khuyencong.plans.imports.sheets import tables
from khuyencong.plans.imports.table import Line
from khuyencong.plans.imports.write import entries_of, in_rows, refuse_overtaken, settle_kinds, source_of_run
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project

_PLAIN_MONEY: tuple[str, ...] = (
    *(
        "=Kinh phí",
        "=Kinh phí triệu đồng",
        "=Kinh phí đồng",
        "=Kinh phí trđ",
        "=Kinh phí tr đ",
        "=Số tiền",
        "Mức hỗ trợ",
    ),
    *("Kinh phí được duyệt", "Kinh phí phê duyệt", "KP được duyệt", "KP phê duyệt", "KP hỗ trợ", "Số tiền hỗ trợ"),
    *("Kinh phí NSNN", "KP khuyến công"),
)
HISTORY_COLUMNS = (
    *(
        replace(column, synonyms=(*column.synonyms, *_PLAIN_MONEY)) if column.key == "support" else column
        for column in COLUMNS
    ),
    *SETTLED_COLUMNS,
    Column("year", ("Năm", "Năm thực hiện", "Năm kế hoạch", "Năm hỗ trợ")),
    Column(
        "decision",
        ("Quyết định phê duyệt", "QĐ phê duyệt", "Số quyết định", "Quyết định", "Số QĐ", "Văn bản phê duyệt")
        + ("Căn cứ phê duyệt", "Quyết định số", "QĐ số"),
        never=("kinh phí", "KP", "số tiền", "tổng"),
    ),
    Column("outcome", ("Kết quả", "Tình trạng", "Trạng thái", "Kết quả thực hiện")),
    Column("level", ("Cấp", "Cấp quản lý", "Cấp kinh phí", "Nguồn kinh phí")),
    Column("closed", ("Ngày thanh lý", "Ngày nghiệm thu", "Ngày hoàn thành", "Ngày quyết toán")),
    Column("item", ("Máy móc, thiết bị", "Tên máy", "Thiết bị được hỗ trợ", "Hạng mục hỗ trợ", "Hạng mục")),
    Column("originals", ("Hồ sơ gốc", "Hồ sơ lưu", "Lưu hồ sơ")),
)
FIRST_YEAR = 1990
_YEAR = re.compile(r"(?<!\d)(19[9]\d|20\d\d)(?!\d)")
_TWO_YEARS = re.compile(r"(?:từ )?(?:năm )?(\d{4})\s*(?:[-–,;&]|và|đến|đến năm)\s*(?:năm )?(\d{4})", re.IGNORECASE)
_KEPT = frozenset({"x", "co", "du", "day du", "con", "co luu"})
_GAVE = (ProjectState.LIQUIDATED, ProjectState.SETTLED, ProjectState.ACCEPTED)
_LEVEL_WORDS = (
    (Level.NATIONAL, r"\b(quoc gia|kcqg|trung uong|tw)\b"),
    (Level.COMMUNAL, r"\b(xa|phuong)\b"),
    (Level.PROVINCIAL, r"\b(tinh|dia phuong|kcdp|huyen)\b"),
)


class HistoryReader(Reader):
    """The same questions, asked of what is over: each row has its year, level and end; sums that differ are told only."""

    strict = False

    def begin(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        row.year = self._year(line, faults, warnings) or self.checked.year
        if not row.year and not any(fault.column == self._at(line, "year") for fault in faults):
            faults.append(
                line.fault("year", _("Không rõ năm của đề án. Hãy ghi cột “Năm”, hoặc chọn năm khi gửi tệp."))
            )
        elif row.year and not FIRST_YEAR <= row.year <= clock.today().year:
            faults.append(
                line.fault("year", _("Năm %(year)s không thể là năm của hồ sơ lịch sử.") % {"year": row.year})
            )
        stated = fold(line.text("level"))
        row.level = next((level for level, pattern in _LEVEL_WORDS if re.search(pattern, stated)), row.level)

    @staticmethod
    def _at(line: Line, key: str) -> int:
        return line.fault(key, "").column

    def _year(self, line: Line, faults: list[Fault], warnings: list[Fault]) -> int | None:
        """Of the row, else of the heads above it, of the time of its work, of its decision, of the titles of the sheet; work of
        several years counts for its first one, and that is told."""
        if span := _TWO_YEARS.fullmatch(line.text("year")):
            told = _("“%(years)s” là nhiều năm: ghi theo năm đầu, %(year)s.")
            warnings.append(line.fault("year", told % {"years": line.text("year"), "year": span[1]}))
            return int(span[1])
        if line.text("year"):
            try:
                return workbook.year(line.cell("year"))
            except Unreadable as error:
                named = set(_YEAR.findall(line.text("year")))  # "2015 (đợt 2)"
                if len(named) == 1:
                    return int(named.pop())
                faults.append(line.fault("year", str(error)))
                return None
        above = [str(cell) for cells in line.table.sheet.rows[: line.table.header.first] for cell in cells if cell]
        for texts in (
            *([text] for text in reversed(line.headings)),
            [line.time],
            [line.text("decision")],
            [*above, line.table.sheet.name],
        ):
            found = {int(year) for text in texts for year in _YEAR.findall(text)}
            if len(found) == 1:
                return found.pop()
        spanned = sorted(int(year) for year in _YEAR.findall(line.time))
        if not spanned:
            return None
        if spanned[0] <= self.checked.year <= spanned[-1]:
            return self.checked.year
        told = _("Thời gian “%(time)s” qua nhiều năm: ghi theo năm đầu, %(year)s.")
        warnings.append(line.fault("time", told % {"time": line.time[:80], "year": spanned[0]}))
        return spanned[0]

    def final(self, line: Line, row: Row, given: dict[str, int], warnings: list[Fault]) -> None:
        row.facts["approved"] = final_amounts(line, given, level=row.level, warnings=warnings)

    def support_of(self, line: Line, number: int) -> dict[str, int]:
        approved = super().support_of(line, number)
        spent = {
            source: amount
            for source in ("national", "local", "counterpart")
            if (amount := line.table.quiet_amount(number, f"settled_{source}")) is not None
        }
        one = line.table.quiet_amount(number, "settled")
        paying = [source for source in ("national", "local") if approved.get(source)]
        if one is not None and len(paying) == 1 and one <= approved[paying[0]]:
            spent = {paying[0]: one}
        return {**approved, **spent}

    def end(self, line: Line, row: Row, faults: list[Fault], warnings: list[Fault]) -> None:
        approved = row.facts.pop("approved", "")
        decision = line.text("decision")
        by = _("Quyết định phê duyệt: %(decision)s") % {"decision": decision[:300]} if decision else ""
        row.facts["content"] = "\n".join(filter(None, [row.facts["content"], by, approved]))
        if not line.text("level") and row.amounts.get("national") and not row.amounts.get("local"):
            row.level = Level.NATIONAL
        outcome, state = line.text("outcome"), ProjectState.LIQUIDATED
        if outcome and words.is_running(outcome):
            told = _("Đề án chưa kết thúc (“%(outcome)s”): nhập vào kế hoạch năm, không phải hồ sơ lịch sử.")
            faults.append(line.fault("outcome", told % {"outcome": outcome[:80]}))
        elif outcome:
            found = words.state_of(outcome)
            if found is None:
                told = _("Không rõ trạng thái cuối từ “%(outcome)s”; ghi là đã thanh lý.")
                warnings.append(line.fault("outcome", told % {"outcome": outcome[:80]}))
            state = found or state
        closed: date | None = None
        try:
            closed = workbook.day(line.cell("closed"))
            if closed is not None and closed > clock.today():
                raise Unreadable(_("Ngày này ở tương lai."))
        except Unreadable as error:
            faults.append(line.fault("closed", str(error)))
        row.facts |= {
            "state": state,
            "on": closed,
            "originals_missing": fold(line.text("originals")) not in _KEPT,
            "item": line.text("item"),
        }


def check_history(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int | None = None,
    level: str = Level.PROVINCIAL,
    unit: int | None = None,
    progress: Progress = silent,
) -> Checked:
    """Read and judge a list of closed projects of one province; writes nothing.

    ``year`` and ``level`` are for rows of which the file does not tell them, ``unit`` (đồng) for money without one.  Raises
    Invalid(file=…) when the file cannot be read or holds no such list.
    """
    checked = Checked(province, hashlib.sha256(data).hexdigest(), level=str(level), year=year or 0)
    judge(HistoryReader(checked), tables(data, name, HISTORY_COLUMNS, unit=unit), progress=progress, historical=True)
    return checked


def write_history(
    checked: Checked,
    *,
    by: User,
    kind: str = "",
    run: ImportRun | None = None,
    accept: Iterable[tuple[str, int]] = (),
) -> dict[str, int]:
    """Enter the new rows as closed projects, with what their beneficiaries were given; returns counts and ``written``.

    Rows that are known already and faulty ones are left out.  ``kind`` is for rows whose words name none.  Everything or
    nothing; raises NotPossible in a sentence.
    """
    rows = checked.chosen(accept)
    counts = {**checked.counts, "written": len(rows)}
    if rows:
        settle_kinds(rows, kind)
    source = source_of_run(run)
    with transaction.atomic():
        authorise(by, Permission.IMPORT, place=checked.province)
        if rows:
            refuse_overtaken(checked, rows)
            entries = entries_of(checked, rows, by=by)
            try:
                made = projects.record_historical(
                    entries,
                    about=run or checked.province,
                    by=by,
                    source=source,
                    digest=checked.digest,
                    counts=counts,
                )
            except Invalid as refusal:
                raise NotPossible(in_rows(refusal, rows)) from None
            counts["supported"] = _supported(rows, entries, made, source=source)
        if run is not None:
            files.finish_import(run, counts=counts, digest=checked.digest)
    return counts


def _supported(rows: list[Row], entries: list[projects.Entry], made: list[Project], *, source: str) -> int:
    """What each beneficiary was given, also where the list does not tell how much; returns how many lines."""
    items = []
    for row, entry, project in zip(rows, entries, made, strict=True):
        if entry.state not in _GAVE:
            continue
        for helped in entry.helped:
            amount = helped.national + helped.local
            if not (amount or entry.unsplit or (entry.national + entry.local and not _divided(entry))):
                continue
            item = SupportedItem(
                establishment=helped.establishment,
                item=(row.facts.get("item") or row.facts.get("content", "").split("\n")[0] or row.name)[:300],
                amount=amount or None,
                source=source,
                on=entry.on or min(date(row.year, 12, 31), clock.today()),
                project_uid=project.uid,
                project_label=str(project)[:420],
            )
            item.derive()
            items.append(item)
    SupportedItem.objects.bulk_create(items, batch_size=1_000)
    return len(items)


def _divided(entry: projects.Entry) -> bool:
    """Whether the list tells of any beneficiary how much of the State's money was his."""
    return any(helped.national or helped.local for helped in entry.helped)
