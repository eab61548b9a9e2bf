"""The same rows as a file: .xlsx and .csv."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.base.text import no_formula
from khuyencong.web.common.lists.columns import Column


def plain(value: Any) -> Any:
    """For a file: days and moments as people write them, text that no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if value is None:
        return ""
    if isinstance(value, (int, float, Decimal)):
        return value
    return no_formula(str(value))


def csv_line(line: list) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(line)
    return buffer.getvalue()


def workbook(title: str, columns: Iterable[Column], records: Iterable) -> io.BytesIO:
    """An .xlsx of these columns, written row by row."""
    columns, target = list(columns), io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", str(title))[:31])
    bold, day = (
        book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
        book.add_format({"num_format": "dd/mm/yyyy"}),
    )
    amount, ratio = book.add_format({"num_format": "#,##0"}), book.add_format({"num_format": "0.0%"})
    sheet.freeze_panes(1, 0)
    for index, c in enumerate(columns):
        sheet.set_column(index, index, 16 if c.numeric or c.kind in ("day", "due") else 28)
        unit = f" ({_('đồng')})" if c.kind in ("money", "million") else ""
        sheet.write_string(0, index, f"{c.label}{unit}", bold)
    for line, record in enumerate(records, start=1):
        for index, c in enumerate(columns):
            value = c.of(record)
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, date)):
                sheet.write_string(line, index, plain(value) if isinstance(value, datetime) else str(value))
            elif isinstance(value, datetime):
                sheet.write_string(line, index, plain(value))
            elif isinstance(value, date):
                sheet.write_datetime(line, index, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif c.kind == "percent":
                sheet.write_number(line, index, float(value), ratio)
            else:
                sheet.write_number(line, index, float(value), amount if c.numeric else None)
    book.close()
    target.seek(0)
    return target
