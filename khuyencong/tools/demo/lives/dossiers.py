"""The papers that lie in a dossier."""

from datetime import date, timedelta

from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.documents.models import DossierItem, Paper, Requirement
from khuyencong.tools.demo.lives.life import Life, S

_BEFORE_WORK = frozenset({Stage.APPRAISAL, Stage.REGISTRATION, Stage.CONTRACT})
_STAGES = (Stage.APPRAISAL, Stage.REGISTRATION, Stage.CONTRACT, Stage.FIRST_ADVANCE, Stage.REMAINDER, Stage.SETTLEMENT)
_FACTS = frozenset({"", Fact.SEPARATE_BENEFICIARY, Fact.PERCENT, f"!{Fact.INVOICES_AGENCY}"})


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
    reached |= {S.RUNNING: 4 if life.advanced else 3, S.STOPPED: 3}
    stages = _STAGES[: reached.get(S(project.state), 6)]
    besides: dict[date, Paper] = {}
    if project.state == S.DRAFT:
        return
    if year.rng.random() < 0.06:
        return  # nobody has put anything in yet: the auditor's list of missing papers
    for stage in stages:
        if stage == Stage.REGISTRATION and not life.is_national:
            continue
        day = _day(life, stage)
        for line in _lines(life, stage):
            paper = life.papers.get(line.paper_kind)
            if paper is None:
                if stage == Stage.SETTLEMENT and project.state == S.ACCEPTED:
                    continue  # what was made up to the acceptance lies there; the rest waits for the accountant
                if day not in besides:
                    besides[day] = _copy(life, day, first=not besides)
                paper = besides[day]
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


def _copy(life: Life, day: date, *, first: bool) -> Paper:
    """A bundle of copies sent along on a day.  Only the first one draws lots: how many there are changes no other life."""
    rng = life.year.rng
    before = rng.getstate()
    words = f"Hồ sơ kèm theo đề án {life.project.code} (bản sao)"
    made = life.year.paper(PaperKind.OTHER, day, abstract=words)
    if not first:
        rng.setstate(before)
    return made


def _day(life: Life, stage: str) -> date:
    """The day of what is sent along at a stage: what comes of the work is never older than the contract."""
    if stage in _BEFORE_WORK:
        return life.papers[PaperKind.REQUEST_LETTER].signed_on
    if stage == Stage.FIRST_ADVANCE:
        return life.begun_on + timedelta(days=7)
    return life.papers[PaperKind.ACCEPTANCE].signed_on


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
