"""A body that was asked for its opinion answers, or is given more time, whatever it was asked about."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.councils.enums import Agreement
from khuyencong.councils.models import AskedOpinion
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


def refuse_asked_already(asked: QuerySet[Any], *, body: Organisation) -> None:
    """Raises Invalid where this body was asked about the same and has not answered."""
    if asked.filter(body=body, answered_on=None).exists():
        raise Invalid(body=_("%(body)s đã được hỏi và chưa trả lời.") % {"body": body})


@transaction.atomic
def answer_opinion(
    opinion: AskedOpinion,
    *,
    place: Unit | None,
    agreement: str,
    answer: str,
    by: User,
    on: date,
    paper: Paper | None = None,
    asker: bool = False,
) -> AskedOpinion:
    """Write down the answer, once: a person of the asked body, or the registry clerk by its letter; by its letter also who
    asked (``asker``), where the body is of the country's level: no clerk of a province receives that letter.  Internal to the
    acts of what it is about, which look at its state and remember.

    Raises NotAllowed for a person of another body, NotPossible where it was answered or a clerk has no letter, Invalid for a
    day before the question or to come, without a conclusion, or for comments without words.
    """
    if not (asker and opinion.body.place_id is None):
        authorise(by, Permission.OPINION_GIVE, place=place, paper=paper)
    working_for = [m for m in by.mandates_today if m.opens(Permission.OPINION_GIVE, place=place, body=None)]
    if working_for and all(m.employer_id and m.employer_id != opinion.body_id for m in working_for):
        raise NotAllowed(_("Ý kiến này hỏi %(body)s; bạn công tác ở cơ quan khác.") % {"body": opinion.body})
    if opinion.answered_on is not None:
        raise NotPossible(
            _("%(body)s đã trả lời ngày %(day)s.") % {"body": opinion.body, "day": f"{opinion.answered_on:%d/%m/%Y}"}
        )
    if not working_for and (paper is None or paper.kind != PaperKind.OPINION):
        raise NotPossible(_("Ghi nhận ý kiến của cơ quan khác phải kèm văn bản cho ý kiến."))
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if on < opinion.asked_on:
        raise Invalid(on=_("Ngày trả lời không thể trước ngày hỏi %(day)s.") % {"day": f"{opinion.asked_on:%d/%m/%Y}"})
    answer = answer.strip()
    if agreement not in Agreement.values:
        raise Invalid(agreement=_("Hãy chọn kết luận."))
    if agreement != Agreement.AGREES and not answer:
        raise Invalid(answer=_("Hãy ghi ý kiến."))
    opinion.agreement, opinion.answer, opinion.answered_on, opinion.answer_paper = agreement, answer, on, paper
    checked(opinion).save()
    return opinion


@transaction.atomic
def extend_opinion(
    opinion: AskedOpinion, *, due_on: date, reason: str, on: date, paper: Paper | None = None
) -> dict[str, Any]:
    """Give the asked body more time; the first day is kept.  Internal to the acts of what it is about, which authorise, look at
    its state and remember what this returns for the journal.

    Raises NotPossible where it was answered, Invalid for a day that is no later, that has passed, or without a reason.
    """
    if opinion.answered_on is not None:
        raise NotPossible(
            _("%(body)s đã trả lời ngày %(day)s.") % {"body": opinion.body, "day": f"{opinion.answered_on:%d/%m/%Y}"}
        )
    before = opinion.due_on
    refuse_extension(before, due_on=due_on, on=on)
    if on < opinion.asked_on:
        raise Invalid(on=_("Ngày gia hạn không thể trước ngày hỏi %(day)s.") % {"day": f"{opinion.asked_on:%d/%m/%Y}"})
    opinion.first_due_on = opinion.first_due_on or opinion.due_on
    opinion.due_on, opinion.extension_paper = due_on, paper
    opinion.extension_reason = " ".join(reason.split())[:500]
    if not opinion.extension_reason:
        raise Invalid(reason=_("Hãy ghi lý do."))
    checked(opinion).save()
    return {"body": opinion.body, "before": before, "due_on": due_on, "reason": opinion.extension_reason}


def refuse_extension(until: date, *, due_on: date, on: date) -> None:
    """A day put off lies after the one that stands and not before the day of the act, which has come.  Raises Invalid."""
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    if due_on <= until:
        raise Invalid(due_on=_("Hạn mới phải sau hạn đang có, ngày %(day)s.") % {"day": f"{until:%d/%m/%Y}"})
    if due_on < on:
        raise Invalid(due_on=_("Hạn mới không được trước ngày gia hạn %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
