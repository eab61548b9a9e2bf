import pytest

from khuyencong.base.errors import Invalid
from khuyencong.base.phone import clean_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "0912345678"),
        ("+84 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_numbers_are_kept_in_one_form(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["01234567890", "091234", "abc", "0112345"])
def test_what_is_no_number_in_use_is_refused_on_its_field(typed):
    with pytest.raises(Invalid) as refusal:
        clean_phone(typed, field="contact")

    assert "0912345678" in refusal.value.fields["contact"]
