"""Papers that wait for a signature."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.models import Case, Count, F, OuterRef, Subquery, Sum, When
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission as P
from khuyencong.base.money import million
from khuyencong.base.sentences import counted
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.plans import queries as plans
from khuyencong.plans.enums import DecisionState
from khuyencong.projects.models import Project
from khuyencong.work.queries.shared import APPROVERS, S, projects_for

MOST = 20  # papers of one kind that are shown


@dataclass(frozen=True, slots=True)
class ToSign:
    """A paper that waits for this person's signature: which record, in a line, with its money (đồng)."""

    about: str  # "decision" or "project"
    subject: int
    title: str
    note: str
    amount: int
    step: str  # the act that follows when he agrees
    project: Project | None = None  # the file itself, with what its checks ask of it


def to_sign(user: User) -> list[ToSign]:
    """Submission letters of plans, plans submitted, and requests of one's own body, oldest first.  At most three queries."""
    found: list[ToSign] = []
    if user.holds(P.PLAN_SUBMIT) or user.holds(P.PLAN_APPROVE_PROVINCIAL) or user.holds(P.PLAN_APPROVE_NATIONAL):
        found += islice(_decisions(user), MOST)
    if user.holds(P.PROJECT_SUBMIT):
        drafts = (
            projects_for(user, P.PROJECT_SUBMIT)
            .filter(state=S.DRAFT, historical=False)
            .exclude(national=0, local=0)  # nothing is asked yet: it is still being written
            .annotate(returned_at=_sent_back())
            .alias(rests=Case(When(returned_at__gte=F("changed_at"), then=1), default=0))
            .order_by("rests", "changed_at", "pk")  # what its writer has yet to mend stands last
        )
        at_hand = ("province", "commune__province", "implementer__parent", "dossier")
        for project in drafts.select_related(*at_hand)[:MOST]:
            note = _("đề nghị %(amount)s triệu đồng") % {"amount": million(project.support)}
            if project.returned_at and project.returned_at >= project.changed_at:
                day = f"{project.returned_at.astimezone(timezone.get_current_timezone()):%d/%m/%Y}"
                note = _("%(note)s; đã trả lại ngày %(day)s, người soạn chưa sửa") % {"note": note, "day": day}
            found.append(ToSign("project", project.pk, project.title, note, project.support, "submit", project))
    return found


def _sent_back() -> Subquery:
    """When a file was last sent back to its writer, by the journal; null where it never was."""
    told = Event.objects.filter(
        action="work.send_back", subject_type=Project._meta.label_lower, subject_id=OuterRef("pk")
    )
    return Subquery(told.order_by("-pk").values("at")[:1])


def _decisions(user: User) -> Iterator[ToSign]:
    """What of the decisions in sight is his to sign: a country's drafts never hide the few that are."""
    waiting = plans.waiting_decisions(user).annotate(
        number=Count("items"), asked=Sum(F("items__national") + F("items__local"))
    )
    for decision in waiting.filter(number__gt=0).iterator():
        submitted = decision.state == DecisionState.SUBMITTED
        approver = APPROVERS[Level(decision.plan.level)]
        permission, step = (approver, "approve") if submitted else (P.PLAN_SUBMIT, "submit")
        if plans.may_for(user, permission, decision.plan):
            note = counted("%(number)s đề án, %(amount)s triệu đồng", decision.number) % {
                "number": decision.number,
                "amount": million(decision.asked or 0),
            }
            yield ToSign("decision", decision.pk, str(decision), note, decision.asked or 0, step)
