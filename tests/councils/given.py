"""What several files of tests here begin with."""

import datetime as dt
import uuid

from khuyencong.councils import operations
from khuyencong.councils.rules import Party, Subject

DAY = dt.date(2026, 11, 18)
ABOUT = {"tax_code": "0100233488"}


def subject(**party):
    return Subject(uid=uuid.uuid4(), label="26-66-001 Máy sấy", parties=(Party(name="Cơ sở Ngọc Tứ", **party),))


def marks(**other):
    return {n: {"result": "meets", "comment": "Tốt"} for n in range(1, 6)} | other


def scored(judge, about=None, **facts):
    facts = {"marks": marks(), "conclusion": "pass", "by": judge.user, "on": DAY} | facts
    return operations.score(judge, subject=about or subject(), **facts)


def settled(member, about, by, **facts):
    facts = {"outcome": "dismissed", "reason": "Mã số thuế của đơn vị cũ, đã nghỉ năm 2020"} | facts
    return operations.settle_conflict(member, subject=about, basis=facts.pop("basis", "tax_code"), by=by, **facts)
