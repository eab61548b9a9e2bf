"""Lists of establishments and of recognised products, as provinces keep them in Excel.

``check_…`` reads and judges every row and writes nothing; ``write`` writes what was judged, in one short transaction.  A
row that is known already is the same row: the same file twice adds nothing.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz, process

from khuyencong.base import clock, workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone
from khuyencong.base.text import fold, same_key, sort_key
from khuyencong.base.workbook import Cell, Column, Fault, Header, Sheet, Unreadable
from khuyencong.establishments import rules
from khuyencong.establishments.enums import LegalForm, ProductGroup, RecognitionLevel, RowState, Sector
from khuyencong.establishments.models import Establishment, Product, Recognition, YearlyFacts
from khuyencong.establishments.operations import FACTS, FRESH, Batch, Fresh, write_batch
from khuyencong.files.models import ImportRun
from khuyencong.organisations import rules as bodies
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places import queries as places
from khuyencong.places.models import Unit
from khuyencong.places.rules import Gazetteer

STEP = 2_000  # rows between two signs of progress, and keys in one question to the database
SHOWN = 300  # rows of each kind that a preview shows

COLUMNS = (
    Column(
        "name",
        (
            "Tên cơ sở",
            "Tên cơ sở công nghiệp nông thôn",
            "Tên cơ sở CNNT",
            "Tên cơ sở sản xuất",
            "Tên doanh nghiệp",
            "Tên đơn vị",
            "Tên công ty",
            "Tên hợp tác xã",
            "Tên tổ chức",
            "Cơ sở",
            "Doanh nghiệp",
            "Đơn vị",
        ),
        required=True,
    ),
    Column("tax_code", ("Mã số thuế", "MST", "Mã số doanh nghiệp", "Mã số ĐKKD", "Mã số hộ kinh doanh")),
    Column(
        "legal_form",
        ("Loại hình", "Loại hình doanh nghiệp", "Loại hình tổ chức", "Hình thức tổ chức", "Loại hình cơ sở"),
    ),
    Column("registered_address", ("Địa chỉ đăng ký", "Địa chỉ trụ sở", "Trụ sở chính", "Trụ sở", "Địa chỉ ĐKKD")),
    Column(
        "address",
        (
            "Địa chỉ",
            "Địa chỉ sản xuất",
            "Nơi sản xuất",
            "Địa điểm sản xuất",
            "Địa điểm",
            "Thôn",
            "Thôn, buôn",
            "Số nhà, đường",
        ),
    ),
    Column("commune", ("Xã", "Xã, phường", "Xã/phường", "Phường, xã", "Xã, phường, thị trấn", "Tên xã", "Cấp xã")),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố", "Huyện/TX/TP", "Cấp huyện")),
    Column("province", ("Tỉnh", "Tỉnh, thành phố", "Tỉnh/TP", "Cấp tỉnh")),
    Column(
        "representative",
        (
            "Người đại diện",
            "Đại diện",
            "Chủ cơ sở",
            "Họ tên chủ cơ sở",
            "Chủ hộ",
            "Giám đốc",
            "Người đại diện pháp luật",
        ),
    ),
    Column("phone", ("Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Điện thoại liên hệ", "Di động")),
    Column("product", ("Sản phẩm chính", "Sản phẩm", "Mặt hàng", "Sản phẩm chủ yếu", "Mặt hàng sản xuất")),
    Column("sector", ("Ngành nghề", "Lĩnh vực", "Ngành nghề sản xuất", "Ngành nghề sản xuất kinh doanh", "Ngành")),
    Column(
        "registered_on", ("Ngày đăng ký kinh doanh", "Ngày cấp", "Ngày thành lập", "Ngày cấp ĐKKD", "Năm thành lập")
    ),
    Column("women", ("Lao động nữ", "Trong đó nữ", "Nữ", "Số lao động nữ")),
    Column("workers", ("Lao động", "Số lao động", "Tổng số lao động", "Số lao động (người)")),
    Column("export", ("Xuất khẩu", "Kim ngạch xuất khẩu", "Giá trị xuất khẩu", "Doanh thu xuất khẩu")),
    Column("revenue", ("Doanh thu", "Tổng doanh thu", "Doanh thu năm")),
    Column("woman_owned", ("Phụ nữ làm chủ", "Nữ làm chủ", "Chủ cơ sở là nữ")),
    Column("minority_owned", ("Dân tộc thiểu số làm chủ", "Người dân tộc thiểu số làm chủ", "Chủ là người DTTS")),
)

PRODUCT_COLUMNS = (
    Column(
        "product", ("Tên sản phẩm", "Sản phẩm", "Sản phẩm, bộ sản phẩm", "Tên sản phẩm, bộ sản phẩm"), required=True
    ),
    Column(
        "name",
        (
            "Tên cơ sở",
            "Cơ sở",
            "Đơn vị",
            "Tên đơn vị",
            "Cơ sở sản xuất",
            "Chủ sản phẩm",
            "Tên cơ sở CNNT",
            "Doanh nghiệp",
        ),
        required=True,
    ),
    Column("tax_code", ("Mã số thuế", "MST")),
    Column("address", ("Địa chỉ", "Địa điểm", "Nơi sản xuất")),
    Column("commune", ("Xã", "Xã, phường", "Xã/phường", "Xã, phường, thị trấn")),
    Column("district", ("Huyện", "Quận, huyện", "Huyện, thị xã, thành phố")),
    Column("province", ("Tỉnh", "Tỉnh, thành phố")),
    Column("level", ("Cấp", "Cấp công nhận", "Cấp bình chọn")),
    Column("year", ("Năm", "Năm công nhận", "Năm bình chọn")),
    Column("decision", ("Quyết định", "Số quyết định", "Quyết định công nhận")),
    Column("decided_on", ("Ngày quyết định", "Ngày ký", "Ngày công nhận")),
    Column("valid_to", ("Có giá trị đến", "Giá trị đến", "Hiệu lực đến", "Hết hạn")),
    Column("group", ("Nhóm", "Nhóm sản phẩm")),
)

ESTABLISHMENTS, PRODUCTS = "establishments", "products"
LABELS = {
    ESTABLISHMENTS: gettext_lazy("Danh sách cơ sở"),
    PRODUCTS: gettext_lazy("Sản phẩm đã được công nhận"),
}
ACTIONS = {
    ESTABLISHMENTS: "establishment.import",
    PRODUCTS: "establishment.import_products",
}


# --- what was found ------------------------------------------------------------------------------------------------


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


Progress = Callable[[int], None]


def _silent(done: int) -> None:
    """Nobody waits."""


# --- rows out of sheets --------------------------------------------------------------------------------------------

_TOTAL = re.compile(
    r"(tong cong(?! ty\b)|tong so|cong chung)( .*)?|(tong|cong)( (toan|xa|huyen|tinh|nhom|muc|phan|[ivx]+)\b.*)?"
)
_NUMERAL = re.compile(r"[ivxlc]+|[a-z]|[ivxlc\d]+( \d+)+")
_PLACE_HEADING = re.compile(r"(?:[ivxlc\d]+[.)]?\s+)?((?:huyen|thi xa|thanh pho|quan|xa|phuong|thi tran|tinh)\s.+)")
_HEADED_YEAR = re.compile(r"(?<!\d)(19[9]\d|20\d\d)(?!\d)")
_SCALES = (("ty", 10**9), ("trieu", 10**6), ("tr d", 10**6), ("trd", 10**6), ("nghin", 10**3), ("1000", 10**3))


@dataclass(slots=True)
class _Line:
    """One row with its cells, before judgement."""

    sheet: Sheet
    header: Header
    number: int  # from 0
    cells: Sequence[Cell]
    group: str  # the place that a heading above names
    heading: bool = False  # a numeral and a few words: the head of a group of rows

    def text(self, key: str) -> str:
        return workbook.text_of(self.header.value(self.cells, key))

    def column(self, key: str) -> int:
        return self.header.columns.get(key, self.header.columns["name"])


def _sheets(data: bytes, name: str, columns: Sequence[Column]) -> list[tuple[Sheet, Header]]:
    """The sheets that hold such a table.  Raises Invalid(file=…) when none does, with the reason of the first."""
    found, refusal = [], None
    for sheet in workbook.read(data, name):
        if sheet.hidden or not sheet.rows:
            continue
        try:
            found.append((sheet, workbook.find_header(sheet, columns)))
        except Invalid as error:
            refusal = refusal or error
    if not found:
        raise refusal or Invalid(file=_("Tệp “%(name)s” không có dòng nào.") % {"name": name})
    return found


def _told(checked: Checked, sheets: Iterable[tuple[Sheet, Header]], main: str, progress: Progress) -> Iterator[_Line]:
    """The rows to be judged; the head of a group is passed over, and said so."""
    done = 0
    for line in _lines(sheets, main):
        if line.heading:
            reason = _("Dòng này không có gì ngoài tên nên được coi là tiêu đề nhóm, không nhập.")
            checked.warnings.append(Fault(line.sheet.name, line.number, line.header.columns[main], reason))
            continue
        done += 1
        if done % STEP == 0:
            progress(done)
        yield line


def _lines(sheets: Iterable[tuple[Sheet, Header]], main: str) -> Iterator[_Line]:
    """The rows that tell of something: no empty rows, totals, names of places or repeated heads."""
    for sheet, header in sheets:
        group = ""
        column = header.columns[main]
        title = workbook.key_of(header.titles.get(column, "").rpartition(" / ")[2])
        for number in range(header.start, len(sheet.rows)):
            cells = sheet.rows[number]
            filled = [at for at, value in enumerate(cells) if value is not None]
            if not filled:
                continue
            words = [str(cells[at]) for at in filled if isinstance(cells[at], str)]
            lone = len(words) <= 2 and len(filled) <= 2 and not isinstance(header.value(cells, main), float)
            if lone and (heading := _place_heading(words)):
                group = heading
                continue
            own = workbook.key_of(header.value(cells, main) or "")
            if own == title or _TOTAL.fullmatch(own or workbook.key_of(words[0] if words else "")):
                continue
            first = workbook.key_of(cells[filled[0]])
            headed = len(filled) == 1 or (filled[0] != column and _NUMERAL.fullmatch(first) is not None)
            yield _Line(sheet, header, number, cells, group, lone and headed and len(header.columns) > 2)


def _place_heading(words: list[str]) -> str:
    for word in words:
        if match := _PLACE_HEADING.fullmatch(" ".join(fold(word).split())):
            return word[-len(match[1]) :] if len(fold(word)) == len(word) else word
    return ""


def _scale(sheet: Sheet, header: Header, key: str) -> int:
    """How many đồng one unit of this column is, by its head or a line "ĐVT: triệu đồng" above it."""
    column = header.columns.get(key)
    if column is None:
        return 1
    above = [str(value) for row in sheet.rows[: header.first] for value in row if isinstance(value, str)]
    for text in (
        header.titles.get(column, ""),
        *(word for word in above if "đồng" in word.lower() or "dong" in fold(word)),
    ):
        folded = workbook.key_of(text)
        for word, scale in _SCALES:
            if f" {word} " in f" {folded} ":
                return scale
    return 1


def _year_of(sheet: Sheet, header: Header, key: str) -> int | None:
    column = header.columns.get(key)
    titles = [header.titles.get(column, "")] if column is not None else []
    titles += [str(value) for row in sheet.rows[: header.first] for value in row if isinstance(value, str)]
    for text in titles:
        if (match := _HEADED_YEAR.search(text)) and int(match[1]) <= clock.today().year:
            return int(match[1])
    return None


# --- establishments ------------------------------------------------------------------------------------------------

_FORMS = (
    (LegalForm.COOPERATIVE_UNION, re.compile(r"\b(lien hiep (hop tac xa|htx)|lhhtx)\b")),
    (LegalForm.COOPERATIVE, re.compile(r"\b(hop tac xa|htx)\b")),
    (LegalForm.COOPERATIVE_GROUP, re.compile(r"\b(to hop tac|tht|to hop)\b")),
    (LegalForm.ENTERPRISE, re.compile(r"\b(cong ty|cty|c ty|ctcp|tnhh|co phan|cp|dntn|doanh nghiep|dn|xi nghiep)\b")),
    (LegalForm.HOUSEHOLD, re.compile(r"\b(ho|hkd|co so|cs|ca the|kinh doanh ca the|lo|xuong)\b")),
)
_YES = frozenset({"x", "co", "1", "yes", "dung", "nu"})


def legal_form_of(text: str, name: str) -> LegalForm | None:
    """The legal form that a word in the column names, else the name itself; None where neither tells."""
    for source in (text, name):
        key = workbook.key_of(source)
        for form, pattern in _FORMS:
            if key and pattern.search(key):
                return form
    return None


_SECTOR_LABELS = {workbook.key_of(str(label)): value for value, label in Sector.choices}


def sector_of(text: str) -> str:
    """The letter of NĐ 45/2012 Đ5 that is meant; "" for words of one's own (they are kept as the product)."""
    plain = " ".join(text.split()).lower().strip("().")
    plain = re.sub(r"^(điểm|nhóm)\s+", "", plain)
    return plain if plain in Sector.values else _SECTOR_LABELS.get(workbook.key_of(text), "")


