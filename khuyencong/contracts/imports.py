"""Voucher lists (Mẫu 8a, 8b) as accountants keep them in Excel: pasted or as a file.

``read_list`` reads and judges every line and writes nothing; what it gives goes to ``operations.add_vouchers`` whole or not
at all.  One line paid by several sources (Mẫu 8b) becomes one row a source.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base import workbook
from khuyencong.base.errors import Invalid
from khuyencong.base.money import dong
from khuyencong.base.text import fold
from khuyencong.base.workbook import Cell, Column, Fault, Header, Sheet, Unreadable, cell_name
from khuyencong.contracts import queries
from khuyencong.contracts.enums import VoucherKind
from khuyencong.contracts.operations import VoucherRow
from khuyencong.contracts.operations.vouchers import voucher_faults
from khuyencong.establishments.models import name_key
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary, Project

COLUMNS = (
    Column("on", ("Ngày chứng từ", "Ngày", "Ngày, tháng", "Ngày tháng", "Ngày hoá đơn", "Ngày lập"), required=True),
    Column("content", ("Nội dung chi", "Nội dung", "Diễn giải", "Hạng mục", "Tên hàng hoá, dịch vụ"), required=True),
    Column("symbol", ("Ký hiệu", "Ký hiệu hoá đơn", "Mẫu số, ký hiệu")),
    Column("number", ("Số", "Số hoá đơn", "Số chứng từ", "Số hiệu", "Số HĐ")),
    Column(
        "seller", ("Bên bán", "Tên người bán", "Đơn vị bán", "Người bán", "Bên nhận", "Đơn vị nhận", "Nhà cung cấp")
    ),
    Column("tax_code", ("Mã số thuế", "MST", "Mã số thuế bên bán", "MST người bán")),
    Column("kind", ("Loại chứng từ", "Loại")),
    Column("source", ("Nguồn", "Nguồn kinh phí")),
    Column("treasury", ("Số chứng từ kho bạc", "Chứng từ kho bạc", "Số kho bạc")),
    Column("amount", ("Số tiền", "Thành tiền", "Tổng tiền", "Tổng số", "Tổng cộng", "Số tiền đề nghị quyết toán")),
    Column("national", ("Khuyến công quốc gia", "KCQG", "Kinh phí khuyến công quốc gia")),
    Column("local", ("Khuyến công địa phương", "KCĐP", "Kinh phí khuyến công địa phương")),
    Column("counterpart", ("Đối ứng", "Vốn đối ứng", "Kinh phí đối ứng", "Đơn vị thụ hưởng")),
    Column("other", ("Nguồn khác", "Kinh phí khác")),
)
# "Đơn vị thụ hưởng" heads the counterpart's money in Mẫu 8b, and whose voucher it is in lists of one's own
WHOSE = Column("beneficiary", ("Đơn vị thụ hưởng", "Cơ sở thụ hưởng", "Cơ sở", "Tên cơ sở", "Đơn vị được hỗ trợ"))
NAMED_COLUMNS = (
    *(
        replace(column, synonyms=tuple(name for name in column.synonyms if name not in WHOSE.synonyms))
        for column in COLUMNS
    ),
    WHOSE,
)
COLUMN_OF = {  # the column in which a fact of a voucher stands; its money where the list has no such column
    "on": "on",
    "content": "content",
    "source": "source",
    "number": "number",
    "seller_tax_code": "tax_code",
    "beneficiary": "beneficiary",
}
MONEY = ("amount", *Source.values)
TOTALS = ("cong", "tong cong", "tong so", "tong", "cong cong")
MAX_LINES = 2_000


@dataclass(slots=True)
class VoucherList:
    """What a list says: rows ready for ``add_vouchers``, faults by cell, and totals that its rows do not give."""

    sheet: Sheet
    rows: list[VoucherRow] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)  # of each row: line and column of its money, from 0
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All that the rows without faults say, in đồng."""
        return sum(row.amount for row in self.rows)

    @property
    def sums(self) -> dict[str, int]:
        """The same by source."""
        return {source: sum(row.amount for row in self.rows if row.source == source) for source in Source}

    @property
    def by_source(self) -> list[tuple[str, int]]:
        """Label and sum of each source that the list names."""
        return [(str(Source(source).label), amount) for source, amount in self.sums.items() if amount]

    @property
    def text(self) -> str:
        """The same sheet as it would be pasted: what was previewed is what is confirmed."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerows([workbook.text_of(cell).replace("\n", " ") for cell in line] for line in self.sheet.rows)
        return out.getvalue()


def read_list(
    project: Project, *, source: str, text: str = "", data: bytes = b"", name: str = "", sure: bool = False
) -> VoucherList:
    """Read a pasted table (``text``) or a workbook (``data``, ``name``); ``source`` pays where the list names none, ``sure`` says
    that amounts which can hardly be were compared with the originals.

    Amounts are in đồng unless the head says otherwise.  Raises Invalid(file=… or pasted=…) where there is no list at all.
    """
    sheet = _sheet(text=text, data=data, name=name)
    if len(sheet.rows) > MAX_LINES:
        raise Invalid(pasted=_("Bảng kê dài hơn %(most)s dòng. Hãy chia thành nhiều lần.") % {"most": MAX_LINES})
    header = workbook.find_header(sheet, NAMED_COLUMNS if _names_beneficiaries(sheet) else COLUMNS)
    found = VoucherList(sheet, warnings=workbook.passed_over(sheet, header))
    if not set(MONEY) & header.columns.keys():
        raise Invalid(pasted=_("Bảng kê không có cột số tiền."))
    units = {key: _unit(header, key) for key in MONEY if key in header.columns}
    marks = {key: workbook.decimal_mark(_cells(sheet, header, key)) for key in units}
    sums = dict.fromkeys(units, 0)
    helped = _Helped(project) if WHOSE.key in header.columns else None
    for line in range(header.start, len(sheet.rows)):
        cells = sheet.rows[line]
        if not any(cell is not None for cell in cells):
            continue
        before = len(found.faults)
        amounts = {key: _amount(found, header, line, key, units[key], marks[key]) for key in units}
        _failures(found, header, line)
        if _is_total(cells):
            _compare(found, header, line, sums, amounts)
            continue
        if header.value(cells, "on") is None and not any(amounts.values()):
            continue  # a group's title
        for key, amount in amounts.items():
            sums[key] += amount or 0
        if len(found.faults) > before:
            continue
        _line(found, header, line, amounts, source, helped)
    if not found.rows and not found.faults:
        raise Invalid(pasted=_("Bảng kê chưa có dòng nào."))
    found.rows = [replace(row, sure=sure) for row in found.rows]
    for (line, money), faults in zip(found.places, voucher_faults(project, rows=found.rows), strict=True):
        for fault in faults:
            told = Fault(sheet.name, line, header.columns.get(COLUMN_OF.get(fault.fact, ""), money), fault.sentence)
            if told not in found.faults:  # a line that two sources pay is two rows with one tax code
                found.faults.append(told)
    found.faults.sort(key=lambda fault: (fault.row, fault.column))
    return found


def _failures(found: VoucherList, header: Header, line: int) -> None:
    """A formula that came to nothing is a fault in every column, once."""
    told = {(fault.row, fault.column) for fault in found.faults}
    for column in header.columns.values():
        if (line, column) not in told and (reason := workbook.failure(found.sheet.cell(line, column))):
            found.faults.append(Fault(found.sheet.name, line, column, reason))


def marked(found: VoucherList, *, data: bytes = b"", name: str = "") -> bytes:
    """The list given back as a workbook with its faults in their cells: the one that was sent, or one of what was pasted."""
    faults = [*found.faults, *found.warnings]
    if data:
        return workbook.marked(data, faults, name=name)
    return workbook.marked_sheets([found.sheet], faults)


def _sheet(*, text: str, data: bytes, name: str) -> Sheet:
    if data:
        sheets = [sheet for sheet in workbook.read(data, name) if not sheet.hidden and any(sheet.rows)]
        if not sheets:
            raise Invalid(file=_("Tệp “%(name)s” không có nội dung.") % {"name": name})
        return sheets[0]
    if not text.strip():
        raise Invalid(pasted=_("Hãy dán bảng kê hoặc chọn tệp."))
    delimiter = "\t" if "\t" in text else ";"
    try:
        rows: list[list[Cell]] = [
            [cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error:  # one sign of quotation that nobody closed makes one cell of all that follows
        raise Invalid(pasted=_("Bảng dán có dấu ngoặc kép không đóng. Hãy gửi bảng kê bằng tệp Excel.")) from None
    return Sheet(_("Bảng dán"), rows)


def _cells(sheet: Sheet, header: Header, key: str) -> Iterator[Cell]:
    return (header.value(row, key) for row in sheet.rows[header.start :])


def _unit(header: Header, key: str) -> int:
    told = fold(header.titles.get(header.columns[key], ""))
    if "trieu" in told:
        return 1_000_000
    return 1_000 if "nghin" in told or "1.000" in told or "ngan dong" in told else 1


def _amount(found: VoucherList, header: Header, line: int, key: str, unit: int, mark: str | None) -> int | None:
    cell = header.value(found.sheet.rows[line], key)
    try:
        whole = workbook.money(cell, unit=unit, decimal=mark)
    except Unreadable as fault:
        found.faults.append(Fault(found.sheet.name, line, header.columns[key], str(fault)))
        return None
    if whole is None:
        return None
    if whole != whole.to_integral_value():
        found.faults.append(
            Fault(found.sheet.name, line, header.columns[key], _("Số tiền tính đến đồng, không có phần lẻ."))
        )
        return None
    return int(whole)


def _is_total(cells: Sequence[Cell]) -> bool:
    words = [fold(str(cell)).strip(" :.") for cell in cells if isinstance(cell, str)]
    return any(word in TOTALS or word.startswith(("tong cong", "cong:")) for word in words[:3])


def _compare(
    found: VoucherList, header: Header, line: int, sums: dict[str, int], amounts: dict[str, int | None]
) -> None:
    for key, told in amounts.items():
        if told is not None and told != sums[key]:
            found.warnings.append(
                Fault(
                    found.sheet.name,
                    line,
                    header.columns[key],
                    _("Dòng tổng ghi %(told)s đồng, các dòng cộng lại %(given)s đồng.")
                    % {"told": dong(told), "given": dong(sums[key])},
                )
            )


class _Helped:
    """Those whom the project helps, by what a list calls them: by their names of today and before."""

    def __init__(self, project: Project):
        self._names = [
            (one, fold(name), f" {name_key(name)} ")
            for one in queries.helped(project)
            for name in (str(one), *one.establishment.former_names)
        ]

    def named(self, typed: str) -> list[Beneficiary]:
        """Those of this name; else of this name without its legal form; else those whose name holds it or is held by it, word for
        word.  Empty where there is none."""
        whole, told = fold(typed), f" {name_key(typed)} "
        for found in (
            [one for one, name, _key in self._names if name == whole],
            [one for one, _name, key in self._names if key == told],
            [one for one, _name, key in self._names if told in key or key in told],
        ):
            if found:
                return list(dict.fromkeys(found))
        return []


def _names_beneficiaries(sheet: Sheet) -> bool:
    """Whether a column headed "Đơn vị thụ hưởng" or alike holds names, not money."""
    heads = {fold(name) for name in WHOSE.synonyms}
    for line, row in enumerate(sheet.rows[:30]):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and fold(cell).strip() in heads:
                below = [sheet.cell(under, column) for under in range(line + 1, len(sheet.rows))]
                return not any(map(_is_number, below)) and any(isinstance(one, str) for one in below)
    return False


def _is_number(cell: Cell) -> bool:
    try:
        return workbook.number(cell) is not None
    except Unreadable:
        return False


def _line(
    found: VoucherList,
    header: Header,
    line: int,
    amounts: dict[str, int | None],
    default: str,
    helped: _Helped | None,
) -> None:
    cells = found.sheet.rows[line]

    def text(key: str) -> str:
        return workbook.text_of(header.value(cells, key))

    before = len(found.faults)
    on = None
    try:
        on = workbook.day(header.value(cells, "on"))
        wrong = "" if on else _("Thiếu ngày chứng từ.")
    except Unreadable as fault:
        wrong = str(fault)
    if wrong:
        found.faults.append(Fault(found.sheet.name, line, header.columns["on"], wrong))
    paid_by = _source(typed := text("source")) or ("" if typed and not _is_general(typed) else default)
    if not paid_by:  # the source chosen for lines without one does not pay for what somebody wrote
        told_source = _("“%(source)s” không phải tên nguồn: ghi KCQG, KCĐP, Đối ứng hoặc Nguồn khác.")
        told_source %= {"source": typed[:60]}
        found.faults.append(Fault(found.sheet.name, line, header.columns["source"], told_source))
    asked = text(WHOSE.key) if helped else ""
    named = helped.named(asked) if helped and asked else []
    if asked and len(named) != 1:
        told_name = _("“%(name)s” không phải đơn vị thụ hưởng của đề án này.")
        if named:
            told_name = _("Đề án có nhiều đơn vị thụ hưởng mang tên “%(name)s”; hãy ghi đủ tên.")
        told_name %= {"name": asked[:120]}
        found.faults.append(Fault(found.sheet.name, line, header.columns[WHOSE.key], told_name))
    if on is None or len(found.faults) > before:
        return
    whose = named[0] if named else None
    split = {key: amount for key, amount in amounts.items() if key in Source.values and amount}
    if not split:
        split = {paid_by: amounts.get("amount") or 0}
    elif (told := amounts.get("amount")) and sum(split.values()) != told:
        found.faults.append(
            Fault(
                found.sheet.name,
                line,
                header.columns["amount"],
                _("Các nguồn cộng lại %(split)s đồng, cột tổng ghi %(told)s đồng.")
                % {"split": dong(sum(split.values())), "told": dong(told)},
            )
        )
        return
    for source, amount in split.items():
        column = header.columns.get(source if source in header.columns else "amount", header.columns["on"])
        found.places.append((line, column))
        tax_code = workbook.tax_code(header.value(cells, "tax_code"))
        row = _row(on, text, source, amount, tax_code=tax_code, where=cell_name(line, column))
        found.rows.append(replace(row, beneficiary=whose))


def _row(on: date, text, source: str, amount: int, *, tax_code: str, where: str) -> VoucherRow:
    number = text("number")
    return VoucherRow(
        on=on,
        content=text("content"),
        amount=amount,
        source=source,
        kind=_kind(text("kind"), number=number, tax_code=tax_code),
        symbol=text("symbol")[:20],
        number=number[:30],
        seller=text("seller")[:250],
        seller_tax_code=tax_code,
        treasury_number=text("treasury")[:60],
        where=where,
    )


def _source(typed: str) -> str:
    told = fold(typed)
    names = {
        Source.NATIONAL: ("kcqg", "khuyen cong quoc gia", "quoc gia", "trung uong"),
        Source.LOCAL: ("kcdp", "khuyen cong dia phuong", "dia phuong", "tinh"),
        Source.COUNTERPART: ("doi ung", "thu huong", "co so", "tu co", "tu bo"),
        Source.OTHER: ("khac",),
    }
    return next((str(source.value) for source, words in names.items() if any(word in told for word in words)), "")


def _is_general(typed: str) -> bool:
    """Money of the State, not said of which level: the source chosen for the list tells."""
    told = fold(typed)
    return told.strip() == "kc" or any(word in told for word in ("khuyen cong", "ngan sach", "nsnn", "nha nuoc"))


def _kind(typed: str, *, number: str, tax_code: str) -> str:
    told = fold(f"{typed} {number}")
    if "ky nhan" in told or "danh sach" in told:
        return VoucherKind.RECEIPT_LIST
    if "phieu chi" in told or fold(number).startswith("pc"):
        return VoucherKind.CASH
    if "uy nhiem" in told or "giay rut" in told or fold(number).startswith("unc"):
        return VoucherKind.TRANSFER
    if "hoa don" in told or tax_code:
        return VoucherKind.INVOICE
    return VoucherKind.OTHER
