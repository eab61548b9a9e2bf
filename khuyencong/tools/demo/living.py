"""The running year of Đắk Lắk by real acts: one project in each state in which somebody has to do something today."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from khuyencong.budgets import operations as budgets
from khuyencong.budgets.models import Envelope
from khuyencong.contracts import operations as contracts
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import Advance
from khuyencong.documents.enums import PaperKind
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level, ProjectForm, ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.plans import operations as plans
from khuyencong.plans.enums import DecisionKind, Measure
from khuyencong.plans.models import Plan
from khuyencong.plans.operations import Aim
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Project
from khuyencong.projects.queries import checks
from khuyencong.tools.demo.acts import MILLION, Help
from khuyencong.tools.demo.judging import Judging
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.rarer import Rarer
from khuyencong.tools.demo.stage import Nation, Place
from khuyencong.tools.demo.waiting import wait


class Story(Judging, Rarer):
    """What happens, in the order of the year."""

    def tell(self) -> None:
        with norms.reading(many=True):
            self.programme()
            self.local_year()
            self.national_year()
            self.communal_year()
            self.fair()
            self.changes()
            self.cluster()
            self.next_year()
        self.statute()  # from here on the law says more
        with norms.reading(many=True):
            self.appraisal(self.year + 1)
        self.tell_papers()

    def programme(self) -> None:
        first = self.year - self.year % 5 + (1 if self.year % 5 else -4)
        day = date(first, 3, 10)
        paper = self.paper(
            PaperKind.PROGRAMME_DECISION,
            day,
            by=self.cast["registry_clerk"],
            issuer=self.place.body(BodyKind.PROVINCE_COMMITTEE),
            signer=str(self.cast["provincial_approver"]),
            abstract=f"Chương trình khuyến công giai đoạn {first}-{first + 4} (minh hoạ)",
        )
        plans.record_programme(
            level=Level.PROVINCIAL,
            title=f"Chương trình khuyến công tỉnh giai đoạn {first}-{first + 4} (dữ liệu minh hoạ)",
            first_year=first,
            last_year=first + 4,
            province=self.province,
            by=self.cast["appraiser"],
            paper=paper,
            invented=True,
            local=18_000 * MILLION,
            national=6_000 * MILLION,
            aims=(
                Aim("Đề án được phê duyệt", "đề án", Decimal(140), Measure.PROJECTS),
                Aim("Cơ sở được hỗ trợ", "cơ sở", Decimal(150), Measure.BENEFICIARIES),
                Aim("Mô hình trình diễn", "mô hình", Decimal(15), Measure.DEMONSTRATION),
            ),
        )

    def machinery(self, helped: Help, *, on: date, **facts: Any) -> Project:
        trade = self.place.register.trade(helped.establishment)
        where = helped.establishment.commune.name if helped.establishment.commune else ""
        title = f"Hỗ trợ {trade.machine[0].lower()}{trade.machine[1:]} cho {helped.establishment.name}, {where}"
        return self.file(ProjectKind.MACHINERY, title, helped=[helped], on=on, **facts)

    def local_year(self) -> None:
        """The third tranche of local money: from one that is only approved to one whose contract waits for its end."""
        day = self.day
        sent, judged = day(2, 25), day(3, 12)
        own = Help(self.rows[0], 520, 180)
        files = {
            "own": self.machinery(own, on=day(2, 10)),
            "asked": self.machinery(self.fresh(480, 150), on=day(2, 10)),
            "confirmed": self.machinery(self.fresh(610, 200), on=day(2, 11)),
            "ending": self.machinery(
                self.fresh(455, 140), on=day(2, 11), ends_on=max(self.ago(-18), date(self.year, 1, 16))
            ),
            "accepted": self.machinery(self.fresh(390, 120), on=day(2, 12)),
            "settled": self.machinery(self.fresh(440, 130), on=day(2, 12)),
            "assigned": self.machinery(self.fresh(300, 90), on=day(2, 13)),
            "approved": self.machinery(self.fresh(280, 85), on=day(2, 13)),
            "group": self.file(
                ProjectKind.BRAND,
                "Xây dựng, đăng ký nhãn hiệu cho các cơ sở chế biến nông sản (đề án nhóm)",
                form=ProjectForm.GROUP,
                later=True,
                helped=[self.fresh(60, 35), self.fresh(55, 33), self.fresh(50, 30)],
                on=day(2, 14),
                commune=None,
            ),
            "class": self.file(
                ProjectKind.VOCATIONAL_TRAINING,
                "Đào tạo nghề chế biến nông sản cho lao động nông thôn",
                support=110,
                on=day(2, 14),
                implementer=self.place.schools[0],
                by=self.cast["implementer"],
                commune=self.place.communes[0],
            ),
            "given_up": self.machinery(self.fresh(350, 100), on=day(2, 14)),
        }
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
        bought = {
            "own": None,
            "asked": None,
            "confirmed": None,
            "ending": day(9, 20),
            "accepted": day(8, 30),
            "settled": day(8, 10),
        }
        for name, delivered in bought.items():
            made = self.begun(files[name], day(5, 8))
            self.bought(made, day(5, 25), delivered_on=delivered)
            files[name] = Project.objects.get(pk=files[name].pk)
        self.on(day(5, 10))
        paper = self.paper(
            PaperKind.OTHER,
            day(5, 10),
            by=self.cast["implementer"],
            issuer=files["class"].implementer,
            abstract="Kế hoạch mở lớp",
        )
        contracts.begin_work(files["class"], by=self.cast["implementer"], on=day(5, 10), paper=paper)
        files["class"] = Project.objects.get(pk=files["class"].pk)
        self.reported(files["class"], most=60, by=self.cast["implementer"])
        for name in bought:
            self.reported(files[name], most=86)
        self.advances(files)
        self.endings(files)
        self.wish(files["own"])
        self.changing = {"time_in_year": files["assigned"], "stop": files["given_up"]}

    def list_of(self, project: Project) -> None:
        """Three names wait for the department (Mẫu 11)."""
        self.on(self.lately(6, after=(10, 30)), later=0)
        for total, support in ((60, 35), (55, 33), (50, 30)):
            one = self.fresh(total, support)
            projects.add_beneficiary(
                project,
                establishment=one.establishment,
                content="Thiết kế, đăng ký nhãn hiệu",
                total=total * MILLION,
                local=support * MILLION,
                counterpart=(total - support) * MILLION,
                by=self.cast["centre_officer"],
            )

    def advances(self, files: dict[str, Project]) -> None:
        day = self.day
        for name in ("ending", "accepted", "settled"):
            advance = self.asked(files[name], amount=(files[name].granted or 0) // 2, on=day(9, 22))
            self.paid(self.confirmed(advance, day(9, 25)), day(9, 29))
        self.confirmed(
            self.asked(files["confirmed"], amount=100 * MILLION, on=self.lately(9, after=(10, 30))),
            self.lately(6, after=(11, 1)),
        )
        self.asked(files["asked"], amount=75 * MILLION, on=self.lately(4, after=(10, 30)))

    def endings(self, files: dict[str, Project]) -> None:
        day = self.day
        for name in ("accepted", "settled"):
            self.proved(files[name], day(10, 2))
        files["settled"] = self.accepted(files["settled"], day(10, 6))
        files["settled"] = self.settled(files["settled"], day(10, 16))
        paid = sum(
            advance.amount for advance in Advance.objects.filter(project=files["settled"], state=AdvanceState.PAID)
        )
        left = self.asked(files["settled"], amount=(files["settled"].granted or 0) - paid, on=day(10, 20))
        self.paid(self.confirmed(left, day(10, 22)), day(10, 27))
        files["accepted"] = self.accepted(files["accepted"], self.lately(8, after=(10, 30)))

    def wish(self, project: Project) -> None:
        """The Centre asks for more time within the year; the department has not answered."""
        on = self.lately(5, after=(10, 30))
        self.wished(
            project, kind="time_in_year", reason="Bên bán giao máy chậm", on=on, ends_on=date(self.year, 12, 20)
        )

    def national_year(self) -> None:
        """National money: one at work whose advance waits for the agency; next year's in appraisal, plan and registration."""
        day, agency = self.day, self.cast["ministry_agency"]
        running = self.file(
            ProjectKind.MACHINERY,
            "Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến cà phê, hồ tiêu (đề án nhóm)",
            level=Level.NATIONAL,
            form=ProjectForm.GROUP,
            helped=[self.fresh(520, 200), self.fresh(480, 190)],
            on=day(1, 12),
            machine="Dây chuyền phân loại, đóng gói nông sản",
        )
        running = self.ministry_appraised(
            self.registered(self.appraised(self.sent(running, day(1, 15)), day(1, 25)), day(1, 28)), day(2, 15)
        )
        plan = Plan.objects.get(province=self.province, year=self.year, level=Level.NATIONAL)
        added = self.draft(plan, [running], kind=DecisionKind.ADD, on=day(2, 20), by=agency)
        self.issued(self.submitted(added, day(2, 24), by=agency), day(3, 10), national=True)
        running = self.assigned(Project.objects.get(pk=running.pk), day(3, 25))
        self.list_approved(running, day(4, 2))
        self.bought(self.begun(running, day(4, 10)), day(5, 4), delivered_on=day(10, 12))
        running = Project.objects.get(pk=running.pk)
        self.reported(running, most=86)
        advance = self.asked(
            running, amount=200 * MILLION, on=self.lately(7, after=(10, 30)), envelope=self.nation.envelope
        )
        self.confirmed(advance, self.lately(5, after=(11, 1)))

    def next_national(self) -> None:
        agency, year = self.cast["ministry_agency"], self.year + 1
        title = "Mô hình trình diễn kỹ thuật sản xuất {what}"
        files = [
            self.file(
                ProjectKind.DEMONSTRATION,
                title.format(what=what),
                level=Level.NATIONAL,
                year=year,
                helped=[self.fresh(total, support)],
                on=self.ago(62),
            )
            for what, total, support in (("cà phê đặc sản", 1_400, 400), ("ván sàn tre", 1_100, 320))
        ]
        for project in files:
            self.registered(self.appraised(self.sent(project, self.ago(55)), self.ago(45)), self.ago(40))
        files = [Project.objects.get(pk=project.pk) for project in files]
        files[0] = self.ministry_appraised(files[0], self.ago(20))
        flagship = self.file(
            ProjectKind.MACHINERY,
            "Đề án điểm phát triển chế biến nông sản chủ lực hai năm",
            level=Level.NATIONAL,
            year=year,
            form=ProjectForm.FLAGSHIP,
            helped=[self.fresh(700, 280), self.fresh(560, 220)],
            on=self.ago(50),
            also="4",
            ends_on=date(year + 1, 10, 30),
            first_year="Năm đầu: lắp đặt dây chuyền tại hai cơ sở, xây dựng hai nhãn hiệu.",
        )
        self.appraised(self.sent(flagship, self.ago(40)), self.ago(28))
        given = self.paper(
            PaperKind.BUDGET_DECISION,
            self.ago(25),
            by=agency,
            issuer=self.place.bodies.ministry,
            signer="Trịnh Mộc Khê",
            suffix="QĐ-BCT",
            abstract=f"Giao dự toán khuyến công quốc gia năm {year}, đợt 1",
        )
        budgets.record_budget_decision(
            level=Level.NATIONAL,
            year=year,
            holder=self.place.bodies.agency,
            amount=9_000 * MILLION,
            by=agency,
            on=given.signed_on,
            name=f"Khuyến công quốc gia năm {year}",
            paper=given,
            chapter="016",
            category="280",
            clause="309",
            invented=True,
        )
        self.on(self.ago(15), later=0)
        plan = plans.open_plan(level=Level.NATIONAL, year=year, province=self.province, by=agency, invented=True)
        waiting = self.draft(plan, [files[0]], kind=DecisionKind.APPROVE, on=self.ago(14), by=agency)
        self.submitted(waiting, self.ago(10), by=agency, waiting=True)

    def communal_year(self) -> None:
        """A commune with money of its own: one project at work."""
        commune, day = self.place.communes[0], self.day
        committee = self.place.bodies.of(BodyKind.COMMUNE_COMMITTEE, commune)
        by = self.cast["accountant"]
        given = self.paper(
            PaperKind.BUDGET_DECISION,
            day(1, 20),
            by=by,
            issuer=committee,
            signer="Phạm Thị Thu Sương",
            abstract="Giao dự toán khuyến công cấp xã",
            commune=commune,
        )
        budgets.record_budget_decision(
            level=Level.COMMUNAL,
            year=self.year,
            holder=committee,
            amount=150 * MILLION,
            by=by,
            on=given.signed_on,
            paper=given,
            name=f"Khuyến công {commune.name} năm {self.year}",
            commune=commune,
            province=self.province,
            invented=True,
        )
        one = next(row for row in self.rows[1:] if row.commune_id == commune.pk)
        self.rows.remove(one)
        project = self.machinery(
            Help(one, 160, 60), on=day(3, 1), level=Level.COMMUNAL, ends_on=date(self.year, 12, 15)
        )
        project = self.appraised(self.sent(project, day(3, 6)), day(3, 20))
        self.on(day(3, 25))
        plan = plans.open_plan(
            level=Level.COMMUNAL,
            year=self.year,
            province=self.province,
            commune=commune,
            by=self.cast["appraiser"],
            invented=True,
        )
        envelope = Envelope.objects.get(commune=commune, year=self.year)
        drafted = self.draft(plan, [project], kind=DecisionKind.APPROVE, on=day(3, 26), paid_by=envelope)
        self.issued(self.submitted(drafted, day(3, 28)), day(4, 8))
        self.begun(self.assigned(Project.objects.get(pk=project.pk), day(4, 18)), day(5, 2))

    def next_year(self) -> None:
        """Files for next year on every desk, and two decisions that wait."""
        self.next_national()
        year = self.year + 1
        self.supplement()
        given = self.paper(
            PaperKind.BUDGET_DECISION,
            self.ago(18),
            by=self.cast["accountant"],
            issuer=self.place.body(BodyKind.PROVINCE_COMMITTEE),
            signer=str(self.cast["provincial_approver"]),
            abstract=f"Giao dự toán khuyến công năm {year}, đợt 1",
        )
        budgets.record_budget_decision(
            level=Level.PROVINCIAL,
            year=year,
            holder=self.centre,
            amount=1_500 * MILLION,
            by=self.cast["accountant"],
            province=self.province,
            on=given.signed_on,
            name=f"Khuyến công địa phương năm {year}",
            paper=given,
            chapter="416",
            category="280",
            clause="309",
            invented=True,
        )
        files = [
            self.machinery(self.fresh(total, support), on=self.ago(40), year=year)
            for total, support in ((420, 140), (510, 170), (360, 110), (600, 190))
        ]
        for project in files:
            self.appraised(self.sent(project, self.ago(32)), self.ago(20))
        self.on(self.ago(12), later=0)
        plan = plans.open_plan(
            level=Level.PROVINCIAL, year=year, province=self.province, by=self.cast["appraiser"], invented=True
        )
        members = [Project.objects.get(pk=project.pk) for project in files[:3]]
        asked = self.draft(plan, members, kind=DecisionKind.APPROVE, on=self.ago(11))
        letter = self.paper(
            PaperKind.REQUEST_LETTER,
            self.ago(6),
            by=self.cast["appraiser"],
            issuer=self.department,
            abstract=f"Xin ý kiến {asked}",
        )
        plans.ask_opinion(
            asked,
            body=self.place.body(BodyKind.FINANCE_DEPARTMENT),
            due_on=self.today + timedelta(days=6),
            on=self.ago(6),
            paper=letter,
            by=self.cast["appraiser"],
            question="Nguồn kinh phí và mức hỗ trợ đợt 1.",
        )

    def supplement(self) -> None:
        """An addition to this year's plan waits for the chairman's hand; one of its files was let pass by a person."""
        files = [self.machinery(self.fresh(240, 80), on=self.ago(30))]
        if (before := self.supported(self.year - 1)) is not None:
            again = self.machinery(Help(before, 330, 100), on=self.ago(30))
            for found in checks(again, on=self.ago(28)):
                if found.rule == Rule.SUPPORTED_BEFORE and found.refuses:
                    projects.clear_warning(
                        again,
                        rule=Rule.SUPPORTED_BEFORE,
                        subject=found.subject,
                        by=self.cast["centre_director"],
                        on=self.ago(28),
                        reason="Máy mới cho xưởng thứ hai, không trùng máy đã hỗ trợ",
                    )
            files.append(again)
        for project in files:
            self.appraised(self.sent(project, self.ago(26)), self.ago(18))
        members = [Project.objects.get(pk=project.pk) for project in files]
        self.submitted(self.draft(self.plan, members, kind=DecisionKind.ADD, on=self.ago(9)), self.ago(3), waiting=True)

    def supported(self, year: int) -> Establishment | None:
        """An establishment to which a machine was given in that year."""
        rows = SupportedItem.objects.filter(
            establishment__in=self.place.given_to, on__year=year, project_label__contains="ứng dụng"
        )
        item = rows.select_related("establishment__commune__province").order_by("pk").first()
        return item.establishment if item else None

    def appraisal(self, year: int) -> None:
        """Three files before the council, one of them of a judge's relative; one returned, two still being written."""
        files = [
            self.machinery(self.fresh(total, support), on=self.ago(24), year=year)
            for total, support in ((450, 150), (380, 120), (290, 95), (410, 135))
        ]
        files = [self.sent(project, self.ago(12)) for project in files]
        by = self.cast["department_director"]
        back = self.paper(
            PaperKind.RETURN_LETTER,
            self.ago(5),
            by=by,
            issuer=self.department,
            abstract=f"Bổ sung hồ sơ: {files[3].title}",
        )
        projects.return_(
            files[3],
            reason="Bổ sung báo giá, thuyết minh hiệu quả",
            by=by,
            on=self.ago(5),
            paper=back,
        )
        if (before := self.supported(self.year - 2)) is not None:
            # the same machine was paid for two years ago: the checks of this file say so
            self.machinery(Help(before, 350, 115), on=self.ago(3), year=year)
        self.file(
            ProjectKind.VOCATIONAL_TRAINING,
            "Đào tạo nghề may công nghiệp cho lao động nông thôn",
            support=95,
            on=self.ago(4),
            year=year,
            implementer=self.place.schools[0],
            by=self.cast["implementer"],
            commune=self.place.communes[2],
        )
        self.council(files[:3], by=by)


def live(place: Place, *, cast: People, nation: Nation, today: date, moments: Any) -> None:
    """The running year, told by those who live it."""
    story = Story(place, nation=nation, cast=cast, today=today, moments=moments, first=7_000)
    story.tell()
    wait(place, rows=story.rows[story.next + 1 :], cast=cast, nation=nation, today=today, moments=moments)