def check_establishments(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int | None = None,
    progress: Progress = _silent,
) -> Checked:
    """Read and judge a list of establishments of one province; writes nothing.

    ``year`` is that of workers and money where the file does not say.  Raises Invalid(file=…) when the file cannot be read.
    """
    sheets = _sheets(data, name, COLUMNS)
    checked = Checked(ESTABLISHMENTS, province, year or clock.today().year - 1, hashlib.sha256(data).hexdigest())
    read = places.gazetteer()
    kept: dict[str, Any] = {}
    for line in _told(checked, sheets, "name", progress):
        checked.rows.append(_establishment(line, checked, read, kept, year))
    sheets.clear()
    _known(checked)
    progress(len(checked.rows))
    return checked


def _establishment(line: _Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], year: int | None) -> Row:
    name = " ".join(line.text("name").split())
    row = Row(line.sheet.name, line.number + 1, RowState.NEW, name[:250])
    faults: list[Fault] = []

    def fault(key: str, reason: str) -> None:
        faults.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    def warn(key: str, reason: str) -> None:
        checked.warnings.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    if len(name) < 3:
        fault("name", _("Thiếu tên cơ sở."))
    facts = row.facts
    try:
        facts["tax_code"] = bodies.tax_code(_tax_code_cell(line.header.value(line.cells, "tax_code")))
    except Invalid as refusal:
        fault("tax_code", str(refusal.fields["tax_code"]))
    form = legal_form_of(line.text("legal_form"), name)
    if form is None:
        warn(
            "legal_form" if "legal_form" in line.header.columns else "name",
            _("Không rõ loại hình; ghi là hộ kinh doanh."),
        )
    facts["legal_form"] = form or LegalForm.HOUSEHOLD
    row.place = _place(line, checked, read, kept, fault, warn)
    if line.text("phone"):
        try:
            facts["phone"] = clean_phone(_phone_cell(line.header.value(line.cells, "phone")))
        except Invalid as refusal:
            warn("phone", _("%(reason)s Cơ sở được ghi không có số điện thoại.") % {"reason": refusal.fields["phone"]})
    facts["representative"] = line.text("representative")[:120]
    product, sector = line.text("product"), line.text("sector")
    facts["sector"] = sector_of(sector)
    facts["main_product"] = (product or ("" if facts["sector"] else sector))[:200]
    facts["registered_address"] = line.text("registered_address")[:300]
    try:
        facts["registered_on"] = _past(workbook.day(line.header.value(line.cells, "registered_on")))
    except Unreadable as error:
        warn("registered_on", str(error))
    for flag in ("woman_owned", "minority_owned"):
        facts[flag] = fold(line.text(flag)) in _YES or line.header.value(line.cells, flag) is True
    _facts_of_year(line, checked, row, year, fault, kept)
    row.facts = {name: value for name, value in facts.items() if value not in ("", None, False)}
    row.key = rules.key(name) if name else ""
    if faults:
        row.state, row.why = RowState.FAULTY, " ".join(str(fault.reason) for fault in faults)
        checked.errors += faults
    return row


