from decimal import Decimal

import pytest

from khuyencong.base.money import at_most, dong, million, million_exactly, share


@pytest.mark.parametrize(
    ("amount", "ratio", "rounded"),
    [(1, "0.5", 1), (3, "0.5", 2), (500, "0.015", 8), (0, "0.5", 0), (10**15 + 1, "1", 10**15 + 1)],
)
def test_a_share_is_rounded_half_up_to_the_dong(amount, ratio, rounded):
    assert share(amount, Decimal(ratio)) == rounded


@pytest.mark.parametrize(
    ("amount", "ratio", "most"),
    [(1, "0.5", 0), (3, "0.5", 1), (2, "0.5", 1), (599_999_999, "0.5", 299_999_999), (7, "1", 7)],
)
def test_what_is_bounded_is_not_passed_by_half_a_dong(amount, ratio, most):
    assert at_most(amount, Decimal(ratio)) == most


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (425_060_000, "425,06"),
        (1_234_567_890, "1.234,568"),
        (200_000_000, "200"),
        (499, "0"),
        (500, "0,001"),
        (-499, "0"),
    ],
)
def test_millions_have_at_most_three_decimals(amount, written):
    assert million(amount) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [(300_000_001, "300,000001"), (1_234_567_890, "1.234,56789"), (425_060_000, "425,06"), (1, "0,000001"), (0, "0")],
)
def test_millions_to_be_read_back_keep_every_dong(amount, written):
    assert million_exactly(amount) == written


def test_amounts_in_dong_have_points():
    assert dong(1234567) == "1.234.567"
