"""Advances are numbered once, also when two accountants press at the same moment."""

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.budgets.models import Envelope
from khuyencong.contracts import operations
from khuyencong.contracts.models import Advance
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
