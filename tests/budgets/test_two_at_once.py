"""Nothing is promised twice, also when two approvers press at the same moment: a real file of SQLite, or PostgreSQL."""

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Envelope
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from tests.at_once import ON_POSTGRESQL, there, together
from tests.budgets.conftest import DAY, paper
from tests.factories.budgets import EnvelopeFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import UserFactory, person
from tests.factories.projects import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]


def test_two_approvers_cannot_promise_the_same_dong(shared):
    def set_up():
        envelope = EnvelopeFactory(given=1_000)
        projects = [ProjectFactory(province=envelope.province) for _ in range(2)]
        return envelope.pk, [p.pk for p in projects], UserFactory().pk, paper().pk

    envelope, projects, user, decision = there(set_up)

    def press(project):
        operations.commit(
            Envelope.objects.get(pk=envelope),
            project=Project.objects.get(pk=project),
            amount=600,
            by=User.objects.get(pk=user),
            on=DAY,
            paper=Paper.objects.get(pk=decision),
        )
        return "promised"

    answers = together(*(lambda project=project: press(project) for project in projects))

    [refusal] = [answer for answer in answers if answer != "promised"]
    assert isinstance(refusal, NotPossible)
    assert str(refusal).endswith("cần 600 đồng, thiếu 200 đồng.")
    assert there(lambda: queries.available(Envelope.objects.get(pk=envelope))) == 400


def test_one_decision_typed_by_two_clerks_gives_its_money_once(shared):
    def set_up():
        holder = OrganisationFactory(department=True)
        accountant = person("accountant", place=holder.place)
        return holder.pk, accountant.pk, [paper("budget_decision", number="12/QĐ-UBND").pk for _ in range(2)]

    holder, accountant, papers = there(set_up)

    def record(decision):
        body = Organisation.objects.select_related("place").get(pk=holder)
        operations.record_budget_decision(
            level="provincial",
            year=2026,
            holder=body,
            province=body.place,
            amount=1_000,
            name="KCĐP",
            by=User.objects.get(pk=accountant),
            on=DAY,
            paper=Paper.objects.get(pk=decision),
        )
        return "given"

    answers = together(*(lambda decision=decision: record(decision) for decision in papers))

    [refusal] = [answer for answer in answers if answer != "given"]
    assert isinstance(refusal, NotPossible)
    assert "12/QĐ-UBND" in str(refusal)
    assert there(lambda: [queries.available(e) for e in Envelope.objects.all()]) == [1_000]
