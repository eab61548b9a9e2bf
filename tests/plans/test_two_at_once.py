"""Two people act on one decision at the same moment: it is issued once, and its terms are those of one of them."""

import datetime as dt

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import available
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.plans import operations
from khuyencong.plans.models import Decision, Term
from khuyencong.plans.operations import Line
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.budgets import EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import PlanFactory
from tests.factories.projects import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]
DAY = dt.date(2026, 3, 2)


def test_one_decision_recorded_by_two_clerks_is_issued_once(shared):
    def set_up():
        province = ProvinceFactory()
        department = person("department_director", place=province)
        envelope = EnvelopeFactory(province=province, given=1_000_000_000)
        decision = operations.draft_decision(PlanFactory(province=province), kind="approve", by=department)
        project = ProjectFactory(province=province, state="appraised")
        operations.put_item(decision, line=Line(project), by=department)
        submission = PaperFactory(kind="submission", signed_on=DAY)
        operations.submit(decision, by=department, on=DAY, paper=submission)
        clerks = [person("registry_clerk", place=province).pk for _ in range(2)]
        return decision.pk, envelope.pk, clerks, PaperFactory(number="3187/QĐ-UBND", signer="Nguyễn Văn An").pk

    decision, envelope, clerks, paper = there(set_up)

    def press(clerk):
        operations.approve(
            Decision.objects.get(pk=decision),
            by=User.objects.get(pk=clerk),
            on=DAY,
            paper=Paper.objects.get(pk=paper),
        )
        return "issued"

    answers = together(*(lambda clerk=clerk: press(clerk) for clerk in clerks))

    [refusal] = [answer for answer in answers if answer != "issued"]
    assert isinstance(refusal, NotPossible)
    assert "đang ở trạng thái “Đã ban hành”" in str(refusal)
    assert there(lambda: available(Envelope.objects.get(pk=envelope))) == 700_000_000


def test_two_officials_who_set_terms_at_once_do_not_undo_each_other(shared):
    def set_up():
        province = ProvinceFactory()
        officials = [person("department_director", place=province).pk for _ in range(2)]
        decision = operations.draft_decision(
            PlanFactory(province=province), kind="approve", by=User.objects.get(pk=officials[0])
        )
        return decision.pk, officials

    decision, officials = there(set_up)

    def press(official, amount):
        wanted = [Term(kind="ceiling", activity=3, amount=amount)]
        operations.set_terms(Decision.objects.get(pk=decision), terms=wanted, seen="", by=User.objects.get(pk=official))
        return amount

    answers = together(*(lambda o=o, n=n: press(o, n) for n, o in enumerate(officials, start=1)))

    [refusal] = [answer for answer in answers if not isinstance(answer, int)]
    assert isinstance(refusal, NotPossible) and "đã đổi điều kiện lúc" in str(refusal)
    [kept] = there(lambda: list(Term.objects.filter(decision=decision).values_list("amount", flat=True)))
    assert [kept] == [answer for answer in answers if isinstance(answer, int)]
