"""What a need's page shows beside its facts: steps to take, its life, what its establishment had before, and the money of
the project it became."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.establishments.queries import duplicates_of, given_to, records_of
from khuyencong.establishments.rules import same_item
from khuyencong.needs import queries
from khuyencong.needs.enums import NeedState
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Need
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from khuyencong.projects.queries import visible_items
from khuyencong.web.common.parts import Event, Offer

MARKS = {
    "sent": "wait",
    "confirmed": "run",
    "survey_planned": "run",
    "surveyed": "run",
    "proposed": "wait",
    "planned": "done",
    "next_year": "stop",
    "refused": "stop",
    "withdrawn": "stop",
}
PAGES = {
    "confirm": "needs:confirm",
    "plan_survey": "surveys:plan",
    "plan": "needs:decide",
    "postpone": "needs:decide",
    "refuse": "needs:decide",
}
BACK = ("return", "withdraw", "unplan_survey")
OWN_PAGES = {"propose": "needs:propose", "return": "needs:return", "withdraw": "needs:withdraw"}


def offers_of(user, need: Need, project: Project | None) -> list[Offer]:
    offers = []
    for found in queries.steps_for(user, need):
        name, url = found.step.name, ""
        if found.open and name in OWN_PAGES:
            url = reverse(OWN_PAGES[name], args=[need.pk])
        elif found.open and name in ("survey", "unplan_survey"):
            visit = need.visits.filter(surveyed_on=None).order_by("-pk").first()
            if visit is None:
                continue
            url = reverse("surveys:survey" if name == "survey" else "surveys:unplan", args=[visit.pk])
        elif found.open:
            url = reverse(PAGES[name])
        offers.append(Offer(label=found.step.label, url=url, why=found.reason, quiet=name in BACK))
    drafts = user.may(Permission.PROJECT_DRAFT, place=need.commune or need.province)
    if need.state == NeedState.PLANNED and project is None and drafts:
        offers.insert(0, Offer(_("Lập đề án từ nhu cầu này"), url=f"{reverse('projects:draft')}?nhu-cau={need.pk}"))
    return offers


def opens_of(need: Need, user: User) -> tuple | None:
    """Papers of this need beyond his territory that a person may open: None is all of them.  A commune opens those of its
    needs' steps, an establishment reads their names."""
    return None if need.commune_id in user.scope().communes else ()


def events_of(need: Need, user: User) -> list[Event]:
    commune = opens_of(need, user) is None
    labels = {"register": _("Gửi nhu cầu"), **{step.name: step.label for step in LIFECYCLE}}
    steps = need.steps.select_related("paper").order_by("-on", "-pk")
    return [
        Event(
            what=labels.get(step.name, step.name),
            on=step.on,
            note=step.note,
            who=step.who,
            mark="now" if index == 0 else "",
            url=reverse("documents:page", args=[step.paper.pk])
            if step.paper and (commune or step.paper.in_sight_of(user))
            else "",
            link=str(step.paper) if step.paper_id else "",
        )
        for index, step in enumerate(steps)
    ]


@dataclass(frozen=True, slots=True)
class Before:
    """One earlier support: ``detail`` only for who may see its establishment; ``same`` where it may be what is asked now."""

    item: SupportedItem
    detail: str
    same: bool


def supported(user: User, need: Need, project: Project | None) -> list[Before]:
    """What the State gave before to the establishment of a need, under all its records; where nobody has named it, to those
    of the same commune that may be it, as far as this person may see them.  What came of this very need is left out; what may
    be the same comes first."""
    whose: list[Establishment] = [need.establishment] if need.establishment else []
    if not whose:
        whose = [found.establishment for found in duplicates_of(name=need.name, commune=need.commune, phone=need.phone)]
    given = {item.pk: item for items in given_to(records_of(whose)).values() for item in items} if whose else {}
    details = visible_items(user, given)
    told = [
        Before(item, details.get(item.pk, ""), same_item(item.item, need.what))
        for item in given.values()
        if (need.establishment or item.pk in details) and (project is None or item.project_uid != project.uid)
    ]
    return sorted(told, key=lambda before: not before.same)


def project_from(need: Need) -> Project | None:
    """The project that came of this need, the newest where one was written again."""
    return Project.objects.filter(needs=need).order_by("-pk").first()


def money_of(project: Project | None) -> queries.Word | None:
    """The last word of the row: how far the project that came of a need has got."""
    if project is None:
        return None
    done = project.state in ("settled", "liquidated")
    stopped = project.state in ("failed", "withdrawn", "stopped")
    return queries.Word(project.get_state_display().lower(), "stop" if stopped else "done" if done else "now")
