"""The money of a project file: in sentences, in tables of two columns, in the estimate; whole đồng."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.text import fold, squeeze
from khuyencong.base.word import Document, Paragraph, Place, Table
from khuyencong.base.workbook import Column, Header, Sheet, Unreadable
from khuyencong.plans.imports.columns import COLUMNS, LARGEST, MONEY, SOURCES
from khuyencong.plans.imports.units import UNIT_LINE, unit_in
from khuyencong.plans.imports.word.lines import Line, lines_of

_AMOUNT = re.compile(
    r"(?<![\w.,/-])(\d[\d.,]*\d|\d)\s*(ty|ti|trieu|tr|nghin|ngan|dong|d|vnd)\b(?:\s+(?:dong\s+)?(\d{1,3})\s*trieu\b)?"
    r"|(?<![\w.,/-])(\d{1,3}(?:[.,]\d{3}){2,})(?![\w.,])"
)
_UNITS = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000}
_NOT_OF_IT = re.compile(
    r"\b(toi da|khong qua|dinh muc|doanh thu|loi nhuan|von dieu le|nop ngan sach|thu nhap|luong|gia tri san|don gia)\b"
)
_WORDS = (
    ("other", r"\b(nguon khac|von khac|nguon von khac|kinh phi khac)\b"),
    (
        "counterpart",
        r"\b(doi ung|tu co|dong gop|von cua (co so|doanh nghiep|cong ty|don vi)|thu huong (dau tu|bo|chi))\b",
    ),
    ("national", r"\b(khuyen cong quoc gia|kcqg|kpkcqg|kc quoc gia|ngan sach trung uong|nstw)\b"),
    (
        "local",
        r"\b(khuyen cong dia phuong|kcdp|kpkcdp|kc dia phuong|khuyen cong (tinh|thanh pho|xa|cap)|nsdp|"
        r"ngan sach (tinh|dia phuong|xa|thanh pho))\b",
    ),
    # money of the State whose source is not told
    (
        "support",
        r"\b(khuyen cong (de nghi )?(duoc )?ho tro|nha nuoc (de nghi )?(duoc )?ho tro|"
        r"de nghi (nha nuoc|ngan sach|khuyen cong|duoc) ho tro)\b|\bkinh phi khuyen cong$",
    ),
    ("total", r"\b(tong (kinh phi|muc|von|du toan|cong|so|nguon|chi|kp|dau tu)|kinh phi thuc hien)\b|^tong$|^cong$"),
)
_PATTERNS = tuple((key, re.compile(pattern)) for key, pattern in _WORDS)
_SUM = re.compile(r"^(tong|cong)\b")
_GROUP = re.compile(r"[IVXA-H]{1,4}[.)]?")
_NAMES = {column.key: column.synonyms for column in COLUMNS}
ESTIMATE = (
    Column("order", _NAMES["order"]),
    Column(
        "content",
        (
            "Nội dung chi",
            "Nội dung",
            "Hạng mục",
            "Hạng mục chi",
            "Khoản mục chi phí",
            "Khoản chi",
            "Diễn giải",
            "Chi phí",
        )
        + ("Nội dung công việc", "Tên máy móc, thiết bị", "Nội dung, hạng mục"),
        required=True,
    ),
    Column("unit", ("Đơn vị tính", "ĐVT", "Đơn vị")),
    Column("quantity", ("Số lượng", "SL", "Khối lượng")),
    Column("unit_price", ("Đơn giá", "Giá")),
    Column("total", (*_NAMES["total"], "Thành tiền", "Tổng tiền")),
    *(Column(source, _NAMES[source]) for source in SOURCES),
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in đồng and where it stands."""

    key: str
    dong: int
    place: Place
    told: str


@dataclass(slots=True)
class Money:
    """All amounts that are told, in their order; the lines of the estimate; what is to be said of it."""

    amounts: list[Amount] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    table: int = 0  # the number of the estimate's table
    notes: list[str] = field(default_factory=list)


