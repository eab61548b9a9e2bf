"""The reports of the department: that of last year, which both have accepted, and that of the last quarter, which waits."""

from datetime import date, timedelta

from khuyencong.documents.enums import PaperKind
from khuyencong.norms import operations as norms
from khuyencong.norms.enums import Deadline, DeadlineKind, InstrumentKind, Level
from khuyencong.norms.models import DeadlineRow
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.reporting import operations as reporting
from khuyencong.reporting.enums import Period, Recipient
from khuyencong.reporting.models import SentReport
from khuyencong.reporting.rules import ended, span
from khuyencong.tools.demo.desk import Desk
from khuyencong.tools.demo.moments import Moments
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import Place

DAYS = ((Deadline.QUARTER_REPORT, 15), (Deadline.HALF_REPORT, 15), (Deadline.YEAR_REPORT, 30))
RECEIVERS = ((Recipient.COMMITTEE, "provincial_approver", 3), (Recipient.AGENCY, "ministry_agency", 6))


class Reports(Desk):
    def statute(self) -> None:
        """When the province wants its reports (invented, so nobody has verified it)."""
        day = date(self.today.year - 1, 1, 15)
        facts = {"by": self.cast["administrator"], "on": self.on(day), "valid_from": day, "note": "Dữ liệu minh hoạ"}
        text = norms.add_instrument(
            **facts,
            code=f"QĐ 152/QĐ-UBND/{day.year}",
            kind=InstrumentKind.DECISION,
            number="152/QĐ-UBND",
            title="Quy định chế độ báo cáo công tác khuyến công (minh hoạ)",
            body=str(self.place.body(BodyKind.PROVINCE_COMMITTEE)),
            level=Level.PROVINCIAL,
            province=self.province,
            signed_on=day,
        )
        for code, days in DAYS:
            norms.add_row(
                text, model=DeadlineRow, article="Điều 4", code=code, kind=DeadlineKind.DAYS_AFTER, days=days, **facts
            )

    def send(self, year: int, period: Period, *, after: int) -> SentReport:
        director = self.cast["department_director"]
        on = min(span(year, period)[1] + timedelta(days=after), self.today)
        paper = self.paper(
            PaperKind.PERIOD_REPORT,
            on,
            by=director,
            issuer=self.place.body(BodyKind.DEPARTMENT),
            signer=str(director),
            title=director.title,
            abstract=f"Báo cáo công tác khuyến công kỳ {period} năm {year}",
            suffix="BC-SCT",
        )
        return reporting.send_report(self.province, year=year, period=period, by=director, on=on, paper=paper)

    def accept(self, report: SentReport) -> None:
        for recipient, role, days in RECEIVERS:
            on = min(report.on + timedelta(days=days), self.today)
            self.on(on, later=0)
            reporting.accept_report(report, recipient=recipient, by=self.cast[role], on=on)


def send_reports(place: Place, *, cast: People, today: date, moments: Moments) -> None:
    desk = Reports(place, cast=cast, today=today, moments=moments, first=9_400)
    desk.statute()
    over = ended(today)
    year = next(year for year, period in over if period == Period.YEAR)
    desk.accept(desk.send(year, Period.YEAR, after=18))
    desk.send(*next(one for one in reversed(over) if one[1] not in (Period.HALF, Period.YEAR)), after=9)
    desk.tell_papers()
