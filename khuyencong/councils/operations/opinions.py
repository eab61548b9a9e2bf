"""The answer of a body that was asked for its opinion, whatever it was asked about."""

from datetime import date

from django.db import transaction
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
from khuyencong.people.models import User
from khuyencong.places.models import Unit


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
) -> AskedOpinion:
    """Write down the answer, once: a person of the asked body, or the registry clerk by its letter.  Internal to the acts of
    what it is about, which look at its state and remember.

    Raises NotAllowed for a person of another body, NotPossible where it was answered or a clerk has no letter, Invalid for a
    day before the question or to come, without a conclusion, or for comments without words.
    """
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
