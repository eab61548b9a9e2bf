"""Sums that a table prints, against what its rows give.  Nothing is put right."""

from collections.abc import Iterable, Sequence

from khuyencong.base import workbook
from khuyencong.base.money import dong
from khuyencong.base.sentences import sentence as _
from khuyencong.base.workbook import Fault, Unreadable
from khuyencong.plans.imports.table import Table

_NO_SUM = frozenset({"x", "(x)"})  # what a printed sum shows under a column that is not added up


def differences(table: Table) -> list[Fault]:
    """Each printed number that the rows do not give."""
    wrong: list[Fault] = []
    for head in table.heads:
        if head.lines and table.has_money(head.number):
            wrong += _compare(table, head.number, head.text, [_rows(table, head.lines)])
    for line in table.lines:
        if line.parts:
            wrong += _compare(table, line.number, line.title, [line.parts])
    for row, label, before in table.totals:
        key = workbook.key_of(label)
        open_ = [head for head in table.heads if head.number < row and head.lines]
        named = [h for h in open_ if h.numeral and key.split()[-1] == h.numeral.lower() and len(key.split()) <= 3]
        everything = range(len(table.lines))
        if named:
            choices: list[Iterable[int]] = [named[-1].lines]
        elif key.startswith("tong cong") or not open_ or (before in (0, len(table.lines)) and key != "cong"):
            choices = [everything]
        elif before == len(table.lines):
            choices = [everything, *(head.lines for head in reversed(open_))]
        else:
            choices = [*(head.lines for head in reversed(open_) if head.lines[-1] == before - 1), everything]
        wrong += _compare(table, row, label, [_rows(table, numbers) for numbers in choices])
    return wrong


def _rows(table: Table, numbers: Iterable[int]) -> list[int]:
    """The rows whose money is that of these projects."""
    return [row for number in numbers for row in table.lines[number].counted]


def _compare(table: Table, row: int, label: str, choices: Sequence[Sequence[int]]) -> list[Fault]:
    """A fault for each printed number that the rows do not give; of several groups that may be meant, the best."""
    best: list[Fault] | None = None
    for rows in choices:
        wrong = []
        for key in table.money:
            if str(table.cell(row, key)).lower() in _NO_SUM:
                continue
            try:
                printed = table.amount(row, key)
            except Unreadable as error:
                wrong.append(table.fault(row, key, str(error)))
                continue
            if printed is None:
                continue
            given, slack = _given(table, rows, key)
            if abs(printed - given) > slack + table.is_fine(row, key):
                wrong.append(table.fault(row, key, _difference(label, printed, given)))
        if best is None or len(wrong) < len(best):
            best = wrong
    return best or []


def _given(table: Table, rows: Sequence[int], key: str) -> tuple[int, int]:
    """What these rows give in a column, in đồng, and how much of it may be rounding."""
    total = slack = 0
    for row in rows:
        value = table.quiet(row, key)
        if value is not None:
            total += table.in_dong(value)
            slack += table.is_fine(row, key)
    return total, slack


def _difference(label: str, printed: int, given: int) -> str:
    return _("“%(label)s” ghi %(printed)s đồng, các dòng cộng lại %(given)s đồng, lệch %(difference)s đồng.") % {
        "label": label[:60],
        "printed": dong(printed),
        "given": dong(given),
        "difference": dong(printed - given),
    }
