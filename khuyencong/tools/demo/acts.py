"""The acts by which the running year is told: each with its papers, on its day, by the person whose act it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from khuyencong.budgets.models import Envelope
from khuyencong.contracts import operations as contracts
from khuyencong.contracts.enums import AssignmentForm, SeatRole, Verdict
from khuyencong.contracts.models import Advance, ProgressReport, SupportContract
from khuyencong.contracts.operations import VoucherRow
from khuyencong.contracts.operations.acceptances import Sitting
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.establishments.models import Establishment
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.people.models import User
from khuyencong.plans import operations as plans
from khuyencong.plans.enums import DecisionKind
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.operations import Line
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Newness, Source
from khuyencong.projects.models import Part, Project
from khuyencong.tools.demo.desk import Desk
from khuyencong.tools.demo.establishments import tax_code
from khuyencong.tools.demo.lives import PARTS
from khuyencong.tools.demo.scans import scan
from khuyencong.tools.demo.stage import Nation, Place

MILLION = 1_000_000
LINE = {
    ProjectKind.MACHINERY: "MMTB",
    ProjectKind.DEMONSTRATION: "MHTD_MOI",
    ProjectKind.BRAND: "NHAN_HIEU",
    ProjectKind.FAIR_PARTICIPATION: "HC_THAM_GIA",
    ProjectKind.CLUSTER_INFRASTRUCTURE: "HA_TANG_CCN",
}


@dataclass(frozen=True, slots=True)
class Help:
    """Who is helped, with how much: total and State money in million đồng."""

    establishment: Establishment
    total: int
    support: int


class Year(Desk):
    def __init__(self, place: Place, *, nation: Nation, **facts: Any) -> None:
        super().__init__(place, **facts)
        self.nation, self.year = nation, self.today.year
        self.rows = place.left
        self.next = 0  # the first establishment belongs to a demo account
        self.changing: dict[str, Project] = {}  # what is changed in autumn, by the kind of change
        self.invoices = 70_000
        self.centre, self.department = place.body(BodyKind.CENTRE), place.body(BodyKind.DEPARTMENT)
        self.envelope = Envelope.objects.get(province=self.province, year=self.year, level=Level.PROVINCIAL)
        self.plan = Plan.objects.get(province=self.province, year=self.year, level=Level.PROVINCIAL)

    # ---- files ----

    def fresh(self, total: int, support: int) -> Help:
        """The next establishment to which nothing was given before."""
        self.next += 1
        return Help(self.rows[self.next], total, support)

    def file(
        self,
        kind: ProjectKind,
        title: str,
        *,
        level: Level = Level.PROVINCIAL,
        year: int = 0,
        helped: Sequence[Help] = (),
        support: int = 0,
        on: date,
        form: ProjectForm = ProjectForm.SINGLE,
        later: bool = False,
        by: User | None = None,
        machine: str = "",
        ends_on: date | None = None,
        **facts: Any,
    ) -> Project:
        """A whole file, ready to be sent; ``support`` for what helps no establishment.  ``later``: beneficiaries come later."""
        year = year or self.year
        officer = by or self.cast["centre_officer"]
        source = "national" if level == Level.NATIONAL else "local"
        self.on(on, later=0)
        first = helped[0].establishment if helped else None
        commune = facts.pop("commune", first.commune if first else None)
        machine = machine or (
            self.place.register.trade(first).machine
            if first and kind in (ProjectKind.MACHINERY, ProjectKind.DEMONSTRATION)
            else ""
        )
        project = projects.draft(
            title=title,
            level=level,
            kind=kind,
            year=year,
            province=self.province,
            by=officer,
            commune=commune,
            form=form,
            implementer=facts.pop("implementer", self.centre),
            place_text=commune.full_name if commune else self.province.full_name,
            place_unit=commune or self.province,
            sector=self.place.register.trade(first).sector if first else "",
            starts_on=max(on, date(year, 1, 15)),
            ends_on=ends_on or max(date(year, 11, 30), min(on + timedelta(days=25), date(year, 12, 31))),
            norm_line=LINE.get(kind, ""),
            content=f"Thực hiện trong năm {year}.",
            machine_type=machine,
            invented=True,
            **facts,
        )
        Part.objects.bulk_create(Part(project=project, number=number, text=text) for number, text in PARTS.items())
        lines: list[dict[str, Any]] = []
        for one in helped:
            amounts = {source: one.support * MILLION, "counterpart": (one.total - one.support) * MILLION}
            if not later:
                projects.add_beneficiary(
                    project,
                    establishment=one.establishment,
                    content=machine or title,
                    total=one.total * MILLION,
                    by=officer,
                    **amounts,
                )
            lines.append(
                {
                    "content": machine or f"Chi cho {one.establishment.name}",
                    "unit": "gói",
                    "quantity": Decimal(1),
                    "unit_price": one.total * MILLION,
                    "newness": Newness.NEW if machine else Newness.OTHER,
                    "made_year": project.year if machine else None,
                    **amounts,
                }
            )
        if support:
            lines.append(
                {
                    "content": "Tổ chức, giảng viên, tài liệu",
                    "unit": "lớp",
                    "quantity": Decimal(1),
                    "unit_price": support * MILLION,
                    "newness": Newness.OTHER,
                    source: support * MILLION,
                }
            )
        projects.set_cost_lines(project, lines=lines, by=officer)
        project.refresh_from_db()
        return project

    def sent(self, project: Project, on: date, *, by: User | None = None) -> Project:
        self.complete(project, stage=Stage.APPRAISAL, on=on)
        head = by or self.cast["centre_director"]
        paper = self.paper(
            PaperKind.REQUEST_LETTER,
            on,
            by=head,
            issuer=project.implementer,
            abstract=f"Đề nghị thẩm định: {project.title}",
        )
        return projects.submit(project, by=head, on=on, paper=paper)

    def appraised(self, project: Project, on: date) -> Project:
        by = self.cast["department_director"]
        paper = self.paper(
            PaperKind.APPRAISAL, on, by=by, issuer=self.department, abstract=f"Phiếu thẩm định {project.title}"
        )
        return projects.appraise(project, by=by, on=on, paper=paper)

    def registered(self, project: Project, on: date) -> Project:
        paper = self.paper(
            PaperKind.REGISTRATION,
            on,
            by=self.cast["registry_clerk"],
            issuer=self.department,
            abstract=f"Đăng ký kế hoạch: {project.title}",
        )
        return projects.register(project, by=self.cast["department_director"], on=on, paper=paper)

    def ministry_appraised(self, project: Project, on: date) -> Project:
        by = self.cast["ministry_agency"]
        paper = self.paper(
            PaperKind.MINISTRY_APPRAISAL,
            on,
            by=by,
            issuer=self.place.bodies.agency,
            abstract=f"Kết quả thẩm định cấp Bộ: {project.title}",
        )
        return projects.ministry_appraise(project, by=by, on=on, paper=paper)

    # ---- plans ----

    def draft(
        self,
        plan: Plan,
        members: Sequence[Project],
        *,
        kind: str,
        on: date,
        by: User | None = None,
        paid_by: Envelope | None = None,
    ) -> Decision:
        self.on(on, later=0)
        drafter = by or self.cast["appraiser"]
        decision = plans.draft_decision(plan, kind=kind, by=drafter)
        lines = [Line(project, shares={paid_by: project.support} if paid_by else None) for project in members]
        plans.arrange(decision, lines=lines, by=drafter)
        return decision

    def submitted(self, decision: Decision, on: date, *, by: User | None = None, waiting: bool = False) -> Decision:
        """Sent to who decides; what ``waiting`` leaves for today has its letter as PDF."""
        sender = by or self.cast["department_director"]
        issuer = self.place.bodies.agency if by else self.department
        number = "TTr-ĐCK" if by else ""
        paper = self.paper(
            PaperKind.SUBMISSION, on, by=sender, issuer=issuer, abstract=f"Trình {decision}", suffix=number
        )
        if waiting:
            scan(
                paper,
                body=str(issuer),
                by=sender,
                text=[f"Kính trình phê duyệt {decision}, gồm {decision.items.count()} đề án, có danh sách kèm theo."],
            )
        return plans.submit(decision, by=sender, on=on, paper=paper)

    def issued(self, decision: Decision, on: date, *, national: bool = False) -> Decision:
        by = self.cast["ministry_approver"] if national else self.cast["registry_clerk"]
        issuer = self.place.bodies.ministry if national else self.place.body(BodyKind.PROVINCE_COMMITTEE)
        paper = self.paper(
            PaperKind.PLAN_DECISION,
            on,
            by=by,
            issuer=issuer,
            abstract=f"{decision}",
            signer="" if national else str(self.cast["provincial_approver"]),
            title="" if national else "Phó Chủ tịch",
            suffix="QĐ-BCT" if national else "",
        )
        return plans.approve(decision, by=by, on=on, paper=paper)

    def approved(self, members: Sequence[Project], *, on: date) -> None:
        """One tranche of local money, from draft to the chairman's decision."""
        kind = DecisionKind.APPROVE
        decision = self.draft(self.plan, members, kind=kind, on=on - timedelta(days=12))
        self.issued(self.submitted(decision, on - timedelta(days=8)), on)

    # ---- contracts ----

    def list_approved(self, project: Project, on: date) -> None:
        """Whom a group project helps, approved by the department."""
        listed = self.paper(
            PaperKind.GROUP_PLAN,
            on,
            by=self.cast["registry_clerk"],
            issuer=self.department,
            abstract=f"Phê duyệt danh sách: {project.title}",
        )
        projects.approve_beneficiaries(
            project,
            beneficiaries=list(project.beneficiaries.all()),
            by=self.cast["department_director"],
            on=on,
            paper=listed,
        )

    def assigned(self, project: Project, on: date) -> Project:
        national = project.level == Level.NATIONAL
        by = self.cast["ministry_agency"] if national else self.cast["department_director"]
        giver = self.place.bodies.agency if national else self.department
        paper = self.paper(
            PaperKind.ASSIGNMENT,
            on,
            by=by,
            issuer=giver,
            abstract=f"Giao thực hiện {project.title}",
            suffix="HĐ-ĐCK" if national else "",
        )
        form = AssignmentForm.CONTRACT if national else AssignmentForm.DECISION
        contracts.assign(project, form=form, giver=giver, by=by, on=on, paper=paper)
        return Project.objects.get(pk=project.pk)

    def begun(self, project: Project, on: date) -> list[SupportContract]:
        by, made = self.cast["centre_director"], []
        for b in project.beneficiaries.select_related("establishment"):
            paper = self.paper(
                PaperKind.SUPPORT_CONTRACT,
                on,
                by=by,
                issuer=self.centre,
                abstract=f"Hợp đồng hỗ trợ {b.establishment.name}",
            )
            made.append(contracts.sign_support(b, by=by, on=on, paper=paper))
        return made

    def bought(self, made: Sequence[SupportContract], on: date, *, delivered_on: date | None) -> None:
        by = self.cast["centre_officer"]
        for contract in made:
            self.on(on)
            b = contract.beneficiary
            purchase = contracts.record_purchase(
                contract,
                item=b.content[:300],
                seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                seller_tax_code=tax_code(900_001),
                value=b.total,
                signed_on=on,
                by=by,
                serial=f"SN-{b.pk:05d}",
            )
            if delivered_on is not None:
                self.on(delivered_on)
                contracts.deliver(purchase, by=by, on=delivered_on)

    def reported(self, project: Project, *, most: int, by: User | None = None) -> None:
        """Monthly reports up to last month; the value done rises to ``most`` percent of the whole."""
        begun = max(step.on for step in project.steps.all())
        days = [self.day(month, 18) for month in (7, 8, 9, 10)]
        days = [day for day in days if day >= begun and (day.year, day.month) != (self.today.year, self.today.month)]
        by_month = {(day.year, day.month): day for day in days}
        for day, percent in zip(by_month.values(), (46, 76, 81, 86), strict=False):
            self.on(day, later=0)
            contracts.report(
                project,
                year=day.year,
                month=day.month,
                done=project.total * min(percent, most) // 100,
                on=day,
                by=by or self.cast["centre_officer"],
                note="Đúng tiến độ.",
            )

    def asked(self, project: Project, *, amount: int, on: date, envelope: Envelope | None = None) -> Advance | None:
        """Money on account with the papers of the law, on the last report of before; none while nothing was reported."""
        remainder = project.state in ("accepted", "settled")
        report = ProgressReport.objects.filter(project=project, sent_on__lte=on).order_by("-year", "-month").first()
        if not remainder and (report is None or report.done * 10 <= project.total * 7):
            return None  # early in a year nobody has come so far (Đ13.2d)
        if report is not None and report.confirmed_on is None and not remainder:
            paper = self.paper(
                PaperKind.VOLUME_CONFIRMATION,
                on,
                by=self.cast["appraiser"],
                issuer=self.department,
                abstract=f"Xác nhận khối lượng {project.title}",
            )
            report = contracts.confirm_volume(report, by=self.cast["appraiser"], on=on, paper=paper)
        self.complete(project, stage=Stage.REMAINDER if remainder else Stage.FIRST_ADVANCE, on=on)
        by = self.cast["accountant"]
        paper = self.paper(
            PaperKind.ADVANCE_REQUEST,
            on,
            by=by,
            issuer=project.implementer,
            abstract=f"Đề nghị tạm ứng {project.title}",
        )
        return contracts.request_advance(
            project,
            envelope=envelope or self.envelope,
            amount=amount,
            by=by,
            on=on,
            paper=paper,
            report=None if remainder else report,
        )

    def confirmed(self, advance: Advance | None, on: date) -> Advance | None:
        if advance is None:
            return None
        paper = self.paper(
            PaperKind.VOLUME_CONFIRMATION,
            on,
            by=self.cast["appraiser"],
            issuer=self.department,
            abstract=f"Xác nhận khối lượng: {advance.project.title}",
        )
        return contracts.confirm_advance(advance, by=self.cast["appraiser"], on=on, paper=paper)

    def paid(self, advance: Advance | None, on: date) -> None:
        if advance is None:
            return
        by = self.cast["accountant"]
        paper = self.paper(
            PaperKind.PAYMENT_ORDER, on, by=by, issuer=self.centre, abstract=f"Chuyển tạm ứng {advance.project.title}"
        )
        contracts.pay_advance(advance, by=by, on=on, paper=paper, treasury_number=f"KB-{paper.number.split('/')[0]}")

    def accepted(self, project: Project, on: date) -> Project:
        by = self.cast["department_director"]
        for b in project.beneficiaries.filter(removed_on=None).select_related("establishment__organisation"):
            paper = self.paper(
                PaperKind.ACCEPTANCE,
                on,
                by=by,
                issuer=self.department,
                abstract=f"Nghiệm thu tại {b.establishment.name}",
            )
            committee = self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, b.establishment.commune)  # type: ignore[arg-type]
            seats = [
                Sitting(self.department, str(by), SeatRole.CHAIR, "Giám đốc Sở"),
                Sitting(self.centre, str(self.cast["centre_director"]), SeatRole.CENTRE),
                Sitting(committee, "Lê Minh Khôi", SeatRole.COMMUNE, "Phó Chủ tịch UBND xã"),
                Sitting(b.establishment.organisation, b.establishment.representative, SeatRole.BENEFICIARY),
            ]
            contracts.accept(
                project,
                beneficiary=b,
                place=b.establishment.place_text,
                state_volume=b.support,
                counterpart_volume=b.counterpart,
                seats=seats,
                verdict=Verdict.PASSED,
                by=by,
                on=on,
                paper=paper,
            )
        return Project.objects.get(pk=project.pk)

    def proved(self, project: Project, on: date, *, saved: int = 0) -> None:
        """The voucher list: an invoice for the State's part, one for the counterpart."""
        source = Source.NATIONAL if project.level == Level.NATIONAL else Source.LOCAL
        rows = []
        for voucher_source, amount in (
            (source, (project.granted or 0) - saved),
            (Source.COUNTERPART, project.granted_counterpart or 0),
        ):
            self.invoices += 1
            if amount:
                rows.append(
                    VoucherRow(
                        on=on,
                        content=project.machine_type or project.title,
                        amount=amount,
                        source=voucher_source,
                        symbol=f"1C{self.year % 100}TKC",
                        number=f"{self.invoices:08d}",
                        seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                        seller_tax_code=tax_code(900_001),
                    )
                )
        self.on(on)
        contracts.add_vouchers(project, rows=rows, by=self.cast["accountant"])

    def settled(self, project: Project, on: date) -> Project:
        facts = {"percent"} if project.granted_counterpart else set()
        self.complete(project, stage=Stage.SETTLEMENT, on=on, facts=facts)
        by = self.cast["ministry_agency" if project.level == Level.NATIONAL else "accountant"]
        paper = self.paper(PaperKind.SETTLEMENT, on, by=by, issuer=self.centre, abstract=f"Quyết toán {project.title}")
        contracts.settle(project, by=by, on=on, paper=paper)
        return Project.objects.get(pk=project.pk)
