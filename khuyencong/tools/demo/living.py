"""The running year of Đắk Lắk by real acts: one project in each state in which somebody has to do something today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.contracts import operations as contracts
from khuyencong.contracts.enums import AdvanceState, AssignmentForm, SeatRole, Verdict
from khuyencong.contracts.models import Advance, ProgressReport, SupportContract
from khuyencong.contracts.operations import VoucherRow
from khuyencong.contracts.operations.acceptances import Sitting
from khuyencong.councils import operations as councils
from khuyencong.councils.enums import Conclusion, MemberRole, Point, Result
from khuyencong.documents.enums import PaperKind, Stage
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.people.models import User
from khuyencong.plans import operations as plans
from khuyencong.plans.enums import DecisionKind, Measure
from khuyencong.plans.models import Decision, Plan
from khuyencong.plans.operations import Aim, Line
from khuyencong.projects import operations as projects
from khuyencong.projects import queries
from khuyencong.projects.enums import Form, Kind, Level, Rule, Source
from khuyencong.projects.models import Beneficiary, Part, Project
from khuyencong.tools.demo.desk import Desk
from khuyencong.tools.demo.establishments import tax_code
from khuyencong.tools.demo.past import PARTS, Nation, Place
from khuyencong.tools.demo.people import People

MILLION = 1_000_000
LINE = {Kind.MACHINERY: "MMTB", Kind.DEMONSTRATION: "MHTD_MOI", Kind.TRADEMARK: "NHAN_HIEU"}


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
        self.invoices = 70_000
        self.centre, self.department = place.body(BodyKind.CENTRE), place.body(BodyKind.DEPARTMENT)
        self.envelope = Envelope.objects.get(province=self.province, year=self.year, level=Level.PROVINCIAL)
        self.plan = Plan.objects.get(province=self.province, year=self.year, level=Level.PROVINCIAL)

    # ---- files ----

    def fresh(self, total: int, support: int) -> Help:
        """The next establishment to which nothing was given before."""
        self.next += 1
        return Help(self.rows[self.next], total, support)

    def file(self, kind: Kind, title: str, *, level: Level = Level.PROVINCIAL, year: int = 0, helped: Sequence[Help] = (), support: int = 0, on: date, form: Form = Form.SINGLE, later: bool = False, by: User | None = None, machine: str = "", ends_on: date | None = None, **facts: Any) -> Project:  # fmt: skip
        """A whole file, ready to be sent; ``support`` for what helps no establishment.  ``later``: beneficiaries come later."""
        year = year or self.year
        officer = by or self.cast["centre_officer"]
        source = "national" if level == Level.NATIONAL else "local"
        self.on(on, later=0)
        first = helped[0].establishment if helped else None
        commune = facts.pop("commune", first.commune if first else None)
        machine = machine or (self.place.register.trade(first).machine if first and kind in (Kind.MACHINERY, Kind.DEMONSTRATION) else "")  # fmt: skip
        project = projects.draft(
            title=title, level=level, kind=kind, year=year, province=self.province, by=officer, commune=commune, form=form,
            implementer=facts.pop("implementer", self.centre), place_text=commune.full_name if commune else self.province.full_name,
            place_unit=commune or self.province, sector=self.place.register.trade(first).sector if first else "",
            starts_on=max(on, date(year, 1, 15)), ends_on=ends_on or date(year, 11, 30), norm_line=LINE.get(kind, ""),
            content=f"Thực hiện trong năm {year}.", machine_type=machine, invented=True, **facts,
        )  # fmt: skip
        Part.objects.bulk_create(Part(project=project, number=number, text=text) for number, text in PARTS.items())
        lines: list[dict[str, Any]] = []
        for one in helped:
            amounts = {source: one.support * MILLION, "counterpart": (one.total - one.support) * MILLION}
            if not later:
                projects.add_beneficiary(
                    project, establishment=one.establishment, content=machine or title, total=one.total * MILLION, by=officer, **amounts
                )  # fmt: skip
            lines.append({"content": machine or f"Chi cho {one.establishment.name}", "unit": "gói", "quantity": Decimal(1), "unit_price": one.total * MILLION, **amounts})  # fmt: skip
        if support:
            lines.append({"content": "Tổ chức, giảng viên, tài liệu", "unit": "lớp", "quantity": Decimal(1), "unit_price": support * MILLION, source: support * MILLION})  # fmt: skip
        projects.set_cost_lines(project, lines=lines, by=officer)
        project.refresh_from_db()
        return project

    def sent(self, project: Project, on: date, *, by: User | None = None) -> Project:
        self.complete(project, stage=Stage.APPRAISAL, on=on)
        head = by or self.cast["centre_director"]
        paper = self.paper(PaperKind.REQUEST_LETTER, on, by=head, issuer=project.implementer, abstract=f"Đề nghị thẩm định: {project.title}")  # fmt: skip
        return projects.submit(project, by=head, on=on, paper=paper)

    def appraised(self, project: Project, on: date) -> Project:
        by = self.cast["department_director"]
        paper = self.paper(PaperKind.APPRAISAL, on, by=by, issuer=self.department, abstract=f"Phiếu thẩm định {project.title}")
        return projects.appraise(project, by=by, on=on, paper=paper)

    def registered(self, project: Project, on: date) -> Project:
        paper = self.paper(PaperKind.REGISTRATION, on, by=self.cast["registry_clerk"], issuer=self.department, abstract=f"Đăng ký kế hoạch: {project.title}")  # fmt: skip
        return projects.register(project, by=self.cast["department_director"], on=on, paper=paper)

    def ministry_appraised(self, project: Project, on: date) -> Project:
        by = self.cast["ministry_agency"]
        paper = self.paper(PaperKind.MINISTRY_APPRAISAL, on, by=by, issuer=self.place.bodies.agency, abstract=f"Kết quả thẩm định cấp Bộ: {project.title}")  # fmt: skip
        return projects.ministry_appraise(project, by=by, on=on, paper=paper)

    # ---- plans ----

    def draft(self, plan: Plan, members: Sequence[Project], *, kind: str, on: date, by: User | None = None, paid_by: Envelope | None = None) -> Decision:  # fmt: skip
        self.on(on, later=0)
        drafter = by or self.cast["appraiser"]
        decision = plans.draft_decision(plan, kind=kind, by=drafter)
        lines = [Line(project, shares={paid_by: project.support} if paid_by else None) for project in members]
        plans.arrange(decision, lines=lines, by=drafter)
        return decision

    def submitted(self, decision: Decision, on: date, *, by: User | None = None) -> Decision:
        sender = by or self.cast["department_director"]
        issuer = self.place.bodies.agency if by else self.department
        paper = self.paper(PaperKind.SUBMISSION, on, by=sender, issuer=issuer, abstract=f"Trình {decision}")
        return plans.submit(decision, by=sender, on=on, paper=paper)

    def issued(self, decision: Decision, on: date, *, national: bool = False) -> Decision:
        by = self.cast["ministry_approver"] if national else self.cast["registry_clerk"]
        issuer = self.place.bodies.ministry if national else self.place.body(BodyKind.PROVINCE_COMMITTEE)
        paper = self.paper(
            PaperKind.PLAN_DECISION, on, by=by, issuer=issuer, abstract=f"{decision}",
            signer="" if national else str(self.cast["provincial_approver"]), title="" if national else "Phó Chủ tịch",
        )  # fmt: skip
        return plans.approve(decision, by=by, on=on, paper=paper)

    def approved(self, members: Sequence[Project], *, on: date) -> None:
        """One tranche of local money, from draft to the chairman's decision."""
        kind = DecisionKind.APPROVE
        decision = self.draft(self.plan, members, kind=kind, on=on - timedelta(days=12))
        self.issued(self.submitted(decision, on - timedelta(days=8)), on)

    # ---- contracts ----

    def assigned(self, project: Project, on: date) -> Project:
        national = project.level == Level.NATIONAL
        by = self.cast["ministry_agency"] if national else self.cast["department_director"]
        giver = self.place.bodies.agency if national else self.department
        paper = self.paper(PaperKind.ASSIGNMENT, on, by=by, issuer=giver, abstract=f"Giao thực hiện {project.title}")
        form = AssignmentForm.CONTRACT if national else AssignmentForm.DECISION
        contracts.assign(project, form=form, giver=giver, by=by, on=on, paper=paper)
        return Project.objects.get(pk=project.pk)

    def begun(self, project: Project, on: date) -> list[SupportContract]:
        by, made = self.cast["centre_director"], []
        for b in project.beneficiaries.select_related("establishment"):
            paper = self.paper(PaperKind.SUPPORT_CONTRACT, on, by=by, issuer=self.centre, abstract=f"Hợp đồng hỗ trợ {b.establishment.name}")  # fmt: skip
            made.append(contracts.sign_support(b, by=by, on=on, paper=paper))
        return made

    def bought(self, made: Sequence[SupportContract], on: date, *, delivered_on: date | None) -> None:
        by = self.cast["centre_officer"]
        for contract in made:
            self.on(on)
            b = contract.beneficiary
            purchase = contracts.record_purchase(
                contract, item=b.content[:300], seller="Công ty TNHH thiết bị Bễ Lửa Đêm", seller_tax_code=tax_code(900_001),
                value=b.total, signed_on=on, by=by, serial=f"SN-{b.pk:05d}",
            )  # fmt: skip
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
                project, year=day.year, month=day.month, done=project.total * min(percent, most) // 100, on=day,
                by=by or self.cast["centre_officer"], note="Đúng tiến độ.",
            )  # fmt: skip

    def asked(self, project: Project, *, amount: int, on: date, envelope: Envelope | None = None) -> Advance | None:
        """Money on account with the papers of the law, on the last report of before; none while nothing was reported."""
        remainder = project.state in ("accepted", "settled")
        report = ProgressReport.objects.filter(project=project, sent_on__lte=on).order_by("-year", "-month").first()
        if report is None and not remainder:
            return None
        if report is not None and report.confirmed_on is None and not remainder:
            paper = self.paper(PaperKind.VOLUME_CONFIRMATION, on, by=self.cast["appraiser"], issuer=self.department, abstract=f"Xác nhận khối lượng {project.title}")  # fmt: skip
            report = contracts.confirm_volume(report, by=self.cast["appraiser"], on=on, paper=paper)
        self.complete(project, stage=Stage.REMAINDER if remainder else Stage.FIRST_ADVANCE, on=on)
        by = self.cast["accountant"]
        paper = self.paper(PaperKind.ADVANCE_REQUEST, on, by=by, issuer=project.implementer, abstract=f"Đề nghị tạm ứng {project.title}")  # fmt: skip
        return contracts.request_advance(
            project, envelope=envelope or self.envelope, amount=amount, by=by, on=on, paper=paper, report=None if remainder else report
        )  # fmt: skip

    def confirmed(self, advance: Advance | None, on: date) -> Advance | None:
        if advance is None:
            return None
        paper = self.paper(PaperKind.VOLUME_CONFIRMATION, on, by=self.cast["appraiser"], issuer=self.department, abstract=f"Xác nhận khối lượng: {advance.project.title}")  # fmt: skip
        return contracts.confirm_advance(advance, by=self.cast["appraiser"], on=on, paper=paper)

    def paid(self, advance: Advance | None, on: date) -> None:
        if advance is None:
            return
        by = self.cast["accountant"]
        paper = self.paper(PaperKind.PAYMENT_ORDER, on, by=by, issuer=self.centre, abstract=f"Chuyển tạm ứng {advance.project.title}")
        contracts.pay_advance(advance, by=by, on=on, paper=paper, treasury_number=f"KB-{paper.number.split('/')[0]}")

    def accepted(self, project: Project, on: date) -> Project:
        by = self.cast["department_director"]
        for b in project.beneficiaries.filter(removed_on=None).select_related("establishment__organisation"):
            paper = self.paper(PaperKind.ACCEPTANCE, on, by=by, issuer=self.department, abstract=f"Nghiệm thu tại {b.establishment.name}")
            committee = self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, b.establishment.commune)  # type: ignore[arg-type]
            seats = [
                Sitting(self.department, str(by), SeatRole.CHAIR, "Giám đốc Sở"),
                Sitting(self.centre, str(self.cast["centre_director"]), SeatRole.CENTRE),
                Sitting(committee, "Lê Minh Khôi", SeatRole.COMMUNE, "Phó Chủ tịch UBND xã"),
                Sitting(b.establishment.organisation, b.establishment.representative, SeatRole.BENEFICIARY),
            ]
            contracts.accept(
                project, beneficiary=b, place=b.establishment.place_text, state_volume=b.support, counterpart_volume=b.counterpart,
                seats=seats, verdict=Verdict.PASSED, by=by, on=on, paper=paper,
            )  # fmt: skip
        return Project.objects.get(pk=project.pk)

    def proved(self, project: Project, on: date, *, saved: int = 0) -> None:
        """The voucher list: an invoice for the State's part, one for the counterpart."""
        source = Source.NATIONAL if project.level == Level.NATIONAL else Source.LOCAL
        rows = []
        for voucher_source, amount in ((source, (project.granted or 0) - saved), (Source.COUNTERPART, project.granted_counterpart or 0)):
            self.invoices += 1
            if amount:
                rows.append(
                    VoucherRow(
                        on=on, content=project.machine_type or project.title, amount=amount, source=voucher_source,
                        symbol=f"1C{self.year % 100}TKC", number=f"{self.invoices:08d}", seller="Công ty TNHH thiết bị Bễ Lửa Đêm",
                        seller_tax_code=tax_code(900_001),
                    )
                )  # fmt: skip
        self.on(on)
        contracts.add_vouchers(project, rows=rows, by=self.cast["accountant"])

    def settled(self, project: Project, on: date) -> Project:
        facts = {"percent"} if project.granted_counterpart else set()
        self.complete(project, stage=Stage.SETTLEMENT, on=on, facts=facts)
        by = self.cast["accountant"]
        paper = self.paper(PaperKind.SETTLEMENT, on, by=by, issuer=self.centre, abstract=f"Quyết toán {project.title}")
        contracts.settle(project, by=by, on=on, paper=paper)
        return Project.objects.get(pk=project.pk)


