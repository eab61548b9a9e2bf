"""The conditions of support of a project: kept, not kept, or not to be told for want of a fact."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from khuyencong.norms import queries as norms
from khuyencong.norms.enums import ConditionKind
from khuyencong.norms.models import Condition
from khuyencong.projects import rules
from khuyencong.projects.enums import APPROVED_ON, Result, Rule, Where
from khuyencong.projects.models import Beneficiary, Clearance, CostLine, Project
from khuyencong.projects.queries.facts import Asked, gather
from khuyencong.projects.queries.files import helped
from khuyencong.projects.rules import Finding, Judgement

AT_ONCE = 10_000  # projects whose facts are gathered together
_RULE_OF = {ConditionKind.NO_OTHER_SUPPORT.value: Rule.SUPPORTED_BEFORE}


def _facts_day(project: Project, *, on: date, law: date) -> date:
    """Until it is approved a project is looked at as it stands on ``on``; what came after an approval says nothing of it."""
    return law if project.state in APPROVED_ON else on


def _conditions(project: Project, *, law: date) -> list[Condition]:
    return norms.conditions(on=law, level=project.level, province=project.province)


def conditions_of(
    project: Project,
    *,
    on: date,
    beneficiaries: Sequence[Beneficiary] | None = None,
    facts_on: date | None = None,
) -> list[Judgement]:
    """The checklist of one project, in the order of the law.

    Judged by the rules that the project keeps (those of its appraisal), otherwise by those of ``on``; an approved one with the
    facts of the same day unless ``facts_on`` says another.  ``beneficiaries``: those asked about, else all that are helped.
    """
    law = rules.law_day(project, on=on)
    now = helped(project) if beneficiaries is None else list(beneficiaries)
    for b in now:
        b.project = project
    asked = Asked(project, law, facts_on or _facts_day(project, on=on, law=law), _conditions(project, law=law), now)
    with norms.reading():
        return _judged(asked, gather([asked])[project.pk])


def conditions_of_many(projects: Iterable[Project], *, on: date) -> dict[int, list[Judgement]]:
    """The same for many projects (by key), their provinces and communes at hand; as many queries for one as for ten
    thousand, one more for each other province, level and day of law, and a few for each other commune and day where the
    place is judged."""
    found: dict[int, list[Judgement]] = {}
    rows_of: dict[tuple[date, str, int], list[Condition]] = {}
    for some in _batches(projects):
        with norms.reading(many=True):
            by_key = {project.pk: project for project in some}
            named: dict[int, list[Beneficiary]] = {}
            rows = Beneficiary.objects.filter(project__in=by_key, removed_on=None).select_related("establishment")
            for b in rows.order_by("pk"):
                b.project = by_key[b.project_id]
                named.setdefault(b.project_id, []).append(b)
            asked = []
            for project in some:
                law = rules.law_day(project, on=on)
                day = _facts_day(project, on=on, law=law)
                key = (law, project.level, project.province_id)
                if key not in rows_of:
                    rows_of[key] = _conditions(project, law=law)
                asked.append(Asked(project, law, day, rows_of[key], named.get(project.pk, [])))
            facts = gather(asked)
            found |= {one.project.pk: _judged(one, facts[one.project.pk]) for one in asked}
    return found


def _batches(projects: Iterable[Project]) -> Iterator[list[Project]]:
    rest = iter(projects)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _judged(asked: Asked, facts: rules.Facts) -> list[Judgement]:
    told = (rules.judge(row, facts) for row in asked.conditions)
    return [judgement for judgement in told if judgement is not None]


def finding_key(row: Condition, outcome: rules.Outcome) -> tuple[Rule, str]:
    """By which rule and subject the checks and their exceptions know what a condition came to."""
    subject = outcome.subject if row.code == row.kind else f"{row.code}:{outcome.subject}"
    return _RULE_OF.get(row.kind) or Rule(row.kind), subject


# The rules of the checks that conditions of support speak for.
CONDITION_RULES = frozenset(_RULE_OF.get(kind) or Rule(kind) for kind in ConditionKind.values)


def condition_findings(judgements: Iterable[Judgement], *, only_failed: bool = False) -> list[Finding]:
    """Conditions as findings of the checks: one that is not kept stands in the way, one that cannot be told or that somebody
    should look at is shown.  What only gives priority stands in nobody's way and is left out; so is the lack of anybody to
    help, which a rule of its own tells."""
    found = []
    for judgement in judgements:
        row = judgement.condition
        if not row.is_required:
            continue
        for outcome in judgement.outcomes:
            rule, subject = finding_key(row, outcome)
            article = outcome.article or rules.citation(row)
            if any(fact.where == Where.BENEFICIARIES for fact in outcome.missing):
                continue
            if outcome.result == Result.FAILED:
                found.append(
                    rules.refused(rule, outcome.sentence, article, subject=subject, clearable=outcome.clearable)
                )
            elif only_failed:
                continue
            elif outcome.result == Result.UNKNOWN or outcome.look:
                found.append(rules.warned(rule, outcome.sentence, article, subject=subject))
            else:
                found.append(rules.passed(rule, outcome.sentence, article))
    return found


def conditions_of_file(
    project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine], on: date
) -> list[Finding]:
    """What the file by itself shows not to be kept: counterpart and machines.  One query, for a page that must stay quick."""
    told = _conditions(project, law=rules.law_day(project, on=on))
    facts = rules.Facts(project, [rules.Helped(b) for b in beneficiaries], lines)
    here = [row for row in told if row.kind in (ConditionKind.COUNTERPART, ConditionKind.NEW_MACHINERY)]
    judged = (rules.judge(row, facts) for row in here)
    return condition_findings((one for one in judged if one is not None), only_failed=True)


def refused(projects: Sequence[Project], *, on: date) -> dict[int, list[Finding]]:
    """The conditions that stand in the way of each of these projects (by key) and that nobody let pass; projects without one
    are left out."""
    found = {
        key: condition_findings(judgements, only_failed=True)
        for key, judgements in conditions_of_many(projects, on=on).items()
    }
    found = {key: findings for key, findings in found.items() if findings}
    passed: dict[tuple[int, str], list[str]] = {}
    for key, rule, subject in Clearance.objects.filter(project__in=found).values_list("project_id", "rule", "subject"):
        passed.setdefault((key, rule), []).append(subject)
    standing = {
        key: [f for f in findings if not (f.clearable and _covered(f, passed.get((key, f.rule.value), ())))]
        for key, findings in found.items()
    }
    return {key: findings for key, findings in standing.items() if findings}


def _covered(finding: Finding, accepted: Iterable[str]) -> bool:
    if finding.rule == Rule.COUNTERPART:
        return any(rules.counterpart_covered(subject, finding.subject) for subject in accepted)
    return finding.subject in accepted


def condition_row(project: Project, kind: ConditionKind, *, on: date) -> Condition | None:
    """The row of this kind that binds the project by the rules that it keeps; None where there is none.  One query."""
    told = _conditions(project, law=rules.law_day(project, on=on))
    return next((row for row in told if row.kind == kind and rules.is_asked(row, project)), None)


def counterpart_asked(project: Project, *, on: date) -> Condition | None:
    """The condition that asks this project for a counterpart, by the rules that it keeps.  One query."""
    return condition_row(project, ConditionKind.COUNTERPART, on=on)


def asks_of_machines(project: Project, *, on: date) -> bool:
    """Whether its estimate has to tell new machines from used ones.  One query."""
    return condition_row(project, ConditionKind.NEW_MACHINERY, on=on) is not None
