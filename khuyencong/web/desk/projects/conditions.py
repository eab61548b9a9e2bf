"""The conditions of support as a page draws them: each with its words, and a way to where a missing fact is entered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.places.models import Unit
from khuyencong.projects import queries
from khuyencong.projects.enums import Result, Where
from khuyencong.projects.models import Beneficiary, Clearance, Project
from khuyencong.projects.rules import Judgement, Missing
from khuyencong.web.desk.projects.forms import may_edit


@dataclass(slots=True)
class Fact:
    """A missing fact; ``url`` empty: this person may not enter it."""

    what: str
    where: str
    url: str = ""


@dataclass(slots=True)
class Line:
    """What one condition comes to for one subject; ``clear`` leads to the exception that a person may make;
    ``excepted`` tells of one that was made for other evidence."""

    sentence: str
    clear: str = ""
    clearance: Clearance | None = None
    excepted: str = ""


@dataclass(slots=True)
class Told:
    """One condition."""

    what: str
    result: str
    label: str
    article: str
    is_required: bool
    lines: list[Line] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def cleared(self) -> bool:
        """Whether everything that is not kept was let pass by a person."""
        return self.result == Result.FAILED and all(line.clearance for line in self.lines)


def told_of(
    user, project: Project, judgements: Iterable[Judgement], *, helped: Sequence[Beneficiary], may_clear: bool = False
) -> dict:
    """What a template needs to show the checklist: the conditions, those that give priority apart, and how many are kept."""
    passed = {(c.rule, c.subject): c for c in project.clearances.select_related("by")}
    ways = _Ways(user, project, helped)
    told = []
    for judgement in judgements:
        row = judgement.condition
        one = Told(row.text, judgement.result, str(judgement.result.label), judgement.article, row.is_required)
        for outcome in judgement.outcomes:
            if judgement.result == Result.FAILED and outcome.result != Result.FAILED:
                continue
            line = Line(outcome.sentence)
            if outcome.result == Result.FAILED and row.is_required and outcome.clearable:
                rule, subject = queries.finding_key(row, outcome)
                line.clearance = passed.get((rule, subject))
                if line.clearance is None:
                    line.excepted = queries.other_evidence(rule, subject, passed.values())
                if may_clear and line.clearance is None:
                    address = reverse("projects:clear_warning", args=[project.pk])
                    line.clear = f"{address}?rule={rule}&subject={subject}"
            one.lines.append(line)
        one.facts = [Fact(fact.what, str(fact.where.label), ways.to(fact)) for fact in judgement.missing]
        told.append(one)
    required = [one for one in told if one.is_required]
    return {
        "required": required,
        "priority": [one for one in told if not one.is_required],
        "counted": _counted(required),
    }


def _counted(told: Sequence[Told]) -> str:
    """“5 đạt, 1 không đạt, 2 chưa xác định được”."""
    numbers = {result: sum(one.result == result for one in told) for result in Result}
    return ", ".join(
        _("%(count)s %(result)s") % {"count": count, "result": str(result.label).lower()}
        for result, count in numbers.items()
        if count
    )


class _Ways:
    """Where a fact is entered, for those who may enter it."""

    def __init__(self, user, project: Project, helped: Sequence[Beneficiary]):
        self.user, self.project = user, project
        self.writes = may_edit(user, project)
        self.helped = {b.pk: b for b in helped}
        self.establishments = {b.establishment_id: b.establishment for b in helped}

    def to(self, fact: Missing) -> str:
        """The address; empty where this person may not."""
        if fact.where in (Where.YEAR, Where.ESTABLISHMENT):
            return self._establishment(fact)
        if fact.where == Where.PLACE:
            return self._place(fact)
        if fact.where == Where.DOSSIER:
            return reverse("projects:papers", args=[self.project.pk])
        if not self.writes:
            return ""
        if fact.where == Where.BENEFICIARY:
            return reverse("projects:change_beneficiary", args=[self.project.pk, fact.key])
        name = {Where.GENERAL: "change", Where.BENEFICIARIES: "add_beneficiary", Where.ESTIMATE: "estimate"}[fact.where]
        return reverse(f"projects:{name}", args=[self.project.pk])

    def _establishment(self, fact: Missing) -> str:
        e = self.establishments.get(fact.key)
        if e is None or not (
            self.user.may(Permission.ESTABLISHMENT_EDIT, place=e.place)
            or self.user.may(Permission.ESTABLISHMENT_EDIT_OWN, place=e.place, body=e.organisation)
        ):
            return ""
        return reverse(f"establishments:{'record_year' if fact.where == Where.YEAR else 'change'}", args=[e.pk])

    def _place(self, fact: Missing) -> str:
        if not self.user.holds(Permission.CATALOGUE_MANAGE):
            return ""
        unit = Unit.objects.filter(pk=fact.key).select_related("province").first()
        may = unit is not None and self.user.may(Permission.CATALOGUE_MANAGE, place=unit.province or unit)
        return reverse("places:record_fact", args=[fact.key]) if may else ""
