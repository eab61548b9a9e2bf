"""Telephone numbers as people type them."""

import phonenumbers

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import sentence as _


def clean_phone(text: str, *, field: str = "phone") -> str:
    """``+84 912.345.678`` → ``0912345678``; empty stays empty.  Raises Invalid on ``field`` for what is no number in use."""
    if not (text or "").strip():
        return ""
    try:
        number = phonenumbers.parse(text, "VN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(**{field: _("Số điện thoại “%(text)s” không đúng. Ví dụ: 0912345678.") % {"text": text.strip()}})
    if number.country_code != 84:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(" ", "")
