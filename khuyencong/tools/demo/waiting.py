"""What waits for next year's money: more appraised files than the envelope can pay, with what a council said of each, and a
draft tranche whose conditions a person has begun to set."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from khuyencong.audit.operations import record
from khuyencong.base.bulk import insert_objects
from khuyencong.budgets.models import Envelope
from khuyencong.councils import operations as councils
from khuyencong.councils.enums import Conclusion, MemberRole, Point, Result
from khuyencong.councils.models import Member, Sheet, SheetPoint, SheetScore
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level, ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.plans import operations as plans
from khuyencong.plans.enums import DecisionKind, TermKind
from khuyencong.plans.models import Plan, Term
from khuyencong.plans.queries import candidates
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, ProjectState
from khuyencong.projects.models import CodeCounter, Project, StepTaken
from khuyencong.tools.demo.judging import CRITERIA
from khuyencong.tools.demo.lives import Life
from khuyencong.tools.demo.past import MIX, Year
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import MILLION, Nation, Place, Rows

# kinds in the order in which the files came
KINDS = (
    (ProjectKind.MACHINERY,) * 5
    + (ProjectKind.DEMONSTRATION, ProjectKind.BRAND, ProjectKind.VOCATIONAL_TRAINING)
    + (ProjectKind.MACHINERY,) * 4
    + (ProjectKind.CONSULTING, ProjectKind.TRAINING_EVENT, ProjectKind.DEMONSTRATION)
    + (ProjectKind.MACHINERY,) * 4
    + (ProjectKind.BRAND, ProjectKind.MEDIA, ProjectKind.MACHINERY)
)
PAPERS = 8_200  # the numbers of these papers begin here
MACHINES_AT_MOST = 1_200  # million đồng of the draft


class Waiting(Year):
    """The files, told in bulk as far as their appraisal."""

    def __init__(self, place: Place, *, rows: Sequence[Establishment], **facts: Any) -> None:
        super().__init__(place, **facts)
        # some were helped before, with something else: the checks of their files say so
        self.left = [*rows, *place.given_to[::4]]
        self.lives: list[Life] = []
        self.envelope = Envelope.objects.get(province=place.province, year=self.year, level=Level.PROVINCIAL)
        self.number = CodeCounter.objects.get(province=place.province, year=self.year).last
        self.papers = PAPERS

    def arrive(self) -> None:
        mixes = {mix[0]: mix for mix in MIX}
        for index, kind in enumerate(KINDS):
            # no decision yet: a life goes as far as its appraisal
            nobody = [(Level.PROVINCIAL, self.today + timedelta(days=40), None)] * 2
            self._project(mixes[kind], index * 5, [*nobody, nobody[0]], halt="")  # local money, all of them
        self.rows.flush()
        self.rows = Rows()
        CodeCounter.objects.filter(province=self.place.province, year=self.year).update(last=self.number)
        told = {"source": "Dữ liệu minh hoạ", "count": len(self.projects), "year": self.year}
        line = record("project.bring_in", self.place.province, by=self.place.staff.officer, **told)
        StepTaken.objects.filter(project__in=self.projects, source=ProjectState.DRAFT).update(line=line.pk)

    def _helped(self, kind: ProjectKind, index: int) -> list[Establishment]:
        if kind not in HELPS_ESTABLISHMENTS:
            return []
        [chosen] = self.place.choose(self.left, kind)
        self.left.remove(chosen)
        return [chosen]


class Drafting:
    """The people of the department at work on these files."""

    def __init__(self, place: Place, files: list[Project], *, plan: Plan, cast: People, year: Waiting) -> None:
        self.place, self.files, self.plan, self.cast, self.year = place, files, plan, cast, year
        self.director, self.appraiser = cast["department_director"], cast["appraiser"]
        self.department = place.body(BodyKind.DEPARTMENT)

    def judged(self, on: date) -> None:
        """Two judges scored every file; then the council was dissolved."""
        paper = self.year.paper(
            PaperKind.COUNCIL_DECISION, on, issuer=self.department, abstract="Thành lập Hội đồng thẩm định đợt 2"
        )
        self.year.rows.flush()
        facts: dict[str, Any] = {"by": self.director, "on": on}
        council = councils.form(
            name=f"Hội đồng thẩm định đề án khuyến công năm {self.year.year}, đợt 2",
            province=self.place.province,
            paper=paper,
            **facts,
        )
        chair, member = (
            councils.add_member(council, by=self.director, user=user, organisation=body, role=role)
            for user, body, role in (
                (self.director, self.department, MemberRole.CHAIR),
                (self.cast["finance_officer"], self.place.body(BodyKind.FINANCE_DEPARTMENT), MemberRole.MEMBER),
            )
        )
        self._sheets([chair, member], on + timedelta(days=2))
        councils.dissolve(council, by=self.director, on=on + timedelta(days=3))

    def _sheets(self, members: list[Member], on: date) -> None:
        rng = self.year.rng
        sheets = [
            Sheet(
                member=member,
                subject_uid=project.uid,
                subject_label=str(project)[:420],
                on=on,
                conclusion=Conclusion.PASS,
                criteria_basis=f"Điều 6 Quyết định 47/QĐ-SCT/{self.year.year - 1}",
                by=member.user,
            )
            for project in self.files
            for member in members
        ]
        insert_objects(sheets)
        insert_objects([SheetPoint(sheet=one, point=point, result=Result.MEETS) for one in sheets for point in Point])
        insert_objects(
            [
                SheetScore(sheet=one, number=n, text=text, most=most, score=Decimal(most) * rng.randrange(11, 20) / 20)
                for one in sheets
                for n, (text, most) in enumerate(CRITERIA, start=1)
            ]
        )

    def tranche(self, on: date) -> None:
        """An empty draft of the second tranche, with three conditions: for a machine, for one file, against another."""
        self.year.moments.to(on)
        decision = plans.draft_decision(self.plan, kind=DecisionKind.APPROVE, by=self.appraiser)
        machine = next(one for one in self.files if one.kind == ProjectKind.MACHINERY)
        brand = next(one for one in self.files if one.kind == ProjectKind.BRAND)
        terms = [
            Term(kind=TermKind.CEILING, activity=machine.activity, amount=MACHINES_AT_MOST * MILLION),
            Term(kind=TermKind.FUND, project=brand, reason="Nhãn hiệu của làng nghề, đã cam kết với xã"),
            Term(kind=TermKind.REFUSE, project=machine, reason="Cơ sở xin chuyển sang năm sau"),
        ]
        plans.set_terms(decision, terms=terms, seen="", by=self.appraiser)


def wait(
    place: Place, *, rows: Sequence[Establishment], cast: People, nation: Nation, today: date, moments: Any
) -> None:
    """More files for next year than its envelope pays, in the province of the demo accounts."""
    rng = Random(146_2025)
    year = Waiting(
        place, rows=rows, year=today.year + 1, nation=nation, today=today, rng=rng, moments=moments, serial=9_000
    )
    year.arrive()
    plan = Plan.objects.get(province=place.province, year=year.year, level=Level.PROVINCIAL)
    drafting = Drafting(place, list(candidates(plan)), plan=plan, cast=cast, year=year)
    drafting.judged(today - timedelta(days=9))
    drafting.tranche(today - timedelta(days=3))
