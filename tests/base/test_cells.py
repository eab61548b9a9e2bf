"""Numbers, codes, days and years as people type them into cells."""

import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.base.workbook import (
    Unreadable,
    cell_name,
    code,
    day,
    decimal_mark,
    money,
    number,
    text_of,
    year,
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1.438,5", "1438.5"),
        ("1,438.5", "1438.5"),
        ("1 438", "1438"),
        ("1\u00a0438,5 đ", "1438.5"),
        ("1.438", "1438"),
        ("1,5", "1.5"),
        ("1,438", "1.438"),
        ("0.438", "0.438"),
        ("1.5", "1.5"),
        ("1.438.500", "1438500"),
        ("1,438,500", "1438500"),
        ("(12)", "-12"),
        ("-12", "-12"),
        ("1.438.500 đồng", "1438500"),
        (1438.5, "1438.5"),
        (0.1 + 0.2, "0.3"),
        (300.0, "300"),
        (7, "7"),
    ],
)
def test_numbers_are_read_as_typed(cell, value):
    assert number(cell) == Decimal(value)


@pytest.mark.parametrize("cell", [None, "", "-", " – ", "…"])
def test_an_empty_cell_is_no_number(cell):
    assert number(cell) is None


@pytest.mark.parametrize(
    ("cell", "dong"),
    [
        ("1.438,5", 1_438_500_000),
        ("1438,5 trđ", 1_438_500_000),
        ("12tr", 12_000_000),
        ("12 Tr.đồng", 12_000_000),
        ("0,5 tỷ đồng", 500_000_000),
        ("500 nghìn", 500_000),
        ("300.000.000 đồng", 300_000_000),
        ("300.000.000đ", 300_000_000),
        (300.0, 300_000_000),
        ("-", None),
    ],
)
def test_an_amount_that_names_its_own_unit_is_read_in_it(cell, dong):
    assert money(cell, unit=1_000_000) == dong


@pytest.mark.parametrize("cell", ["12tr5", "trđ", "12 cái", "x"])
def test_what_is_no_amount_is_said(cell):
    with pytest.raises(Unreadable, match="không phải là số"):
        money(cell, unit=1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("ba trăm", "“ba trăm” không phải là số."),
        ("12 triệu", "“12 triệu” không phải là số."),
        ("x", "“x” không phải là số."),
        ("1.43.8", "“1.43.8” không phải là số."),
        ("#REF!", "Ô chứa lỗi của Excel: #REF!."),
        (dt.date(2024, 1, 2), "“2024-01-02” là ngày, không phải là số."),
        (float("nan"), "Không phải là số."),
        (True, "Đúng/Sai không phải là số."),
        (10**16, "“10000000000000000” là số quá lớn."),
        (-1e30, "“-1e+30” là số quá lớn."),
        ("9" * 30, f"“{'9' * 30}” là số quá lớn."),
    ],
)
def test_what_is_no_number_is_said(cell, reason):
    with pytest.raises(Unreadable) as error:
        number(cell)

    assert str(error.value) == reason


def test_a_column_shows_how_it_writes_decimals():
    assert decimal_mark(["1,438", "2.5", None, 3.0]) == "."
    assert decimal_mark(["1.438,5", "7"]) == ","
    assert decimal_mark(["1,438", "1.438"]) is None
    assert number("1,438", decimal=".") == 1438
    assert number("1.438", decimal=".") == Decimal("1.438")


def test_codes_typed_as_numbers_get_their_noughts_back():
    assert code(1.0, 2) == "01"
    assert code("1", 5) == "00001"
    assert code("0100109106-001", 10) == "0100109106-001"
    assert code(None, 2) == ""


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("05/03/2024", dt.date(2024, 3, 5)),
        ("5-3-24", dt.date(2024, 3, 5)),
        ("2024-03-05", dt.date(2024, 3, 5)),
        ("ngày 5 tháng 3 năm 2024", dt.date(2024, 3, 5)),
        ("Đắk Lắk, ngày 5 tháng 3 năm 2024", dt.date(2024, 3, 5)),
        ("3/2024", dt.date(2024, 3, 1)),
        ("năm 2024", dt.date(2024, 1, 1)),
        (45356.0, dt.date(2024, 3, 5)),
        (2024.0, dt.date(2024, 1, 1)),
        (dt.datetime(2024, 3, 5, 7, 30), dt.date(2024, 3, 5)),
        (None, None),
        ("-", None),
    ],
)
def test_days_are_read_as_typed(cell, value):
    assert day(cell) == value


@pytest.mark.parametrize("cell", ["31/02/2024", "hôm qua", 7.0, "13/13/2024", True])
def test_what_is_no_day_is_said(cell):
    with pytest.raises(Unreadable):
        day(cell)


def test_a_year_is_read_alone_and_out_of_a_day():
    assert (year(2019.0), year("05/03/2024"), year(None)) == (2019, 2024, None)


def test_cells_are_named_as_people_see_them():
    assert [cell_name(11, 2), cell_name(0, 26), cell_name(0, 701), cell_name(0, 702)] == ["C12", "AA1", "ZZ1", "AAA1"]
    assert [text_of(3.0), text_of(dt.date(2024, 3, 5)), text_of(None)] == ["3", "05/03/2024", ""]
