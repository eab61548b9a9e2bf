"""Reports of departments: those to send, those to accept."""

from collections.abc import Iterator

from khuyencong.base import clock
from khuyencong.people.models import User
from khuyencong.reporting.enums import period_title
from khuyencong.reporting.queries import sent
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import Task, inside


def reports(user: User) -> Iterator[Task]:
    if provinces := sent.closed_by(user):
        for province, year, period in sent.owed(provinces, today=clock.today()):
            due = sent.deadline(province, year=year, period=period).last_day
            yield Task(TaskKind.SEND_REPORT, period_title(year, period), due=due, subject=period, within=year)
    if any(user.holds(permission) for permission in sent.PERMISSIONS.values()):
        for report in sent.waiting_for(user)[:10]:
            yield Task(TaskKind.RECEIVE_REPORT, inside(report), subject=report.pk, since=report.on)
