"""Who answers for a body that was asked."""

from khuyencong.authority.permissions import Permission
from khuyencong.councils.models import AskedOpinion
from khuyencong.people.models import User
from khuyencong.places.models import Unit


def may_answer(user: User, opinion: AskedOpinion, *, place: Unit | None, asks: bool = False) -> bool:
    """Whether this person may write down the answer, as ``answer_opinion`` asks it: somebody of the asked body, the registry
    clerk, or who asks such questions (``asks``) where the body is of the country's level."""
    if user.may(Permission.PAPER_RECORD, place=place) or (asks and opinion.body.place_id is None):
        return True
    working_for = (m for m in user.mandates_today if m.opens(Permission.OPINION_GIVE, place=place, body=None))
    return any(mandate.employer_id in (None, opinion.body_id) for mandate in working_for)
