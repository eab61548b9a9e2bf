"""What is written down in a year of one province: papers, steps, lines of the ledger."""

from datetime import date
from random import Random

from khuyencong.base.text import fold
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState, Source
from khuyencong.projects.models import Project, StepTaken
from khuyencong.tools.demo import names
from khuyencong.tools.demo.moments import Moments
from khuyencong.tools.demo.stage import Nation, Place, Rows

_SUFFIX = {
    PaperKind.PLAN_DECISION: "QĐ-UBND",
    PaperKind.CHANGE_DECISION: "QĐ-SCT",
    PaperKind.GROUP_PLAN: "QĐ-SCT",
    PaperKind.BUDGET_DECISION: "QĐ-UBND",
    PaperKind.SUBMISSION: "TTr-SCT",
    PaperKind.ASSIGNMENT: "QĐ-SCT",
    PaperKind.SUPPORT_CONTRACT: "HĐ-KC",
    PaperKind.ACCEPTANCE: "BB-NT",
    PaperKind.LIQUIDATION: "BB-TL",
    PaperKind.APPRAISAL: "PTĐ-SCT",
    PaperKind.COUNCIL_DECISION: "QĐ-SCT",
    PaperKind.MINUTES: "BB-SCT",
    PaperKind.PAYMENT_ORDER: "UNC",
}


class Books:
    """The books of one year of one province: papers with their numbers, steps, lines of the ledger; ``rows`` wait to be written."""

    def __init__(
        self, place: Place, *, year: int, nation: Nation, today: date, rng: Random, moments: Moments, serial: int
    ) -> None:
        self.place, self.year, self.nation, self.today = place, year, nation, today
        self.national = nation.envelope
        self.rng, self.moments, self.serial = rng, moments, serial
        self.rows = Rows()
        self.number = self.papers = 0
        self.committed = {Source.NATIONAL: 0, Source.LOCAL: 0}
        self.projects: list[Project] = []
        self.committee = place.body(BodyKind.PROVINCE_COMMITTEE)
        self.department, self.centre = place.body(BodyKind.DEPARTMENT), place.body(BodyKind.CENTRE)
        self.chairman = names.full(names.person(rng))

    def paper(
        self,
        kind: PaperKind,
        on: date,
        *,
        abstract: str = "",
        issuer: Organisation | None = None,
        signer: str = "",
        by: User | None = None,
        suffix: str = "",
    ) -> Paper:
        self.papers += 1
        abroad = issuer in (self.place.bodies.agency, self.place.bodies.ministry)
        number = (
            f"{self.papers}{'-' + self.place.province.code if abroad else ''}/{suffix or _SUFFIX.get(kind, 'CV-KC')}"
        )
        # most are entered within the days of the rule; some late, as everywhere
        self.moments.to(on, later=self.rng.choice((0, 0, 1, 1, 2)) if self.rng.random() > 0.04 else 16)
        return self.rows.add(
            Paper(
                kind=kind,
                number=number,
                signed_on=on,
                signer=signer,
                signer_title="Chủ tịch" if signer else "",
                issuer=issuer,
                abstract=abstract[:500],
                folded=fold(f"{number} {abstract} {signer}")[:900],
                kept_at="Văn thư Sở Công Thương" if issuer == self.department else "Trung tâm Khuyến công",
                province=self.place.province,
                actor_id=(by or self.place.staff.clerk).pk,
            )
        )

    def step(
        self,
        project: Project,
        name: str,
        target: ProjectState,
        on: date,
        *,
        by: User,
        paper: Paper | None = None,
        note: str = "",
    ) -> None:
        self.rows.add(
            StepTaken(
                project=project, name=name, source=project.state, target=target, on=on, paper=paper, note=note, by=by
            )
        )
        project.state = target

    def entry(
        self,
        envelope: Envelope,
        kind: EntryKind,
        amount: int,
        on: date,
        *,
        paper: Paper,
        by: User,
        project: Project | None = None,
        note: str = "",
        origin: Entry | None = None,
    ) -> Entry:
        return self.rows.add(
            Entry(
                envelope=envelope,
                kind=kind,
                amount=amount,
                project=project,
                on=on,
                paper=paper,
                by=by,
                note=note,
                origin=origin,
            )
        )
