"""What was asked to be changed of approved projects."""

from django.db.models import QuerySet

from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.plans.enums import OPEN, DecisionKind, RequestState
from khuyencong.plans.models import ASKED_OF, ChangeRequest, Decision, Plan
from khuyencong.plans.rules import CHANGEABLE, STOPS
from khuyencong.projects.models import Project


def requests(user: User, *, state: str = "") -> QuerySet[ChangeRequest]:
    """Change requests this person may see, newest first."""
    found = ChangeRequest.objects.visible_to(user)
    if state:
        found = found.filter(state=state)
    return found.select_related("project__implementer", "paper", "confirmation").order_by("-requested_on", "-pk")


def requests_to_decide(plan: Plan, kind: str) -> QuerySet[ChangeRequest]:
    """Confirmed requests for projects of this plan that a decision of this kind could take up and no open one has."""
    found = ChangeRequest.objects.filter(
        state=RequestState.CONFIRMED,
        project__level=plan.level,
        project__year=plan.year,
        project__province=plan.province,
    )
    found = (
        found.filter(kind__in=STOPS) if kind == DecisionKind.STOP else found.exclude(kind__in=STOPS).exclude(kind="add")
    )
    if plan.commune_id:
        found = found.filter(project__commune=plan.commune)
    return (
        found.exclude(items__decision__state__in=OPEN)
        .select_related("project__implementer", *ASKED_OF)
        .order_by("requested_on", "pk")
    )


def draft_holding(request: ChangeRequest) -> Decision | None:
    """The decision not yet issued that would decide this request."""
    held = Decision.objects.filter(items__request=request, state__in=OPEN)
    return held.select_related("plan__province", "plan__commune").first()


def running(plan: Plan) -> QuerySet[Project]:
    """The projects of this plan's level, year and place that a decision may still change or stop."""
    found = Project.objects.filter(
        level=plan.level, year=plan.year, province=plan.province, state__in=CHANGEABLE, historical=False
    )
    return found.filter(commune=plan.commune) if plan.commune_id else found


def plan_of_request(user: User, wanted: ChangeRequest) -> Plan | None:
    """The plan whose decision can take up this request, where this person sees it."""
    project = wanted.project
    found = Plan.objects.visible_to(user).filter(level=project.level, year=project.year, province=project.province)
    if project.level == Level.COMMUNAL:
        found = found.filter(commune=project.commune)
    return found.select_related("province", "commune").first()
