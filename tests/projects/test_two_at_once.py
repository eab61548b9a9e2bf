"""Two people begin a project at the same moment: each gets a number of his own."""

import pytest

from khuyencong.base.errors import NotPossible
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects import operations
from khuyencong.projects.models import Project, StepTaken
from tests.at_once import ON_POSTGRESQL, there, together
from tests.factories.documents import PaperFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import person
from tests.factories.projects import ProjectFactory

pytestmark = [pytest.mark.django_db(transaction=ON_POSTGRESQL), pytest.mark.slow]


def test_two_drafts_begun_at_once_have_two_numbers(shared):
    def set_up():
        centre = OrganisationFactory(centre=True)
        return centre.pk, person("centre_officer", place=centre.place, employer=centre).pk

    centre, officer = there(set_up)

    def begin():
        body = Organisation.objects.select_related("place").get(pk=centre)
        return operations.draft(
            title="Máy sấy", level="provincial", kind="machinery", year=2027, province=body.place, implementer=body,
            by=User.objects.get(pk=officer),
        ).code[-4:]  # fmt: skip

    assert sorted(together(begin, begin, begin)) == ["-001", "-002", "-003"]


def test_two_clerks_recording_one_appraisal_take_the_step_once(shared):
    def set_up():
        project = ProjectFactory(state="submitted", whole=True)
        appraiser = person("appraiser", place=project.province)
        paper = PaperFactory(kind="return_letter")
        return project.pk, appraiser.pk, paper.pk

    project, appraiser, paper = there(set_up)

    def send_back():
        letter = Paper.objects.get(pk=paper)
        user = User.objects.get(pk=appraiser)
        file, on = Project.objects.get(pk=project), letter.signed_on
        operations.return_(file, reason="Thiếu", by=user, on=on, paper=letter, due_on=on)
        return "taken"

    answers = together(send_back, send_back)

    [refusal] = [answer for answer in answers if answer != "taken"]
    assert isinstance(refusal, NotPossible)
    assert there(lambda: StepTaken.objects.count()) == 1
