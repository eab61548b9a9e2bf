"""What every page of one project begins with."""

from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import OWN_NUMBERS, Stage
from khuyencong.documents.models import DossierItem, Paper
from khuyencong.norms.enums import Level
from khuyencong.plans.models import ChangeRequest
from khuyencong.plans.models import OpinionRequest as PlanOpinion
from khuyencong.projects import queries
from khuyencong.projects.enums import APPROVED_ON, EXTENSION
from khuyencong.projects.models import Beneficiary, OpinionRequest, Project, StepTaken
from khuyencong.web.common import steps
from khuyencong.web.common.doors import for_those_here
from khuyencong.web.desk.documents.views.papers import open_to
from khuyencong.web.desk.projects import forms
from khuyencong.web.desk.projects.parts import address, mark_of, own_steps, sentence, tabs_of, until_of, whole_file

# who keeps the papers of a file
KEEPING = (Permission.PROJECT_DRAFT, Permission.PROJECT_APPRAISE, Permission.PAPER_RECORD, Permission.VOUCHER_RECORD)


def may_keep(user, project) -> bool:
    """Whether this person may put papers into the dossier of this project."""
    return any(user.may(permission, place=project.place, body=project.implementer) for permission in KEEPING)


def project_of(request, pk) -> Project:
    return get_object_or_404(queries.record(request.user, pk))


def whole_of(request, pk) -> Project:
    """The project, for who looks at the whole of it; for its beneficiaries these pages are not there."""
    project = project_of(request, pk)
    if not whole_file(request.user, project):
        raise Http404
    return project


def opened_to(request, pk, *permissions, by_paper=True) -> Project:
    """The whole project, for who may do one of these acts on it."""
    project = whole_of(request, pk)
    where = {"place": project.place, "body": project.implementer, "local": project.level != Level.NATIONAL}
    for_those_here(request.user, *permissions, by_paper=by_paper, **where)
    return project


def helped_for(user, project) -> list[Beneficiary]:
    """Who is helped; who looks at his own part alone finds himself and nobody else."""
    helped = queries.helped(project)
    if whole_file(user, project):
        return helped
    bodies = user.scope().bodies
    return [one for one in helped if one.establishment.organisation_id in bodies]


def page_of(project, name="page") -> str:
    return reverse(f"projects:{name}", args=[project.pk])


def step_page(request, project, form, do, *, to="", sub="", **shown):
    """A step on this project; it ends on its page, or where ``to`` says."""
    trail = [(_("Đề án"), reverse("projects:list")), (project.code, page_of(project))]
    to = to or page_of(project)
    return steps.step_page(request, form, do, trail=trail, sub=sub or project.title, project=project, to=to, **shown)


def papers_for(user, project, step) -> QuerySet[Paper]:
    """Recorded papers on which ``step`` may rest: those of this file, those that carry nothing yet, and the letter by which
    the same step was taken for other projects of the year (a sheet of appraisal is of one project); never one that belongs to
    another matter."""
    taken = StepTaken.objects.exclude(paper=None)
    own = DossierItem.objects.filter(dossier=project.dossier_id).exclude(paper=None)
    offered = Q(pk__in=own.values("paper"))
    if step.paper not in OWN_NUMBERS:
        offered |= Q(pk__in=taken.filter(name=step.name, project__year=project.year).values("paper"))
    unused = Q()
    for model, names in _CARRIED.items():
        for name in names:
            unused &= ~Q(pk__in=model.objects.exclude(**{name: None}).values(name))
    here = Q(province=project.province)
    if project.level == Level.NATIONAL:  # the ministry's papers, of no province
        here |= Q(province=None)
    papers = documents.choices_for(user, kind=step.paper).filter(here, signed_on__year__gte=project.year - 2)
    return papers.filter(offered | unused).exclude(pk__in=taken.filter(project=project).values("paper"))


# What a letter of a project's kinds may carry.
_CARRIED: dict[type[Model], tuple[str, ...]] = {
    StepTaken: ("paper",),
    DossierItem: ("paper",),
    OpinionRequest: ("paper", "answer_paper", "extension_paper"),
    ChangeRequest: ("paper", "confirmation"),
    PlanOpinion: ("paper", "answer_paper", "extension_paper"),
}


def head_of(request, project, current, **more):
    """What every tab of a record has: the head with its facts, and the tabs."""
    helped = more.pop("helped", None)
    helped = helped_for(request.user, project) if helped is None else helped
    steps = more.pop("steps", None)
    steps = queries.timeline(project) if steps is None else steps
    clock, returned = queries.clock_of(project, steps), _returned(project, steps) if project.seen_whole else None
    if not project.seen_whole:
        steps = own_steps(steps, helped)
    return {
        "project": project,
        "mark": mark_of(project),
        "helped": helped,
        "taken": steps,
        "next": queries.next_step(project),
        "tabs": tabs_of(project, current, beneficiaries=len(helped), steps=len(steps)),
        "support": project.money_national + project.money_local,
        "returned": returned,
        "clock": clock,
        "opens": opens_of(request.user, project),
        "whole": whole_file(request.user, project),
        "may_edit": forms.may_edit(request.user, project),
        "contracts": address("contracts:page", project.pk)
        if project.state in APPROVED_ON and not project.historical
        else "",
        **more,
    }


def opens_of(user, project):
    """Which papers of the dossier this person may open; None where he may open all of them."""
    scope = user.scope()
    if scope.whole_country or project.province_id in scope.provinces:
        return None
    held = DossierItem.objects.filter(dossier=project.dossier_id, paper__isnull=False).values_list("paper", flat=True)
    decided = StepTaken.objects.filter(project=project, paper__isnull=False).values_list("paper", flat=True)
    shown = {*held, *decided}
    return set(open_to(user).filter(pk__in=shown).values_list("pk", flat=True))


def _returned(project, steps):
    """Why the file is open again, said where its writer begins."""
    last = next((step for step in reversed(steps) if step.name != EXTENSION), None)
    if project.state != "draft" or last is None or not last.note:
        return None
    last.project = project
    told = {"taken": last, "label": queries.label_of_step(last), "note": sentence(last.note)}
    return told | {"until": until_of(last, steps)}


def stage_of(project):
    """The checklist that counts from here on."""
    if project.state in ("draft", "submitted", "failed", "withdrawn"):
        return Stage.APPRAISAL
    if project.state in ("appraised", "registered", "ministry_appraised"):
        return Stage.REGISTRATION if project.level == Level.NATIONAL else Stage.APPRAISAL
    if project.state in ("approved", "assigned"):
        return Stage.CONTRACT
    if project.state == "running":
        return Stage.REMAINDER
    return Stage.SETTLEMENT


def beneficiary_of(project, who) -> Beneficiary:
    return get_object_or_404(
        Beneficiary.objects.filter(removed_on=None).select_related("establishment", "project"), project=project, pk=who
    )


def signed_by(user):
    """A person who decides himself signs himself; a clerk enters who signed."""
    if user.holds(Permission.PAPER_RECORD):
        return {}
    return {"signer": str(user), "signer_title": user.title}
