"""Plans, decisions and questions that a person may see."""

from django.db.models import Count, Max, Q, QuerySet

from khuyencong.people.models import User
from khuyencong.plans.enums import OPEN, DecisionState
from khuyencong.plans.models import Decision, OpinionRequest, Plan


def plans(user: User, *, year: int | None = None, level: str = "", province: int | None = None) -> QuerySet[Plan]:
    """The plans this person may see, with counts of their decisions and open decisions, newest year first."""
    found = Plan.objects.visible_to(user).select_related("province", "commune")
    if year:
        found = found.filter(year=year)
    if level:
        found = found.filter(level=level)
    if province:
        found = found.filter(province_id=province)
    return found.annotate(
        issued=Count("decisions", filter=Q(decisions__state=DecisionState.APPROVED)),
        pending=Count("decisions", filter=Q(decisions__state__in=OPEN)),
        last_on=Max("decisions__on"),
    ).order_by("-year", "level", "province__sort_key", "pk")


def waiting_decisions(user: User) -> QuerySet[Decision]:
    """Open decisions in this person's sight, oldest first; who may take which step is asked by ``steps_open_to``."""
    return Decision.objects.visible_to(user).open().select_related("plan__province", "plan__commune").order_by("pk")


def waiting_opinions(user: User) -> QuerySet[OpinionRequest]:
    """Questions that wait for an answer of the bodies where this person works, nearest deadline first."""
    employers = {mandate.employer_id for mandate in user.mandates_today if mandate.employer_id}
    return (
        OpinionRequest.objects.filter(answered_on=None, body__in=employers, decision__state__in=OPEN)
        .select_related("decision__plan__province", "decision__plan__commune", "body")
        .order_by("due_on", "pk")
    )
