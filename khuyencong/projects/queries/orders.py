"""Days in an order that cannot be, and who let them pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, TypeVar

from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from khuyencong.documents.models import Paper
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Clearance, Project, StepTaken
from khuyencong.projects.queries.steps import label_of_step


@dataclass(frozen=True, slots=True)
class Disorder:
    """Two days in an order that cannot be.  ``key`` names it for who lets it pass; ``cleared`` where somebody has."""

    rule: ClassVar[str] = Rule.ORDER
    project: Project
    key: str
    sentence: str
    cleared: Clearance | None = None


class Clearable(Protocol):
    """What a person may let pass: an exception of this rule, named by its key, in a project."""

    rule: ClassVar[str]

    @property
    def project(self) -> Project: ...

    @property
    def key(self) -> str: ...


C = TypeVar("C", bound=Clearable)


def not_let_pass(rows: QuerySet, key: str, *, project: str = "project") -> QuerySet:
    """Rows out of order that nobody has let pass; ``key`` begins their name, ``project`` leads to theirs."""
    name = Concat(Value(f"{key}:"), Cast(OuterRef("pk"), CharField()))
    return rows.filter(~Exists(Clearance.objects.filter(project=OuterRef(project), rule=Rule.ORDER, subject=name)))


def early_steps(scope: QuerySet[Project]) -> QuerySet[StepTaken]:
    """Steps of these projects that are dated before the paper on which they rest and that nobody has let pass."""
    # whether there is such a paper, not which day it has: so a database may lay steps and papers side by side at once, and only
    # what is early is then looked for among what was let pass
    signed = Paper.objects.filter(pk=OuterRef("paper"))
    taken = StepTaken.objects.filter(project__in=scope.order_by().values("pk"), paper__isnull=False)
    early = taken.filter(Exists(signed.filter(signed_on__gt=OuterRef("on"))))
    return not_let_pass(early.annotate(signed=Subquery(signed.values("signed_on"))), "step")


def step_before_paper(taken: StepTaken, project: Project) -> Disorder:
    """One of ``early_steps``, told."""
    taken.project = project  # its level names the step
    return Disorder(
        project,
        f"step:{taken.pk}",
        _("Bước “%(step)s” ngày %(on)s trước ngày ký văn bản %(signed)s.")
        % {
            "step": label_of_step(taken),
            "on": f"{taken.on:%d/%m/%Y}",
            "signed": f"{taken.signed:%d/%m/%Y}",  # type: ignore[attr-defined]
        },
    )


def with_who_cleared(found: Sequence[C]) -> list[C]:
    """The same, each with who let it pass.  One query, none where there is nothing."""
    if not found:
        return []
    rows = Clearance.objects.filter(rule=found[0].rule, project__in={one.project.pk for one in found})
    cleared = {(row.project_id, row.subject): row for row in rows.select_related("by")}
    return [replace(one, cleared=cleared.get((one.project.pk, one.key))) for one in found]  # type: ignore[type-var]
