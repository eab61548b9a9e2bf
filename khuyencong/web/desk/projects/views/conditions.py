"""The conditions of support of one project; its page fetches them after it is shown."""

from django.shortcuts import render

from khuyencong.base import clock
from khuyencong.norms.enums import ConditionKind
from khuyencong.projects import queries, rules
from khuyencong.web.common.views import reads
from khuyencong.web.desk.projects.conditions import told_of
from khuyencong.web.desk.projects.parts import may_clear, offers_of, whole_file, wholly_checked
from khuyencong.web.desk.projects.views.shared import project_of

# told of the project as a whole: its money, the lines of everybody's estimate
OF_ALL = frozenset({ConditionKind.COUNTERPART, ConditionKind.NEW_MACHINERY})


@reads
def conditions(request, pk):
    project = project_of(request, pk)
    now, today = queries.helped(project), clock.today()
    if not whole_file(request.user, project):  # a beneficiary sees its own part
        bodies = request.user.scope().bodies
        now = [b for b in now if b.establishment.organisation_id in bodies]
    every = queries.conditions_of(project, on=today, beneficiaries=now)
    judgements = every if project.seen_whole else [one for one in every if one.condition.kind not in OF_ALL]
    context = told_of(request.user, project, judgements, helped=now, may_clear=may_clear(request.user, project))
    if request.htmx:
        context["offers"] = _offers_now(request.user, project, now, every)
    template = "desk/projects/_conditions.html" if request.htmx else "desk/projects/conditions.html"
    return render(request, template, {"project": project, "law": rules.law_day(project, on=today), **context})


def _offers_now(user, project, helped, judgements):
    """The buttons of the page anew, where everything checked together shuts one that the file by itself left open; else
    nothing, and they stay as they are."""
    running = queries.clock_of(project, queries.timeline(project))
    if not wholly_checked(user, project, offers_of(user, project, [], clock=running)):
        return []
    found = queries.checks(project, on=clock.today(), beneficiaries=helped, judgements=judgements)
    return offers_of(user, project, found, clock=running) if any(one.refuses for one in found) else []
