"""A file from its sending to its approval."""

from datetime import date
from typing import Any

from khuyencong.budgets.enums import EntryKind
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import ProjectForm
from khuyencong.plans.models import Decision, Item, Share
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary
from khuyencong.tools.demo.lives.life import Life, S


def shares(amount: int, parts: int) -> list[int]:
    """Equal parts in whole đồng, what is left over with the last."""
    each = amount // max(parts, 1)
    return [*[each] * (parts - 1), amount - each * (parts - 1)] if parts else []


def submit(life: Life, on: date) -> None:
    paper = life.paper(PaperKind.REQUEST_LETTER, on, issuer=life.project.implementer)
    life.project.state = S.DRAFT
    life.year.step(life.project, "submit", S.SUBMITTED, on, by=life.staff.director, paper=paper)
    supports, own = shares(life.support, len(life.helped)), shares(life.project.counterpart, len(life.helped))
    for establishment, share, counterpart in zip(life.helped, supports, own, strict=True):
        life.beneficiaries.append(
            life.year.rows.add(
                Beneficiary(
                    project=life.project,
                    establishment=establishment,
                    content=life.project.machine_type or life.project.get_kind_display(),
                    total=share + counterpart,
                    counterpart=counterpart,
                    **{"national" if life.is_national else "local": share},
                )
            )
        )


def appraise(life: Life, on: date) -> None:
    paper = life.paper(PaperKind.APPRAISAL, on, issuer=life.year.department)
    life.project.rules_on = on
    life.year.step(life.project, "appraise", S.APPRAISED, on, by=life.staff.department, paper=paper)


def register(life: Life, on: date) -> None:
    paper = life.paper(PaperKind.REGISTRATION, on, issuer=life.year.department)
    life.year.step(life.project, "register", S.REGISTERED, on, by=life.staff.department, paper=paper)


def ministry_appraise(life: Life, on: date) -> None:
    paper = life.paper(PaperKind.MINISTRY_APPRAISAL, on, issuer=life.year.place.bodies.agency)
    life.project.rules_on = on
    life.year.step(life.project, "ministry_appraise", S.MINISTRY_APPRAISED, on, by=life.year.place.agency, paper=paper)


def approve(life: Life, on: date) -> None:
    paper = life.decision.paper
    assert paper is not None
    life.papers[PaperKind.PLAN_DECISION] = paper
    project = life.project
    for source in ("national", "local", "counterpart", "other"):
        setattr(project, f"granted_{source}", getattr(project, source))
    life.year.step(project, "approve", S.APPROVED, on, by=life.staff.clerk, paper=paper)
    plan_line(life, life.decision)
    life.year.entry(
        life.envelope, EntryKind.COMMITTED, life.granted, on, paper=paper, by=life.staff.clerk, project=project
    )
    life.year.committed[Source.NATIONAL if life.is_national else Source.LOCAL] += life.granted
    if project.form != ProjectForm.GROUP:
        name_helped(life, on, paper)


def name_helped(life: Life, on: date, paper: Paper) -> None:
    for beneficiary in life.beneficiaries:
        beneficiary.approved_on, beneficiary.paper = on, paper


def plan_line(life: Life, decision: Decision, **facts: Any) -> Item:
    project = life.project
    amounts = (
        {"national": project.granted_national, "local": project.granted_local}
        | {
            "counterpart": project.granted_counterpart,
            "other": project.granted_other,
        }
        | facts
    )
    item = life.year.rows.add(Item(decision=decision, project=project, order=life.year.number, **amounts))
    kept = (amounts["national"] or 0) + (amounts["local"] or 0)
    if kept:
        source = Source.NATIONAL if life.is_national else Source.LOCAL
        life.year.rows.add(Share(item=item, envelope=life.envelope, source=source, amount=kept))
    return item
