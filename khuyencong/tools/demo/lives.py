"""One project in bulk: it walks its life day by day and stops where today stops it."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Envelope
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
from khuyencong.documents.models import DossierItem, Paper, Requirement
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.norms.enums import ChangeKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.plans.models import Decision, Item, Share
from khuyencong.projects.enums import Form, Level, ProjectState, Source
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.tools.demo import names
from khuyencong.tools.demo.establishments import tax_code
from khuyencong.tools.demo.people import Staff
from khuyencong.tools.demo.stage import MILLION

if TYPE_CHECKING:
    from khuyencong.tools.demo.past import Year

S = ProjectState
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


class Life:
    """One project from its sending to its end."""

    def __init__(
        self, year: "Year", project: Project, *, helped: list[Establishment], envelope: Envelope, support: int
    ) -> None:
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
            steps += [
                ("approve", approved_on, self.approve),
                ("assign", start, self.assign),
                ("begin", begin, self.begin),
            ]
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
                        project=self.project,
                        establishment=establishment,
                        content=self.project.machine_type or self.project.get_kind_display(),
                        total=share + counterpart,
                        counterpart=counterpart,
                        **{"national" if self.is_national else "local": share},
                    )
                )
            )

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
        self.year.step(
            self.project, "ministry_appraise", S.MINISTRY_APPRAISED, on, by=self.year.place.agency, paper=paper
        )

    def approve(self, on: date) -> None:
        paper = self.decision.paper
        assert paper is not None
        self.papers[PaperKind.PLAN_DECISION] = paper
        project = self.project
        for source in ("national", "local", "counterpart", "other"):
            setattr(project, f"granted_{source}", getattr(project, source))
        self.year.step(project, "approve", S.APPROVED, on, by=self.staff.clerk, paper=paper)
        self._item(self.decision)
        self.year.entry(
            self.envelope, EntryKind.COMMITTED, self.granted, on, paper=paper, by=self.staff.clerk, project=project
        )
        self.year.committed[Source.NATIONAL if self.is_national else Source.LOCAL] += self.granted
        if project.form != Form.GROUP:
            self._name(on, paper)

    def _name(self, on: date, paper: Paper) -> None:
        for beneficiary in self.beneficiaries:
            beneficiary.approved_on, beneficiary.paper = on, paper

    def _item(self, decision: Decision, **facts: Any) -> Item:
        project = self.project
        amounts = (
            {"national": project.granted_national, "local": project.granted_local}
            | {
                "counterpart": project.granted_counterpart,
                "other": project.granted_other,
            }
            | facts
        )
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
                project=self.project,
                form=AssignmentForm.CONTRACT if self.is_national else AssignmentForm.DECISION,
                giver=giver,
                implementer=self.project.implementer,
                paper=paper,
                signed_on=on,
                national=self.project.granted_national,
                local=self.project.granted_local,
                ends_on=self.project.ends_on,
            )
        )
        if self.project.form == Form.GROUP:
            listed = self._paper(PaperKind.GROUP_PLAN, on, issuer=self.year.department)
            self._name(on, listed)
            note = "; ".join(e.name for e in self.helped)[:500]
            self.year.step(
                self.project, "beneficiaries", S.ASSIGNED, on, by=self.staff.department, paper=listed, note=note
            )

    def begin(self, on: date) -> None:
        paper = None
        for beneficiary in self.beneficiaries:
            paper = self._paper(PaperKind.SUPPORT_CONTRACT, on, issuer=self.project.implementer)
            contract = SupportContract(
                assignment=self.assignment,
                beneficiary=beneficiary,
                paper=paper,
                signed_on=on,
                national=beneficiary.national,
                local=beneficiary.local,
                counterpart=beneficiary.counterpart,
                ends_on=self.project.ends_on,
            )
            self.contracts.append(self.year.rows.add(contract))
        self.year.step(self.project, "begin", S.RUNNING, on, by=self.staff.director, paper=paper)
        self.begun_on = on

    def accept(self, on: date) -> None:
        year, project = self.year, self.project
        self._reports(self.begun_on, on)
        self._advance(
            AdvanceKind.FIRST, self.granted * 6 // 10 // MILLION * MILLION, self.begun_on + (on - self.begun_on) / 2
        )
        paper = self._paper(PaperKind.ACCEPTANCE, on, issuer=year.department)
        counterpart = project.granted_counterpart or 0
        for contract in self.contracts or [None]:
            beneficiary = contract.beneficiary if contract else None
            if contract and project.machine_type:
                year.rows.add(
                    Purchase(
                        support_contract=contract,
                        item=project.machine_type,
                        serial=f"SN-{project.code}-{len(self.papers)}",
                        seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                        seller_tax_code=tax_code(900_001),
                        value=contract.beneficiary.total,
                        signed_on=self.begun_on + timedelta(days=5),
                        delivered_on=on + timedelta(days=9 if self.disordered else -7),
                    )
                )
            n = len(self.contracts) or 1
            acceptance = year.rows.add(
                Acceptance(
                    project=project,
                    beneficiary=beneficiary,
                    on=on,
                    place=project.place_text,
                    state_volume=self.granted // n,
                    counterpart_volume=counterpart // n,
                    verdict=Verdict.PASSED,
                    paper=paper,
                    by=self.staff.department,
                )
            )
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
                project=project,
                beneficiary=self.beneficiaries[0] if len(self.beneficiaries) == 1 else None,
                kind=VoucherKind.INVOICE,
                source=source,
                symbol=f"1C{year.year % 100}TKC",
                number=f"{year.serial:08d}",
                on=accepted_on - timedelta(days=200 if self.disordered else year.rng.randrange(3, 10)),
                seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                seller_tax_code=tax_code(900_001),
                content=project.machine_type or project.get_kind_display(),
                amount=amount,
                by=self.staff.accountant,
            )
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
                project=project,
                on=on,
                due_on=on + timedelta(days=9),
                counterpart=project.granted_counterpart or 0,
                paper=paper,
                returned=surplus,
                **({"national": 0, "local": 0} | {source: self.settled}),
                explanation=f"Theo chứng từ: {dong(self.settled)} đồng, không quá mức được duyệt {dong(self.granted)} đồng.",
            )
        )
        year.step(project, "settle", S.SETTLED, on, by=self.staff.accountant, paper=paper)
        done = year.entry(
            self.envelope, EntryKind.SETTLED, self.settled, on, paper=paper, by=self.staff.accountant, project=project
        )
        unused = self.granted - max(self.settled, self.advanced)
        if unused > 0:
            year.entry(
                self.envelope,
                EntryKind.COMMITTED,
                -unused,
                on,
                paper=paper,
                by=self.staff.accountant,
                project=project,
                note="không dùng hết, trả lại nguồn",
                origin=done,
            )
        for contract in self.contracts:
            item = SupportedItem(
                establishment=contract.beneficiary.establishment,
                item=(project.machine_type or project.get_kind_display())[:300],
                serial=f"SN-{project.code}",
                amount=self.settled // len(self.contracts),
                source=project.get_level_display(),
                on=on,
                project_uid=project.uid,
                project_label=str(project)[:420],
            )
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
                project=self.project,
                number=1 if kind == AdvanceKind.FIRST else 2,
                kind=kind,
                envelope=self.envelope,
                amount=amount,
                state=AdvanceState.PAID,
                requested_on=on,
                request=request,
                paid_on=payment.signed_on,
                payment=payment,
                treasury_number=f"KB{year.year % 100}-{year.papers:05d}",
            )
        )
        year.entry(
            self.envelope,
            EntryKind.ADVANCED,
            amount,
            payment.signed_on,
            paper=payment,
            by=self.staff.accountant,
            project=self.project,
        )
        self.advanced += amount

    def _reports(self, since: date, until: date) -> None:
        """A report each month before the 25th, now and then a late one; the running month is still open."""
        total = self.project.total
        months = (
            [(since.year, month) for month in range(since.month, until.month + 1)] if since.year == until.year else []
        )
        for place, (year, month) in enumerate(months[:8], start=1):
            sent = date(year, month, 27 if self.year.rng.random() < 0.05 else 12 + place)
            if not since <= sent <= until or (year, month) == (self.year.today.year, self.year.today.month):
                continue
            self.year.moments.to(sent)
            self.year.rows.add(
                ProgressReport(
                    project=self.project,
                    year=year,
                    month=month,
                    sent_on=sent,
                    done=total * place // (len(months) + 1),
                    counterpart_spent=0,
                    by=self.staff.officer,
                )
            )

    def _dossier(self) -> None:
        """Papers that lie in the dossier, line by line of the checklists up to where the project has come."""
        year, project = self.year, self.project
        reached = {
            S.SUBMITTED: 1,
            S.APPRAISED: 1,
            S.REGISTERED: 2,
            S.MINISTRY_APPRAISED: 2,
            S.APPROVED: 2,
            S.ASSIGNED: 3,
        }
        reached |= {S.RUNNING: 4 if self.advanced else 3, S.STOPPED: 3, S.ACCEPTED: 5}
        stages = _STAGES[: reached.get(S(project.state), 6)]
        besides: Paper | None = None
        if project.state == S.DRAFT:
            return
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
                        besides = year.paper(
                            PaperKind.OTHER, day, abstract=f"Hồ sơ kèm theo đề án {project.code} (bản sao)"
                        )
                    paper = besides
                several = self.helped if line.per_beneficiary else [None]
                for who in several or [None]:
                    party = who.organisation if who is not None else None
                    year.rows.add(
                        DossierItem(
                            dossier=project.dossier,
                            requirement=line,
                            paper=paper,
                            party=party,
                            actor_id=self.staff.officer.pk,
                        )
                    )

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
        self.year.entry(
            self.envelope, EntryKind.COMMITTED, -less, on, paper=paper, by=self.staff.clerk, project=project
        )
        self.year.step(
            project, "adjust", S(project.state), on, by=self.staff.clerk, paper=paper, note="Giá mua thấp hơn dự toán"
        )

    def stop(self, decision: Decision, on: date, paper: Paper) -> None:
        project = self.project
        before = project.granted_local or 0
        self._item(
            decision,
            action=ChangeKind.STOP,
            national=0,
            local=0,
            counterpart=0,
            other=0,
            before_local=before,
            reason="Cơ sở không bảo đảm được vốn đối ứng",
        )
        self.year.entry(
            self.envelope, EntryKind.COMMITTED, -before, on, paper=paper, by=self.staff.clerk, project=project
        )
        self.year.step(
            project,
            "stop",
            S.STOPPED,
            on,
            by=self.staff.clerk,
            paper=paper,
            note="Cơ sở không bảo đảm được vốn đối ứng",
        )
