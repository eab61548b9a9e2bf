"""What other bodies say of a file that is being appraised."""

from datetime import date

from django.db.models import QuerySet

from khuyencong.authority.permissions import Permission
from khuyencong.people.models import User
from khuyencong.projects.enums import OPINION_OPEN, ProjectState
from khuyencong.projects.lifecycle import LIFECYCLES
from khuyencong.projects.models import OpinionRequest, Project
from khuyencong.projects.queries.clocks import Clock
from khuyencong.projects.queries.files import conflict_of

# Who judges a file asks about it: the department at base level, the agency at the ministry's (TT 36/2013 Đ8).
JUDGED_BY = {
    ProjectState.SUBMITTED: Permission.PROJECT_APPRAISE,
    ProjectState.REGISTERED: Permission.PROJECT_APPRAISE_MINISTRY,
}


def may_ask_opinion(user: User, project: Project) -> bool:
    """Whether this person may ask another body about this file now."""
    judging = JUDGED_BY.get(ProjectState(project.state))
    if judging is None or project.historical:
        return False
    return all(user.may(permission, place=project.place) for permission in (Permission.OPINION_ASK, judging))


def may_extend(user: User, project: Project, running: Clock | None) -> bool:
    """Whether this person asked for the completion that runs, by his act, and so may give it more time; nobody does with a
    conflict of interest."""
    if running is None or not running.completes:
        return False
    step = LIFECYCLES[project.level][running.asked]
    return user.may(Permission(step.permission), place=project.place) and conflict_of(user, project.uid) is None


def opinions_on(project: Project) -> list[OpinionRequest]:
    """All that other bodies were asked about this file, the first asked first; one query."""
    return list(project.opinions.select_related("body", "answer_paper").order_by("asked_on", "pk"))


def waiting_opinions(user: User) -> QuerySet[OpinionRequest]:
    """Questions about files that wait for an answer of the bodies where this person works, nearest deadline first."""
    employers = {mandate.employer_id for mandate in user.mandates_today if mandate.employer_id}
    return (
        OpinionRequest.objects.filter(answered_on=None, body__in=employers, project__state__in=OPINION_OPEN)
        .select_related("project", "body")
        .order_by("due_on", "pk")
    )


def late_opinions(projects: QuerySet[Project], *, state: str, on: date) -> QuerySet[OpinionRequest]:
    """Questions about these projects, being judged in this state, whose day has passed without an answer on ``on``."""
    judged = projects.filter(state=state).order_by().values("pk")
    return OpinionRequest.objects.filter(project__in=judged, answered_on=None, due_on__lt=on)