def _tax_code_cell(cell: Cell) -> str:
    """Excel takes the leading nought of a number: nine digits were ten, eleven were twelve."""
    text = workbook.code(cell)
    if isinstance(cell, float) and text.isdigit() and len(text) in (9, 11):
        return text.zfill(len(text) + 1)
    return text


def _phone_cell(cell: Cell) -> str:
    text = re.split(r"[;,/]| - ", workbook.code(cell))[0]
    return f"0{text}" if isinstance(cell, float) and len(text) == 9 else text


def _past(day: date | None) -> date | None:
    if day is not None and day > clock.today():
        raise Unreadable(_("Ngày này ở tương lai."))
    return day


def _place(
    line: _Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], fault: Callable, warn: Callable
) -> tuple[Unit, Unit | None, str, Unit | None]:
    parts = [line.text(key) for key in ("address", "commune", "district", "province")]
    given = [part for part in parts if part]
    if line.group and not parts[1]:
        given.append(line.group)
    text = ", ".join(given)
    where = next((key for key in ("commune", "address", "district") if key in line.header.columns), "name")
    if not text:
        warn(where, _("Không ghi địa chỉ; chỉ biết thuộc %(province)s.") % {"province": checked.province})
        return checked.province, None, "", None
    found = kept.get(text)
    if found is None:
        found = read.resolve(text)
        if found.commune is None and (found.province is None or found.province.pk == checked.province.pk):
            narrowed = read.resolve(f"{text}, {checked.province.full_name}")
            if narrowed.current or found.province is None:
                found = narrowed
        if len(kept) < 50_000:
            kept[text] = found
    if found.province is not None and found.province.pk != checked.province.pk:
        fault(
            where,
            _("“%(text)s” thuộc %(there)s, không thuộc %(here)s.")
            % {"text": text, "there": found.province, "here": checked.province},
        )
    elif found.commune is None:
        names = ", ".join(unit.full_name for unit in found.current[:4])
        warn(
            where,
            _("“%(text)s” có thể là: %(names)s. Ghi ở cấp tỉnh, cần chọn xã sau.") % {"text": text, "names": names}
            if names
            else _("Không xác định được xã, phường hiện nay của “%(text)s”. Ghi ở cấp tỉnh, cần chọn xã sau.")
            % {"text": text},
        )
    return checked.province, found.commune, text[:300], found.unit


