"""State money against the norms of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.base.money import dong
from khuyencong.establishments import queries as establishments
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level, ProjectForm
from khuyencong.projects import rules
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, Rule
from khuyencong.projects.models import Beneficiary, CostLine, Project
from khuyencong.projects.queries.files import helped, lines_of
from khuyencong.projects.rules import Finding


@dataclass(frozen=True, slots=True)
class Question:
    """State money of one kind that a norm bounds: of a beneficiary, of a line of the estimate, or of the whole project.
    ``cost`` and ``amount`` (what is asked) in đồng."""

    subject: str
    name: str
    code: str
    cost: int
    amount: int
    level: str
    beneficiary: Beneficiary | None = None


def local_level(project: Project) -> str:
    """Whose rows bind its local money: a commune's own where the commune manages it, else the province's."""
    return Level.COMMUNAL if project.level == Level.COMMUNAL else Level.PROVINCIAL


def questions(project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine]) -> list[Question]:
    """What the norms are asked of this file: per beneficiary, per line of the estimate, or for the project as a whole; national
    money by national rows, local money by the province's.  A group without beneficiaries is asked when it has them."""
    asked: list[tuple[str, str, str, int, Any, Beneficiary | None]] = []
    if project.norm_line and beneficiaries:
        for b in beneficiaries:
            asked.append((str(b.uid), str(b.establishment), project.norm_line, b.total, b, b))
    elif project.norm_line and _waits_for_beneficiaries(project):
        return []
    elif project.norm_line:
        asked.append(("", project.title, project.norm_line, project.total, project, None))
    for number, line in enumerate(lines, start=1):
        if line.norm_line and not (project.norm_line == line.norm_line and beneficiaries):
            asked.append((f"line-{number}", line.content, line.norm_line, line.total, line, line.beneficiary))
    return [
        Question(subject, name, code, cost, getattr(money, source), level, b)
        for subject, name, code, cost, money, b in asked
        for source, level in (("national", Level.NATIONAL), ("local", local_level(project)))
        if getattr(money, source) > 0
    ]


def _waits_for_beneficiaries(project: Project) -> bool:
    return project.kind in HELPS_ESTABLISHMENTS and project.form == ProjectForm.GROUP


def norm_findings(
    project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine], on: date
) -> list[Finding]:
    """State money against the norms of the day, one finding a question."""
    if project.norm_line and not beneficiaries and _waits_for_beneficiaries(project):
        return [
            rules.warned(Rule.NORM, _("Định mức được tính cho từng đơn vị thụ hưởng khi duyệt danh sách (Mẫu 11)."))
        ]
    if not project.norm_line and not any(line.norm_line for line in lines):
        return [rules.warned(Rule.NORM, _("Chưa chọn dòng định mức, hệ thống chưa so được mức hỗ trợ."))]
    return [
        _norm_finding(project, asked, on=on) for asked in questions(project, beneficiaries=beneficiaries, lines=lines)
    ]


def norm_answer(
    project: Project,
    *,
    code: str,
    cost: int,
    level: str,
    on: date,
    beneficiary: Beneficiary | None = None,
    priority: Sequence[str] = (),
    in_village: bool | None = None,
) -> norms.Answer | None:
    """What the norms of the day allow for one unit of a line (place is asked apart); None where the line is unknown or the
    cost is nothing.  ``in_village``: whether the beneficiary works in a craft village, where the caller knows already."""
    if in_village is None:
        in_village = bool(beneficiary) and establishments.in_craft_village(beneficiary.establishment, on=on)
    province = None if level == Level.NATIONAL else project.province
    try:
        return norms.maximum(
            code,
            cost=cost,
            on=on,
            level=level,
            province=province,
            place=beneficiary.establishment.commune if beneficiary else project.commune,
            craft_village=in_village,
            cleaner_production=bool(beneficiary) and beneficiary.establishment.cleaner_production,
            planning_year=project.year,
            priority=priority,
        )
    except Invalid:
        return None


def norms_changed(project: Project, *, since: date, on: date) -> list[str]:
    """Where the norms of ``on`` would give another maximum than those of ``since``, which the project keeps: a sentence for
    each; nothing where they agree."""
    now, lines = helped(project), lines_of(project)
    told = []
    for asked in questions(project, beneficiaries=now, lines=lines):
        kept, later = (
            norm_answer(
                project, code=asked.code, cost=asked.cost, level=asked.level, on=day, beneficiary=asked.beneficiary
            )
            for day in (since, on)
        )
        if kept is None or later is None or kept.maximum == later.maximum:
            continue
        told.append(
            _("%(name)s: quy định ngày %(today)s cho tối đa %(later)s; đề án giữ mức %(kept)s của ngày %(day)s.")
            % {
                "name": asked.name,
                "today": f"{on:%d/%m/%Y}",
                "later": _amount(later.maximum),
                "kept": _amount(kept.maximum),
                "day": f"{since:%d/%m/%Y}",
            }
        )
    return told


def _amount(maximum: int | None) -> str:
    return _("chưa có mức") if maximum is None else _("%(amount)s đồng") % {"amount": dong(maximum)}


def _norm_finding(project: Project, asked: Question, *, on: date) -> Finding:
    name, amount, level = asked.name, asked.amount, asked.level
    key = f"{asked.subject}:{level}:{amount}"
    answer = norm_answer(project, code=asked.code, cost=asked.cost, level=level, on=on, beneficiary=asked.beneficiary)
    if answer is None:
        return rules.refused(
            Rule.NORM,
            _("%(name)s: chưa tính được định mức (thiếu chi phí hoặc dòng định mức).") % {"name": name},
            subject=key,
        )
    if not answer.lines or answer.maximum is None:
        return rules.warned(Rule.NORM, f"{name}: {answer.explanation}", subject=key)
    article = "; ".join(dict.fromkeys(f"{line.article} {line.instrument}".strip() for line in answer.lines))
    # where the place itself is refused the amounts are told by the rule of places, not twice
    ceiling = answer.maximum
    if ceiling == 0 and answer.eligible is False:
        return rules.warned(Rule.NORM, f"{name}: {answer.explanation}", article, subject=key)
    if amount > ceiling:
        sentence = _("%(name)s: đề nghị %(amount)s đồng, vượt mức tối đa %(ceiling)s đồng. %(explanation)s") % {
            "name": name,
            "amount": dong(amount),
            "ceiling": dong(ceiling),
            "explanation": answer.explanation,
        }
        raised = _raised(project, asked, on=on)
        within = raised > ceiling and amount <= raised
        if within:  # whether this is a priority is for whoever approves to say, with his reason
            sentence += " " + _("Thuộc diện ưu tiên thì tối đa %(raised)s đồng.") % {"raised": dong(raised)}
        return rules.refused(Rule.NORM, sentence, article, subject=key, clearable=within or not answer.is_verified)
    return rules.passed(Rule.NORM, f"{name}: {answer.explanation}", article)


def _raised(project: Project, asked: Question, *, on: date) -> int:
    """The ceiling for a priority of the day, whichever it is: all have one factor (TTLT 26/2014 Đ6.2t and what came after)."""
    level = asked.level
    known = norms.priorities(on=on, province=None if level == Level.NATIONAL else project.province)
    if not known:
        return 0
    answer = norm_answer(
        project,
        code=asked.code,
        cost=asked.cost,
        level=level,
        on=on,
        beneficiary=asked.beneficiary,
        priority=[known[0].code],
    )
    return (answer.maximum or 0) if answer else 0
