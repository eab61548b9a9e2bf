import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("(0263) 3.822.123", "02633822123"),
        ("0263 – 3822 123", "02633822123"),
        ("1900 1234", "19001234"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_numbers_are_kept_in_one_form(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["01234567890", "091234", "abc", "0112345", "0912abc567", "0912345678 ext 12", "0912345678 / 0913456789"]
)
def test_what_is_no_number_in_use_is_refused_on_its_field(typed):
    with pytest.raises(Invalid) as refusal:
        clean_phone(typed, field="contact")

    assert "0912345678" in refusal.value.fields["contact"]


@given(st.from_regex("0[0-9]{9}", fullmatch=True))
@example("0912345678")
@example("0559123456")
@example("0241234567")
def test_ten_digits_are_judged_as_the_library_judges_them(typed):
    number = phonenumbers.parse(typed, "VN")
    if phonenumbers.is_valid_number(number):
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        assert clean_phone(typed) == national.replace(" ", "")
    else:
        with pytest.raises(Invalid):
            clean_phone(typed)


def test_what_follows_the_beginning_of_a_mobile_number_makes_it_no_other():
    """Every beginning of five digits with the least, the greatest and two other endings."""
    for beginning in range(1_000, 10_000):
        kinds = {
            phonenumbers.number_type(phonenumbers.parse(f"0{beginning:04}{ending}", "VN"))
            for ending in ("00000", "12345", "67890", "99999")
        }
        mobile = phonenumbers.PhoneNumberType.MOBILE
        assert kinds == {mobile} or mobile not in kinds