def _facts_of_year(
    line: _Line, checked: Checked, row: Row, year: int | None, fault: Callable, kept: dict[str, Any]
) -> None:
    told: dict[str, int] = {}
    for key in ("workers", "women", "revenue", "export"):
        if key not in line.header.columns:
            continue
        at = f"scale {key} {line.sheet.name}"
        if at not in kept:
            column, below = line.header.columns[key], line.sheet.rows[line.header.start :][:STEP]
            cells = (row_cells[column] for row_cells in below if len(row_cells) > column)
            kept[at] = (
                _scale(line.sheet, line.header, key) if key in ("revenue", "export") else 1,
                workbook.decimal_mark(cells),
            )
        scale, mark = kept[at]
        try:
            value = workbook.number(line.header.value(line.cells, key), decimal=mark)
        except Unreadable as error:
            fault(key, str(error))
            continue
        if value is None:
            continue
        amount = value * Decimal(scale)
        if amount < 0 or amount != amount.to_integral_value() or (key in ("workers", "women") and amount > 1_000_000):
            fault(
                key,
                _("Số %(value)s không hợp lệ ở cột này.")
                % {"value": workbook.text_of(line.header.value(line.cells, key))},
            )
            continue
        told[key] = int(amount)
    if told.get("women", 0) > told.get("workers", told.get("women", 0)):
        fault("women", _("Số lao động nữ nhiều hơn tổng số lao động."))
    if told.get("export", 0) > told.get("revenue", told.get("export", 0)):
        fault("export", _("Xuất khẩu lớn hơn doanh thu."))
    if told:
        at = f"year {line.sheet.name}"
        if at not in kept:
            kept[at] = year or next(
                (found for key in ("workers", "revenue") if (found := _year_of(line.sheet, line.header, key))),
                checked.year,
            )
        row.year = {"year": kept[at], **told}


