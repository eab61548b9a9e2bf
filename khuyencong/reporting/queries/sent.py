"""Reports that a department has sent: the figures as they were said, who has accepted them, what is owed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, ROLES
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Deadline, Level
from khuyencong.norms.queries.answers import DeadlineAnswer
from khuyencong.people.models import User
from khuyencong.places.enums import Level as UnitLevel
from khuyencong.places.models import Scope, Unit
from khuyencong.projects.enums import APPROVED_ON, Source
from khuyencong.projects.models import Project
from khuyencong.reporting.enums import Period, Recipient
from khuyencong.reporting.models import ReportAnswer, SentReport
from khuyencong.reporting.queries.yearly import Frame, Line, SoFar, SourceLine, Sums, YearlyReport, together, yearly
from khuyencong.reporting.rules import ended, span

PERMISSIONS = {
    Recipient.COMMITTEE: Permission.REPORT_RECEIVE_PROVINCIAL,
    Recipient.AGENCY: Permission.REPORT_RECEIVE_AGENCY,
}
DEADLINES = {Period.HALF: Deadline.HALF_REPORT, Period.YEAR: Deadline.YEAR_REPORT}  # all others: of a quarter
COUNTS = ("counterpart_settled", "changed", "times", "establishments", "women")


# ---- figures that are kept ----


def frame_of(province: Unit, *, year: int, period: Period) -> Frame:
    """What a department reports: the whole of its province, by today's map."""
    return Frame(Scope(whole_country=True), year, province, period=period)


def statement(report: YearlyReport) -> dict[str, Any]:
    """The figures of a report, to be kept as they are."""

    def lines(of: list[Line]) -> list[dict[str, Any]]:
        return [{"key": line.key, "label": line.label, **asdict(line.sums)} for line in of]

    return {
        "activities": lines(report.activities),
        "places": lines(report.places),
        "total": asdict(report.total),
        "sources": [asdict(line) | {"source": line.source.value} for line in report.sources],
        "so_far": asdict(report.so_far) if report.so_far else None,
        **{name: getattr(report, name) for name in COUNTS},
    }


def said(report: SentReport) -> YearlyReport:
    """The report that was sent, with its own figures."""
    kept = report.figures

    def lines(of: list[dict[str, Any]]) -> list[Line]:
        return [Line(row["key"], row["label"], Sums(**_numbers(row))) for row in of]

    sources = [SourceLine(Source(row["source"]), **_numbers(row)) for row in kept["sources"]]
    return YearlyReport(
        frame=frame_of(report.province, year=report.year, period=Period(report.period)),
        activities=lines(kept["activities"]),
        places=lines(kept["places"]),
        total=Sums(**kept["total"]),
        sources=sources,
        so_far=SoFar(**kept["so_far"]) if kept["so_far"] else None,
        state_total=together(sources),
        **{name: kept[name] for name in COUNTS},
    )


def _numbers(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("key", "label", "source")}


def now(report: SentReport) -> YearlyReport:
    """The same report as the records give it today."""
    return yearly(frame_of(report.province, year=report.year, period=Period(report.period)))


def differs(kept: dict[str, Any], fresh: dict[str, Any]) -> bool:
    """Whether a figure is another; a place that is called otherwise today is no difference."""
    return _plain(kept) != _plain(fresh)


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    bare = {name: [_numbers(row) | {"key": row["key"]} for row in figures[name]] for name in ("activities", "places")}
    bare["places"].sort(key=lambda row: row["key"])  # the order follows the names
    return figures | bare


def digest_of(figures: dict[str, Any]) -> str:
    """SHA-256 of the figures in one fixed spelling."""
    spelled = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def unbroken(report: SentReport) -> bool:
    """Whether the figures are still those of the digest."""
    return digest_of(report.figures) == report.digest


def invariants() -> Iterator[str]:
    """Reports whose figures are no longer those that the journal knows; for ``check_data``."""
    told = dict(Event.objects.filter(action="report.send").values_list("subject_id", "data__digest"))
    for report in SentReport.objects.select_related("province").order_by("pk").iterator():
        if not unbroken(report) or told.get(report.pk, report.digest) != report.digest:
            yield _("%(report)s: số liệu không còn khớp mã băm đã ghi khi gửi.") % {"report": report}


# ---- by when, and what waits ----


def deadline(province: Unit, *, year: int, period: Period) -> DeadlineAnswer:
    """By when the province's rules want this report; no day where no row says one."""
    last = span(year, period)[1]
    code = DEADLINES.get(period, Deadline.QUARTER_REPORT)
    return norms.deadline(code, on=last, after=last, level=Level.PROVINCIAL, province=province)


