"""All that waits for one person."""

from datetime import date, timedelta

from khuyencong.norms import queries as norms
from khuyencong.people.models import Mandate, User
from khuyencong.work.queries.contracts import acceptances, advances, endings, liquidations, progress, recoveries
from khuyencong.work.queries.needs import calls_to_open, files_to_write, needs_waiting, silent_communes, visits
from khuyencong.work.queries.people import mandates
from khuyencong.work.queries.plans import plans_waiting
from khuyencong.work.queries.projects import beneficiaries, completions, file_opinions, projects_waiting
from khuyencong.work.queries.reports import reports
from khuyencong.work.queries.shared import Counted, Task, lines_of


@norms.reading()
def tasks(user: User) -> list[Task]:
    """What this person can do now, late ones first, then by deadline; what has no deadline stands last.

    A source is asked only where a mandate of today opens its act, and only in that mandate's territory.
    """
    told = [one for source in SOURCES for one in source(user)]
    found = [one for one in told if isinstance(one, Task)]
    found += lines_of(one for one in told if isinstance(one, Counted))
    return sorted(found, key=lambda task: (task.due is None, task.due or date.max, task.kind))


def tasks_under(mandate: Mandate) -> list[Task]:
    """What of the tasks of its holder waits under this one mandate: what goes along when it is handed over."""
    holder = User.objects.get(pk=mandate.user_id)
    holder.know_mandates([one for one in holder.mandates_today if one.pk == mandate.pk])
    return tasks(holder)


def overdue(found: list[Task], *, today: date) -> int:
    """How many of these lines are late: the same unit as the list itself."""
    return sum(task.due is not None and task.due < today for task in found)


def within_a_week(found: list[Task], *, today: date) -> int:
    return sum(task.due is not None and today <= task.due < today + timedelta(days=7) for task in found)


SOURCES = (
    calls_to_open,
    silent_communes,
    needs_waiting,
    visits,
    files_to_write,
    projects_waiting,
    completions,
    file_opinions,
    beneficiaries,
    plans_waiting,
    progress,
    advances,
    acceptances,
    endings,
    liquidations,
    recoveries,
    reports,
    mandates,
)
