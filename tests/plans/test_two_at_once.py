"""Two people act on one decision at the same moment: it is issued once, and its terms are those of one of them."""

import datetime as dt
import threading
import time

import pytest
from django.db import transaction

from khuyencong.base.errors import NotPossible
from khuyencong.budgets.models import Envelope
from khuyencong.budgets.queries import available
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.plans import operations
from khuyencong.plans.models import Decision, OpinionRequest, Term
from khuyencong.plans.operations import Line
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.budgets import EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.plans import OpinionRequestFactory, PlanFactory
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


def test_no_opinion_is_written_down_while_its_decision_is_issued(shared):
    def set_up():
        opinion = OpinionRequestFactory(decision__state="submitted", asked_on=DAY, due_on=DAY)
        clerk = person("registry_clerk", place=opinion.decision.plan.province)
        return opinion.pk, clerk.pk, PaperFactory(kind="opinion", signed_on=DAY, signer="Lê Thị Bình").pk

    opinion, clerk, paper = there(set_up)
    taken = threading.Event()

    def issue():
        with transaction.atomic():
            decision = Decision.objects.select_for_update().get(opinions=opinion)
            taken.set()
            time.sleep(0.5)
            Decision.objects.filter(pk=decision.pk).update(state="refused")
        return "issued"

    def answer():
        taken.wait(10)
        return operations.give_opinion(
            OpinionRequest.objects.get(pk=opinion),
            agreement="agrees",
            answer="",
            by=User.objects.get(pk=clerk),
            on=DAY,
            paper=Paper.objects.get(pk=paper),
        )

    issued, refusal = together(issue, answer)

    assert issued == "issued"
    assert isinstance(refusal, NotPossible), refusal
    assert "không còn lấy ý kiến" in str(refusal)
    assert there(lambda: OpinionRequest.objects.get(pk=opinion).answered_on) is None
