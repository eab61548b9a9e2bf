"""The days that run around an appraisal: those of the appraisal, counted from a whole file, and those of a request for completion.

TT 36/2013 counts neither; a row of ``norms`` does where a later text or a province's statute gives one.  No text that was read
says that an appraisal goes on counting after a completion: its days begin again on the day on which the file comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khuyencong.councils.enums import Tier
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.norms.queries import DeadlineAnswer
from khuyencong.places.models import Unit
from khuyencong.projects.enums import EXTENSION, RETURNS, ProjectState
from khuyencong.projects.models import Project, StepTaken

# In which state an appraisal of each tier runs, from which step on, and by which row its days are counted.
RUNS = {
    Tier.BASE: (ProjectState.SUBMITTED, "submit", Deadline.APPRAISAL_BASE),
    Tier.MINISTRY: (ProjectState.REGISTERED, "register", Deadline.APPRAISAL_MINISTRY),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """What runs now: a request for completion (of the step ``asked``), or the appraisal.  ``due`` None: no row of the day counts
    its days; ``lawful``: the day of the law, where the letter set another; ``again``: the file came back after a completion."""

    completes: bool
    since: date
    due: date | None = None
    basis: str = ""
    lawful: date | None = None
    again: bool = False
    asked: str = ""


def day_counted(
    code: str, *, after: date, level: str, province: Unit | None, tier: str, letter: date | None = None
) -> DeadlineAnswer:
    """A day of an appraisal counted from ``after``, by the rows of that day: those of the money; at base level, which the
    department organises for national files too (TT 36/2013 Đ8.1a), else the province's own.  At most two queries."""
    answer = norms.deadline(code, on=after, after=after, level=level, province=province, letter=letter)
    if answer.default is None and tier == Tier.BASE and level == Level.NATIONAL:
        return norms.deadline(code, on=after, after=after, level=Level.PROVINCIAL, province=province, letter=letter)
    return answer


def completion_until(project: Project, name: str, *, on: date, letter: date | None = None) -> DeadlineAnswer:
    """By when a file sent back by this step on ``on`` must be complete; the letter's own day wins, and both are told."""
    tier = Tier.MINISTRY if name == "ministry_return" else Tier.BASE
    return day_counted(
        Deadline.COMPLETION, after=on, level=project.level, province=project.province, tier=tier, letter=letter
    )


def opinion_until(project: Project, *, on: date, letter: date | None = None) -> DeadlineAnswer:
    """By when a body asked on ``on`` about this file answers; who asks may set his own day, and both are told."""
    tier = Tier.MINISTRY if project.state == ProjectState.REGISTERED else Tier.BASE
    return day_counted(
        Deadline.OPINION, after=on, level=project.level, province=project.province, tier=tier, letter=letter
    )


def clock_of(project: Project, steps: Sequence[StepTaken]) -> Clock | None:
    """What runs for this project now, told from its steps in their order; None before it is sent and after the result."""
    last = next((step for step in reversed(steps) if step.name != EXTENSION), None)
    if project.historical or last is None:
        return None
    if project.state == ProjectState.DRAFT and last.name in RETURNS:
        return Clock(True, last.on, steps[-1].due_on, last.due_basis, last.lawful_on, asked=last.name)
    for tier, (state, begins, code) in RUNS.items():
        if project.state == state and last.name == begins:
            answer = day_counted(code, after=last.on, level=project.level, province=project.province, tier=tier)
            again = any(step.name in RETURNS for step in steps)
            return Clock(False, last.on, answer.day, answer.citation if answer.day else "", again=again)
    return None


def open_completions(projects: QuerySet[Project]) -> QuerySet[Any]:
    """The requests for completion that these projects have not answered yet, the nearest day first: ``until`` is the day of the
    request or of its last extension."""
    later = StepTaken.objects.filter(project=OuterRef("project"), pk__gt=OuterRef("pk"))
    extended = later.filter(name=EXTENSION).order_by("-pk").values("due_on")[:1]
    asked = StepTaken.objects.filter(
        ~Exists(later.exclude(name=EXTENSION)),
        Exists(projects.order_by().filter(pk=OuterRef("project"), state=ProjectState.DRAFT)),
        name__in=RETURNS,
    )
    until = Coalesce(Subquery(extended), F("due_on"))
    return asked.annotate(until=until).select_related("project").order_by("until", "pk")


def until_at_last(asked: StepTaken, steps: Sequence[StepTaken]) -> date | None:
    """By when a request for completion was to be answered in the end: its own day, or that of its last extension."""
    after = [step for step in steps if step.pk > asked.pk]
    extensions = takewhile(lambda step: step.name == EXTENSION, after)
    return max((step.due_on for step in extensions if step.due_on), default=asked.due_on)


def first_appraisal_due(projects: QuerySet[Project], *, tier: Tier) -> date | None:
    """The first day by which one of these projects is to be appraised, of those that wait; None where no row counts the days.
    The longest waiting of each level and province is asked."""
    state, begins, code = RUNS[tier]
    sent = StepTaken.objects.filter(project=OuterRef("pk"), name=begins).order_by("-on", "-pk").values("on")[:1]
    waiting = projects.filter(state=state, historical=False).order_by().annotate(since=Subquery(sent))
    of = norms.TELLS_PROVINCE if tier == Tier.BASE else ()  # the ministry counts alike for all provinces
    oldest = waiting.values_list("level", *of).annotate(first=Min("since", filter=~Q(since=None)))
    days = [
        day_counted(
            code, after=first, level=level, province=norms.province_told(of) if of else None, tier=tier
        ).last_day
        for level, *of, first in oldest
        if first is not None
    ]
    return min((day for day in days if day is not None), default=None)
