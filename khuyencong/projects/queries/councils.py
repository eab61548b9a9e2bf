"""What a council has before it."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from khuyencong.councils.enums import Tier
from khuyencong.councils.models import Council, Sheet, Vote
from khuyencong.councils.queries import votes_on
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState
from khuyencong.projects.models import Project
from khuyencong.projects.queries.clocks import RUNS

# In which state a project waits for a council of each tier.
WAITING = {Tier.BASE: ProjectState.SUBMITTED, Tier.MINISTRY: ProjectState.REGISTERED}


def waits_before(council: Council, project: Project) -> bool:
    """Whether this project is still to be judged by a council of this tier and place."""
    here = council.province_id in (None, project.province_id) and council.commune_id in (None, project.commune_id)
    return here and project.state == WAITING[Tier(council.tier)] and not project.historical


def before_council(council: Council, *, user: User) -> list[Project]:
    """The projects that wait for a council of this tier and place, and those on which it has given sheets or votes, the waiting
    ones first; at most two hundred of those that this person may see."""
    waits = Q(state=WAITING[Tier(council.tier)], historical=False)
    if council.province_id is not None:
        waits &= Q(province=council.province_id)
    if council.commune_id is not None:
        waits &= Q(commune=council.commune_id)
    judged = Q(uid__in=Sheet.objects.filter(member__council=council).values("subject_uid")) | Q(
        uid__in=Vote.objects.filter(session__council=council).values("subject_uid")
    )
    wanted = judged | waits if council.dissolved_on is None else judged
    rows = Project.objects.visible_to(user).filter(wanted).select_related("implementer", "commune", "province")
    found = list(rows.order_by("code")[:200])
    return sorted(found, key=lambda project: not waits_before(council, project))


def last_votes(council: Council, uids: Sequence[UUID]) -> dict[UUID, Vote]:
    """What this council concluded of each of these projects in its last meeting about it."""
    rows = Vote.objects.filter(session__council=council, subject_uid__in=uids).select_related("session")
    return {vote.subject_uid: vote for vote in rows.order_by("session__on", "pk")}


def council_said(project: Project, *, tier: Tier) -> Vote | None:
    """What a council of this tier concluded last of the file as it lies there now; what was concluded before it was sent again
    was of an older file."""
    _state, sent, _days = RUNS[tier]
    since = project.steps.filter(name=sent).order_by("-on", "-pk").values_list("on", flat=True).first()
    return next((vote for vote in votes_on(project.uid, tier=tier) if since is None or vote.session.on >= since), None)
