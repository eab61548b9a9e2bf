"""One project cut in several: each keeps the norm, together they do not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.establishments import queries as establishments
from khuyencong.norms.enums import Level
from khuyencong.projects import rules
from khuyencong.projects.enums import ProjectState, Rule
from khuyencong.projects.models import Beneficiary, Clearance, Project
from khuyencong.projects.queries.ceilings import Question, norm_answer, questions
from khuyencong.projects.queries.files import helped
from khuyencong.projects.queries.orders import with_who_cleared
from khuyencong.projects.rules import Finding

# What is only being written, or came to nothing, takes no money of the norm.
_NOT_COUNTED = (ProjectState.DRAFT, ProjectState.FAILED, ProjectState.WITHDRAWN, ProjectState.STOPPED)
_NOT_GRANTED = (
    *_NOT_COUNTED,
    ProjectState.SUBMITTED,
    ProjectState.APPRAISED,
    ProjectState.REGISTERED,
    ProjectState.MINISTRY_APPRAISED,
)
# Given and not settled: what was settled stands among the supported items, where the condition of no other support looks.
_UNDER_WAY = (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING, ProjectState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Split:
    """Projects of one beneficiary that each keep the norm and together take more than it allows for one.

    ``key`` names the evidence, the same seen from each of them: an exception made for it lets no other pass.  ``beside``: the
    keys of the others that the same department answers for.  ``warns``: a person should look at it and it stops nothing: they
    take more only with what is carried out in other years, or no norm says how much one may have.
    """

    rule: ClassVar[str] = Rule.SPLIT
    project: Project
    key: str
    sentence: str
    article: str
    beside: tuple[int, ...] = ()
    warns: bool = False
    cleared: Clearance | None = None

    @property
    def told(self) -> str:
        """The sentence with its article."""
        return f"{self.sentence} ({self.article})" if self.article else self.sentence


def split_findings(project: Project, *, beneficiaries: Sequence[Beneficiary], on: date) -> list[Finding]:
    """Other projects of the same year and line (or kind, where no line was chosen) for the same beneficiary, under all its
    records and its tax code, whose money and this one's are together more than the norm allows for one.  Where only those of
    other years that are still carried out make it more, or where no norm is loaded, it is told and stops nothing.

    National money is added over the whole country, local money within the province whose norm it keeps.  A few queries,
    however many there are.
    """
    told = []
    for split in _splits(project, beneficiaries=beneficiaries, on=on, besides=_NOT_COUNTED, years=True):
        if split.warns:
            told.append(rules.warned(Rule.SPLIT, split.sentence, split.article, subject=split.key))
            continue
        finding = rules.refused(Rule.SPLIT, split.sentence, split.article, subject=split.key, clearable=True)
        if passed := split.cleared:
            finding = finding.let_pass(reason=passed.reason, by=_("%(who)s (ở đề án %(code)s)") % _who(passed))
        told.append(finding)
    return told


def _who(passed: Clearance) -> dict[str, str]:
    return {"who": str(passed.by), "code": passed.project.code}


def splits_granted(project: Project, *, on: date) -> list[Split]:
    """The same of a project that is carried out: what decisions gave it and others, by the rules that it keeps, with who let it
    pass.  What somebody else only asks for holds nobody's money back."""
    now, law = helped(project), rules.law_day(project, on=on)
    found = _with_who_passed(
        [one for one in _splits(project, beneficiaries=now, on=law, besides=_NOT_GRANTED) if not one.warns]
    )
    if all(split.cleared for split in found):
        return found
    # let pass at the appraisal, when more projects than were approved stood beside it
    before = _with_who_passed(_splits(project, beneficiaries=now, on=law, besides=_NOT_COUNTED))
    passed = {_about(split): split.cleared for split in before if split.cleared}
    return [split if split.cleared else replace(split, cleared=passed.get(_about(split))) for split in found]


def splits_without_norm(project: Project, *, on: date) -> list[Split]:
    """Other projects given to the same beneficiaries for the same, where no norm is loaded to hold them against."""
    law = rules.law_day(project, on=on)
    return [one for one in _splits(project, beneficiaries=helped(project), on=law, besides=_NOT_GRANTED) if one.warns]


def norms_missing(project: Project, *, on: date) -> list[str]:
    """Why money of this project cannot be held against a norm, a sentence each; nothing where there is a norm for all of it."""
    law, told = rules.law_day(project, on=on), {}
    for asked in questions(project, beneficiaries=helped(project), lines=()):
        answer = norm_answer(
            project, code=asked.code, cost=asked.cost, level=asked.level, on=law, beneficiary=asked.beneficiary
        )
        if answer is not None and answer.maximum is None:
            told[answer.explanation] = True
    return list(told)


def _with_who_passed(found: list[Split]) -> list[Split]:
    """Each with who let it pass in its own project, else in one of the others."""
    own = with_who_cleared(found)
    return [mine if mine.cleared else elsewhere for mine, elsewhere in zip(own, found, strict=True)]


def _passed_beside(found: list[Split]) -> list[Split]:
    """Each with who let the same evidence pass in one of the other projects: the same department has judged it.  One query,
    none where there is nothing."""
    if not (beside := {key for split in found for key in split.beside}):
        return found
    rows = Clearance.objects.filter(rule=Rule.SPLIT, project__in=beside).select_related("by", "project").order_by("pk")
    passed = {(row.project_id, _evidence(row.subject)): row for row in rows}
    return [
        replace(
            split, cleared=next(filter(None, (passed.get((key, _evidence(split.key))) for key in split.beside)), None)
        )
        for split in found
    ]


