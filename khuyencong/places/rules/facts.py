"""What a dated fact of a unit may be."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.places.enums import FactName


def fact_wrong(name: str, value: str) -> str:
    """Why this value cannot be the fact of this name; empty where it can."""
    if name == FactName.CITY_CLASS and value not in ("1", "2", "3", "special"):
        return _("Loại đô thị ghi 1, 2, 3 hoặc special.")
    if name == FactName.CONVERTED and value != "no":
        try:
            date.fromisoformat(value)
        except ValueError:
            return _("Ghi ngày thành phường theo dạng năm-tháng-ngày, ví dụ 2022-02-10; chưa từng là xã thì ghi no.")
    return ""
