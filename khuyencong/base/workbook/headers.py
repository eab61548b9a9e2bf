"""The header of a table, found by what its heads mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import counted, together
from khuyencong.base.sentences import sentence as _
from khuyencong.base.text import fold
from khuyencong.base.workbook.grid import Cell, Fault, Sheet
from khuyencong.base.workbook.limits import MAX_COLUMNS
from khuyencong.base.workbook.reading import read


@dataclass(frozen=True, slots=True)
class Column:
    """What a column may be called.  The first synonym is its name for people; one that begins with "=" is a whole head.

    ``under``: words one of which must stand in the head or above it; ``never``: words of which none may."""

    key: str
    synonyms: Sequence[str]
    required: bool = False
    under: Sequence[str] = ()
    never: Sequence[str] = ()

    def likeness(self, leaf: str, whole: str) -> int:
        """How well the heads of a column mean this one, 0 not at all: the keys of the lowest head, and of all from top to bottom."""
        return _means(leaf, whole, tuple(self.synonyms), tuple(self.under), tuple(self.never))


@lru_cache(
    maxsize=16384
)  # a file is read when it is looked at and again when it is confirmed, and lists have the heads of forms
def _means(leaf: str, whole: str, synonyms: tuple[str, ...], under: tuple[str, ...], never: tuple[str, ...]) -> int:
    said = f" {whole} "
    if (under and not _any_of(under, said)) or _any_of(never, said):
        return 0
    return max((_likeness(leaf, whole, synonym) for synonym in _keys(synonyms)), default=0)


@cache
def _keys(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{'=' * word.startswith('=')}{key_of(word)}" for word in words)


def _any_of(words: tuple[str, ...], said: str) -> bool:
    return any(f" {word} " in said for word in _keys(words))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the heads stand (``first`` to ``last``), where the data begin, and which column holds what."""

    first: int
    last: int
    start: int
    columns: dict[str, int]
    titles: dict[int, str]  # every head that was found, as written, unknown ones too

    def value(self, row: Sequence[Cell], key: str) -> Cell:
        """The cell of a row under this head; None where the sheet has no such column."""
        column = self.columns.get(key)
        return row[column] if column is not None and column < len(row) else None


_SEARCHED = 40  # rows in which a header may begin
_DEEPEST = 3  # rows that one header may have
_NOT_A_WORD = re.compile(r"[\W_]+")
_ORDER = frozenset({"tt", "stt", "so tt", "so thu tu"})
_NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?")


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return _NOT_A_WORD.sub(" ", fold(text)).strip()


def key_of(text: object) -> str:
    """A head as it is compared: without accents, signs and line ends.  Each is compared with the names of all columns, and
    while the header is sought once for each depth, so short ones are kept."""
    said = str(text)
    return _key(said) if len(said) <= 400 else _key.__wrapped__(said)


