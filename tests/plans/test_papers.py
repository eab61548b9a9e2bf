"""The submission letter names the texts that the norms know, not those that somebody once wrote into it."""

import datetime as dt

import pytest

from khuyencong.norms import queries as norms
from khuyencong.plans import papers
from tests.factories.norms import ApproverRowFactory, InstrumentFactory, LinkFactory, SupportNormFactory
from tests.factories.places import ProvinceFactory
from tests.factories.plans import DecisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def law():
    main = InstrumentFactory(number="45/2012/NĐ-CP", signed_on=dt.date(2012, 5, 21), valid_from=dt.date(2012, 7, 5))
    for level in ("national", "provincial"):
        ApproverRowFactory(act="approve_plan", instrument=main, level=level, valid_from=dt.date(2012, 7, 5))
    later = InstrumentFactory(number="235/2025/NĐ-CP", signed_on=dt.date(2025, 8, 27), valid_from=dt.date(2025, 10, 15))
    ended = InstrumentFactory(
        number="1/2013/NĐ-CP",
        signed_on=dt.date(2013, 1, 1),
        valid_from=dt.date(2013, 2, 1),
        valid_to=dt.date(2020, 1, 1),
    )
    for text in (later, ended):
        LinkFactory(instrument=text, kind="amends", target=main)
    return main, later


def test_a_plan_rests_on_the_text_of_its_approval_and_what_amends_it_that_day(law):
    main, later = law

    assert norms.bases_of_plan(on=dt.date(2026, 1, 1)) == [main, later]
    assert norms.bases_of_plan(on=dt.date(2025, 10, 15)) == [main, later]
    assert later not in norms.bases_of_plan(on=dt.date(2025, 10, 14))
    assert norms.bases_of_plan(on=dt.date(2012, 7, 4)) == []


def test_local_money_rests_on_the_texts_of_its_own_province_too(law):
    province, other = ProvinceFactory(), ProvinceFactory()
    for place in (province, other):
        text = InstrumentFactory(number=f"{place.pk}/NQ-HĐND", signed_on=dt.date(2025, 12, 1))
        SupportNormFactory(instrument=text, province=place, level="provincial", valid_from=dt.date(2026, 1, 1))

    found = norms.bases_of_plan(on=dt.date(2026, 6, 1), level="provincial", province=province)

    assert [text.number for text in found] == ["45/2012/NĐ-CP", "235/2025/NĐ-CP", f"{province.pk}/NQ-HĐND"]


def test_the_letter_begins_with_these_texts(law):
    decision = DecisionFactory(plan__level="provincial")

    told = papers.submission(decision, on=dt.date(2026, 6, 1))["bases"]

    assert ("45/2012/NĐ-CP" in told[0], "235/2025/NĐ-CP" in told[1], len(told)) == (True, True, 2)
