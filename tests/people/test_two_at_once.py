"""Mandates and recorded decisions when two press at the same moment."""

import datetime as dt

import pytest

from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.documents.models import Paper
from khuyencong.people import operations
from khuyencong.people.models import Mandate, User
from khuyencong.projects import operations as projects
from khuyencong.projects.models import Project, StepTaken
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.documents import PaperFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]
DAY = dt.date(2026, 3, 2)


def test_two_administrators_who_end_each_other_leave_one(shared):
    one, other = there(lambda: [person("administrator", country=True).pk for _ in range(2)])

    def end(of, by):
        mandate = Mandate.objects.get(user=of)
        operations.end_mandate(mandate, by=User.objects.get(pk=by), on=DAY)
        return "ended"

    answers = together(lambda: end(one, other), lambda: end(other, one))

    [refusal] = [answer for answer in answers if answer != "ended"]
    assert isinstance(refusal, NotPossible | NotAllowed)
    assert there(lambda: Mandate.objects.filter(role="administrator", valid_to=None).count()) == 1


def test_a_mandate_passed_on_twice_at_once_has_one_heir(shared):
    def set_up():
        province = ProvinceFactory()
        administrators = [person("administrator", place=province).pk for _ in range(2)]
        heirs = [UserFactory(province=province).pk for _ in range(2)]
        return MandateFactory(role="appraiser", place=province).pk, administrators, heirs

    mandate, administrators, heirs = there(set_up)

    def pass_on(by, to):
        operations.pass_on(
            Mandate.objects.get(pk=mandate),
            to=User.objects.get(pk=to),
            by=User.objects.get(pk=by),
            on=DAY,
            paper=None,
        )
        return "passed on"

    answers = together(*(lambda pair=pair: pass_on(*pair) for pair in zip(administrators, heirs, strict=True)))

    [refusal] = [answer for answer in answers if answer != "passed on"]
    assert isinstance(refusal, NotPossible)
    assert there(lambda: Mandate.objects.filter(role="appraiser", valid_to=None).count()) == 1


def test_one_decision_entered_by_two_clerks_is_one_step(shared):
    def set_up():
        province = ProvinceFactory()
        clerks = [person("registry_clerk", place=province).pk for _ in range(2)]
        project = ProjectFactory(province=province, state="submitted")
        papers = [PaperFactory(kind="appraisal", signed_on=DAY, signer="Phạm Hữu Phước").pk for _ in range(2)]
        return project.pk, clerks, papers

    project, clerks, papers = there(set_up)

    def record(by, paper):
        projects.fail(
            Project.objects.get(pk=project),
            reason="Không đủ năng lực",
            by=User.objects.get(pk=by),
            on=DAY,
            paper=Paper.objects.get(pk=paper),
        )
        return "recorded"

    answers = together(*(lambda pair=pair: record(*pair) for pair in zip(clerks, papers, strict=True)))

    [refusal] = [answer for answer in answers if answer != "recorded"]
    assert isinstance(refusal, NotPossible)
    assert there(lambda: StepTaken.objects.filter(project=project).count()) == 1


def test_who_lost_the_mandate_a_moment_ago_acts_no_longer(shared):
    """Authority is asked of today in the act itself: a page opened before the mandate ended gives nothing away."""

    def set_up():
        province = ProvinceFactory()
        clerk = person("registry_clerk", place=province)
        administrator = person("administrator", place=province)
        project = ProjectFactory(province=province, state="submitted")
        paper = PaperFactory(kind="appraisal", signed_on=DAY, signer="Phạm Hữu Phước")
        return project.pk, clerk.pk, administrator.pk, paper.pk

    project, clerk, administrator, paper = there(set_up)
    there(
        lambda: operations.end_mandate(
            Mandate.objects.get(user=clerk), by=User.objects.get(pk=administrator), on=dt.date(2026, 11, 22)
        )
    )

    with pytest.raises(NotAllowed):
        there(
            lambda: projects.fail(
                Project.objects.get(pk=project),
                reason="Không đủ năng lực",
                by=User.objects.get(pk=clerk),
                on=DAY,
                paper=Paper.objects.get(pk=paper),
            )
        )
    assert there(lambda: Project.objects.get(pk=project).state) == "submitted"
