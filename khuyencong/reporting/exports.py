"""The yearly report as a workbook: the same values as on the page, in triệu đồng."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from khuyencong.base.money import MILLION
from khuyencong.reporting.queries.yearly import Line, YearlyReport


def tables(report: YearlyReport) -> list[tuple[str, list[str], list[list[Any]]]]:
    """The tables of the report: title, heads, rows; amounts in đồng as ``int``, counts as ``Count``, ratios as Decimal."""
    whole = report.state_total
    sources: list[list[Any]] = [
        [line.source.label, line.allocated, line.approved, line.contracted, line.advanced, line.settled, line.disbursed]
        for line in report.sources
    ]
    sources.append(
        [_("Cộng"), whole.allocated, whole.approved, whole.contracted, whole.advanced, whole.settled, whole.disbursed]
    )
    money_heads = [_("Số đề án"), _("KCQG"), _("KCĐP"), _("Cộng"), _("Đối ứng"), _("Nguồn khác")]
    return [
        (
            _("Kinh phí theo nguồn"),
            [
                _("Nguồn"),
                _("Dự toán giao"),
                _("Đã phê duyệt"),
                _("Đã ký hợp đồng"),
                _("Đã giải ngân"),
                _("Đã quyết toán"),
                _("Tỷ lệ giải ngân"),
            ],
            sources,
        ),
        (_("Đề án theo nội dung hoạt động"), [_("Nội dung"), *money_heads], _lines(report, report.activities)),
        (_("Đề án theo địa bàn"), [_("Địa bàn"), *money_heads], _lines(report, report.places)),
        (
            _("Chỉ tiêu"),
            [_("Chỉ tiêu"), _("Số lượng")],
            [
                [_("Đề án được phê duyệt"), Count(report.total.projects)],
                [_("Đề án điều chỉnh"), Count(report.changed)],
                [_("Đề án ngừng thực hiện"), Count(report.total.stopped)],
                [_("Đề án đã nghiệm thu"), Count(report.total.accepted)],
                [_("Đề án đã quyết toán"), Count(report.total.settled)],
                [_("Trong đó hồ sơ lịch sử"), Count(report.total.historical)],
                [_("Lượt cơ sở được hỗ trợ"), Count(report.times)],
                [_("Cơ sở khác nhau được hỗ trợ"), Count(report.establishments)],
                [_("Trong đó do phụ nữ làm chủ"), Count(report.women)],
            ],
        ),
    ]


class Count(int):
    """A number of things, not of đồng."""


def _lines(report: YearlyReport, lines: Sequence[Line]) -> list[list[Any]]:
    rows = [[line.label, *_values(line)] for line in lines]
    return [*rows, [_("Cộng"), *_values(Line(0, "", report.total))]]


def _values(line: Line) -> list[Any]:
    s = line.sums
    return [Count(s.projects), s.national, s.local, s.support, s.counterpart, s.other]


def workbook(report: YearlyReport, *, title: str, note: str) -> io.BytesIO:
    """An .xlsx with a sheet a table; ready to be printed on A4."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
    strong, cell = book.add_format({"bold": True, "font_size": 13}), book.add_format({"border": 1, "text_wrap": True})
    amount = book.add_format({"border": 1, "num_format": "#,##0.###"})
    count = book.add_format({"border": 1, "num_format": "#,##0"})
    percent = book.add_format({"border": 1, "num_format": "0.0%"})
    for name, heads, rows in tables(report):
        sheet = book.add_worksheet(name[:31])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, len(heads), 15)
        sheet.write_string(0, 0, title, strong)
        sheet.write_string(1, 0, f"{name} ({_('triệu đồng')})" if len(heads) > 2 else name)
        sheet.write_string(2, 0, note)
        for column, text in enumerate(heads):
            sheet.write_string(4, column, text, head)
        for line, row in enumerate(rows, start=5):
            for column, value in enumerate(row):
                if value is None:
                    sheet.write_string(line, column, "–", cell)
                elif isinstance(value, Count):
                    sheet.write_number(line, column, value, count)
                elif isinstance(value, Decimal):
                    sheet.write_number(line, column, float(value), percent)
                elif isinstance(value, int):
                    sheet.write_number(line, column, float(Decimal(value) / MILLION), amount)
                else:
                    sheet.write_string(line, column, str(value), cell)
    book.close()
    target.seek(0)
    return target