# --- what is known already, and what may be ------------------------------------------------------------------------


def _known(checked: Checked) -> None:
    """Judge the rows against the database and against each other.  A handful of questions for each thousand rows."""
    rows = [row for row in checked.rows if row.state is RowState.NEW]
    by_code, by_key, keys = _existing(checked, rows)
    candidates: dict[int, list[Row]] = defaultdict(list)
    seen_code: dict[str, Row] = {}
    seen_key: dict[tuple[int | None, str], list[Row]] = {}
    for row in rows:
        code = row.facts.get("tax_code", "")
        commune = row.place[1].pk if row.place and row.place[1] else None
        if (known := by_code.get(code)) is not None:
            candidates[known].append(row)
        for known in by_key.get((commune, row.key), ()):
            candidates[known].append(row)
        earlier = seen_code.get(code) or next(
            (other for other in seen_key.get((commune, row.key), ()) if _may_be(row, other)), None
        )
        if earlier is not None:
            _repeat(row, earlier)
        if code:
            seen_code.setdefault(code, row)
        seen_key.setdefault((commune, row.key), []).append(row)
    _match(candidates)
    _alike(checked, [row for row in rows if row.state is RowState.NEW and row.match is None], keys)


def _existing(
    checked: Checked, rows: list[Row]
) -> tuple[dict[str, int], dict[tuple[int | None, str], list[int]], dict[int, list[tuple[int, str]]]]:
    """Records by tax code (the whole country), by commune and key, and the keys of each commune."""
    by_code: dict[str, int] = {}
    codes = sorted({code for row in rows if (code := row.facts.get("tax_code"))})
    for start in range(0, len(codes), 900):
        found = Establishment.objects.active().filter(tax_code__in=codes[start : start + 900])
        by_code.update(found.values_list("tax_code", "pk"))
    by_key: dict[tuple[int | None, str], list[int]] = {}
    keys: dict[int, list[tuple[int, str]]] = {}
    here = Establishment.objects.active().filter(province=checked.province).order_by("pk")
    for pk, commune, key in here.values_list("pk", "commune_id", "key").iterator(chunk_size=5_000):
        by_key.setdefault((commune, key), []).append(pk)
        if commune is not None:
            keys.setdefault(commune, []).append((pk, key))
    return by_code, by_key, keys


def _may_be(row: Row, other: Row) -> bool:
    codes = row.facts.get("tax_code"), other.facts.get("tax_code")
    return not all(codes) or codes[0] == codes[1]


def _repeat(row: Row, earlier: Row) -> None:
    """A row of the file that an earlier row of it has told already."""
    told = {"row": earlier.number, "sheet": earlier.sheet}
    if same_key(row.name) == same_key(earlier.name) and row.facts == earlier.facts and row.year == earlier.year:
        row.state, row.why = RowState.SAME, _("Lặp lại dòng %(row)s (%(sheet)s).") % told
    elif row.facts.get("tax_code") and row.facts.get("tax_code") == earlier.facts.get("tax_code"):
        row.state, row.why = RowState.DOUBTFUL, _("Cùng mã số thuế với dòng %(row)s (%(sheet)s).") % told
    else:
        row.state, row.why = RowState.DOUBTFUL, _("Có thể trùng dòng %(row)s (%(sheet)s).") % told


_COMPARED = (
    *("pk", "name", "tax_code", "legal_form", "phone", "representative", "sector", "main_product"),
    *("registered_address", "registered_on", "woman_owned", "minority_owned", "place_text", "commune_id"),
)


def _match(candidates: dict[int, list[Row]]) -> None:
    """Hold rows against the records they may be: the same name or tax code is the same establishment."""
    wanted = sorted(candidates)
    for start in range(0, len(wanted), 900):
        chunk = wanted[start : start + 900]
        years = {
            (one, year): facts
            for one, year, *facts in YearlyFacts.objects.filter(establishment__in=chunk).values_list(
                "establishment", "year", "workers", "women", "revenue", "export"
            )
        }
        for record in Establishment.objects.filter(pk__in=chunk).values(*_COMPARED):
            for row in candidates[record["pk"]]:
                if row.match is None or row.state is RowState.DOUBTFUL:
                    _judge(row, record, years)


