"""What no constraint keeps: rows that contradict each other."""

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from khuyencong.projects.enums import (
    APPROVED_ON,
)
from khuyencong.projects.models import Project, StepTaken
from khuyencong.projects.queries.files import SOURCES


def invariants() -> list[str]:
    """A sentence for each project whose rows contradict each other."""
    found = []
    drafts = Project.objects.annotate(
        **{f"line_{s}": Sum(f"cost_lines__{s}") for s in SOURCES}, line_count=Count("cost_lines")
    ).filter(line_count__gt=0)
    for project in drafts.order_by("pk").iterator(chunk_size=500):
        if any(getattr(project, f"line_{s}") != getattr(project, s) for s in SOURCES):
            found.append(_("%(project)s: dự toán không bằng kinh phí của đề án.") % {"project": project})
    for over in Project.objects.filter(state__in=APPROVED_ON, historical=False).filter(
        Q(granted_national__gt=F("national")) | Q(granted_local__gt=F("local"))
    ):
        if not over.steps.filter(name="adjust").exists():
            found.append(_("%(project)s: kinh phí được duyệt vượt kinh phí đề nghị.") % {"project": over})
    for taken in StepTaken.objects.filter(
        pk__in=StepTaken.objects.filter(
            Exists(StepTaken.objects.filter(project=OuterRef("project"), pk__lt=OuterRef("pk"), on__gt=OuterRef("on")))
        ).values("pk")
    ).select_related("project"):
        found.append(
            _("%(project)s: bước “%(step)s” ghi ngày trước bước liền trước.")
            % {"project": taken.project, "step": taken.name}
        )
    latest = StepTaken.objects.filter(project=OuterRef("pk")).order_by("-pk").values("target")[:1]
    for astray in Project.objects.annotate(told=latest).exclude(told=None).exclude(told=F("state")):
        found.append(_("%(project)s: trạng thái không khớp bước cuối cùng.") % {"project": astray})
    return found
