"""What an organisation must be before it is kept: its codes and its name."""

import re
from typing import Any

from django.utils.translation import gettext as _
from stdnum.vn import mst

from khuyencong.base.errors import Invalid
from khuyencong.organisations.enums import Family, Kind
from khuyencong.organisations.models import Organisation

# The first three digits of a citizen's number: the code of the province of birth registration (Thông tư 59/2021/TT-BCA).
_NOT_A_PROVINCE = set(
    "3 5 7 9 13 16 18 21 23 28 29 32 39 41 43 47 50 53 55 57 59 61 63 65 69 71 73 76 78 81 85 88 90".split()
)  # noqa: SIM905
_PROVINCES_OF_BIRTH = {f"{number:03}" for number in range(1, 97) if str(number) not in _NOT_A_PROVINCE}


def tax_code(text: str) -> str:
    """The tax code as it is kept: ``0100233488``, ``0314409058-002`` or twelve digits; empty stays empty.

    Ten and thirteen digits carry a check digit (Thông tư 105/2020/TT-BTC); twelve are a citizen's number, of which only the
    parts can be checked (Luật Quản lý thuế Đ35.7).  Raises Invalid(tax_code=…).
    """
    digits = re.sub(r"[\s.\-–/]", "", text or "")
    if not digits:
        return ""
    if not digits.isascii() or not digits.isdigit():
        raise Invalid(tax_code=_("Mã số thuế chỉ gồm chữ số: 10 số, 13 số hoặc 12 số (số căn cước)."))
    if len(digits) in (10, 13):
        if not mst.is_valid(digits):
            raise Invalid(
                tax_code=_("Mã số thuế %(code)s không đúng số kiểm tra. Hãy xem lại từng chữ số.") % {"code": text}
            )
        return digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"
    if len(digits) == 12:
        if digits[:3] not in _PROVINCES_OF_BIRTH or digits[3] not in "0123":
            raise Invalid(
                tax_code=_("Số %(code)s không phải số căn cước hợp lệ. Hãy xem lại từng chữ số.") % {"code": text}
            )
        return digits
    raise Invalid(
        tax_code=_("Mã số thuế có %(count)s chữ số; phải là 10 số, 13 số hoặc 12 số (số căn cước).")
        % {"count": len(digits)}
    )


def family_of(code: str) -> Family | None:
    """Which kind of tax code this is; None for none."""
    return {10: Family.ENTERPRISE, 14: Family.BRANCH, 12: Family.PERSON}.get(len(code))


def build(*, name: str, kind: str, **facts: Any) -> Organisation:
    """An organisation with cleaned facts, not yet saved: for one record and for an import of many alike.

    Raises Invalid on ``name``, ``kind`` or ``tax_code``.  Does not ask the database: duplicates are the act's question.
    """
    name = " ".join((name or "").split())
    if len(name) < 3:
        raise Invalid(name=_("Hãy ghi tên đầy đủ của tổ chức."))
    if kind not in Kind.values:
        raise Invalid(kind=_("Hãy chọn loại tổ chức."))
    organisation = Organisation(
        name=name[:250], kind=kind, **{**facts, "tax_code": tax_code(facts.get("tax_code", ""))}
    )
    organisation.derive()
    return organisation
