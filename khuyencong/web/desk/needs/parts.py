"""What a need's page shows beside its facts: steps to take, its life, and the money of the project it became."""

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.needs import queries
from khuyencong.needs.lifecycle import LIFECYCLE
from khuyencong.needs.models import Need
from khuyencong.projects.models import Project
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
OWN_PAGES = {"propose": "needs:propose", "return": "needs:return", "withdraw": "needs:withdraw"}


def offers_of(user, need: Need) -> list[Offer]:
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
        offers.append(Offer(label=found.step.label, url=url, why=found.reason))
    return offers


def events_of(need: Need) -> list[Event]:
    labels = {"register": _("Gửi nhu cầu"), **{step.name: step.label for step in LIFECYCLE}}
    steps = need.steps.select_related("paper").order_by("-on", "-pk")
    return [
        Event(
            what=labels.get(step.name, step.name),
            on=step.on,
            note=step.note,
            who=step.who,
            mark="now" if index == 0 else "",
            url=reverse("documents:page", args=[step.paper_id]) if step.paper_id else "",
            link=str(step.paper) if step.paper_id else "",
        )
        for index, step in enumerate(steps)
    ]


def money_of(need: Need) -> queries.Word | None:
    """The last word of the row: how far the project that came of this need has got."""
    project = Project.objects.filter(needs=need).order_by("-pk").first()
    if project is None:
        return None
    done = project.state in ("settled", "liquidated")
    stopped = project.state in ("failed", "withdrawn", "stopped")
    return queries.Word(project.get_state_display().lower(), "stop" if stopped else "done" if done else "now")
