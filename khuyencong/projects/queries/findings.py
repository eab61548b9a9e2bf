"""Everything that the rules of a day say of a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base.sentences import counted
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Stage
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Ground, Level, ProjectForm
from khuyencong.projects import rules
from khuyencong.projects.enums import ProjectState, Rule, Severity
from khuyencong.projects.models import Beneficiary, Clearance, Project
from khuyencong.projects.queries.ceilings import norm_findings
from khuyencong.projects.queries.conditions import condition_findings, conditions_of, conditions_of_file
from khuyencong.projects.queries.files import checklist, helped, lines_of
from khuyencong.projects.queries.splits import split_findings
from khuyencong.projects.queries.steps import next_step
from khuyencong.projects.queries.twins import twin_findings
from khuyencong.projects.rules import Finding, Judgement


def group_terms(project: Project, *, on: date) -> rules.GroupTerms:
    """What the norms of the day say of group projects of this kind."""
    level = Level.PROVINCIAL if project.level == Level.COMMUNAL else project.level
    province = None if project.level == Level.NATIONAL else project.province
    told = norms.group_rule(project.kind, on=on, level=level, province=province)
    return rules.GroupTerms(told.allowed, told.beneficiaries_later, told.must_name, told.citation or Ground.GROUP_KINDS)


def checks(
    project: Project,
    *,
    on: date,
    beneficiaries: Sequence[Beneficiary] | None = None,
    deep: bool = True,
    papers: bool = False,
    cited: bool = True,
    judgements: Sequence[Judgement] | None = None,
) -> list[Finding]:
    """Everything that the rules of ``on`` say of this file, refusals first; exceptions that a person let pass are marked.

    Asked before sending, and again by base and ministry appraisal.  Without ``deep`` only what the file itself tells is
    looked at (for a page that must stay quick): norms and what other registers tell of the conditions are left out, and its
    papers unless ``papers`` asks for them.  Without ``cited`` no finding names where its rule stands.  ``judgements``: what
    ``conditions_of`` said for the same day and beneficiaries, where somebody has asked it already.
    """
    with norms.reading():
        now = helped(project) if beneficiaries is None else beneficiaries
        if deep and judgements is None:
            judgements = conditions_of(project, on=on, beneficiaries=now)
        found = _checks(project, on=on, now=now, judgements=judgements, deep=deep, papers=deep or papers)
        told = [_cited(project, finding, on=on) if cited else replace(finding, article="") for finding in found]
        return with_clearances(project, told)


def _checks(
    project: Project,
    *,
    on: date,
    now: Sequence[Beneficiary],
    judgements: Sequence[Judgement] | None,
    deep: bool,
    papers: bool,
) -> list[Finding]:
    lines = lines_of(project)
    terms = group_terms(project, on=on) if project.form == ProjectForm.GROUP else None
    found: list[Finding | None] = [
        rules.parts_written(dict(project.parts.values_list("number", "text"))),
        *rules.estimate_sums(project, lines),
        rules.support_fits_level(project),
        rules.other_sources_named(project, project.other_sources.all()),
        rules.counterpart_sums(project, now),
        rules.period_of(project),
        *rules.beneficiaries_named(project, now, terms),
        rules.group_terms_kept(project, now, terms) if terms else None,
        *rules.flagship_terms_kept(project),
    ]
    if deep:
        found += norm_findings(project, beneficiaries=now, lines=lines, on=on)
        found += split_findings(project, beneficiaries=now, on=on)
        found += condition_findings(judgements or ())
        found += twin_findings(project, beneficiaries=now, lines=lines, on=on)
    else:
        found += conditions_of_file(project, beneficiaries=now, lines=lines, on=on)
    if papers:
        listed = checklist(project, stage=stage_of_file(project), on=on, beneficiaries=now)
        found += _of_dossier(project, listed, beneficiaries=now)
    return [finding for finding in found if finding is not None]


def _cited(project: Project, finding: Finding, *, on: date) -> Finding:
    """The finding with where its rule stands on that day."""
    if not isinstance(finding.article, Ground):
        return finding
    return replace(finding, article=norms.ground(finding.article, on=on, of=project).citation)


def shares_over(project: Project, beneficiaries: Iterable[Beneficiary], *, on: date) -> str:
    """Why the shares of those who are helped must be set again, with where the rule stands; empty where they need not."""
    why = rules.shares_over(project, beneficiaries)
    return norms.cited(why, Ground.GROUP_SHARES, on=on, of=project) if why else ""


def list_shut(project: Project, *, on: date) -> str:
    """Why nobody is put into the list of those who are helped now, or taken out of it; empty where it is open."""
    if project.is_open_to_change:
        return ""
    if project.form == ProjectForm.GROUP and project.is_under_way and not project.historical:
        return ""
    why = _("Đơn vị thụ hưởng của đề án “%(state)s” chỉ thay đổi bằng quyết định điều chỉnh.")
    why %= {"state": project.get_state_display()}
    return norms.cited(why, Ground.CHANGE_BENEFICIARY, on=on, of=project)


def stage_of_file(project: Project) -> Stage:
    """Whose papers are asked for while a file is judged: of base appraisal, or of the registration with the ministry."""
    at_ministry = project.level == Level.NATIONAL and project.state in (ProjectState.APPRAISED, ProjectState.REGISTERED)
    return Stage.REGISTRATION if at_ministry else Stage.APPRAISAL


def with_clearances(project: Project, findings: Sequence[Finding]) -> list[Finding]:
    """The findings with those that a person let pass marked as such, refusals first."""
    cleared = {(c.rule, c.subject): c for c in project.clearances.select_related("by")}
    told = []
    for finding in findings:
        clearance = _exception_for(finding, cleared)
        if clearance and finding.refuses and finding.clearable:
            finding = finding.let_pass(reason=clearance.reason, by=str(clearance.by))
        elif finding.refuses and (note := other_evidence(finding.rule, finding.subject, cleared.values())):
            finding = replace(finding, note=note)
        told.append(finding)
    order = {Severity.REFUSAL: 0, Severity.WARNING: 1, Severity.CLEARED: 2, Severity.PASSED: 3}
    return sorted(told, key=lambda finding: order[finding.severity])


# Findings that end their subject with the mark of their evidence; that of a norm is the amount.
_BY_EVIDENCE = (Rule.SUPPORTED_BEFORE, Rule.FOREIGN_FAIRS, Rule.SPLIT, Rule.NORM)


def _exception_for(finding: Finding, cleared: Mapping[tuple[str, str], Clearance]) -> Clearance | None:
    """Who let this pass; an exception from a norm holds for what was accepted and for less, one for a small counterpart for
    the same share and for more."""
    covers = {Rule.NORM: rules.covers, Rule.COUNTERPART: rules.counterpart_covered}.get(finding.rule)
    if covers is None or not finding.refuses:
        return cleared.get((finding.rule, finding.subject))
    reaching = [c for c in cleared.values() if c.rule == finding.rule and covers(c.subject, finding.subject)]
    return max(reaching, key=lambda clearance: clearance.pk, default=None)


def other_evidence(rule: Rule, subject: str, cleared: Iterable[Clearance]) -> str:
    """That the newest exception for the same rule and subject was made for other evidence, by whom and why; empty where none
    was made."""
    if rule not in _BY_EVIDENCE:
        return ""
    about = subject.rpartition(":")[0]
    others = [row for row in cleared if row.rule == rule and about == row.subject.rpartition(":")[0]]
    if not others:
        return ""
    newest = max(others, key=lambda row: row.pk)
    return _("Ngoại lệ do %(who)s chấp nhận ngày %(day)s là cho căn cứ khác: %(reason)s") % {
        "who": newest.by,
        "day": f"{newest.on:%d/%m/%Y}",
        "reason": newest.reason,
    }


def list_findings(project: Project, *, beneficiaries: Sequence[Beneficiary], on: date) -> list[Finding]:
    """What stands in the way of beneficiaries who come after the approval (Mẫu 11): norms and conditions by the rules that the
    project keeps, facts as they are known on ``on``."""
    judgements = conditions_of(project, on=on, beneficiaries=beneficiaries, facts_on=on)
    law = rules.law_day(project, on=on)
    return [
        *norm_findings(project, beneficiaries=beneficiaries, lines=(), on=law),
        *split_findings(project, beneficiaries=beneficiaries, on=law),
        *condition_findings(judgements),
        *twin_findings(project, beneficiaries=beneficiaries, lines=(), on=on),
    ]


# What the record itself is: its parts and estimate have rules of their own.
_THE_FILE_ITSELF = "project_file"


def dossier_findings(
    project: Project, lines: Sequence[documents.Line], *, beneficiaries: Sequence[Beneficiary], on: date
) -> list[Finding]:
    """The papers of a checklist: one that the law demands stands in the way, one followed by analogy or whose text nobody has
    read is only told (TT 36/2013 Đ9.5, Đ10).

    A paper that the next step brings itself is not asked for before it, nor those of beneficiaries who come later.
    """
    return [_cited(project, finding, on=on) for finding in _of_dossier(project, lines, beneficiaries=beneficiaries)]


def _of_dossier(
    project: Project, lines: Sequence[documents.Line], *, beneficiaries: Sequence[Beneficiary]
) -> list[Finding]:
    if not lines:
        return []
    step = next_step(project)
    brought = step.paper if step else ""
    lacking = [line for line in documents.missing(lines) if line.requirement.paper_kind != brought]
    demanded = [
        line
        for line in lacking
        if line.binds
        and line.requirement.code != _THE_FILE_ITSELF
        and (beneficiaries or not line.requirement.per_beneficiary)
    ]
    told = [line for line in lacking if line not in demanded]
    found = []
    if demanded:
        papers = "; ".join(f"{line.named}, {line.article}" for line in demanded)
        sentence = _("Hồ sơ thiếu giấy tờ mà luật đòi: %(papers)s.") % {"papers": papers}
        found.append(rules.refused(Rule.DOSSIER, sentence, Ground.DOSSIER_DEMANDED, subject="demanded"))
    if told:
        named = "; ".join(dict.fromkeys(line.named for line in told))
        sentence = counted("Còn thiếu %(count)s giấy tờ: %(names)s.", len(told)) % {"count": len(told), "names": named}
        found.append(rules.warned(Rule.DOSSIER, sentence, Ground.DOSSIER))
    return found or [rules.passed(Rule.DOSSIER, _("Đủ giấy tờ kèm theo."), Ground.DOSSIER)]
