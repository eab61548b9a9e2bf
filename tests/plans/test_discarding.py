"""A draft begun by mistake is thrown away; whatever has begun to count stays."""

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.plans import operations
from khuyencong.plans.models import Decision
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import OpinionRequestFactory, TermFactory

pytestmark = pytest.mark.django_db


def test_an_empty_draft_goes_with_its_terms_and_the_journal_keeps_that_it_was_there(house, draft):
    decision = draft()
    TermFactory(decision=decision)

    plan = operations.discard_draft(decision, by=house.appraiser)

    assert plan == house.plan
    assert not Decision.objects.filter(pk=decision.pk).exists()
    event = Event.objects.get(action="plan.discard_draft")
    assert (event.actor_id, event.data["decision"]) == (house.appraiser.pk, "Phê duyệt đợt 1")
    assert draft().title == "Phê duyệt đợt 1"


def test_into_a_draft_that_another_threw_away_meanwhile_nothing_is_put(house, appraised, draft):
    decision, project = draft(), appraised()
    seen_by_another = Decision.objects.get(pk=decision.pk)
    operations.discard_draft(decision, by=house.appraiser)

    for act in (
        lambda: operations.put_item(seen_by_another, line=operations.Line(project), by=house.appraiser),
        lambda: operations.discard_draft(seen_by_another, by=house.appraiser),
    ):
        with pytest.raises(NotPossible, match="đã được bỏ"):
            act()


def test_a_draft_that_holds_a_project_stays(house, appraised, draft):
    decision = draft(appraised())

    with pytest.raises(NotPossible, match="đang có đề án"):
        operations.discard_draft(decision, by=house.appraiser)

    assert decision.items.count() == 1


def test_what_others_were_asked_about_stays(house, draft):
    decision = draft()
    OpinionRequestFactory(decision=decision)

    with pytest.raises(NotPossible, match="lấy ý kiến"):
        operations.discard_draft(decision, by=house.appraiser)


def test_what_was_issued_stays(house, appraised, issued):
    decision = issued(appraised())

    with pytest.raises(NotPossible, match="Đã ban hành"):
        operations.discard_draft(decision, by=house.appraiser)


def test_who_drafts_no_plans_there_throws_none_away(house, draft):
    decision = draft()

    for other in (person("accountant", place=house.province), person("appraiser", place=ProvinceFactory())):
        with pytest.raises(NotAllowed):
            operations.discard_draft(decision, by=other)
    assert Decision.objects.filter(pk=decision.pk).exists()
