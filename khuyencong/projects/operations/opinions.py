"""Other bodies are asked about a file that is being appraised, with a deadline that who asked may put off."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.councils import operations as councils
from khuyencong.councils.enums import Tier
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects import letters, queries
from khuyencong.projects.enums import MINISTRY_JUDGES, OPINION_OPEN, ProjectState
from khuyencong.projects.models import OpinionRequest, Project
from khuyencong.projects.operations.shared import day_decided, day_fits, locked


@transaction.atomic
def ask_opinion(
    project: Project, *, body: Organisation, by: User, on: date, due_on: date | None = None, question: str = ""
) -> OpinionRequest:
    """Who appraises asks another body, to answer by ``due_on``, or where he sets no day by that of the row of ``on``.

    The department asks at base level, the agency at the ministry's.  Nothing stands still: the sources do not make the
    appraisal wait.  Raises NotPossible where nothing is being appraised, Invalid where the body was asked and has not
    answered, carries out the project itself, or where no day is given.
    """
    project = locked(project)
    authorise(by, Permission.OPINION_ASK, place=project.place)
    authorise(by, _judging(project), place=project.place)
    day_fits(project, on=on, paper=None)
    if body.pk == project.implementer_id:
        raise Invalid(body=_("%(body)s là đơn vị thực hiện đề án, không phải cơ quan cho ý kiến.") % {"body": body})
    councils.refuse_asked_already(project.opinions.all(), body=body)
    answer = queries.opinion_until(project, on=on, letter=due_on)
    if answer.day is None:
        raise Invalid(due_on=_("Các quy định đã ghi không nói phải trả lời trong bao nhiêu ngày; hãy ghi hạn trả lời."))
    if answer.day < on:
        raise Invalid(due_on=_("Hạn trả lời không được trước ngày hỏi."))
    asked = OpinionRequest(
        project=project,
        tier=Tier.MINISTRY if project.state in MINISTRY_JUDGES else Tier.BASE,
        body=body,
        question=" ".join(question.split()),
        asked_on=on,
        silence_consents=answer.silence_consents,
        **day_decided(answer),
    )
    checked(asked).save()
    record("project.ask_opinion", project, by=by, on=on, body=body, due_on=asked.due_on)
    letters.tell_asked(asked, by=by)
    return asked


@transaction.atomic
def give_opinion(
    opinion: OpinionRequest, *, agreement: str, answer: str, by: User, on: date, paper: Paper | None = None
) -> OpinionRequest:
    """The asked body answers, once; the registry clerk may record its letter, and who asked that of a ministry.  Late answers are
    taken while the project can still be decided.

    Raises NotAllowed for a person of another body, NotPossible where it was answered or the project is decided.
    """
    opinion = _held(opinion)
    project = opinion.project
    if opinion.answered_on is None and project.state not in OPINION_OPEN:
        raise NotPossible(
            _("Đề án đang ở trạng thái “%(state)s”; không còn lấy ý kiến.") % {"state": project.get_state_display()}
        )
    councils.answer_opinion(
        opinion,
        place=project.place,
        agreement=agreement,
        answer=answer,
        by=by,
        on=on,
        paper=paper,
        asker=by.may(Permission.OPINION_ASK, place=project.place),
    )
    record("project.give_opinion", project, by=by, on=on, paper=paper, body=opinion.body, agreement=agreement)
    letters.tell_answered(opinion, by=by)
    return opinion


@transaction.atomic
def extend_opinion(
    opinion: OpinionRequest, *, due_on: date, reason: str, by: User, on: date, paper: Paper | None = None
) -> OpinionRequest:
    """Who appraises gives the asked body more time, with a reason, by letter or without.

    Raises NotPossible where the file is not being appraised or the body has answered, Invalid for a day that is no later.
    """
    opinion = _held(opinion)
    project = opinion.project
    authorise(by, Permission.OPINION_ASK, place=project.place)
    authorise(by, _judging(project), place=project.place)
    told = councils.extend_opinion(opinion, due_on=due_on, reason=reason, on=on, paper=paper)
    record("project.extend_opinion", project, by=by, on=on, paper=paper, **told)
    letters.tell_extended(opinion, by=by)
    return opinion


def _held(opinion: OpinionRequest) -> OpinionRequest:
    """The question and its file as they are now, locked until the act ends."""
    opinion = OpinionRequest.objects.select_for_update(of=("self",)).select_related("body").get(pk=opinion.pk)
    opinion.project = locked(opinion.project)
    return opinion


def _judging(project: Project) -> Permission:
    """The act of who judges the file now.  Raises NotPossible where nobody does."""
    judging = queries.JUDGED_BY.get(ProjectState(project.state))
    if judging is None or project.historical:
        raise NotPossible(
            _("Chỉ lấy ý kiến khi đề án đang chờ thẩm định; đề án đang ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    return judging