def money_of(document: Document) -> Money:
    """What the file says of money.  An amount without its unit is not taken."""
    money = Money()
    for line in lines_of(document):
        if not line.cells:
            money.amounts += _in_sentence(line)
    above = ""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above = block.text if unit_above(block.text) or len(block.text) > 60 else above
        else:
            _read_table(block, above, money)
            above = ""
    return money


def unit_above(text: str) -> int | None:
    """The unit of a line above a table: “Đơn vị tính: triệu đồng”, “Bảng dự toán (triệu đồng)”; never that of an amount."""
    if match := UNIT_LINE.search(workbook.key_of(text)):
        return unit_in(match[1])
    alone = [unit for inside in re.findall(r"\(([^()\d]{2,30})\)", text) if (unit := unit_in(inside))]
    return alone[0] if len(alone) == 1 and not _AMOUNT.search(fold(text)) else None


def key_of_source(text: str) -> str | None:
    """Which money a label speaks of; None where it speaks of none of the five."""
    plain = squeeze(re.sub(r"[^\w]+", " ", fold(text)))
    if _NOT_OF_IT.search(plain):
        return None
    return next((key for key, pattern in _PATTERNS if pattern.search(plain)), None)


def _in_sentence(line: Line) -> Iterator[Amount]:
    plain, end = fold(line.text), 0
    if _NOT_OF_IT.search(plain):
        return
    for match in _AMOUNT.finditer(plain):
        label = plain[end : match.start()]
        end = match.end()
        last = re.split(r"[;,]", label)[-1]
        if not re.search("[a-z]", last):  # the words of this amount follow it: not ours to guess
            continue
        key = key_of_source(label.rsplit(";", 1)[-1])
        amount = _dong(match, label)
        if key and amount is not None:
            yield Amount(key, amount, line.place, _around(line.text, match.start(), match.end()))


def _around(text: str, first: int, last: int) -> str:
    """The words before an amount and the amount, where the whole line is too long to be shown."""
    if len(text) <= 160:
        return text
    begin = max(0, text.rfind(" ", 0, max(0, first - 90)))
    return f"{'…' if begin else ''}{text[begin:last].strip()}…"


def _dong(match: re.Match[str], label: str) -> int | None:
    try:
        value = workbook.number(match[1] or match[4])
    except Unreadable:
        return None
    if value is None:
        return None
    within = re.findall(r"\(([^()]*)\)", label)
    unit = _UNITS.get(match[2] or "") or (1 if match[2] else next((u for t in within if (u := unit_in(t))), 1))
    return whole(value * unit + int(match[3] or 0) * 10**6)


def whole(value: Decimal) -> int | None:
    """Whole đồng, half up; None for what no project costs."""
    amount = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return amount if 0 <= amount <= LARGEST else None


def _read_table(table: Table, above: str, money: Money) -> None:
    sheet = table.sheet()
    try:
        header = workbook.find_header(sheet, ESTIMATE)
    except Invalid:
        header = None
    if header is not None and any(key in header.columns for key in MONEY):
        _read_estimate(table, sheet, header, above, money)
    else:
        _read_pairs(table, above, money)


def _read_pairs(table: Table, above: str, money: Money) -> None:
    """A table “nguồn – số tiền”."""
    outside = unit_above(above)
    heads = " ".join(cell.text for cell in table.rows[0]) if table.rows else ""
    for row in table.rows:
        filled = [cell for cell in row if cell.text.strip()]
        if len(filled) < 2:
            continue
        name = next((cell.text for cell in filled if re.search(r"[^\W\d_]{3}", cell.text)), "")
        last, key = filled[-1], key_of_source(name)
        if key is None or last.text == name:
            continue
        told = " | ".join(squeeze(cell.text) for cell in filled)[:160]
        try:
            value = workbook.number(
                re.sub(r"(?i)\s*(triệu|tr|tỷ|nghìn|ngàn)?\s*(đồng|đ|vnđ)?\.?$", "", last.text.strip())
            )
        except Unreadable:
            continue
        unit = unit_in(last.text) or unit_in(name) or unit_in(heads) or outside
        if unit is None and value is not None and value >= 10**6:
            unit = 1
        if value is None:
            continue
        if unit is None:
            money.notes.append(
                _("%(place)s: “%(told)s” không ghi đơn vị tiền nên không lấy.")
                % {"place": last.place.told.capitalize(), "told": told}
            )
        elif (amount := whole(value * unit)) is not None:
            money.amounts.append(Amount(key, amount, last.place, told))