def _judge(row: Row, record: dict[str, Any], years: dict[tuple[int, int], list]) -> None:
    code, theirs = row.facts.get("tax_code", ""), record["tax_code"]
    same_name = same_key(row.name) == same_key(record["name"])
    same_code = bool(code) and code == theirs
    commune = row.place[1].pk if row.place and row.place[1] else None
    text = row.place[2] if row.place else ""
    if code and theirs and not same_code:
        return  # two tax codes: two establishments, however alike their names
    if commune is None and not same_code and record["place_text"] != text:
        return
    if same_code or same_name:
        if same_code and not same_name and rules.likeness(row.key, rules.key(record["name"])) < rules.ALIKE:
            row.match, row.state = record["pk"], RowState.DOUBTFUL
            row.why = _("Cùng mã số thuế nhưng tên khác: “%(name)s”.") % {"name": record["name"]}
            return
        fill = {
            name: value
            for name, value in row.facts.items()
            if name in record and name != "legal_form" and record[name] in ("", None, False)
        }
        year = row.year if row.year and (record["pk"], row.year["year"]) not in years else {}
        if row.state is RowState.DOUBTFUL and row.match is None and (fill or year):
            return  # an earlier row of the file is this record; whether this one is too, a person says
        row.match, row.fill, row.year = record["pk"], fill, year
        row.state = RowState.CHANGED if row.fill or row.year else RowState.SAME
        row.why = _("Đã có: “%(name)s”.") % {"name": record["name"]}
        return
    if row.state is not RowState.DOUBTFUL or row.match is None:
        row.match, row.state = record["pk"], RowState.DOUBTFUL
        row.why = _("Có thể là “%(name)s” đã có trong xã.") % {"name": record["name"]}


def _alike(checked: Checked, rows: list[Row], existing: dict[int, list[tuple[int, str]]]) -> None:
    """Names that are only alike, inside one commune: against what is there and against earlier rows of the file."""
    communes: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.place and row.place[1] is not None and row.key:
            communes[row.place[1].pk].append(row)
    names: dict[int, list[Row]] = defaultdict(list)
    for commune, fresh in communes.items():
        held: dict[str, int | Row] = {key: pk for pk, key in existing.get(commune, ())}
        for row in fresh:
            held.setdefault(row.key, row)
        choices = list(held)
        tokens: dict[str, set[int]] = defaultdict(set)
        for at, choice in enumerate(choices):
            for token in choice.split():
                tokens[token].add(at)
        places_of = {choice: at for at, choice in enumerate(choices)}
        for row in fresh:
            own = row.key
            other = _nearest(own, choices, places_of[own], tokens)
            if other is None and held[own] is not row:
                other = own
            if other is None:
                continue
            match = held[other]
            if isinstance(match, Row):
                if match.number >= row.number or not _may_be(row, match):
                    continue
                row.state = RowState.DOUBTFUL
                row.why = _("Tên gần giống dòng %(row)s: “%(name)s”.") % {"row": match.number, "name": match.name}
            else:
                row.state, row.match = RowState.DOUBTFUL, match
                names[match].append(row)
    for start in range(0, len(names), 900):
        chunk = sorted(names)[start : start + 900]
        for pk, name, code in Establishment.objects.filter(pk__in=chunk).values_list("pk", "name", "tax_code"):
            for row in names[pk]:
                if code and row.facts.get("tax_code"):
                    row.state, row.match, row.why = RowState.NEW, None, ""
                else:
                    row.why = _("Tên gần giống “%(name)s” đã có trong xã.") % {"name": name}


def _nearest(own: str, choices: list[str], at: int, tokens: dict[str, set[int]]) -> str | None:
    """The other name of the commune that is most alike; None when none is alike enough."""
    words = own.split()
    if len(words) >= 2 and len(own) >= 6:
        same_words = set.intersection(*(tokens[word] for word in words)) - {at}
        inside = [
            place
            for place in same_words
            if len(words) == len(choices[place].split()) or f" {own} " in f" {choices[place]} "
        ]
        if inside:
            return choices[min(inside)]
    best = process.extract(own, choices, scorer=fuzz.ratio, score_cutoff=rules.ALIKE, limit=2)
    return next((choice for choice, _score, place in best if place != at), None)


# --- writing -------------------------------------------------------------------------------------------------------


def write(
    checked: Checked,
    *,
    by: User,
    run: ImportRun | None = None,
    accept: Iterable[tuple[str, int]] = (),
    accept_all: bool = False,
) -> dict[str, int]:
    """Write what was judged new, fill the blanks of what was known, leave out the rest; returns what was written.

    ``accept`` names doubtful rows (sheet and number) that a person has found to be new; ``accept_all`` all of them.  The
    records are prepared here; the database is held only while they are written.
    """
    accepted = {(sheet, int(number)) for sheet, number in accept}
    rows = [
        row
        for row in checked.rows
        if row.state is RowState.NEW
        or (row.state is RowState.DOUBTFUL and (accept_all or (row.sheet, row.number) in accepted) and _can_be_new(row))
    ]
    prepare = {ESTABLISHMENTS: _establishments, PRODUCTS: _products}[checked.kind]
    batch = prepare(checked, rows)
    changed = [row for row in checked.rows if row.state is RowState.CHANGED]
    if checked.kind == ESTABLISHMENTS:
        for row in changed:
            if row.fill:
                batch.fills.append((row.match or 0, row.fill))
            if row.year:
                batch.years.append((row.match, *_facts(row)))
    counts = {**checked.counts, "written": len(rows), "completed": len(changed)}
    action = ACTIONS[checked.kind]
    write_batch(batch, by=by, province=checked.province, action=action, digest=checked.digest, counts=counts, run=run)
    return counts


