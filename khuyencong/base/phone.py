"""Telephone numbers as people type them."""

import re
from functools import cache

import phonenumbers

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _


def clean_phone(text: str, *, field: str = "phone") -> str:
    """``+84 912.345.678`` → ``0912345678``; empty stays empty.  Raises Invalid on ``field`` for what is no number in use, and
    for words: the library would read letters as the keys on which they stand."""
    if not (text or "").strip():
        return ""
    if _TEN_DIGITS.fullmatch(text) and _mobile(text[:5]):
        return text
    try:
        number = phonenumbers.parse(text, "VN") if _SIGNS.fullmatch(text) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        told = _("Số điện thoại “%(text)s” không đúng. Hãy ghi một số, ví dụ 0912345678 hoặc 0263 3822 123.")
        raise Invalid(**{field: told % {"text": text.strip()}})
    if number.country_code != 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")


_TEN_DIGITS = re.compile("0[1-9][0-9]{8}")
_SIGNS = re.compile(r"[\d\s.()+\-\u2010-\u2015]+")


@cache
def _mobile(beginning: str) -> bool:
    """Whether ten digits that begin so are a mobile number, whatever follows: a list of a hundred thousand asks it once for
    each beginning, and the library, which reads a number in fifty steps, only then."""
    number = phonenumbers.parse(f"{beginning}00000", "VN")
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
