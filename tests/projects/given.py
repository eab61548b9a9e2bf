"""What several files of tests here begin with."""

from khuyencong.projects import operations
from tests.factories.norms import (
    LineFactory,
    SupportNormFactory,
)

MILLION = 1_000_000
TABS = ("page", "money", "papers", "beneficiaries", "history", "checks")
EDITORS = ("change", "parts", "estimate", "other_sources")


def norm(land, *, cap=300 * MILLION, percent=50, **facts):
    SupportNormFactory(
        line=LineFactory(code="MMTB", anywhere=True), level="provincial", province=land.province, cap=cap, percent=percent, **facts
    )  # fmt: skip


def approved(file, people, paper, day, **granted):
    return operations.approve(file, by=people.approver, on=day, paper=paper("approve"), **granted)


def html(answer):
    return answer.content.decode()


def paper_fields(**facts):
    return {
        "number": "12/TTr-TTKC",
        "signed_on": "01/06/2026",
        "signer": "Vũ Đình Khoa",
        "signer_title": "Giám đốc",
    } | facts
