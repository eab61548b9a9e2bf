"""The appraisal of the running year: by which statute, by whom, what they said."""

from datetime import date, timedelta
from decimal import Decimal

from khuyencong.councils import operations as councils
from khuyencong.councils.enums import Conclusion, MemberRole, Point, Result
from khuyencong.documents.enums import PaperKind
from khuyencong.norms import operations as norms
from khuyencong.norms.enums import Deadline, DeadlineKind, InstrumentKind, Level
from khuyencong.norms.models import CriterionRow, DeadlineRow
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects import queries
from khuyencong.projects.models import Project
from khuyencong.tools.demo.acts import Year

CRITERIA = (
    ("Sự cần thiết, phù hợp chương trình khuyến công", 20),
    ("Hiệu quả kinh tế, xã hội, môi trường; khả năng nhân rộng", 30),
    ("Năng lực của đơn vị thực hiện và đơn vị thụ hưởng", 20),
    ("Dự toán hợp lý, vốn đối ứng rõ ràng", 20),
    ("Tạo việc làm, sử dụng nguyên liệu tại chỗ", 10),
)
DAYS = ((Deadline.APPRAISAL_BASE, 15), (Deadline.COMPLETION, 7), (Deadline.OPINION, 5))


class Judging(Year):
    """Who judges the files of next year."""

    def statute(self) -> None:
        """The statute of the council: criteria and days, entered by the administrator (invented, so nobody has verified it)."""
        # in January it is of last year: the files of these weeks rest on it
        day = min(date(self.year, 1, 12), self.ago(30))
        by, note = self.cast["administrator"], "Dữ liệu minh hoạ"
        self.on(day)
        text = norms.add_instrument(
            by=by,
            on=day,
            code=f"QĐ 47/QĐ-SCT/{day.year}",
            kind=InstrumentKind.DECISION,
            number="47/QĐ-SCT",
            title="Ban hành Quy chế làm việc của Hội đồng thẩm định đề án khuyến công (minh hoạ)",
            body=str(self.department),
            level=Level.PROVINCIAL,
            province=self.province,
            signed_on=day,
            valid_from=day,
            note=note,
        )
        facts = {"by": by, "on": day, "valid_from": day, "note": note}
        for number, (criterion, points) in enumerate(CRITERIA, start=1):
            norms.add_row(
                text, model=CriterionRow, article="Điều 6", number=number, text=criterion, points=points, **facts
            )
        for code, days in DAYS:
            norms.add_row(
                text, model=DeadlineRow, article="Điều 9", code=code, kind=DeadlineKind.WORKING_DAYS, days=days, **facts
            )

    def council(self, files: list[Project], *, by: User) -> None:
        """One member has declared a conflict, of another the register shows a sign that nobody has settled yet."""
        paper = self.paper(
            PaperKind.COUNCIL_DECISION,
            self.ago(10),
            by=by,
            issuer=self.department,
            abstract="Thành lập Hội đồng thẩm định đề án khuyến công",
        )
        council = councils.form(
            name=f"Hội đồng thẩm định đề án khuyến công năm {self.year + 1}",
            province=self.province,
            by=by,
            on=paper.signed_on,
            paper=paper,
        )
        councils.add_member(council, by=by, user=by, organisation=self.department, role=MemberRole.CHAIR)
        secretary = councils.add_member(
            council, by=by, user=self.cast["appraiser"], organisation=self.department, role=MemberRole.SECRETARY
        )
        finance = self.place.body(BodyKind.FINANCE_DEPARTMENT)
        member = councils.add_member(council, by=by, user=self.cast["finance_officer"], organisation=finance)
        subjects = [queries.subject_of(project) for project in files]
        near = files[1].beneficiaries.select_related("establishment").get().establishment
        councils.add_member(
            council,
            by=by,
            name="Kiều Thị Hải Nhi",
            title="Chuyên gia chế biến nông sản",
            tax_code=near.tax_code,
        )
        self.on(self.ago(4), later=0)
        projects.ask_opinion(
            files[0],
            body=finance,
            on=self.ago(4),
            by=self.cast["appraiser"],
            question="Nguồn vốn đối ứng và mức hỗ trợ đề nghị có phù hợp không?",
        )
        councils.declare_conflict(
            secretary, subject=subjects[2], reason="Chủ cơ sở là em ruột", by=self.cast["appraiser"]
        )
        self.sheet(member, subjects[0], by=self.cast["finance_officer"])
        councils.call_session(
            council,
            on=self.today + timedelta(days=4),
            by=by,
            place="Phòng họp tầng 2, Sở Công Thương",
            agenda="Thẩm định 3 đề án",
        )

    def sheet(self, member, subject, *, by: User) -> None:
        marks = {point.value: {"result": Result.MEETS} for point in Point}
        scores = {n: Decimal(points) * 4 / 5 for n, (_text, points) in enumerate(CRITERIA, start=1)}
        councils.score(
            member,
            subject=subject,
            marks=marks,
            scores=scores,
            conclusion=Conclusion.PASS,
            comment="Nên nêu rõ tiến độ góp vốn đối ứng.",
            by=by,
            on=self.ago(3),
        )
