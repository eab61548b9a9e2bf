"""A decision rests on the paper of who decides it."""

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.documents.models import Paper
from khuyencong.plans import operations, queries
from khuyencong.plans.operations import Line
from tests.factories.budgets import EnvelopeFactory
from tests.factories.places import CommuneFactory
from tests.factories.plans import PlanFactory
from tests.factories.projects import ProjectFactory
from tests.plans.conftest import DAY, MILLION, SUBMITTED, paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def chairman(house, appraised, submitted):
    """The chairman's decision by which the plan of the province was approved."""
    issued = paper(number="55/QĐ-UBND", province=house.province)
    operations.approve(submitted(appraised()), by=house.approver, on=DAY, paper=issued)
    return issued


def test_the_minister_approves_nothing_by_the_decision_of_a_province(house, chairman):
    EnvelopeFactory(of_agency=True, given=300 * MILLION)
    project = ProjectFactory(of_nation=True, state="ministry_appraised", province=house.province)
    national = PlanFactory(level="national", province=house.province)
    decision = operations.draft_decision(national, kind="approve", by=house.agency)
    operations.put_item(decision, line=Line(project), by=house.agency)
    operations.submit(decision, by=house.agency, on=SUBMITTED, paper=paper("submission"))

    with pytest.raises(NotPossible, match="55/QĐ-UBND .* là của kế hoạch khác: Phê duyệt đợt 1"):
        operations.approve(decision, by=house.minister, on=DAY, paper=chairman)

    decision = operations.approve(decision, by=house.minister, on=DAY, paper=paper(number="88/QĐ-BCT"))
    assert decision.state == "approved"


@pytest.mark.parametrize("level", ["national", "communal"])
def test_such_a_paper_is_not_offered(house, chairman, level):
    commune = CommuneFactory(province=house.province) if level == "communal" else None
    plan = PlanFactory(level=level, province=house.province, commune=commune)
    free = paper(number="88/QĐ", province=house.province)

    offered = queries.unused_for(plan, Paper.objects.filter(pk__in=[chairman.pk, free.pk]))

    assert list(offered) == [free]


def test_one_decision_of_the_minister_speaks_to_several_provinces(house):
    minister = paper(number="88/QĐ-BCT")
    EnvelopeFactory(of_agency=True, given=600 * MILLION)
    for province in (house.province, CommuneFactory().province):
        plan = PlanFactory(level="national", province=province)
        project = ProjectFactory(of_nation=True, state="ministry_appraised", province=province)
        decision = operations.draft_decision(plan, kind="approve", by=house.agency)
        operations.put_item(decision, line=Line(project), by=house.agency)
        operations.submit(decision, by=house.agency, on=SUBMITTED, paper=paper("submission"))

        assert operations.approve(decision, by=house.minister, on=DAY, paper=minister).state == "approved"