def last_of(province: Unit, *, year: int, period: Period) -> SentReport | None:
    """The last edition of this period."""
    sent = SentReport.objects.filter(province=province, year=year, period=period)
    return sent.select_related("province", "paper").order_by("-edition").first()


Key = tuple[int, int, int]  # province, year, period


def _known(provinces: list[Unit], years: set[int]) -> tuple[set[tuple[int, int]], dict[Key, bool]]:
    """In which of these years each province had approved projects; and of what it has reported, whether the last edition was
    returned.  One query."""
    plans = Project.objects.filter(province__in=provinces, state__in=APPROVED_ON, year__in=years)
    returned = Exists(ReportAnswer.objects.filter(report=OuterRef("pk"), accepted=False))
    latest = SentReport.objects.filter(province__in=provinces).last_editions().annotate(returned=returned)
    sent = latest.order_by().values_list("province_id", "year", "period", "returned")
    found = set(plans.order_by().values_list("province_id", "year", Value(0), Value(False)).union(sent))
    planned = {(province, year) for province, year, period, _back in found if not period}
    return planned, {(province, year, period): back for province, year, period, back in found if period}


def owed(provinces: list[Unit], *, today: date) -> list[tuple[Unit, int, Period]]:
    """The last quarter, half year and year that each province has not reported, or whose report was returned; nothing of a
    year in which nothing was approved.  One query."""
    over = ended(today)
    planned, standing = _known(provinces, {year for year, _period in over})
    again = [key for key, back in standing.items() if back]
    return [
        (province, year, period)
        for province in provinces
        for year, period in dict.fromkeys(
            [
                *(one for one in over if (province.pk, one[0]) in planned),
                *((year, Period(period)) for pk, year, period in again if pk == province.pk),
            ]
        )
        if standing.get((province.pk, year, period), True)
    ]


def due_between(provinces: list[Unit], *, since: date, until: date) -> list[tuple[date, Unit, int, Period]]:
    """The reports that are not sent, or were returned, whose last day lies between two days (both included).  One query."""
    years = set(range(since.year - 1, until.year + 1))
    planned, standing = _known(provinces, years)
    found = []
    for province, year in ((province, year) for province in provinces for year in sorted(years)):
        for period in Period if (province.pk, year) in planned else ():
            day = deadline(province, year=year, period=period).last_day
            if day is not None and since <= day <= until and standing.get((province.pk, year, period), True):
                found.append((day, province, year, period))
    return found


def closed_by(user: User) -> list[Unit]:
    """The provinces whose reports this person closes, himself or by recording the paper that was signed."""
    closing = {Permission.REPORT_CLOSE, *({Permission.PAPER_RECORD} if Permission.REPORT_CLOSE in RECORDABLE else ())}
    places = (m.place for m in user.mandates_today if closing & ROLES[m.role].permissions)
    return [place for place in dict.fromkeys(places) if place is not None and place.level == UnitLevel.PROVINCE]


def waiting_for(user: User) -> QuerySet[SentReport]:
    """The last editions that this person has neither accepted nor returned for his body, the oldest first."""
    found = SentReport.objects.none()
    for recipient, permission in PERMISSIONS.items():
        if user.holds(permission):
            answered = ReportAnswer.objects.filter(recipient=recipient).values("report")
            found |= SentReport.objects.within(user.scope(permission)).last_editions().exclude(pk__in=answered)
    return found.select_related("province").order_by("on", "pk")


def recipient_for(user: User, report: SentReport) -> Recipient | None:
    """For whom this person may answer this report now."""
    answered = {answer.recipient for answer in report.answers.all()}
    for recipient, permission in PERMISSIONS.items():
        if recipient not in answered and user.may(permission, place=report.province):
            return recipient
    return None


def answers(report: SentReport) -> list[tuple[Recipient, ReportAnswer | None]]:
    """Each recipient with what it said."""
    given = {answer.recipient: answer for answer in report.answers.all()}
    return [(recipient, given.get(recipient)) for recipient in Recipient]


def standing(report: SentReport) -> str:
    """In a line: who has accepted, who waits."""
    words = {None: _("chờ tiếp nhận"), True: _("đã tiếp nhận"), False: _("đã trả lại")}
    short = {Recipient.COMMITTEE: _("UBND tỉnh"), Recipient.AGENCY: _("Cục")}
    return "; ".join(f"{short[r]} {words[answer.accepted if answer else None]}" for r, answer in answers(report))
