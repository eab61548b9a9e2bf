"""Advances are numbered once and appendices promise no more than was granted, also when two people press at the same moment."""

import pytest

from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.budgets.models import Envelope
from khuyencong.contracts import operations
from khuyencong.contracts.models import Advance, SupportContract
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.people import people_of

from .conftest import MILLION, Case, day, make_land, paper

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]


def test_two_requests_at_once_leave_one_with_one_number(shared):
    def set_up():
        here = make_land()
        who = people_of(here)
        c = Case(here, who)
        c.running()
        papers = [paper("advance_request", day(6, 28)).pk for _ in range(2)]
        return c.project.pk, c.envelope.pk, who.accountant.pk, papers

    project, envelope, user, papers = there(set_up)

    def ask(request):
        return operations.request_advance(
            Project.objects.get(pk=project),
            envelope=Envelope.objects.get(pk=envelope),
            amount=10 * MILLION,
            by=User.objects.get(pk=user),
            on=day(6, 28),
            paper=Paper.objects.get(pk=request),
        ).number

    answers = together(*(lambda request=request: ask(request) for request in papers))

    [refusal] = [answer for answer in answers if answer != 1]
    assert isinstance(refusal, NotPossible)
    assert "chưa xong" in str(refusal)
    assert there(lambda: list(Advance.objects.values_list("number", flat=True))) == [1]


def test_two_appendices_at_once_promise_no_more_than_was_granted(shared):
    def set_up():
        here = make_land()
        who = people_of(here)
        c = Case(here, who, group=True)
        helped = [c.beneficiary(local=150 * MILLION) for _ in range(2)]
        c.assign()
        contracts = [c.sign(one, local=100 * MILLION).pk for one in helped]
        c.fresh().granted_local = 250 * MILLION
        c.project.save()
        papers = [paper("contract_appendix", day(5, 12)).pk for _ in helped]
        return who.director.pk, list(zip(contracts, papers, strict=True))

    user, wishes = there(set_up)

    def amend(contract, appendix):
        return operations.amend_support(
            SupportContract.objects.get(pk=contract),
            by=User.objects.get(pk=user),
            on=day(5, 12),
            paper=Paper.objects.get(pk=appendix),
        ).local

    answers = together(*(lambda wish=wish: amend(*wish) for wish in wishes))

    [refusal] = [answer for answer in answers if answer != 150 * MILLION]
    assert isinstance(refusal, Invalid)
    assert "chỉ còn 100.000.000 đồng" in str(refusal)
    promised = there(lambda: sorted(SupportContract.objects.values_list("local", flat=True)))
    assert promised == [100 * MILLION, 150 * MILLION]


def test_one_appendix_signed_twice_at_once_is_written_once(shared):
    def set_up():
        here = make_land()
        who = people_of(here)
        c = Case(here, who)
        helped = c.beneficiary()
        c.assign()
        contract = c.sign(helped, local=200 * MILLION)
        return contract.pk, who.director.pk, [paper("contract_appendix", day(5, 12)).pk for _ in range(2)]

    contract, user, papers = there(set_up)

    def amend(appendix):
        return operations.amend_support(
            SupportContract.objects.get(pk=contract),
            by=User.objects.get(pk=user),
            on=day(5, 12),
            paper=Paper.objects.get(pk=appendix),
        ).number

    answers = together(*(lambda appendix=appendix: amend(appendix) for appendix in papers))

    [refusal] = [answer for answer in answers if answer != 1]
    assert isinstance(refusal, NotPossible)
    assert "đã khớp với quyết định" in str(refusal)
    assert there(lambda: SupportContract.objects.get(pk=contract).appendices.count()) == 1
