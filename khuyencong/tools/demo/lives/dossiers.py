"""The papers that lie in a dossier."""

from datetime import date

from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.documents.models import DossierItem, Paper, Requirement
from khuyencong.tools.demo.lives.life import Life, S

_STAGES = (Stage.APPRAISAL, Stage.REGISTRATION, Stage.CONTRACT, Stage.FIRST_ADVANCE, Stage.REMAINDER, Stage.SETTLEMENT)
_FACTS = frozenset({"", Fact.SEPARATE_BENEFICIARY, Fact.PERCENT})


def fill_dossier(life: Life) -> None:
    """Papers that lie in the dossier, line by line of the checklists up to where the project has come."""
    year, project = life.year, life.project
    reached = {
        S.SUBMITTED: 1,
        S.APPRAISED: 1,
        S.REGISTERED: 2,
        S.MINISTRY_APPRAISED: 2,
        S.APPROVED: 2,
        S.ASSIGNED: 3,
    }
    reached |= {S.RUNNING: 4 if life.advanced else 3, S.STOPPED: 3, S.ACCEPTED: 5}
    stages = _STAGES[: reached.get(S(project.state), 6)]
    besides: Paper | None = None
    if project.state == S.DRAFT:
        return
    if year.rng.random() < 0.06:
        return  # nobody has put anything in yet: the auditor's list of missing papers
    for stage in stages:
        if stage == Stage.REGISTRATION and not life.is_national:
            continue
        for line in _lines(life, stage):
            paper = life.papers.get(line.paper_kind)
            if paper is None:
                if besides is None:
                    day = life.papers[PaperKind.REQUEST_LETTER].signed_on
                    besides = year.paper(
                        PaperKind.OTHER, day, abstract=f"Hồ sơ kèm theo đề án {project.code} (bản sao)"
                    )
                paper = besides
            several = life.helped if line.per_beneficiary else [None]
            for who in several or [None]:
                party = who.organisation if who is not None else None
                year.rows.add(
                    DossierItem(
                        dossier=project.dossier,
                        requirement=line,
                        paper=paper,
                        party=party,
                        actor_id=life.staff.officer.pk,
                    )
                )


def _lines(life: Life, stage: str) -> list[Requirement]:
    key = (life.project.kind, life.project.level)
    asked = life.year.nation.asked
    if key not in asked:
        kind, level = key
        by_stage = documents.requirements_by_stage(_STAGES, kind=kind, level=level, on=date(life.year.year, 6, 1))
        asked[key] = {
            name: [line for line in lines if line.only_when in _FACTS]
            for name, (lines, _by_analogy) in by_stage.items()
        }
    return asked[key][stage]
