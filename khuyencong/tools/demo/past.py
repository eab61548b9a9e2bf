"""The years of one province in bulk: the rows that the acts would have left, for projects from their sending to their end.

Each project walks its life day by day and stops where today stops it, so that the running year is unfinished by itself.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import models

from khuyencong.audit.operations import record, record_many
from khuyencong.base.money import dong
from khuyencong.base.text import fold, sort_key
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.contracts import rules as contract_rules
from khuyencong.contracts.enums import AdvanceKind, AdvanceState, AssignmentForm, SeatRole, Verdict, VoucherKind
from khuyencong.contracts.models import (
    Acceptance,
    AcceptanceSeat,
    Advance,
    Assignment,
    Liquidation,
    ProgressReport,
    Purchase,
    Settlement,
    SupportContract,
    Voucher,
)
from khuyencong.documents import queries as documents
from khuyencong.documents.enums import Fact, PaperKind, Stage
from khuyencong.documents.models import Dossier, DossierItem, Paper, Requirement
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.norms.enums import ChangeKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import REFORM, Unit
from khuyencong.plans.enums import DecisionKind, DecisionState
from khuyencong.plans.models import Decision, Item, Plan, Share
from khuyencong.plans.models import StepTaken as DecisionStep
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, Form, Kind, Level, ProjectState, Source
from khuyencong.projects.models import Beneficiary, CodeCounter, CostLine, Part, Project, StepTaken
from khuyencong.projects.queries import folded_title
from khuyencong.projects.rules import activity_of
from khuyencong.tools.demo import names
from khuyencong.tools.demo.bodies import Bodies
from khuyencong.tools.demo.establishments import Register, tax_code
from khuyencong.tools.demo.moments import Moments
from khuyencong.tools.demo.people import Staff

MILLION = 1_000_000
S = ProjectState
# kind, how often of twenty, line of the norms, state money at least and at most (million), share of the cost
MIX: tuple[tuple[Kind, int, str, int, int, float], ...] = (
    (Kind.MACHINERY, 9, "MMTB", 90, 250, 0.4),
    (Kind.DEMONSTRATION, 2, "MHTD_MOI", 150, 300, 0.28),
    (Kind.TRADEMARK, 2, "NHAN_HIEU", 20, 35, 0.6),
    (Kind.VOCATIONAL, 2, "", 60, 140, 1),
    (Kind.MANAGEMENT_COURSE, 2, "", 35, 80, 1),
    (Kind.CONSULTING, 1, "TU_VAN", 20, 30, 0.5),
    (Kind.MEDIA, 1, "", 30, 60, 1),
    (Kind.AWARD_ROUND, 1, "BC_CAP_TINH", 80, 120, 1),
)
PARTS = {
    2: "Cơ sở sản xuất thủ công, năng suất thấp; nhu cầu thị trường tăng; phù hợp chương trình khuyến công của tỉnh.",
    3: "Nâng công suất, ổn định chất lượng, tăng thu nhập cho lao động địa phương.",
    4: "Đầu tư đồng bộ thiết bị mới 100%, chuyển giao quy trình vận hành.",
    5: "Khảo sát, lắp đặt, chạy thử, nghiệm thu trong năm kế hoạch.",
    7: "Đơn vị thực hiện chủ trì, phối hợp Ủy ban nhân dân cấp xã và đơn vị thụ hưởng.",
    8: "Tăng sản lượng, thêm việc làm, giảm tiêu hao nguyên liệu; có khả năng nhân rộng.",
}
_STAGES = (Stage.APPRAISAL, Stage.REGISTRATION, Stage.CONTRACT, Stage.FIRST_ADVANCE, Stage.REMAINDER, Stage.SETTLEMENT)
_FACTS = frozenset({"", Fact.SEPARATE_BENEFICIARY, Fact.PERCENT})


@dataclass(slots=True)
class Place:
    """One province of the demonstration, with everybody and everything in it."""

    province: Unit
    communes: list[Unit]
    former: dict[int, Unit]  # today's commune -> a unit that became it
    bodies: Bodies
    staff: Staff
    register: Register
    agency: User
    schools: list[Organisation]
    kept: int = 0  # so many establishments at the end of the register get nothing in bulk: the running year is theirs

    @property
    def given_to(self) -> list[Establishment]:
        """Those that the bulk may help; never the first, which belongs to a demo account, nor the one written twice."""
        return self.register.establishments[1 : len(self.register.establishments) - 1 - self.kept]

    @property
    def left(self) -> list[Establishment]:
        """Those that the running year may help, the demo account's own first."""
        rows = self.register.establishments
        return [rows[0], *rows[len(rows) - 1 - self.kept : len(rows) - 1]]

    def body(self, kind: BodyKind) -> Organisation:
        return self.bodies.of(kind, self.province)


@dataclass(slots=True)
class Nation:
    """The ministry's side of one year: the agency's envelope, and the one decision that speaks to all provinces."""

    envelope: Envelope
    decision: Paper
    committed: int = 0


