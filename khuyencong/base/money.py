"""Money is a whole number of đồng, from the database to the page."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.db import models

MILLION = 1_000_000


class DongField(models.BigIntegerField):
    """An amount in đồng.  Never a float, never a Decimal: the đồng has no cents."""


def share(amount: int, ratio: Decimal) -> int:
    """``ratio`` of ``amount`` đồng, to the đồng, half up.  Money is rounded here and in ``at_most`` alone."""
    return int((amount * ratio).quantize(Decimal(1), ROUND_HALF_UP))


def at_most(amount: int, ratio: Decimal) -> int:
    """The largest whole number of đồng within ``ratio`` of ``amount``: what the law bounds is not passed by half a đồng."""
    return int((amount * ratio).quantize(Decimal(1), ROUND_DOWN))


def dong(amount: int) -> str:
    """``1234567`` → ``1.234.567``."""
    return f"{amount:,}".replace(",", ".")


def million(amount: int, decimals: int | None = None) -> str:
    """đồng → triệu đồng as written in tables: ``425060000`` → ``425,06``; at most 3 decimals, trailing zeros dropped.

    With ``decimals`` exactly that many are written.  Amounts below 500 đồng round to ``0``.
    """
    return _in_millions(amount, 3 if decimals is None else decimals, trimmed=decimals is None)


def million_exactly(amount: int) -> str:
    """The same to the last đồng, for a field that is read back: ``300000001`` → ``300,000001``."""
    return _in_millions(amount, 6, trimmed=True)


def _in_millions(amount: int, decimals: int, *, trimmed: bool) -> str:
    value = (Decimal(amount) / MILLION).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{value:,f}"
    if trimmed and "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return text.translate(str.maketrans(",.", ".,"))