def _evidence(key: str) -> str:
    """The level of the money and the mark of the evidence, without whose project it is seen from."""
    return ":".join(key.split(":")[-2:])


def _about(split: Split) -> str:
    """Whose money of which level, without the evidence."""
    return split.key.rpartition(":")[0]


def _splits(
    project: Project,
    *,
    beneficiaries: Sequence[Beneficiary],
    on: date,
    besides: Sequence[ProjectState],
    years: bool = False,
) -> list[Split]:
    asked = [one for one in questions(project, beneficiaries=beneficiaries, lines=()) if one.beneficiary is not None]
    if not asked:
        return []
    records = establishments.records_of(one.beneficiary.establishment for one in asked if one.beneficiary)
    whose = establishments.owners(records)
    same = Q(project__norm_line=project.norm_line) | Q(project__norm_line="", project__kind=project.kind)
    then = Q(project__year=project.year) & ~Q(project__state__in=besides)
    if years:
        then |= Q(project__state__in=_UNDER_WAY) & ~Q(project__year=project.year)
    rows = (
        Beneficiary.objects.filter(same, then, establishment__in=whose, removed_on=None)
        .exclude(project=project.pk)
        .select_related("project__province")
        .order_by("project__code", "pk")
    )
    others: dict[int, list[Beneficiary]] = {}
    for row in rows:
        for key in whose[row.establishment_id]:
            others.setdefault(key, []).append(row)
    found = []
    for one in asked:
        split = _split(project, one, others.get(one.beneficiary.establishment_id, ()), on=on)
        if split is not None:
            found.append(split)
    return _passed_beside(found)


def _split(project: Project, asked: Question, others: Iterable[Beneficiary], *, on: date) -> Split | None:
    source = "national" if asked.level == Level.NATIONAL else "local"
    counted = [
        (other, money)
        for other in others
        if (source == "national" or other.project.province_id == project.province_id)
        and (money := _money(other, source)) > 0
    ]
    of_year = [(other, money) for other, money in counted if other.project.year == project.year]
    own = asked.amount if (granted := _granted(project, source)) is None else min(asked.amount, granted)
    split = _over(project, asked, own, of_year, on=on)
    if split is None and len(of_year) < len(counted):
        split = _over(project, asked, own, counted, on=on)
    return split


def _over(
    project: Project, asked: Question, own: int, counted: Sequence[tuple[Beneficiary, int]], *, on: date
) -> Split | None:
    """What these projects and this one take together, where that is more than the norm allows for one, or no norm is there."""
    if not counted:
        return None
    whole = own + sum(money for _other, money in counted)
    cost = asked.cost + sum(other.total for other, _money_ in counted)
    answer = norm_answer(project, code=asked.code, cost=cost, level=asked.level, on=on, beneficiary=asked.beneficiary)
    years = any(other.project.year != project.year for other, _amount in counted)
    if answer is None or (years if answer.maximum is None else not answer.maximum or whole <= answer.maximum):
        return None
    parts = [(project.code, own), *((other.project.code, money) for other, money in counted)]
    sentence = (
        _(
            "%(name)s: cùng năm %(year)s, cùng nội dung có %(count)s đề án (%(parts)s), cộng %(whole)s đồng. Chưa so được với mức "
            "tối đa: %(why)s Hãy xem có phải một đề án bị chia nhỏ."
        )
        if answer.maximum is None
        else _(
            "%(name)s: cùng nội dung có %(count)s đề án qua các năm chưa quyết toán (%(parts)s), cộng %(whole)s đồng, vượt mức "
            "tối đa %(most)s đồng của một đề án. Hãy xem có phải một đề án chia qua các năm."
        )
        if years
        else _(
            "%(name)s: cùng năm %(year)s, cùng nội dung có %(count)s đề án (%(parts)s), cộng %(whole)s đồng, vượt mức tối đa "
            "%(most)s đồng của một đề án."
        )
    ) % {
        "name": asked.name,
        "year": project.year,
        "count": len(parts),
        "parts": "; ".join(
            _("%(code)s: %(amount)s đồng") % {"code": code, "amount": dong(sum_)} for code, sum_ in parts
        ),
        "whole": dong(whole),
        "most": dong(answer.maximum or 0),
        "why": answer.explanation,
    }
    article = "; ".join(dict.fromkeys(line.citation for line in answer.lines))
    evidence = " ".join(sorted(f"{one.uid}:{money}" for one, money in [(asked.beneficiary, own), *counted]))
    key = f"{asked.subject}:{asked.level}:{rules.mark_of(evidence)}"
    same = (project.province_id, project.level)  # who answers for one of them answers for the other
    beside = tuple(o.project_id for o, _sum in counted if (o.project.province_id, o.project.level) == same)
    return Split(project, key, sentence, article, beside, warns=years or answer.maximum is None)


def _granted(project: Project, source: str) -> int | None:
    granted: int | None = getattr(project, f"granted_{source}")
    return granted


def _money(other: Beneficiary, source: str) -> int:
    """What the other project takes: never more than its decision gave."""
    asked: int = getattr(other, source)
    granted = _granted(other.project, source)
    return asked if granted is None else min(asked, granted)