def find_header(sheet: Sheet, columns: Sequence[Column]) -> Header:
    """The header of a sheet, by what its heads mean: titles above it, two-row heads and merged cells are usual.

    Raises Invalid(file=…) naming the required columns that no row offers.
    """
    covered = {
        (row, column): first
        for first, last in sheet.merged
        if first[0] < _SEARCHED + _DEEPEST
        for row in range(first[0], min(last[0], _SEARCHED + _DEEPEST) + 1)
        for column in range(first[1], min(last[1], MAX_COLUMNS) + 1)
    }

    def shown(row: int, column: int) -> Cell:
        return sheet.cell(*covered.get((row, column), (row, column)))

    required = {column.key for column in columns if column.required}
    best: tuple[tuple[int, int, int, int, int], Header] | None = None
    for first in range(min(_SEARCHED, len(sheet.rows))):
        for depth in range(1, _DEEPEST + 1):
            last = first + depth - 1
            if last >= len(sheet.rows):
                break
            paths = _heads(sheet, shown, first, last)
            found, quality = _assign(paths, columns)
            rank = (len(required & found.keys()), len(found), quality, -depth, -first)
            if found and (best is None or rank > best[0]):
                titles = {column: " / ".join(path) for column, path in paths.items()}
                best = (rank, Header(first, last, last + 1, found, titles))
    if best is None or required - best[1].columns.keys():
        there = best[1].columns if best else {}
        missing = ", ".join(f"“{c.synonyms[0]}”" for c in columns if c.required and c.key not in there)
        raise Invalid(
            file=_("Trang tính “%(sheet)s” không có dòng tiêu đề với các cột: %(columns)s.")
            % {
                "sheet": sheet.name,
                "columns": missing or ", ".join(f"“{c.synonyms[0]}”" for c in columns[:3]),
            }
        )
    header = best[1]
    # heads merged over rows above belong to it: the group "Kinh phí (triệu đồng)" tells the unit of what stands below
    first = min((covered[at][0] for at in covered if header.first <= at[0] <= header.last), default=header.first)
    first = min(first, header.first)
    titles = {column: " / ".join(path) for column, path in _heads(sheet, shown, first, header.last).items()}
    start = header.start
    while start < len(sheet.rows) and _is_numbering(sheet.rows[start]):
        start += 1
    return Header(first, header.last, start, header.columns, titles)


def tables(
    data: bytes, name: str, columns: Sequence[Column], *, passed: list[Fault] | None = None
) -> list[tuple[Sheet, Header]]:
    """The sheets of a workbook that hold such a table, hidden ones left out.

    What was not read is put into ``passed``, for a person to know: sheets of several rows and columns without such a
    table, hidden sheets with one, and columns whose head means nothing here.  Raises Invalid(file=…) when no sheet holds
    such a table, with the reason of the first.
    """
    found, refusal, hidden = [], None, None
    unread: list[Fault] = []
    for sheet in read(data, name):
        if not sheet.rows:
            continue
        try:
            header = find_header(sheet, columns)
        except Invalid as error:
            refusal = refusal or (None if sheet.hidden else _advised(error))
            if not sheet.hidden and _is_a_table(sheet):
                told = _("Trang tính này không được đọc. %(reason)s") % {"reason": error.fields["file"]}
                unread.append(Fault(sheet.name, 0, 0, told))
            continue
        if sheet.hidden:
            unread.append(Fault(sheet.name, header.first, 0, _("Trang tính đang ẩn nên không được đọc.")))
            told = _("Bảng nằm ở trang tính “%(sheet)s” đang ẩn. Hãy bỏ ẩn trang tính này rồi gửi lại.")
            hidden = hidden or Invalid(file=told % {"sheet": sheet.name})
            continue
        unread += passed_over(sheet, header)
        found.append((sheet, header))
    if passed is not None:
        passed += unread
    if not found:
        raise hidden or refusal or Invalid(file=_("Tệp “%(name)s” không có dòng nào.") % {"name": name})
    return found


def passed_over(sheet: Sheet, header: Header) -> list[Fault]:
    """What a person should know of a table that was read: what in it is doubtful, what nobody sees, which columns mean nothing
    here."""
    return [*sheet.doubts, *_hidden(sheet, header), *_unread_columns(sheet, header)]


def _advised(error: Invalid) -> Invalid:
    """With what to do about it."""
    advice = _("Hãy đặt tên cột như vậy ở một trong %(rows)s dòng đầu của bảng.") % {"rows": _SEARCHED}
    return Invalid(file=together(" ", [error.fields["file"], advice]))


def _is_a_table(sheet: Sheet) -> bool:
    """Whether a sheet has several rows of several cells, so that somebody may miss it."""
    return sum(sum(value is not None for value in row) >= 3 for row in sheet.rows) >= 3


