"""State money against the norms of the day."""

from collections.abc import Sequence
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
from khuyencong.projects.rules import Finding


def norm_findings(
    project: Project, *, beneficiaries: Sequence[Beneficiary], lines: Sequence[CostLine], on: date
) -> list[Finding]:
    """State money against the norms of the day: per beneficiary, per line of the estimate, or for the project as a whole;
    national money by national rows, local money by the province's."""
    asked: list[tuple[str, str, str, int, dict[str, int], Any]] = []
    if project.norm_line and beneficiaries:
        for b in beneficiaries:
            asked.append((str(b.uid), str(b.establishment), project.norm_line, b.total, _money(b), b))
    elif project.norm_line and project.kind in HELPS_ESTABLISHMENTS and project.form == ProjectForm.GROUP:
        return [
            rules.warned(Rule.NORM, _("Định mức được tính cho từng đơn vị thụ hưởng khi duyệt danh sách (Mẫu 11)."))
        ]
    elif project.norm_line:
        asked.append(("", project.title, project.norm_line, project.total, _money(project), None))
    for number, line in enumerate(lines, start=1):
        if line.norm_line and not (project.norm_line == line.norm_line and beneficiaries):
            subject = f"line-{number}"
            asked.append((subject, line.content, line.norm_line, line.total, _money(line), line.beneficiary))
    if not asked:
        return [rules.warned(Rule.NORM, _("Chưa chọn dòng định mức, hệ thống chưa so được mức hỗ trợ."))]
    found = []
    for subject, name, code, cost, money, b in asked:
        for source, level in (("national", Level.NATIONAL), ("local", Level.PROVINCIAL)):
            if money[source] > 0:
                found.append(
                    _norm_finding(
                        project,
                        subject=subject,
                        name=name,
                        code=code,
                        cost=cost,
                        amount=money[source],
                        level=level,
                        beneficiary=b,
                        on=on,
                    )
                )
    return found


def _money(thing: Project | Beneficiary | CostLine) -> dict[str, int]:
    return {"national": thing.national, "local": thing.local}


def norm_answer(
    project: Project,
    *,
    code: str,
    cost: int,
    level: str,
    on: date,
    beneficiary: Beneficiary | None = None,
    priority: Sequence[str] = (),
) -> norms.Answer | None:
    """What the norms of the day allow for one unit of a line (place is asked apart); None where the line is unknown or the
    cost is nothing."""
    province = None if level == Level.NATIONAL else project.province
    try:
        return norms.maximum(
            code,
            cost=cost,
            on=on,
            level=level,
            province=province,
            place=beneficiary.establishment.commune if beneficiary else project.commune,
            craft_village=bool(beneficiary) and establishments.in_craft_village(beneficiary.establishment, on=on),
            cleaner_production=bool(beneficiary) and beneficiary.establishment.cleaner_production,
            planning_year=project.year,
            priority=priority,
        )
    except Invalid:
        return None


def _norm_finding(
    project: Project,
    *,
    subject: str,
    name: str,
    code: str,
    cost: int,
    amount: int,
    level: str,
    beneficiary: Beneficiary | None,
    on: date,
) -> Finding:
    key = f"{subject}:{level}"
    answer = norm_answer(project, code=code, cost=cost, level=level, on=on, beneficiary=beneficiary)
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
        raised = _raised(project, code=code, cost=cost, level=level, beneficiary=beneficiary, on=on)
        within = raised > ceiling and amount <= raised
        if within:  # whether this is a priority is for whoever approves to say, with his reason
            sentence += " " + _("Thuộc diện ưu tiên thì tối đa %(raised)s đồng.") % {"raised": dong(raised)}
        return rules.refused(Rule.NORM, sentence, article, subject=key, clearable=within or not answer.is_verified)
    return rules.passed(Rule.NORM, f"{name}: {answer.explanation}", article)


def _raised(project: Project, *, code: str, cost: int, level: str, beneficiary: Beneficiary | None, on: date) -> int:
    """The ceiling for a priority of the day, whichever it is: all have one factor (TTLT 26/2014 Đ6.2t and what came after)."""
    known = norms.priorities(on=on, province=None if level == Level.NATIONAL else project.province)
    if not known:
        return 0
    answer = norm_answer(
        project, code=code, cost=cost, level=level, on=on, beneficiary=beneficiary, priority=[known[0].code]
    )
    return (answer.maximum or 0) if answer else 0