def _can_be_new(row: Row) -> bool:
    return not (row.facts.get("tax_code") and row.match is not None)  # one tax code stands for one establishment


def _source() -> str:
    return _("Nhập từ Excel")


def _establishments(checked: Checked, rows: list[Row]) -> Batch:
    known = _bodies({code for row in rows if (code := row.facts.get("tax_code"))})
    return Batch(fresh=[_new(row, known) for row in rows])


def _facts(row: Row) -> tuple[Any, ...]:
    return (*(row.year.get(name) for name in FACTS[:-1]), _source())


_BLANK = {"registered_on": None, "woman_owned": False, "minority_owned": False}


def _new(row: Row, known: dict[str, Organisation]) -> Fresh:
    province, commune, text, unit = row.place or (None, None, "", None)
    code = row.facts.get("tax_code", "")
    body = known.get(code) or bodies.build(
        name=row.name, kind=row.facts["legal_form"], tax_code=code, place=commune or province
    )
    values = (
        province and province.pk,
        commune and commune.pk,
        text,
        unit and unit.pk,
        row.name,
        fold(row.name)[:300],
        row.key,
        sort_key(row.name)[:300],
        *(row.facts.get(name, _BLANK.get(name, "")) for name in FRESH[8:]),
    )
    return Fresh(body, values, _facts(row) if row.year and "product" not in row.year else None)


def _bodies(codes: set[str]) -> dict[str, Organisation]:
    """Organisations that stand in the directory under these codes and are no establishment yet."""
    found: dict[str, Organisation] = {}
    wanted = sorted(codes)
    for start in range(0, len(wanted), 900):
        rows = Organisation.objects.filter(tax_code__in=wanted[start : start + 900], ended_on=None)
        taken = set(Establishment.objects.filter(organisation__in=rows).values_list("organisation_id", flat=True))
        found.update({row.tax_code: row for row in rows if row.pk not in taken})
    return found


# --- recognised products -------------------------------------------------------------------------------------------

_LEVELS = (
    (RecognitionLevel.NATIONAL, ("quoc gia", "toan quoc", "national")),
    (RecognitionLevel.REGION, ("khu vuc", "vung", "region", "mien")),
    (RecognitionLevel.PROVINCE, ("tinh", "thanh pho", "province")),
    (RecognitionLevel.DISTRICT, ("huyen", "thi xa", "district")),
    (RecognitionLevel.COMMUNE, ("xa", "phuong", "commune")),
)


def level_of(text: str) -> str:
    """The level of recognition that is meant; "" where it cannot be told."""
    key = f" {workbook.key_of(text)} "
    return next((level.value for level, words in _LEVELS if any(f" {word} " in key for word in words)), "")


def check_products(
    data: bytes,
    *,
    name: str,
    province: Unit,
    year: int | None = None,
    level: str = "",
    decision: str = "",
    progress: Progress = _silent,
) -> Checked:
    """Read and judge a list of recognised products; ``year``, ``level`` and ``decision`` where the file does not say.

    A product whose establishment is not kept yet brings the establishment along.  Raises Invalid(file=…).
    """
    sheets = _sheets(data, name, PRODUCT_COLUMNS)
    checked = Checked(PRODUCTS, province, year or clock.today().year, hashlib.sha256(data).hexdigest())
    read = places.gazetteer()
    kept: dict[str, Any] = {}
    for line in _told(checked, sheets, "product", progress):
        checked.rows.append(_product(line, checked, read, kept, year=year, level=level, decision=decision))
    _known_products(checked)
    progress(len(checked.rows))
    return checked