@dataclass(slots=True)
class Rows:
    """What is to be written, by model; ``flush`` writes it in an order in which everything that is pointed at is there."""

    by_model: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    ORDER = (
        Paper, Dossier, Project, CostLine, Part, Beneficiary, StepTaken, Decision, Item, Share, DecisionStep, Entry, Assignment,
        SupportContract, Purchase, ProgressReport, Advance, Acceptance, AcceptanceSeat, Voucher, Settlement, Liquidation,
        SupportedItem, DossierItem,
    )  # fmt: skip

    def add(self, row: Any) -> Any:
        self.by_model[type(row)].append(row)
        return row

    def flush(self) -> None:
        for model in self.ORDER:
            rows = self.by_model[model]
            if model is Entry:  # lines that follow another line must come after it
                model._default_manager.bulk_create([row for row in rows if row.origin is None], batch_size=2_000)
                rows = [row for row in rows if row.origin is not None]
            model._default_manager.bulk_create(rows, batch_size=2_000)


class Year:
    """One year of one province."""

    def __init__(
        self, place: Place, *, year: int, nation: "Nation", today: date, rng: Random, moments: Moments, serial: int
    ) -> None:
        self.place, self.year, self.nation, self.today = place, year, nation, today
        self.national = nation.envelope
        self.rng, self.moments, self.serial = rng, moments, serial
        self.rows = Rows()
        self.number = self.papers = 0
        self.committed = {Source.NATIONAL: 0, Source.LOCAL: 0}
        self.projects: list[Project] = []
        self.requirements: dict[tuple[str, str, str], list[Requirement]] = {}
        self.committee = place.body(BodyKind.PROVINCE_COMMITTEE)
        self.department, self.centre = place.body(BodyKind.DEPARTMENT), place.body(BodyKind.CENTRE)
        self.chairman = names.full(names.person(rng))

    # ---- papers, steps, ledger ----

    def paper(self, kind: PaperKind, on: date, *, abstract: str = "", issuer: Organisation | None = None, signer: str = "", by: User | None = None) -> Paper:  # fmt: skip
        self.papers += 1
        abroad = issuer in (self.place.bodies.agency, self.place.bodies.ministry)
        number = f"{self.papers}{'-' + self.place.province.code if abroad else ''}/{_SUFFIX.get(kind, 'CV-KC')}"
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

    def step(self, project: Project, name: str, target: ProjectState, on: date, *, by: User, paper: Paper | None = None, note: str = "") -> None:  # fmt: skip
        self.rows.add(
            StepTaken(
                project=project, name=name, source=project.state, target=target, on=on, paper=paper, note=note, by=by
            )
        )
        project.state = target

    def entry(self, envelope: Envelope, kind: EntryKind, amount: int, on: date, *, paper: Paper, by: User, project: Project | None = None, note: str = "", origin: Entry | None = None) -> Entry:  # fmt: skip
        return self.rows.add(
            Entry(
                envelope=envelope, kind=kind, amount=amount, project=project, on=on, paper=paper, by=by, note=note, origin=origin
            )
        )  # fmt: skip

    # ---- the year ----

    def tell(self, number: int, *, extra: int = 0, halts: dict[int, str] | None = None) -> None:
        """``number`` projects with their plans, contracts and money; ``extra`` đồng stay in the local envelope for others.

        ``halts`` names the step after which a project (by its place in the list) goes no further.
        """
        place = self.place
        self.moments.to(date(self.year - 1, 12, 12))
        self.envelope = Envelope(
            level=Level.PROVINCIAL, year=self.year, holder=self.centre, province=place.province,
            name=f"Khuyến công địa phương năm {self.year}", chapter="416", category="280", clause="309", invented=True,
        )  # fmt: skip
        self.envelope.save()
        given = self.paper(
            PaperKind.BUDGET_DECISION, date(self.year - 1, 12, 12), issuer=self.committee, signer=self.chairman,
            abstract=f"Giao dự toán kinh phí khuyến công năm {self.year}",
        )  # fmt: skip
        plans = {
            level: Plan(level=level, year=self.year, province=place.province, invented=True)
            for level in (Level.PROVINCIAL, Level.NATIONAL)
        }
        Plan.objects.bulk_create(plans.values())
        decisions = self._decisions(plans)
        kinds = [mix for mix in MIX for _time in range(mix[1])]
        for index in range(number):
            self._project(kinds[index % len(kinds)], index, decisions, halt=(halts or {}).get(index, ""))
        self._changes(plans[Level.PROVINCIAL])
        amount = -(-(self.committed[Source.LOCAL] * 110 // 100 + extra) // (50 * MILLION)) * 50 * MILLION
        self.entry(self.envelope, EntryKind.ALLOCATED, amount, given.signed_on, paper=given, by=place.staff.accountant)
        self.nation.committed += self.committed[Source.NATIONAL]
        self.rows.flush()
        self._after()

    def _decisions(self, plans: dict[Level, Plan]) -> list[tuple[Level, date, Decision | None]]:
        """Two tranches of local money and the minister's decision, as far as their days have come."""
        found: list[tuple[Level, date, Decision | None]] = []
        asked = (
            (Level.PROVINCIAL, date(self.year, 2, 20), 1, 1),
            (Level.PROVINCIAL, date(self.year, 6, 10), 2, 2),
            (Level.NATIONAL, self.nation.decision.signed_on, 1, 1),
        )
        for level, day, ordinal, tranche in asked:
            if day > self.today:
                found.append((level, day, None))
                continue
            national = level == Level.NATIONAL
            submission = self.paper(
                PaperKind.SUBMISSION, day - timedelta(days=10), issuer=None if national else self.department,
                abstract=f"Đề nghị phê duyệt kế hoạch khuyến công năm {self.year} đợt {tranche}",
            )  # fmt: skip
            paper = self.nation.decision if national else self.paper(
                PaperKind.PLAN_DECISION, day, issuer=self.committee, signer=self.chairman,
                abstract=f"Phê duyệt kế hoạch khuyến công năm {self.year} đợt {tranche}",
            )  # fmt: skip
            decision = Decision(
                plan=plans[level], ordinal=ordinal, kind=DecisionKind.APPROVE, tranche=tranche, state=DecisionState.APPROVED,
                submission=submission, submitted_on=submission.signed_on, paper=paper, on=day,
                authority_role="ministry_approver" if national else "provincial_approver",
                authority_body="Bộ trưởng Bộ Công Thương" if national else "Chủ tịch Ủy ban nhân dân cấp tỉnh",
                authority_basis="khoản 3 Điều 8 TT 36/2013/TT-BCT" if national else "khoản 2 Điều 2 NĐ 45/2012/NĐ-CP",
            )  # fmt: skip
            self.rows.add(decision)
            sender = self.place.agency if national else self.place.staff.department
            self.moments.to(submission.signed_on)
            self.rows.add(DecisionStep(decision=decision, name="submit", source="draft", target="submitted", on=submission.signed_on, paper=submission, by=sender))  # fmt: skip
            self.moments.to(day, later=1)
            self.rows.add(DecisionStep(decision=decision, name="approve", source="submitted", target="approved", on=day, paper=paper, by=self.place.staff.clerk))  # fmt: skip
            found.append((level, day, decision))
        return found

    def _project(self, mix: tuple, index: int, decisions: list, *, halt: str) -> None:
        kind, _weight, line, least, most, share = mix
        rng, place = self.rng, self.place
        # national money for machines and models; local money in two tranches
        national = kind in (Kind.MACHINERY, Kind.DEMONSTRATION) and index % 5 == 3
        level, day, decision = decisions[2] if national else decisions[index % 2]
        helped = self._helped(kind, index)
        support = rng.randrange(least, most + 1, 5) * MILLION
        counterpart = 0 if share == 1 else -(-int(support / share) // MILLION) * MILLION - support
        amounts = {
            "national": support if national else 0, "local": 0 if national else support, "counterpart": counterpart, "other": 0,
        }  # fmt: skip
        project = self._file(kind, index, level=level, helped=helped, line=line, amounts=amounts)
        walk = _Life(self, project, helped=helped, envelope=self.national if national else self.envelope, support=support)
        walk.live(day, decision, halt=halt)

    def _helped(self, kind: Kind, index: int) -> list[Establishment]:
        if kind not in HELPS_ESTABLISHMENTS:
            return []
        rows = self.place.given_to
        start = (index * 3 + self.year * 11) % len(rows)
        several = 3 if kind == Kind.TRADEMARK and index % 2 else 1
        return [rows[(start + n) % len(rows)] for n in range(several)]

    def _file(self, kind: Kind, index: int, *, level: Level, helped: list[Establishment], line: str, amounts: dict[str, int]) -> Project:  # fmt: skip
        place, rng = self.place, self.rng
        self.number += 1
        commune = helped[0].commune if helped else place.communes[index % len(place.communes)]
        trade = place.register.trade(helped[0]) if helped else names.TRADES[index % len(names.TRADES)]
        school = kind == Kind.VOCATIONAL and place.schools
        old = place.former.get(commune.pk) if commune and self.year < REFORM.year else None
        unit = old or commune
        implementer = place.schools[0] if school else self.centre
        project = Project(
            code=f"{self.year % 100:02d}-{place.province.code}-{self.number:03d}",
            title=_title(kind, trade, helped, commune),
            level=level,
            form=Form.GROUP if len(helped) > 1 else Form.SINGLE,
            activity=activity_of(kind),
            kind=kind,
            sector=trade.sector,
            year=self.year,
            starts_on=date(self.year, 3, 1),
            ends_on=date(self.year, 9 + index % 4, 28),
            implementer=implementer,
            province=place.province,
            commune=commune,
            place_unit=unit,
            place_text=_place_text(unit) if unit else "",
            content=f"Quy mô: {max(len(helped), 1)} {'cơ sở' if helped else 'lớp, đợt'}; thực hiện trong năm {self.year}.",
            machine_type=trade.machine if kind in (Kind.MACHINERY, Kind.DEMONSTRATION) else "",
            norm_line=line,
            invented=True,
            dossier=self.rows.add(Dossier(title="")),
            **amounts,
        )  # fmt: skip
        project.folded, project.sort_key = folded_title(project.title), sort_key(project.title)
        project.words = fold(f"{project.code} {project.title} {implementer} {' '.join(e.name for e in helped)}")
        project.dossier.title = str(project)[:300]
        self.projects.append(self.rows.add(project))
        support, counterpart = amounts["national"] + amounts["local"], amounts["counterpart"]
        source = "national" if amounts["national"] else "local"
        small = min(20 * MILLION, (counterpart or support) // 4)
        what = trade.machine if project.machine_type else project.get_kind_display()
        first = {source: support, "counterpart": counterpart - small} if counterpart else {source: support - small}
        second = {"counterpart": small} if counterpart else {source: small}
        for order, (content, line_amounts) in enumerate(((what, first), ("Lắp đặt, tổ chức, tài liệu", second)), start=1):
            self.rows.add(
                CostLine(
                    project=project, order=order, content=content, unit="gói", quantity=1, unit_price=sum(line_amounts.values()),
                    **line_amounts,
                )
            )  # fmt: skip
        for part, text in PARTS.items():
            self.rows.add(Part(project=project, number=part, text=text))
        return project

    def _changes(self, plan: Plan) -> None:
        """One decision that lowers a project, one that stops another, in autumn."""
        running = [life for life in self.lives if life.project.state == S.RUNNING and life.envelope is self.envelope]
        chosen = [life for life in running if not life.advanced][:2] or running[:0]
        day = min(date(self.year, 9, 25), self.today)
        for place, life in enumerate(chosen):
            if life.last_on > day:
                continue
            stops = place == 0
            kind = DecisionKind.STOP if stops else DecisionKind.ADJUST
            paper = self.paper(
                PaperKind.CHANGE_DECISION, day, issuer=self.department if not stops else self.committee,
                signer=self.chairman, abstract=f"{kind.label} đề án {life.project.code}",
            )  # fmt: skip
            decision = self.rows.add(
                Decision(
                    plan=plan, ordinal=3 + place, kind=kind, tranche=1, state=DecisionState.APPROVED, paper=paper, on=day,
                    authority_role="department_director" if not stops else "provincial_approver",
                    authority_body="Sở Công Thương" if not stops else "Chủ tịch Ủy ban nhân dân cấp tỉnh",
                    authority_basis="Điều 11 TT 36/2013/TT-BCT",
                )
            )  # fmt: skip
            self.rows.add(DecisionStep(decision=decision, name="approve", source="draft" if not stops else "submitted", target="approved", on=day, paper=paper, by=self.place.staff.clerk))  # fmt: skip
            (life.stop if stops else life.lower)(decision, day, paper)

    def _after(self) -> None:
        CodeCounter.objects.update_or_create(
            province=self.place.province, year=self.year, defaults={"last": self.number}
        )
        self.moments.to(date(self.year, 12, 30))
        record_many(
            self.projects, action="project.bring_in", by=self.place.staff.officer, source="Dữ liệu minh hoạ"
        )
        record("budget.record_decision", self.envelope, by=self.place.staff.accountant, source="Dữ liệu minh hoạ")

    @property
    def lives(self) -> "list[_Life]":
        return self.__dict__.setdefault("_lives", [])


class _Life:
    """One project from its sending to its end."""

    def __init__(self, year: Year, project: Project, *, helped: list[Establishment], envelope: Envelope, support: int) -> None:  # fmt: skip
        self.year, self.project, self.helped, self.envelope, self.support = year, project, helped, envelope, support
        self.papers: dict[str, Paper] = {}
        self.beneficiaries: list[Beneficiary] = []
        self.contracts: list[SupportContract] = []
        self.advanced = self.settled = 0
        self.last_on = date.min
        self.granted = support
        year.lives.append(self)

    @property
    def staff(self) -> Staff:
        return self.year.place.staff

    @property
    def is_national(self) -> bool:
        return self.project.level == Level.NATIONAL

    def live(self, approved_on: date, decision: Decision | None, *, halt: str) -> None:
        year, rng = self.year, self.year.rng
        self.disordered = halt == "accept"  # its days are in an order that cannot be: the auditor should see it
        sent = approved_on - timedelta(days=60 + rng.randrange(20))
        start = approved_on + timedelta(days=12 + rng.randrange(25))
        begin = start + timedelta(days=10 + rng.randrange(30))
        accept = min(max(begin + timedelta(days=60 + rng.randrange(120)), begin), date(year.year, 12, 10))
        settle = accept + timedelta(days=6 + rng.randrange(8))
        liquidate = min(settle + timedelta(days=15 + rng.randrange(40)), date(year.year + 1, 1, 20))
        steps = [("submit", sent, self.submit), ("appraise", sent + timedelta(days=15), self.appraise)]
        if self.is_national:
            steps.append(("register", sent + timedelta(days=25), self.register))
            steps.append(("ministry_appraise", sent + timedelta(days=45), self.ministry_appraise))
        if decision is not None:
            self.decision = decision
            steps += [("approve", approved_on, self.approve), ("assign", start, self.assign), ("begin", begin, self.begin)]
            steps += [("accept", accept, self.accept), ("settle", settle, self.settle)]
            steps.append(("liquidate", liquidate, self.liquidate))
        for name, day, act in steps:
            if day > year.today:
                break
            self.last_on = day
            year.moments.to(day, later=1)
            act(day)
            if name == halt:
                break
        if self.project.state == S.RUNNING:
            self._reports(begin, min(year.today, date(year.year, 12, 20)))
            asked = begin + timedelta(days=45)
            if asked + timedelta(days=3) <= year.today and not halt and rng.random() < 0.5:
                self._advance(AdvanceKind.FIRST, self.granted * 6 // 10 // MILLION * MILLION, asked)
        self._dossier()

    def _paper(self, kind: PaperKind, on: date, **facts: Any) -> Paper:
        self.papers[kind] = paper = self.year.paper(kind, on, abstract=self.project.title, **facts)
        return paper

    # ---- steps ----

    def submit(self, on: date) -> None:
        paper = self._paper(PaperKind.REQUEST_LETTER, on, issuer=self.project.implementer)
        self.project.state = S.DRAFT
        self.year.step(self.project, "submit", S.SUBMITTED, on, by=self.staff.director, paper=paper)
        for establishment in self.helped:
            share = self.support // len(self.helped)
            counterpart = self.project.counterpart // len(self.helped)
            self.beneficiaries.append(
                self.year.rows.add(
                    Beneficiary(
                        project=self.project, establishment=establishment,
                        content=self.project.machine_type or self.project.get_kind_display(),
                        total=share + counterpart, counterpart=counterpart,
                        **{"national" if self.is_national else "local": share},
                    )
                )
            )  # fmt: skip

    def appraise(self, on: date) -> None:
        paper = self._paper(PaperKind.APPRAISAL, on, issuer=self.year.department)
        self.project.rules_on = on
        self.year.step(self.project, "appraise", S.APPRAISED, on, by=self.staff.department, paper=paper)

    def register(self, on: date) -> None:
        paper = self._paper(PaperKind.REGISTRATION, on, issuer=self.year.department)
        self.year.step(self.project, "register", S.REGISTERED, on, by=self.staff.department, paper=paper)

    def ministry_appraise(self, on: date) -> None:
        paper = self._paper(PaperKind.MINISTRY_APPRAISAL, on, issuer=self.year.place.bodies.agency)
        self.project.rules_on = on
        self.year.step(self.project, "ministry_appraise", S.MINISTRY_APPRAISED, on, by=self.year.place.agency, paper=paper)

    def approve(self, on: date) -> None:
        paper = self.decision.paper
        assert paper is not None
        self.papers[PaperKind.PLAN_DECISION] = paper
        project = self.project
        for source in ("national", "local", "counterpart", "other"):
            setattr(project, f"granted_{source}", getattr(project, source))
        self.year.step(project, "approve", S.APPROVED, on, by=self.staff.clerk, paper=paper)
        self._item(self.decision)
        self.year.entry(self.envelope, EntryKind.COMMITTED, self.granted, on, paper=paper, by=self.staff.clerk, project=project)
        self.year.committed[Source.NATIONAL if self.is_national else Source.LOCAL] += self.granted
        if project.form != Form.GROUP:
            self._name(on, paper)

    def _name(self, on: date, paper: Paper) -> None:
        for beneficiary in self.beneficiaries:
            beneficiary.approved_on, beneficiary.paper = on, paper

    def _item(self, decision: Decision, **facts: Any) -> Item:
        project = self.project
        amounts = {"national": project.granted_national, "local": project.granted_local} | {
            "counterpart": project.granted_counterpart, "other": project.granted_other,
        } | facts  # fmt: skip
        item = self.year.rows.add(Item(decision=decision, project=project, order=self.year.number, **amounts))
        kept = (amounts["national"] or 0) + (amounts["local"] or 0)
        if kept:
            source = Source.NATIONAL if self.is_national else Source.LOCAL
            self.year.rows.add(Share(item=item, envelope=self.envelope, source=source, amount=kept))
        return item

    def assign(self, on: date) -> None:
        giver = self.year.place.bodies.agency if self.is_national else self.year.department
        by = self.year.place.agency if self.is_national else self.staff.department
        paper = self._paper(PaperKind.ASSIGNMENT, on, issuer=giver)
        self.year.step(self.project, "assign", S.ASSIGNED, on, by=by, paper=paper)
        self.assignment = self.year.rows.add(
            Assignment(
                project=self.project, form=AssignmentForm.CONTRACT if self.is_national else AssignmentForm.DECISION, giver=giver,
                implementer=self.project.implementer, paper=paper, signed_on=on, national=self.project.granted_national,
                local=self.project.granted_local, ends_on=self.project.ends_on,
            )
        )  # fmt: skip
        if self.project.form == Form.GROUP:
            listed = self._paper(PaperKind.GROUP_PLAN, on, issuer=self.year.department)
            self._name(on, listed)
            note = "; ".join(e.name for e in self.helped)[:500]
            self.year.step(self.project, "beneficiaries", S.ASSIGNED, on, by=self.staff.department, paper=listed, note=note)

    def begin(self, on: date) -> None:
        paper = None
        for beneficiary in self.beneficiaries:
            paper = self._paper(PaperKind.SUPPORT_CONTRACT, on, issuer=self.project.implementer)
            contract = SupportContract(
                assignment=self.assignment, beneficiary=beneficiary, paper=paper, signed_on=on, national=beneficiary.national,
                local=beneficiary.local, counterpart=beneficiary.counterpart, ends_on=self.project.ends_on,
            )  # fmt: skip
            self.contracts.append(self.year.rows.add(contract))
        self.year.step(self.project, "begin", S.RUNNING, on, by=self.staff.director, paper=paper)
        self.begun_on = on

    def accept(self, on: date) -> None:
        year, project = self.year, self.project
        self._reports(self.begun_on, on)
        self._advance(AdvanceKind.FIRST, self.granted * 6 // 10 // MILLION * MILLION, self.begun_on + (on - self.begun_on) / 2)
        paper = self._paper(PaperKind.ACCEPTANCE, on, issuer=year.department)
        counterpart = project.granted_counterpart or 0
        for contract in self.contracts or [None]:
            beneficiary = contract.beneficiary if contract else None
            if contract and project.machine_type:
                year.rows.add(
                    Purchase(
                        support_contract=contract, item=project.machine_type, serial=f"SN-{project.code}-{len(self.papers)}",
                        seller="Công ty TNHH thiết bị Bễ Lửa Đêm", seller_tax_code=tax_code(900_001),
                        value=contract.beneficiary.total, signed_on=self.begun_on + timedelta(days=5),
                        delivered_on=on + timedelta(days=9 if self.disordered else -7),
                    )
                )  # fmt: skip
            n = len(self.contracts) or 1
            acceptance = year.rows.add(
                Acceptance(
                    project=project, beneficiary=beneficiary, on=on, place=project.place_text, state_volume=self.granted // n,
                    counterpart_volume=counterpart // n, verdict=Verdict.PASSED, paper=paper, by=self.staff.department,
                )
            )  # fmt: skip
            self._seats(acceptance, beneficiary)
        year.step(project, "accept", S.ACCEPTED, on, by=self.staff.department, paper=paper)
        self._vouchers(on)

    def _seats(self, acceptance: Acceptance, beneficiary: Beneficiary | None) -> None:
        place, rng = self.year.place, self.year.rng
        seats = [(self.year.department, SeatRole.CHAIR), (self.project.implementer, SeatRole.CENTRE)]
        commune = self.project.commune
        if commune is not None:
            seats.append((place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune), SeatRole.COMMUNE))
        if beneficiary is not None:
            seats.append((beneficiary.establishment.organisation, SeatRole.BENEFICIARY))
        for body, role in seats:
            name = names.full(names.person(rng, province=place.province.code))
            self.year.rows.add(AcceptanceSeat(acceptance=acceptance, organisation=body, name=name, role=role))

    def _vouchers(self, accepted_on: date) -> None:
        """Two invoices a beneficiary or class: what the State pays for and what it does not."""
        project, year = self.project, self.year
        saved = 3 * MILLION if year.rng.random() < 0.15 else 0
        parts = [(Source.NATIONAL if self.is_national else Source.LOCAL, self.granted - saved)]
        if project.granted_counterpart:
            parts.append((Source.COUNTERPART, project.granted_counterpart))
        for source, amount in parts:
            year.serial += 1
            voucher = Voucher(
                project=project, beneficiary=self.beneficiaries[0] if len(self.beneficiaries) == 1 else None,
                kind=VoucherKind.INVOICE, source=source, symbol=f"1C{year.year % 100}TKC", number=f"{year.serial:08d}",
                on=accepted_on - timedelta(days=200 if self.disordered else year.rng.randrange(3, 10)), seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                seller_tax_code=tax_code(900_001), content=project.machine_type or project.get_kind_display(), amount=amount,
                by=self.staff.accountant,
            )  # fmt: skip
            voucher.key = contract_rules.invoice_key(voucher.seller_tax_code, voucher.symbol, voucher.number)
            year.rows.add(voucher)
        self.proved = parts[0][1]

    def settle(self, on: date) -> None:
        year, project = self.year, self.project
        paper = self._paper(PaperKind.SETTLEMENT, on, issuer=project.implementer)
        self.settled = self.proved
        surplus = max(self.advanced - self.settled, 0)
        source = "national" if self.is_national else "local"
        year.rows.add(
            Settlement(
                project=project, on=on, due_on=on + timedelta(days=9), counterpart=project.granted_counterpart or 0, paper=paper,
                returned=surplus, **({"national": 0, "local": 0} | {source: self.settled}),
                explanation=f"Theo chứng từ: {dong(self.settled)} đồng, không quá mức được duyệt {dong(self.granted)} đồng.",
            )
        )  # fmt: skip
        year.step(project, "settle", S.SETTLED, on, by=self.staff.accountant, paper=paper)
        done = year.entry(self.envelope, EntryKind.SETTLED, self.settled, on, paper=paper, by=self.staff.accountant, project=project)  # fmt: skip
        unused = self.granted - max(self.settled, self.advanced)
        if unused > 0:
            year.entry(
                self.envelope, EntryKind.COMMITTED, -unused, on, paper=paper, by=self.staff.accountant, project=project,
                note="không dùng hết, trả lại nguồn", origin=done,
            )  # fmt: skip
        for contract in self.contracts:
            item = SupportedItem(
                establishment=contract.beneficiary.establishment, item=(project.machine_type or project.get_kind_display())[:300],
                serial=f"SN-{project.code}", amount=self.settled // len(self.contracts), source=project.get_level_display(), on=on,
                project_uid=project.uid, project_label=str(project)[:420],
            )  # fmt: skip
            item.derive()
            year.rows.add(item)

    def liquidate(self, on: date) -> None:
        self._advance(AdvanceKind.REMAINDER, self.settled - self.advanced, on - timedelta(days=4))
        paper = self._paper(PaperKind.LIQUIDATION, on, issuer=self.project.implementer)
        self.year.step(self.project, "liquidate", S.LIQUIDATED, on, by=self.staff.department, paper=paper)
        due = date(self.year.year + 1, 1, 22)
        self.year.rows.add(Liquidation(project=self.project, on=on, due_on=due, paper=paper))

    # ---- what happens between the steps ----

    def _advance(self, kind: AdvanceKind, amount: int, on: date) -> None:
        if amount <= 0:
            return
        year = self.year
        request = self._paper(PaperKind.ADVANCE_REQUEST, on, issuer=self.project.implementer)
        payment = self._paper(PaperKind.PAYMENT_ORDER, on + timedelta(days=2), issuer=self.project.implementer)
        self._paper(PaperKind.VOLUME_CONFIRMATION, on + timedelta(days=1), issuer=year.department)
        year.rows.add(
            Advance(
                project=self.project, number=1 if kind == AdvanceKind.FIRST else 2, kind=kind, envelope=self.envelope, amount=amount,
                state=AdvanceState.PAID, requested_on=on, request=request, paid_on=payment.signed_on, payment=payment,
                treasury_number=f"KB{year.year % 100}-{year.papers:05d}",
            )
        )  # fmt: skip
        year.entry(self.envelope, EntryKind.ADVANCED, amount, payment.signed_on, paper=payment, by=self.staff.accountant, project=self.project)  # fmt: skip
        self.advanced += amount

    def _reports(self, since: date, until: date) -> None:
        """A report each month before the 25th, now and then a late one; the running month is still open."""
        total = self.project.total
        months = [(since.year, month) for month in range(since.month, until.month + 1)] if since.year == until.year else []
        for place, (year, month) in enumerate(months[:8], start=1):
            sent = date(year, month, 27 if self.year.rng.random() < 0.05 else 12 + place)
            if not since <= sent <= until or (year, month) == (self.year.today.year, self.year.today.month):
                continue
            self.year.moments.to(sent)
            self.year.rows.add(
                ProgressReport(
                    project=self.project, year=year, month=month, sent_on=sent, done=total * place // (len(months) + 1),
                    counterpart_spent=0, by=self.staff.officer,
                )
            )  # fmt: skip

    def _dossier(self) -> None:
        """Papers that lie in the dossier, line by line of the checklists up to where the project has come."""
        year, project = self.year, self.project
        reached = {S.SUBMITTED: 1, S.APPRAISED: 1, S.REGISTERED: 2, S.MINISTRY_APPRAISED: 2, S.APPROVED: 2, S.ASSIGNED: 3}
        reached |= {S.RUNNING: 4 if self.advanced else 3, S.STOPPED: 3, S.ACCEPTED: 5}
        stages = _STAGES[: reached.get(S(project.state), 6)]
        besides: Paper | None = None
        if year.rng.random() < 0.06:
            return  # nobody has put anything in yet: the auditor's list of missing papers
        for stage in stages:
            if stage == Stage.REGISTRATION and not self.is_national:
                continue
            for line in self._lines(stage):
                paper = self.papers.get(line.paper_kind)
                if paper is None:
                    if besides is None:
                        day = self.papers[PaperKind.REQUEST_LETTER].signed_on
                        besides = year.paper(PaperKind.OTHER, day, abstract=f"Hồ sơ kèm theo đề án {project.code} (bản sao)")
                    paper = besides
                several = self.helped if line.per_beneficiary else [None]
                for who in several or [None]:
                    party = who.organisation if who is not None else None
                    year.rows.add(DossierItem(dossier=project.dossier, requirement=line, paper=paper, party=party, actor_id=self.staff.officer.pk))  # fmt: skip

    def _lines(self, stage: str) -> list[Requirement]:
        key = (stage, self.project.kind, self.project.level)
        cache = self.year.requirements
        if key not in cache:
            lines, _analogy = documents.requirements(
                stage=stage, kind=self.project.kind, level=self.project.level, on=date(self.year.year, 6, 1)
            )
            cache[key] = [line for line in lines if line.only_when in _FACTS]
        return cache[key]

    # ---- changes by decision ----

    def lower(self, decision: Decision, on: date, paper: Paper) -> None:
        project, less = self.project, 10 * MILLION
        before = project.granted_local or 0
        project.granted_local = before - less
        self.granted -= less
        if self.beneficiaries:
            self.beneficiaries[0].local -= less
        self._item(decision, action=ChangeKind.SAME_OR_LESS, before_local=before, reason="Giá mua thấp hơn dự toán")
        self.year.entry(self.envelope, EntryKind.COMMITTED, -less, on, paper=paper, by=self.staff.clerk, project=project)
        self.year.step(project, "adjust", S(project.state), on, by=self.staff.clerk, paper=paper, note="Giá mua thấp hơn dự toán")

    def stop(self, decision: Decision, on: date, paper: Paper) -> None:
        project = self.project
        before = project.granted_local or 0
        self._item(
            decision, action=ChangeKind.STOP, national=0, local=0, counterpart=0, other=0, before_local=before,
            reason="Cơ sở không bảo đảm được vốn đối ứng",
        )  # fmt: skip
        self.year.entry(self.envelope, EntryKind.COMMITTED, -before, on, paper=paper, by=self.staff.clerk, project=project)
        self.year.step(project, "stop", S.STOPPED, on, by=self.staff.clerk, paper=paper, note="Cơ sở không bảo đảm được vốn đối ứng")


_SUFFIX = {
    PaperKind.PLAN_DECISION: "QĐ-UBND",
    PaperKind.CHANGE_DECISION: "QĐ-SCT",
    PaperKind.BUDGET_DECISION: "QĐ-UBND",
    PaperKind.SUBMISSION: "TTr-SCT",
    PaperKind.ASSIGNMENT: "QĐ-SCT",
    PaperKind.SUPPORT_CONTRACT: "HĐ-KC",
    PaperKind.ACCEPTANCE: "BB-NT",
    PaperKind.LIQUIDATION: "BB-TL",
    PaperKind.APPRAISAL: "PTĐ-SCT",
    PaperKind.PAYMENT_ORDER: "UNC",
}


def _title(kind: Kind, trade: names.Trade, helped: list[Establishment], commune: Unit | None) -> str:
    where = commune.name if commune else ""
    product = trade.product[0].lower() + trade.product[1:]
    told = {
        Kind.MACHINERY: f"Hỗ trợ ứng dụng {trade.machine[0].lower()}{trade.machine[1:]} trong sản xuất {product}, {where}",
        Kind.DEMONSTRATION: f"Mô hình trình diễn kỹ thuật sản xuất {product}, {where}",
        Kind.TRADEMARK: f"Xây dựng, đăng ký nhãn hiệu cho {len(helped)} cơ sở {trade.name}, {where}",
        Kind.VOCATIONAL: f"Đào tạo nghề {trade.name} cho lao động nông thôn, {where}",
        Kind.MANAGEMENT_COURSE: f"Tập huấn quản trị, khởi sự doanh nghiệp cho cơ sở công nghiệp nông thôn, {where}",
        Kind.CONSULTING: f"Tư vấn cải tiến mẫu mã, bao bì sản phẩm {product}, {where}",
        Kind.MEDIA: f"Chuyên mục khuyến công trên sóng phát thanh, truyền hình, đợt tại {where}",
        Kind.AWARD_ROUND: f"Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh, tổ chức tại {where}",
    }
    return told[kind]


def _place_text(unit: Unit) -> str:
    """As it was written on that day: with district and province of the time."""
    parts = [unit.full_name]
    if unit.parent is not None and unit.parent_id != unit.province_id:
        parts.append(unit.parent.full_name)
    if unit.province is not None:
        parts.append(unit.province.full_name)
    return ", ".join(parts)