def _hidden(sheet: Sheet, header: Header) -> list[Fault]:
    """Rows and columns that are read although nobody sees them: filtered away, or folded up."""
    rows = [row for row in sorted(sheet.hidden_rows) if header.start <= row < len(sheet.rows) and any(sheet.rows[row])]
    told = []
    if rows:
        numbers = ", ".join(str(row + 1) for row in rows[:10]) + ("…" if len(rows) > 10 else "")
        reason = counted("%(count)d dòng đang ẩn vẫn được đọc: %(rows)s. Xoá khỏi tệp nếu không nhập.", len(rows))
        told.append(Fault(sheet.name, rows[0], 0, reason % {"count": len(rows), "rows": numbers}))
    for column in sorted(sheet.hidden_columns & set(header.columns.values())):
        reason = _("Cột “%(title)s” đang ẩn vẫn được đọc.") % {"title": header.titles.get(column, "")[:80]}
        told.append(Fault(sheet.name, header.last, column, reason))
    return told


def _unread_columns(sheet: Sheet, header: Header) -> list[Fault]:
    """The columns with a head and something below it that nothing here asks for."""
    known = set(header.columns.values())
    unread = []
    for column, title in header.titles.items():
        below = (sheet.cell(row, column) for row in range(header.start, len(sheet.rows)))
        if column not in known and key_of(title) not in _ORDER and any(value is not None for value in below):
            told = _("Không hiểu cột “%(title)s” nên không đọc.") % {"title": " ".join(title.split())[:80]}
            unread.append(Fault(sheet.name, header.last, column, told))
    return unread


def _heads(sheet: Sheet, shown: Any, first: int, last: int) -> dict[int, list[str]]:
    """For each column its heads from top to bottom, each once."""
    width = max((len(sheet.rows[row]) for row in range(first, last + 1)), default=0)
    paths: dict[int, list[str]] = {}
    for column in range(min(width, MAX_COLUMNS)):
        path: list[str] = []
        for row in range(first, last + 1):
            value = shown(row, column)
            if isinstance(value, str) and (not path or path[-1] != value):
                path.append(value)
        if path and len(path[-1]) <= 200:
            paths[column] = path
    return paths


def _assign(paths: dict[int, list[str]], wanted: Sequence[Column]) -> tuple[dict[str, int], int]:
    """The best column for each key, no column twice, and how good that is."""
    offers = []
    for column, path in paths.items():
        leaf, whole = key_of(path[-1]), key_of(" ".join(path))
        for order, want in enumerate(wanted):
            if grade := want.likeness(leaf, whole):
                offers.append((-grade, column, order, want.key))
    found: dict[str, int] = {}
    taken: set[int] = set()
    quality = 0
    for grade, column, _order, key in sorted(offers):
        if key not in found and column not in taken:
            found[key] = column
            taken.add(column)
            quality -= grade
    return found, quality


def _likeness(leaf: str, whole: str, synonym: str) -> int:
    if not synonym:
        return 0
    if synonym.startswith("="):
        return 100 if synonym[1:] in (leaf, whole) else 0
    if leaf == synonym or whole == synonym:
        return 100
    if len(synonym) <= 2:
        return 0
    inside = f" {leaf} "
    if inside.startswith(f" {synonym} "):
        return 60 + min(30, 30 * len(synonym) // len(leaf))
    if f" {synonym} " in inside:
        return 40 + min(15, 15 * len(synonym) // len(leaf)) if len(leaf) < 4 * len(synonym) else 0
    if f" {synonym} " in f" {whole} ":
        return 20 + min(15, 15 * len(synonym) // len(whole)) if len(whole) < 4 * len(synonym) else 0
    return 0


def _is_numbering(row: Sequence[Cell]) -> bool:
    """The line "(1) (2) (3)" or "A B 1 2" under a header."""
    filled = [value for value in row if value is not None and value != ""]
    texts = [str(int(value)) if isinstance(value, float) and value.is_integer() else str(value) for value in filled]
    if len(texts) < 3 or not all(_NUMBERING.fullmatch(text) for text in texts):
        return False
    numbers = [int(text.strip("()")) for text in texts if text.strip("()").isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
