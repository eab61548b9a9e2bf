"""Other bodies are asked, with a deadline."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.councils import operations as councils
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.plans import letters, queries
from khuyencong.plans.enums import OPEN
from khuyencong.plans.models import (
    Decision,
    OpinionRequest,
)
from khuyencong.plans.operations.shared import authorise_for, begin, locked, refuse_empty, take


@transaction.atomic
def ask_opinion(
    decision: Decision,
    *,
    body: Organisation,
    due_on: date,
    by: User,
    on: date,
    question: str = "",
    paper: Paper | None = None,
) -> OpinionRequest:
    """Ask another body for its opinion, with a deadline; the draft stands still until it is taken up again (``revise``).

    Raises NotPossible for an empty decision or one that is issued, Invalid where the deadline lies before the question or
    the body was asked already and has not answered.
    """
    decision, step = begin(decision, name="ask_opinion", on=on)
    authorise_for(decision.plan, Permission(step.permission), by=by)
    refuse_empty(decision)
    councils.refuse_asked_already(decision.opinions.all(), body=body)
    opinion = OpinionRequest(
        decision=decision, body=body, question=" ".join(question.split()), paper=paper, asked_on=on, due_on=due_on
    )
    checked(opinion).save()
    take(decision, step, by=by, on=on, paper=paper, note=str(body))
    letters.tell_asked(opinion, by=by)
    return opinion


@transaction.atomic
def give_opinion(
    opinion: OpinionRequest, *, agreement: str, answer: str, by: User, on: date, paper: Paper | None = None
) -> OpinionRequest:
    """The asked body answers, once; the registry clerk may record its letter.

    Raises NotAllowed for a person of another body, NotPossible where it was answered or the decision is issued, Invalid
    for comments without words.
    """
    opinion = _held(opinion)
    plan = opinion.decision.plan
    if opinion.answered_on is None and opinion.decision.state not in OPEN:
        raise NotPossible(_("Quyết định đã ban hành hoặc không được phê duyệt; không còn lấy ý kiến."))
    councils.answer_opinion(
        opinion,
        place=plan.place,
        agreement=agreement,
        answer=answer,
        by=by,
        on=on,
        paper=paper,
        asker=queries.may_for(by, Permission.OPINION_ASK, plan),
    )
    record("plan.give_opinion", plan, by=by, on=on, paper=paper, body=opinion.body, agreement=agreement)
    letters.tell_answered(opinion, by=by)
    return opinion


@transaction.atomic
def extend_opinion(
    opinion: OpinionRequest, *, due_on: date, reason: str, by: User, on: date, paper: Paper | None = None
) -> OpinionRequest:
    """Who asked gives the body more time, with a reason, by letter or without; the draft stands still as long.

    Raises NotPossible where the decision is issued or the body has answered, Invalid for a day that is no later.
    """
    opinion = _held(opinion)
    plan = opinion.decision.plan
    authorise_for(plan, Permission.OPINION_ASK, by=by)
    if opinion.decision.state not in OPEN:
        raise NotPossible(_("Quyết định đã ban hành hoặc không được phê duyệt; không còn lấy ý kiến."))
    told = councils.extend_opinion(opinion, due_on=due_on, reason=reason, on=on, paper=paper)
    record("plan.extend_opinion", plan, by=by, on=on, paper=paper, decision=opinion.decision.title, **told)
    letters.tell_extended(opinion, by=by)
    return opinion


def _held(opinion: OpinionRequest) -> OpinionRequest:
    """The question and its decision as they are now, locked until the act ends: nobody issues it meanwhile."""
    opinion = OpinionRequest.objects.select_for_update(of=("self",)).select_related("body__place").get(pk=opinion.pk)
    opinion.decision = locked(opinion.decision)
    return opinion
