"""What an organisation must be before it is kept: its codes and its name."""

import re
from typing import Any

from django.utils.translation import gettext as _
from stdnum.vn import mst

from khuyencong.base.errors import Invalid
from khuyencong.organisations.enums import Family, Kind
from khuyencong.organisations.models import Organisation

# The first three digits of a citizen's number: the code of the province of birth registration (Thông tư 59/2021/TT-BCA).
_PROVINCES_OF_BIRTH = frozenset(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 "
    "045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 "
    "092 093 094 095 096".split()
)


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