def _read_estimate(table: Table, sheet: Sheet, header: Header, above: str, money: Money) -> None:
    heads = " ".join(header.titles.get(header.columns[key], "") for key in MONEY if key in header.columns)
    over = " ".join(str(v) for row in sheet.rows[: header.start] for v in row if v)
    unit = unit_in(heads) or unit_above(above) or unit_in(over)
    rows, sums = [], []
    for number in range(header.start, len(sheet.rows)):
        row = sheet.rows[number]
        values = {key: _number(header.value(row, key)) for key in (*MONEY, "unit_price", "quantity")}
        content = squeeze(str(header.value(row, "content") or ""))
        first = next((str(value) for value in row if value), "")
        if not any(values[key] for key in MONEY):
            continue
        if _SUM.match(workbook.key_of(content)) or _SUM.match(workbook.key_of(first)):
            sums.append((number, values))
        elif content:
            rows.append((str(header.value(row, "order") or ""), number, content, values))
    if unit is None:
        sizes = [v for _o, _n, _c, vs in rows for key in MONEY if (v := vs[key])] + [
            v for _n, vs in sums for v in vs.values() if v
        ]
        if not sizes or max(sizes) < 10**6:
            if sizes:
                money.notes.append(
                    _("Bảng %(table)s không ghi đơn vị tiền nên không lấy số tiền nào của bảng.")
                    % {"table": table.number}
                )
            return
        unit = 1
    if len({bool(_GROUP.fullmatch(order)) for order, *_rest in rows}) == 2:
        rows = [row for row in rows if not _GROUP.fullmatch(row[0])]  # a group's money is that of its lines
    for number, values in sums[-1:]:
        told = " | ".join(squeeze(str(value)) for value in sheet.rows[number] if value)[:160]
        for key in MONEY:
            value = values[key]
            if value is not None and (amount := whole(value * unit)) is not None:
                place = table.rows[number][header.columns[key]].place
                money.amounts.append(Amount(key, amount, place, told))
    if not money.lines and any(key in header.columns for key in SOURCES):
        money.lines = [
            _line(content, header.value(sheet.rows[n], "unit"), values, unit) for _o, n, content, values in rows
        ]
        money.table = table.number
        _compare(money, sums, unit)
        if not sums:
            _add_up(money)


def _line(content: str, measure: Any, values: dict[str, Decimal | None], unit: int) -> dict[str, Any]:
    amounts = {source: whole((values[source] or Decimal(0)) * unit) or 0 for source in SOURCES}
    price = values["unit_price"]
    quantity = values["quantity"]
    return {
        "content": content[:400],
        "unit": squeeze(str(measure or ""))[:40],
        "quantity": quantity if quantity is not None and 0 <= quantity < 10**9 else None,
        "unit_price": whole(price * unit) if price is not None else None,
        **amounts,
    }


def _compare(money: Money, sums: Sequence[tuple[int, dict[str, Decimal | None]]], unit: int) -> None:
    for _number_of_row, values in sums[-1:]:
        for source in SOURCES:
            stated = values[source]
            if stated is not None and whole(stated * unit) != sum(line[source] for line in money.lines):
                money.notes.append(
                    _("Bảng %(table)s: các dòng cộng lại khác dòng tổng cộng. Hãy kiểm tra dự toán.")
                    % {"table": money.table}
                )
                return


def _add_up(money: Money) -> None:
    for source in SOURCES:
        if amount := sum(line[source] for line in money.lines):
            told = _("Cộng các dòng của bảng")
            money.amounts.append(Amount(source, amount, Place(table=money.table, row=1), told))


def _number(cell: Any) -> Decimal | None:
    try:
        value = workbook.number(cell)
    except Unreadable:
        return None
    return value if value is None or value >= 0 else None
