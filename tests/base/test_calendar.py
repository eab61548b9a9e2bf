import datetime as dt

import pytest

from khuyencong.base.calendar import add_working_days, is_working_day, working_days_between

D = dt.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (D(2026, 11, 20), True),
        (D(2026, 11, 21), False),  # Saturday
        (D(2026, 9, 2), False),  # National Day
        (D(2026, 8, 31), False),  # bridge day …
        (D(2026, 8, 22), True),  # … worked on this Saturday
        (D(2026, 2, 18), False),  # Tết
        (D(2026, 11, 24), False),  # Ngày Văn hóa Việt Nam
    ],
)
def test_working_days_know_weekends_holidays_and_swapped_days(day, works):
    assert is_working_day(day) is works


def test_what_the_administrator_entered_wins():
    assert is_working_day(D(2026, 11, 20), exceptions={D(2026, 11, 20): False}) is False
    assert is_working_day(D(2026, 11, 21), exceptions={D(2026, 11, 21): True}) is True


def test_the_first_day_is_not_counted_and_the_last_is():
    assert working_days_between(D(2026, 11, 2), D(2026, 11, 2)) == 0
    assert working_days_between(D(2026, 11, 2), D(2026, 11, 3)) == 1
    assert working_days_between(D(2026, 11, 6), D(2026, 11, 9)) == 1  # over a weekend
    assert working_days_between(D(2026, 11, 9), D(2026, 11, 2)) == 0


def test_a_deadline_in_working_days_ends_on_a_working_day():
    assert add_working_days(D(2026, 11, 20), 1) == D(2026, 11, 23)
    assert add_working_days(D(2026, 11, 20), 2) == D(2026, 11, 25)  # 24/11 is free
    assert add_working_days(D(2026, 11, 20), 0) == D(2026, 11, 20)
