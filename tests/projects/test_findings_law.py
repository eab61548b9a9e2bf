"""What a file is told by its checks: with where each rule stands on the day."""

import datetime as dt

import pytest

from khuyencong.projects import queries
from khuyencong.projects.enums import Rule
from tests.factories.norms import law as load_law
from tests.factories.projects import BeneficiaryFactory, ProjectFactory

pytestmark = pytest.mark.django_db
BEFORE, FROM = dt.date(2018, 7, 9), dt.date(2018, 7, 10)


@pytest.fixture
def file():
    load_law()
    return ProjectFactory(level="national", national=300_000_000, local=0)


def article(file, rule, on):
    [found] = [one for one in queries.checks(file, on=on, deep=False) if one.rule == rule]
    return found.article


@pytest.mark.parametrize(("day", "mark"), [(BEFORE, ""), (FROM, ", chưa kiểm chứng")])
def test_a_check_cites_the_text_of_its_day(file, day, mark):
    assert article(file, Rule.PARTS, day) == f"Điều 5, Thông tư 36/2013/TT-BCT{mark}"
    assert article(file, Rule.SUPPORT, day) == "Điều 12, Điều 13, Nghị định 45/2012/NĐ-CP"


def test_shares_beyond_the_grant_are_refused_with_the_rule_of_the_day(file):
    file.granted_national, file.granted_local, file.granted_counterpart = 100_000_000, 0, 0
    one = BeneficiaryFactory(project=file, national=100_000_001, local=0)

    assert queries.shares_over(file, [one], on=BEFORE).endswith(
        "ở trang Đơn vị thụ hưởng của đề án (điểm a khoản 2 Điều 21, Thông tư 36/2013/TT-BCT)."
    )
    one.national = 100_000_000
    assert queries.shares_over(file, [one], on=BEFORE) == ""
