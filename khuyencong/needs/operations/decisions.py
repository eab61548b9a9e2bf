"""The Centre proposes, the department decides, the answer goes out."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.documents.models import Paper
from khuyencong.needs import letters
from khuyencong.needs.enums import Proposal
from khuyencong.needs.lifecycle import STEP_OF
from khuyencong.needs.models import Need
from khuyencong.needs.operations.shared import each, take
from khuyencong.people.models import User


@transaction.atomic
def propose(need: Need, *, proposal: str, by: User, on: date, reason: str = "") -> Need:
    """The Centre *proposes*: to plan, not to plan (with the article), or next year.  The department decides."""
    reason = " ".join(reason.split())
    if proposal not in Proposal.values:
        raise Invalid(proposal=_("Hãy chọn một đề xuất."))
    if proposal != Proposal.PLAN and not reason:
        raise Invalid(reason=_("Hãy ghi lý do; nếu không đưa vào kế hoạch, ghi điều khoản."))
    return take("propose", need, by=by, on=on, note=reason, proposal=proposal, proposal_reason=reason)


@transaction.atomic
def return_(need: Need, *, by: User, on: date, reason: str) -> Need:
    """The department does not follow the proposal and asks for another."""
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do yêu cầu đề xuất lại."))
    return take("return", need, by=by, on=on, note=reason.strip(), proposal="", proposal_reason="")


@transaction.atomic
def decide(needs: Iterable[Need], *, by: User, on: date, paper: Paper) -> list[Need]:
    """The department confirms what the Centre proposed, by one letter, all or none; the answer goes to commune and
    establishment in writing.  Raises NotPossible for a need that waits for no decision."""
    decided = []
    for need in each(needs):
        step = STEP_OF.get(need.proposal, "plan")
        need = take(step, need, by=by, on=on, paper=paper, answer=paper)
        letters.tell_answer(need, by=by)
        decided.append(need)
    return decided