class Story(Year):
    """What happens, in the order of the year."""

    def tell(self) -> None:
        self.programme()
        self.local_year()
        self.national_year()
        self.communal_year()
        self.next_year()
        self.tell_papers()

    def programme(self) -> None:
        first = self.year - self.year % 5 + (1 if self.year % 5 else -4)
        day = date(first, 3, 10)
        paper = self.paper(PaperKind.PROGRAMME_DECISION, day, by=self.cast["registry_clerk"], issuer=self.place.body(BodyKind.PROVINCE_COMMITTEE), signer=str(self.cast["provincial_approver"]), abstract=f"Chương trình khuyến công giai đoạn {first}-{first + 4} (minh hoạ)")  # fmt: skip
        plans.record_programme(
            level=Level.PROVINCIAL, title=f"Chương trình khuyến công tỉnh giai đoạn {first}-{first + 4} (dữ liệu minh hoạ)",
            first_year=first, last_year=first + 4, province=self.province, by=self.cast["appraiser"], paper=paper, invented=True,
            local=18_000 * MILLION, national=6_000 * MILLION,
            aims=(
                Aim("Đề án được phê duyệt", "đề án", Decimal(140), Measure.PROJECTS),
                Aim("Cơ sở được hỗ trợ", "cơ sở", Decimal(150), Measure.BENEFICIARIES),
                Aim("Mô hình trình diễn", "mô hình", Decimal(15), Measure.DEMONSTRATION),
            ),
        )  # fmt: skip

    def machinery(self, helped: Help, *, on: date, **facts: Any) -> Project:
        trade = self.place.register.trade(helped.establishment)
        where = helped.establishment.commune.name if helped.establishment.commune else ""
        title = f"Hỗ trợ {trade.machine[0].lower()}{trade.machine[1:]} cho {helped.establishment.name}, {where}"
        return self.file(Kind.MACHINERY, title, helped=[helped], on=on, **facts)

    def local_year(self) -> None:
        """The third tranche of local money: from one that is only approved to one whose contract waits for its end."""
        day = self.day
        sent, judged = day(2, 25), day(3, 12)
        own = Help(self.rows[0], 520, 180)
        files = {
            "own": self.machinery(own, on=day(2, 10)),
            "asked": self.machinery(self.fresh(480, 150), on=day(2, 10)),
            "confirmed": self.machinery(self.fresh(610, 200), on=day(2, 11)),
            "ending": self.machinery(self.fresh(455, 140), on=day(2, 11), ends_on=max(self.ago(-18), date(self.year, 1, 16))),
            "accepted": self.machinery(self.fresh(390, 120), on=day(2, 12)),
            "settled": self.machinery(self.fresh(440, 130), on=day(2, 12)),
            "assigned": self.machinery(self.fresh(300, 90), on=day(2, 13)),
            "approved": self.machinery(self.fresh(280, 85), on=day(2, 13)),
            "group": self.file(
                Kind.TRADEMARK, "Xây dựng, đăng ký nhãn hiệu cho các cơ sở chế biến nông sản (đề án nhóm)", form=Form.GROUP, later=True,
                helped=[self.fresh(60, 35), self.fresh(55, 33), self.fresh(50, 30)], on=day(2, 14), commune=None,
            ),
            "class": self.file(
                Kind.VOCATIONAL, "Đào tạo nghề chế biến nông sản cho lao động nông thôn", support=110, on=day(2, 14),
                implementer=self.place.schools[0], by=self.cast["implementer"], commune=self.place.communes[0],
            ),
        }  # fmt: skip
        for name, project in files.items():
            self.appraised(self.sent(project, sent, by=self.cast["implementer"] if name == "class" else None), judged)
        members = [Project.objects.get(pk=project.pk) for project in files.values()]
        self.approved(members, on=day(4, 5))
        files = {name: Project.objects.get(pk=project.pk) for name, project in files.items()}
        for name in files:
            self.lateness = 24 if name == "assigned" else 1  # this one was written down late
            if name != "approved":
                files[name] = self.assigned(files[name], day(4, 20))
        self.lateness = 1
        self.list_of(files["group"])
        bought = {"own": None, "asked": None, "confirmed": None, "ending": day(9, 20), "accepted": day(8, 30), "settled": day(8, 10)}
        for name, delivered in bought.items():
            made = self.begun(files[name], day(5, 8))
            self.bought(made, day(5, 25), delivered_on=delivered)
            files[name] = Project.objects.get(pk=files[name].pk)
        self.on(day(5, 10))
        paper = self.paper(PaperKind.OTHER, day(5, 10), by=self.cast["implementer"], issuer=files["class"].implementer, abstract="Kế hoạch mở lớp")  # fmt: skip
        contracts.begin_work(files["class"], by=self.cast["implementer"], on=day(5, 10), paper=paper)
        files["class"] = Project.objects.get(pk=files["class"].pk)
        self.reported(files["class"], most=60, by=self.cast["implementer"])
        for name in bought:
            self.reported(files[name], most=86)
        self.advances(files)
        self.endings(files)
        self.wish(files["own"])

    def list_of(self, project: Project) -> None:
        """Three names wait for the department (Mẫu 11)."""
        self.on(self.ago(6), later=0)
        for total, support in ((60, 35), (55, 33), (50, 30)):
            one = self.fresh(total, support)
            projects.add_beneficiary(
                project, establishment=one.establishment, content="Thiết kế, đăng ký nhãn hiệu", total=total * MILLION,
                local=support * MILLION, counterpart=(total - support) * MILLION, by=self.cast["centre_officer"],
            )  # fmt: skip

    def advances(self, files: dict[str, Project]) -> None:
        day = self.day
        for name in ("ending", "accepted", "settled"):
            advance = self.asked(files[name], amount=(files[name].granted or 0) // 2, on=day(9, 22))
            self.paid(self.confirmed(advance, day(9, 25)), day(9, 29))
        self.confirmed(self.asked(files["confirmed"], amount=100 * MILLION, on=self.ago(9)), self.ago(6))
        self.asked(files["asked"], amount=75 * MILLION, on=self.ago(4))

    def endings(self, files: dict[str, Project]) -> None:
        day = self.day
        for name in ("accepted", "settled"):
            self.proved(files[name], day(10, 2))
        files["settled"] = self.accepted(files["settled"], day(10, 6))
        files["settled"] = self.settled(files["settled"], day(10, 16))
        paid = sum(advance.amount for advance in Advance.objects.filter(project=files["settled"], state=AdvanceState.PAID))
        left = self.asked(files["settled"], amount=(files["settled"].granted or 0) - paid, on=day(10, 20))
        self.paid(self.confirmed(left, day(10, 22)), day(10, 27))
        files["accepted"] = self.accepted(files["accepted"], self.ago(8))

    def wish(self, project: Project) -> None:
        """The Centre asks for more time within the year; the department has not answered."""
        by = self.cast["centre_director"]
        paper = self.paper(PaperKind.REQUEST_LETTER, self.ago(5), by=by, issuer=self.centre, abstract=f"Xin lùi thời hạn: {project.title}")
        plans.request_change(
            project, kind="time_in_year", reason="Bên bán giao máy chậm", by=by, on=self.ago(5), paper=paper,
            ends_on=date(self.year, 12, 20), invented=True,
        )  # fmt: skip

    def national_year(self) -> None:
        """National money: one at work whose advance waits for the agency; next year's in appraisal, plan and registration."""
        day, agency = self.day, self.cast["ministry_agency"]
        running = self.file(
            Kind.MACHINERY, "Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến cà phê, hồ tiêu (đề án nhóm)", level=Level.NATIONAL,
            form=Form.GROUP, helped=[self.fresh(520, 200), self.fresh(480, 190)], on=day(1, 12), machine="Dây chuyền phân loại, đóng gói nông sản",
        )  # fmt: skip
        running = self.ministry_appraised(self.registered(self.appraised(self.sent(running, day(1, 15)), day(1, 25)), day(1, 28)), day(2, 15))  # fmt: skip
        plan = Plan.objects.get(province=self.province, year=self.year, level=Level.NATIONAL)
        added = self.draft(plan, [running], kind=DecisionKind.ADD, on=day(2, 20), by=agency)
        self.issued(self.submitted(added, day(2, 24), by=agency), day(3, 10), national=True)
        running = self.assigned(Project.objects.get(pk=running.pk), day(3, 25))
        listed = self.paper(PaperKind.GROUP_PLAN, day(4, 2), by=self.cast["registry_clerk"], issuer=self.department, abstract=f"Phê duyệt danh sách: {running.title}")  # fmt: skip
        projects.approve_beneficiaries(
            running, beneficiaries=list(Beneficiary.objects.filter(project=running)), by=self.cast["department_director"],
            on=day(4, 2), paper=listed,
        )  # fmt: skip
        self.bought(self.begun(running, day(4, 10)), day(5, 4), delivered_on=day(10, 12))
        running = Project.objects.get(pk=running.pk)
        self.reported(running, most=86)
        advance = self.asked(running, amount=200 * MILLION, on=self.ago(7), envelope=self.nation.envelope)
        self.confirmed(advance, self.ago(5))

    def next_national(self) -> None:
        agency, year = self.cast["ministry_agency"], self.year + 1
        title = "Mô hình trình diễn kỹ thuật sản xuất {what}"
        files = [
            self.file(Kind.DEMONSTRATION, title.format(what=what), level=Level.NATIONAL, year=year, helped=[self.fresh(total, support)], on=self.ago(62))
            for what, total, support in (("cà phê đặc sản", 1_400, 400), ("ván sàn tre", 1_100, 320))
        ]  # fmt: skip
        for project in files:
            self.registered(self.appraised(self.sent(project, self.ago(55)), self.ago(45)), self.ago(40))
        files = [Project.objects.get(pk=project.pk) for project in files]
        files[0] = self.ministry_appraised(files[0], self.ago(20))
        flagship = self.file(
            Kind.MACHINERY, "Đề án điểm phát triển chế biến nông sản chủ lực hai năm", level=Level.NATIONAL, year=year, form=Form.FLAGSHIP,
            helped=[self.fresh(700, 280), self.fresh(560, 220)], on=self.ago(50), also="4", ends_on=date(year + 1, 10, 30),
            first_year="Năm đầu: lắp đặt dây chuyền tại hai cơ sở, xây dựng hai nhãn hiệu.",
        )  # fmt: skip
        self.appraised(self.sent(flagship, self.ago(40)), self.ago(28))
        given = self.paper(PaperKind.BUDGET_DECISION, self.ago(25), by=agency, issuer=self.place.bodies.ministry, signer="Trịnh Mộc Khê", abstract=f"Giao dự toán khuyến công quốc gia năm {year}, đợt 1")  # fmt: skip
        budgets.record_budget_decision(
            level=Level.NATIONAL, year=year, holder=self.place.bodies.agency, amount=9_000 * MILLION, by=agency, on=given.signed_on,
            name=f"Khuyến công quốc gia năm {year}", paper=given, chapter="016", category="280", clause="309", invented=True,
        )  # fmt: skip
        self.on(self.ago(15), later=0)
        plan = plans.open_plan(level=Level.NATIONAL, year=year, province=self.province, by=agency, invented=True)
        waiting = self.draft(plan, [files[0]], kind=DecisionKind.APPROVE, on=self.ago(14), by=agency)
        self.submitted(waiting, self.ago(10), by=agency)

    def communal_year(self) -> None:
        """A commune with money of its own: one project at work."""
        commune, day = self.place.communes[0], self.day
        committee = self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune)
        by = self.cast["accountant"]
        given = self.paper(PaperKind.BUDGET_DECISION, day(1, 20), by=by, issuer=committee, signer="Phạm Thị Thu Sương", abstract="Giao dự toán khuyến công cấp xã", commune=commune)  # fmt: skip
        budgets.record_budget_decision(
            level=Level.COMMUNAL, year=self.year, holder=committee, amount=150 * MILLION, by=by, on=given.signed_on, paper=given,
            name=f"Khuyến công {commune.name} năm {self.year}", commune=commune, province=self.province, invented=True,
        )  # fmt: skip
        one = next(row for row in self.rows[1:] if row.commune_id == commune.pk)
        self.rows.remove(one)
        project = self.machinery(Help(one, 160, 60), on=day(3, 1), level=Level.COMMUNAL, ends_on=date(self.year, 12, 15))
        project = self.appraised(self.sent(project, day(3, 6)), day(3, 20))
        self.on(day(3, 25))
        plan = plans.open_plan(level=Level.COMMUNAL, year=self.year, province=self.province, commune=commune, by=self.cast["appraiser"], invented=True)  # fmt: skip
        envelope = Envelope.objects.get(commune=commune, year=self.year)
        drafted = self.draft(plan, [project], kind=DecisionKind.APPROVE, on=day(3, 26), paid_by=envelope)
        self.issued(self.submitted(drafted, day(3, 28)), day(4, 8))
        self.begun(self.assigned(Project.objects.get(pk=project.pk), day(4, 18)), day(5, 2))

    def next_year(self) -> None:
        """Files for next year on every desk, and two decisions that wait."""
        self.next_national()
        year = self.year + 1
        self.supplement()
        given = self.paper(PaperKind.BUDGET_DECISION, self.ago(18), by=self.cast["accountant"], issuer=self.place.body(BodyKind.PROVINCE_COMMITTEE), signer=str(self.cast["provincial_approver"]), abstract=f"Giao dự toán khuyến công năm {year}, đợt 1")  # fmt: skip
        budgets.record_budget_decision(
            level=Level.PROVINCIAL, year=year, holder=self.centre, amount=1_500 * MILLION, by=self.cast["accountant"], province=self.province,
            on=given.signed_on, name=f"Khuyến công địa phương năm {year}", paper=given, chapter="416", category="280", clause="309", invented=True,
        )  # fmt: skip
        files = [self.machinery(self.fresh(total, support), on=self.ago(40), year=year) for total, support in ((420, 140), (510, 170), (360, 110), (600, 190))]  # fmt: skip
        for project in files:
            self.appraised(self.sent(project, self.ago(32)), self.ago(20))
        self.on(self.ago(12), later=0)
        plan = plans.open_plan(level=Level.PROVINCIAL, year=year, province=self.province, by=self.cast["appraiser"], invented=True)
        members = [Project.objects.get(pk=project.pk) for project in files[:3]]
        asked = self.draft(plan, members, kind=DecisionKind.APPROVE, on=self.ago(11))
        letter = self.paper(PaperKind.REQUEST_LETTER, self.ago(6), by=self.cast["appraiser"], issuer=self.department, abstract=f"Xin ý kiến {asked}")  # fmt: skip
        plans.ask_opinion(
            asked, body=self.place.body(BodyKind.FINANCE_DEPARTMENT), due_on=self.today + timedelta(days=6), on=self.ago(6), paper=letter,
            by=self.cast["appraiser"], question="Nguồn kinh phí và mức hỗ trợ đợt 1.",
        )  # fmt: skip
        self.appraisal(year)

    def supplement(self) -> None:
        """An addition to this year's plan waits for the chairman's hand; one of its files was let pass by a person."""
        files = [self.machinery(self.fresh(240, 80), on=self.ago(30))]
        if (before := self.supported(self.year - 1)) is not None:
            again = self.machinery(Help(before, 330, 100), on=self.ago(30))
            named = Beneficiary.objects.get(project=again)
            projects.clear_warning(
                again, rule=Rule.SUPPORTED_BEFORE, subject=str(named.uid), by=self.cast["centre_director"], on=self.ago(28),
                reason="Máy mới cho xưởng thứ hai, không trùng máy đã hỗ trợ",
            )  # fmt: skip
            files.append(again)
        for project in files:
            self.appraised(self.sent(project, self.ago(26)), self.ago(18))
        members = [Project.objects.get(pk=project.pk) for project in files]
        self.submitted(self.draft(self.plan, members, kind=DecisionKind.ADD, on=self.ago(9)), self.ago(3))

    def supported(self, year: int) -> Establishment | None:
        """An establishment to which a machine was given in that year."""
        rows = SupportedItem.objects.filter(establishment__in=self.place.given_to, on__year=year, project_label__contains="ứng dụng")
        item = rows.select_related("establishment__commune__province").order_by("pk").first()
        return item.establishment if item else None

    def appraisal(self, year: int) -> None:
        """Three files before the council, one of them of a judge's relative; one returned, two still being written."""
        files = [self.machinery(self.fresh(total, support), on=self.ago(24), year=year) for total, support in ((450, 150), (380, 120), (290, 95), (410, 135))]  # fmt: skip
        files = [self.sent(project, self.ago(12)) for project in files]
        by = self.cast["department_director"]
        back = self.paper(PaperKind.RETURN_LETTER, self.ago(5), by=by, issuer=self.department, abstract=f"Bổ sung hồ sơ: {files[3].title}")
        projects.return_(files[3], reason="Bổ sung báo giá, thuyết minh hiệu quả", by=by, on=self.ago(5), paper=back)
        if (before := self.supported(self.year - 2)) is not None:
            # the same machine was paid for two years ago: the checks of this file say so
            self.machinery(Help(before, 350, 115), on=self.ago(3), year=year)
        self.file(
            Kind.VOCATIONAL, "Đào tạo nghề may công nghiệp cho lao động nông thôn", support=95, on=self.ago(4), year=year,
            implementer=self.place.schools[0], by=self.cast["implementer"], commune=self.place.communes[2],
        )  # fmt: skip
        self.council(files[:3], by=by)

    def council(self, files: list[Project], *, by: User) -> None:
        paper = self.paper(PaperKind.COUNCIL_DECISION, self.ago(10), by=by, issuer=self.department, abstract="Thành lập Hội đồng thẩm định đề án khuyến công")  # fmt: skip
        council = councils.form(name=f"Hội đồng thẩm định đề án khuyến công năm {self.year + 1}", province=self.province, by=by, on=paper.signed_on, paper=paper)  # fmt: skip
        councils.add_member(council, by=by, user=by, organisation=self.department, role=MemberRole.CHAIR)
        secretary = councils.add_member(council, by=by, user=self.cast["appraiser"], organisation=self.department, role=MemberRole.SECRETARY)  # fmt: skip
        finance = self.place.body(BodyKind.FINANCE_DEPARTMENT)
        member = councils.add_member(council, by=by, user=self.cast["finance_officer"], organisation=finance)
        councils.add_member(council, by=by, name="Kiều Thị Hải Nhi", title="Chuyên gia chế biến nông sản")
        subjects = [queries.subject_of(project) for project in files]
        self.on(self.ago(4), later=0)
        councils.declare_conflict(secretary, subject=subjects[2], reason="Chủ cơ sở là em ruột", by=self.cast["appraiser"])
        marks = {point.value: {"result": Result.MEETS, "score": 16 + point.value % 3} for point in Point}
        councils.score(member, subject=subjects[0], marks=marks, conclusion=Conclusion.PASS, by=self.cast["finance_officer"], on=self.ago(3))  # fmt: skip
        councils.call_session(council, on=self.today + timedelta(days=4), by=by, place="Phòng họp tầng 2, Sở Công Thương", agenda="Thẩm định 3 đề án")  # fmt: skip


def live(place: Place, *, cast: People, nation: Nation, today: date, moments: Any) -> None:
    """The running year, told by those who live it."""
    Story(place, nation=nation, cast=cast, today=today, moments=moments, first=7_000).tell()

