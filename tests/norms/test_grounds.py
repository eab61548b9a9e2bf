"""Where a rule stands in the law on a day: the shipped rows."""

import datetime as dt
from types import SimpleNamespace

import pytest

from khuyencong.norms import queries
from khuyencong.norms.enums import Ground
from khuyencong.norms.models import GroundRow
from khuyencong.places.models import Unit
from tests.norms.conftest import CITY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("law")]


def project(level="national"):
    return SimpleNamespace(level=level, province=Unit.objects.get(code="75", level="province", valid_from=CITY))


@pytest.mark.parametrize(
    ("level", "day", "citation"),
    [
        ("national", dt.date(2014, 4, 7), ""),
        ("national", dt.date(2018, 5, 10), "điểm a khoản 1 Điều 8, Thông tư liên tịch 26/2014/TTLT-BTC-BCT"),
        ("provincial", dt.date(2018, 5, 10), "điểm b khoản 1 Điều 8, Thông tư liên tịch 26/2014/TTLT-BTC-BCT"),
        ("provincial", dt.date(2018, 5, 11), "Thông tư 28/2018/TT-BTC, chưa kiểm chứng"),
        ("communal", dt.date(2026, 11, 22), "Thông tư 28/2018/TT-BTC, chưa kiểm chứng"),
    ],
)
def test_the_joint_circular_is_cited_only_while_it_held(level, day, citation):
    assert queries.ground(Ground.BUDGET, on=day, of=project(level)).citation == citation


@pytest.mark.parametrize(("day", "mark"), [(dt.date(2018, 7, 9), ""), (dt.date(2018, 7, 10), ", chưa kiểm chứng")])
def test_an_amendment_that_nobody_read_leaves_an_article_unsure(day, mark):
    told = queries.cited("Phải có quyết định điều chỉnh.", Ground.CHANGE, on=day)

    assert told == f"Phải có quyết định điều chỉnh (Điều 11, Thông tư 36/2013/TT-BCT{mark})."


def test_local_money_follows_the_ministry_s_circular_only_by_default():
    answer = queries.ground(Ground.CHANGE, on=dt.date(2015, 1, 1), of=project("provincial"))

    assert (answer.is_verified, "do tỉnh quy định" in answer.note) == (False, True)


def test_without_a_row_the_sentence_stands_alone():
    assert queries.cited("Chưa có phụ lục.", Ground.CHANGE, on=dt.date(2014, 2, 9)) == "Chưa có phụ lục."


def test_each_rule_stands_somewhere_today_for_each_money():
    today, there = dt.date(2026, 11, 22), set()
    for level in ("national", "provincial"):
        there |= {(code, level) for code in Ground if queries.ground(code, on=today, of=project(level)).citation}

    assert there == {(code, level) for code in Ground for level in ("national", "provincial")}


def test_all_rules_of_a_page_are_read_in_one_query(django_assert_num_queries):
    with queries.reading(), django_assert_num_queries(1):
        for code in Ground:
            queries.ground(code, on=dt.date(2026, 11, 22))


def test_a_row_says_for_which_rule_it_stands():
    row = GroundRow.objects.filter(code=Ground.TREASURY).order_by("valid_from", "level").first()

    assert str(row) == "Kho bạc kiểm soát, thanh toán (điểm b khoản 2 Điều 8 Thông tư liên tịch 26/2014/TTLT-BTC-BCT)"
