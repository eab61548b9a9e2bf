"""What an organisation must be before it is kept: its codes and its name."""

import re
from typing import Any

from stdnum.vn import mst

from khuyencong.base.errors import Invalid
from khuyencong.base.sentences import counted
from khuyencong.base.sentences import sentence as _
from khuyencong.organisations.enums import Family, Kind
from khuyencong.organisations.models import Organisation

# A citizen's number begins with the code of the province of birth registration, 001 to 096 (Thông tư 59/2021/TT-BCA); not these.
_NO_PROVINCE = (
    "000 003 005 007 009 013 016 018 021 023 028 029 032 039 041 043 047 050 053 055 057 059 061 063 065 069 071 073"
)
_NO_PROVINCE += " 076 078 081 085 088 090"
_KINDS = frozenset(Kind.values)  # asked once a row of an import


def ways_kept(digits: str) -> tuple[str, ...]:
    """How a tax code of these digits may be kept: as they are, and as that of a branch."""
    return (digits,) if len(digits) == 10 else (digits, f"{digits[:10]}-{digits[10:]}")


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
        if digits[:3] > "096" or digits[:3] in _NO_PROVINCE or digits[3] not in "0123":
            raise Invalid(
                tax_code=_("Số %(code)s không phải số căn cước hợp lệ. Hãy xem lại từng chữ số.") % {"code": text}
            )
        return digits
    raise Invalid(
        tax_code=counted("Mã số thuế có %(count)s chữ số; phải là 10 số, 13 số hoặc 12 số (số căn cước).", len(digits))
        % {"count": len(digits)}
    )


def family_of(code: str) -> Family | None:
    """Which kind of tax code this is; None for none."""
    return {10: Family.ENTERPRISE, 14: Family.BRANCH, 12: Family.PERSON}.get(len(code))


def open_code(code: str) -> str:
    """The tax code as everybody may read it: nothing for a citizen's number."""
    return "" if family_of(code) is Family.PERSON else code


def build(*, name: str, kind: str, **facts: Any) -> Organisation:
    """An organisation with cleaned facts, not yet saved: for one record and for an import of many alike.

    Raises Invalid on ``name``, ``kind`` or ``tax_code``.  Does not ask the database: duplicates are the act's question.
    """
    name = " ".join((name or "").split())
    if len(name) < 3:
        raise Invalid(name=_("Hãy ghi tên đầy đủ của tổ chức."))
    if kind not in _KINDS:
        raise Invalid(kind=_("Hãy chọn loại tổ chức."))
    organisation = Organisation(
        name=name[:250], kind=kind, **{**facts, "tax_code": tax_code(facts.get("tax_code", ""))}
    )
    organisation.derive()
    return organisation
