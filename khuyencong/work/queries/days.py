"""The calendar."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils.translation import gettext as _

from khuyencong.base.sentences import counted
from khuyencong.councils.models import Council, Session
from khuyencong.needs.models import Call, Need, Visit
from khuyencong.norms import queries as norms
from khuyencong.people.models import User
from khuyencong.places.models import Scope
from khuyencong.plans import queries as plans
from khuyencong.plans.models import OpinionRequest
from khuyencong.projects import queries as projects
from khuyencong.projects.enums import OPINION_OPEN
from khuyencong.projects.models import OpinionRequest as FileOpinion
from khuyencong.projects.models import Project
from khuyencong.reporting.enums import period_title
from khuyencong.reporting.queries import sent
from khuyencong.work.queries.shared import S


@dataclass(frozen=True, slots=True)
class Day:
    """One line of the calendar.  ``kind`` names the page that shows more."""

    on: date
    kind: str
    what: str
    subject: int
    ends_on: date | None = None
    year: int = 0  # of a report, with its period
    period: int = 0


@norms.reading()
def calendar(user: User, *, since: date, until: date) -> list[Day]:
    """Surveys, acceptances, council meetings, opinions, completions, and the last days of calls and of reports that are not sent,
    between two days (both included), by day."""
    scope = user.scope()
    found = [
        *_surveys(scope, since, until),
        *_last_days(user, since, until),
        *(_meetings(user, since, until) if scope else ()),
        *_opinions_of_plans(user, since, until),
        *_opinions_of_files(user, since, until),
        *_completions(user, since, until),
        *_calls(user, since, until),
        *_reports(user, since, until),
    ]
    return sorted(found, key=lambda day: (day.on, day.kind, day.subject))


def _surveys(scope: Scope, since: date, until: date) -> list[Day]:
    return [
        Day(
            visit["planned_on"],
            "survey",
            counted("Khảo sát %(number)s điểm: %(name)s", visit["number"])
            % {"number": visit["number"], "name": visit["plan__name"]},
            visit["plan"],
        )
        for visit in Visit.objects.filter(need__in=Need.objects.within(scope), planned_on__range=(since, until))
        .values("planned_on", "plan", "plan__name")
        .annotate(number=Count("pk"))
        .order_by("planned_on", "plan")
    ]


def _last_days(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(project.ends_on, "accept", _("Hạn hoàn thành, nghiệm thu: %(project)s") % {"project": project}, project.pk)
        for project in Project.objects.visible_to(user)
        .filter(state__in=(S.ASSIGNED, S.RUNNING), ends_on__range=(since, until))
        .order_by("ends_on", "pk")[:200]
        if project.ends_on
    ]


def _meetings(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(session.on, "council", _("Họp: %(council)s") % {"council": session.council}, session.council_id)
        for session in Session.objects.filter(
            council__in=Council.objects.visible_to(user), on__range=(since, until)
        ).select_related("council")
    ]


def _opinions_of_plans(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(
            asked.due_on,
            "opinion",
            _("Hạn %(body)s cho ý kiến: %(about)s") % {"body": asked.body, "about": asked.decision},
            asked.decision_id,
        )
        for asked in OpinionRequest.objects.filter(
            decision__plan__in=plans.plans(user), answered_on=None, due_on__range=(since, until)
        ).select_related("decision__plan__province", "body")
    ]


def _opinions_of_files(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(
            opinion.due_on,
            "file_opinion",
            _("Hạn %(body)s cho ý kiến: %(about)s") % {"body": opinion.body, "about": opinion.project},
            opinion.project_id,
        )
        for opinion in FileOpinion.objects.filter(
            project__in=Project.objects.visible_to(user).order_by().values("pk"),
            project__state__in=OPINION_OPEN,
            answered_on=None,
            due_on__range=(since, until),
        ).select_related("project", "body")[:200]
    ]


def _completions(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(
            asked.until,
            "completion",
            _("Hạn bổ sung hồ sơ: %(project)s") % {"project": asked.project},
            asked.project_id,
        )
        for asked in projects.open_completions(Project.objects.visible_to(user)).filter(until__range=(since, until))[
            :200
        ]
        if asked.until
    ]


def _calls(user: User, since: date, until: date) -> list[Day]:
    return [
        Day(call.commune_deadline, "call", _("Hạn của xã: đăng ký nhu cầu năm %(year)s") % {"year": call.year}, call.pk)
        for call in Call.objects.visible_to(user).filter(commune_deadline__range=(since, until))
    ]


def _reports(user: User, since: date, until: date) -> list[Day]:
    provinces = sent.closed_by(user)
    if not provinces:
        return []
    return [
        Day(
            on,
            "report",
            _("Hạn gửi báo cáo %(period)s") % {"period": period_title(year, period)},
            of.pk,
            None,
            year,
            period,
        )
        for on, of, year, period in sent.due_between(provinces, since=since, until=until)
    ]
