"""One project cut in several: each keeps the norm, together they do not."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.establishments import queries as establishments
from khuyencong.norms.enums import Level
from khuyencong.projects import rules
from khuyencong.projects.enums import ProjectState, Rule
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.queries.ceilings import Question, norm_answer, questions
from khuyencong.projects.rules import Finding

# What is only being written, or came to nothing, takes no money of the norm.
_NOT_COUNTED = (ProjectState.DRAFT, ProjectState.FAILED, ProjectState.WITHDRAWN, ProjectState.STOPPED)


def split_findings(project: Project, *, beneficiaries: Sequence[Beneficiary], on: date) -> list[Finding]:
    """Other projects of the same year and line (or kind, where no line was chosen) for the same beneficiary, under all its
    records and its tax code, whose money and this one's are together more than the norm allows for one.

    National money is added over the whole country, local money within the province whose norm it keeps.  A few queries,
    however many there are.
    """
    asked = [one for one in questions(project, beneficiaries=beneficiaries, lines=()) if one.beneficiary is not None]
    if not asked:
        return []
    records = establishments.records_of(one.beneficiary.establishment for one in asked if one.beneficiary)
    whose = establishments.owners(records)
    same = Q(project__norm_line=project.norm_line) | Q(project__norm_line="", project__kind=project.kind)
    rows = (
        Beneficiary.objects.filter(same, establishment__in=whose, removed_on=None, project__year=project.year)
        .exclude(project=project.pk)
        .exclude(project__state__in=_NOT_COUNTED)
        .select_related("project__province")
        .order_by("project__code", "pk")
    )
    others: dict[int, list[Beneficiary]] = {}
    for row in rows:
        for key in whose[row.establishment_id]:
            others.setdefault(key, []).append(row)
    found = []
    for one in asked:
        finding = _split(project, one, others.get(one.beneficiary.establishment_id, ()), on=on)
        if finding is not None:
            found.append(finding)
    return found


def _split(project: Project, asked: Question, others: Iterable[Beneficiary], *, on: date) -> Finding | None:
    source = "national" if asked.level == Level.NATIONAL else "local"
    counted = [
        (other, money)
        for other in others
        if (source == "national" or other.project.province_id == project.province_id)
        and (money := _money(other, source)) > 0
    ]
    if not counted:
        return None
    whole = asked.amount + sum(money for _other, money in counted)
    cost = asked.cost + sum(other.total for other, _money_ in counted)
    answer = norm_answer(project, code=asked.code, cost=cost, level=asked.level, on=on, beneficiary=asked.beneficiary)
    if answer is None or not answer.maximum or whole <= answer.maximum:
        return None
    sentence = _(
        "%(name)s: cùng năm %(year)s, cùng nội dung có %(count)s đề án (%(codes)s), cộng %(whole)s đồng, vượt mức tối đa "
        "%(most)s đồng của một đề án."
    ) % {
        "name": asked.name,
        "year": project.year,
        "count": len(counted) + 1,
        "codes": ", ".join([project.code, *(other.project.code for other, _amount in counted)]),
        "whole": dong(whole),
        "most": dong(answer.maximum),
    }
    article = "; ".join(dict.fromkeys(f"{line.article} {line.instrument}".strip() for line in answer.lines))
    evidence = " ".join(f"{other.uid}:{money}" for other, money in counted)
    subject = f"{asked.subject}:{asked.level}:{rules.mark_of(evidence)}"
    return rules.refused(Rule.SPLIT, sentence, article, subject=subject, clearable=True)


def _money(other: Beneficiary, source: str) -> int:
    """What the other project takes: never more than its decision gave."""
    asked: int = getattr(other, source)
    granted: int | None = getattr(other.project, f"granted_{source}")
    return asked if granted is None else min(asked, granted)
