"""Telephone numbers as people type them."""

import re
from functools import cache

import phonenumbers

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _


def clean_phone(text: str, *, field: str = "phone") -> str:
    """``+84 912.345.678`` → ``0912345678``; empty stays empty.  Raises Invalid on ``field`` for what is no number in use."""
    if not (text or "").strip():
        return ""
    if _TEN_DIGITS.fullmatch(text) and _mobile(text[:5]):
        return text
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(**{field: _("Số điện thoại “%(text)s” không đúng. Ví dụ: 0912345678.") % {"text": text.strip()}})
    if number.country_code != 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")


_TEN_DIGITS = re.compile("0[1-9][0-9]{8}")


@cache
def _mobile(beginning: str) -> bool:
    """Whether ten digits that begin so are a mobile number, whatever follows: a list of a hundred thousand asks it once for
    each beginning, and the library, which reads a number in fifty steps, only then."""
    number = phonenumbers.parse(f"{beginning}00000", "VN")
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
