"""What every page of a decision begins with."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.documents import queries as documents
from khuyencong.documents.models import DossierItem, Paper
from khuyencong.needs.models import NeedStep
from khuyencong.norms.enums import Level
from khuyencong.plans import queries
from khuyencong.plans.models import Decision, OpinionRequest
from khuyencong.projects.models import StepTaken
from khuyencong.web.common.doors import for_those_here
from khuyencong.web.common.parts import Check, Tab, places


def tabs(current):
    return [
        Tab(_("Kế hoạch"), reverse("plans:list"), current=current == "plans"),
        Tab(_("Đề nghị điều chỉnh"), reverse("plans:requests"), current=current == "requests"),
    ]


def decimals_of(items) -> int:
    """How many decimals the columns of these lines need, in triệu đồng."""
    return places(n for item in items for n in (item.national, item.local, item.counterpart, item.before))


def trail_to(plan, decision=None):
    """The pages above a step: the plans, the plan, its decision."""
    name = _("%(level)s năm %(year)s") % {"level": plan.get_level_display(), "year": plan.year}
    trail = [(_("Kế hoạch"), reverse("plans:list")), (name, reverse("plans:page", args=[plan.pk]))]
    return [*trail, (decision.title, page_of(decision))] if decision else trail


def page_of(decision) -> str:
    return reverse("plans:decision", args=[decision.pk])


def decision_of(request, pk) -> Decision:
    return get_object_or_404(queries.decision_of(request.user, pk))


def for_plan(user, permission, plan) -> None:
    """The page of an act on this plan is for who may do it."""
    for_those_here(user, permission, place=plan.place, local=plan.level != Level.NATIONAL)


def checks_of(decision, items):
    return [
        Check(check.told, "ok" if check.fulfilled else "missing" if check.refuses else "none", check.article)
        for check in queries.checks(decision, items=items, on=clock.today())
    ]


def choices_for(user, *, kind) -> QuerySet[Paper]:
    """Recorded papers on which a step of plans may rest: never one by which needs were answered or a project's file went on."""
    papers = documents.choices_for(user, kind=kind)
    for model in (NeedStep, StepTaken):
        papers = papers.exclude(pk__in=model.objects.exclude(paper=None).exclude(name="approve").values("paper"))
    return papers


def letters_for(user, project, *, kind) -> QuerySet[Paper]:
    """Recorded letters on which a change of this project may be asked for and answered: of its territory and time, and of no
    other matter; one letter may speak of several projects."""
    here = Q(province=project.province)
    if project.level == Level.NATIONAL:  # the ministry's letters, of no province
        here |= Q(province=None)
    papers = choices_for(user, kind=kind).filter(here, signed_on__year__gte=project.year - 1)
    elsewhere = DossierItem.objects.exclude(paper=None).exclude(dossier=project.dossier_id)
    papers = papers.exclude(pk__in=elsewhere.values("paper"))
    for name in ("paper", "answer_paper", "extension_paper"):
        papers = papers.exclude(pk__in=OpinionRequest.objects.exclude(**{name: None}).values(name))
    return papers