def _product(
    line: _Line, checked: Checked, read: Gazetteer, kept: dict[str, Any], *, year: int | None, level: str, decision: str
) -> Row:
    product, owner = " ".join(line.text("product").split())[:200], " ".join(line.text("name").split())[:250]
    row = Row(line.sheet.name, line.number + 1, RowState.NEW, owner or product)
    faults: list[Fault] = []

    def fault(key: str, reason: str) -> None:
        faults.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    def warn(key: str, reason: str) -> None:
        checked.warnings.append(Fault(line.sheet.name, line.number, line.column(key), reason))

    if len(product) < 2:
        fault("product", _("Thiếu tên sản phẩm."))
    if len(owner) < 3:
        fault("name", _("Thiếu tên cơ sở."))
    facts = row.facts
    try:
        facts["tax_code"] = bodies.tax_code(_tax_code_cell(line.header.value(line.cells, "tax_code")))
    except Invalid as refusal:
        fault("tax_code", str(refusal.fields["tax_code"]))
    facts["legal_form"] = legal_form_of("", owner) or LegalForm.HOUSEHOLD
    facts["main_product"] = product
    told: dict[str, Any] = {"product": product, "level": level_of(line.text("level")) or level}
    if not told["level"]:
        fault("level", _("Không rõ cấp công nhận (xã, tỉnh, khu vực, quốc gia)."))
    try:
        told["year"] = (
            workbook.year(line.header.value(line.cells, "year")) or year or _year_of(line.sheet, line.header, "level")
        )
        told["decided_on"] = _past(workbook.day(line.header.value(line.cells, "decided_on")))
        told["valid_to"] = workbook.day(line.header.value(line.cells, "valid_to"))
    except Unreadable as error:
        fault("year", str(error))
    if not told.get("year") and not faults:
        fault("year", _("Không rõ năm công nhận."))
    told["decision"] = (line.text("decision") or decision)[:200]
    group = re.search(r"[1-4]", line.text("group"))
    told["group"] = int(group[0]) if group else _group_of(line.text("group"))
    row.place = _place(line, checked, read, kept, fault, warn)
    row.facts = {name: value for name, value in facts.items() if value not in ("", None)}
    row.year = told
    row.key = rules.key(owner) if owner else ""
    if faults:
        row.state, row.why = RowState.FAULTY, " ".join(str(fault.reason) for fault in faults)
        checked.errors += faults
    return row


_GROUP_LABELS = {workbook.key_of(str(label)): value for value, label in ProductGroup.choices}


def _group_of(text: str) -> int | None:
    return _GROUP_LABELS.get(workbook.key_of(text))


def _known_products(checked: Checked) -> None:
    """Find the establishment and the product of each row; a recognition that is there already is the same."""
    rows = [row for row in checked.rows if row.state is RowState.NEW]
    by_code, by_key, _keys = _existing(checked, rows)
    first: dict[tuple, Row] = {}
    for row in rows:
        commune = row.place[1].pk if row.place and row.place[1] else None
        code = row.facts.get("tax_code", "")
        found = [by_code[code]] if code in by_code else by_key.get((commune, row.key), [])
        if not found and commune is None:  # the file says only the province: one of this name there is enough
            found = [pk for (_commune, key), keys in by_key.items() if key == row.key for pk in keys]
        if len(found) > 1:
            row.state, row.why = RowState.DOUBTFUL, _("Có nhiều cơ sở cùng tên; không rõ sản phẩm của cơ sở nào.")
        elif found:
            row.match = found[0]
        told = (row.match or (commune, row.key, code), fold(row.year["product"]), row.year["level"], row.year["year"])
        if row.state is RowState.NEW and told in first:
            row.state, row.why = (
                RowState.SAME,
                _("Lặp lại dòng %(row)s (%(sheet)s).")
                % {
                    "row": first[told].number,
                    "sheet": first[told].sheet,
                },
            )
        first.setdefault(told, row)
    matched = sorted({row.match for row in rows if row.match is not None})
    known = set()
    for start in range(0, len(matched), 900):
        known.update(
            Recognition.objects.filter(product__establishment__in=matched[start : start + 900]).values_list(
                "product__establishment", "product__folded", "level", "year"
            )
        )
    for row in rows:
        if (row.match, fold(row.year["product"])[:220], row.year["level"], row.year["year"]) in known:
            row.state, row.why = RowState.SAME, _("Đã ghi nhận.")


def _products(checked: Checked, rows: list[Row]) -> Batch:
    batch = Batch()
    known = _bodies({code for row in rows if (code := row.facts.get("tax_code"))})
    owners: dict[tuple, Fresh] = {}
    products = _existing_products(sorted({row.match for row in rows if row.match is not None}))
    made: dict[tuple, Product] = {}
    for row in rows:
        told = dict(row.year)
        name, group = told.pop("product"), told.pop("group")
        commune = row.place[1].pk if row.place and row.place[1] else None
        owner_key = (row.match,) if row.match is not None else (commune, row.key, row.facts.get("tax_code", ""))
        product = products.get((row.match, fold(name)[:220])) or made.get((owner_key, fold(name)[:220]))
        if product is None:
            product = Product(name=name, group=group)
            product.derive()
            if row.match is None and owner_key not in owners:
                owners[owner_key] = _new(row, known)
                batch.fresh.append(owners[owner_key])
            made[(owner_key, product.folded)] = product
            batch.products.append((row.match if row.match is not None else owners[owner_key], product))
        batch.recognitions.append(Recognition(product=product, source=_source(), **told))
    return batch


def _existing_products(owners: list[int]) -> dict[tuple[int | None, str], Product]:
    found: dict[tuple[int | None, str], Product] = {}
    for start in range(0, len(owners), 900):
        for product in Product.objects.filter(establishment__in=owners[start : start + 900]):
            found[(product.establishment_id, product.folded)] = product
    return found
