"""What several files of tests here begin with."""

from khuyencong.budgets import operations
from tests.budgets.conftest import DAY, paper


def decide(house, **values):
    """A budget decision of 3,400 million for the department."""
    values = {
        "level": "provincial",
        "year": 2026,
        "holder": house.holder,
        "province": house.province,
        "amount": 3_400_000_000,
        "name": "Kinh phí khuyến công địa phương năm 2026",
        "chapter": "416",
        "category": "280",
        "clause": "309",
        "by": house.accountant,
        "on": DAY,
        "paper": values.pop("paper", None) or paper("budget_decision"),
    } | values
    return operations.record_budget_decision(**values)
