"""What waits for whom, asked from what is: nothing here is stored.  Each source is one query, however many rows."""

from khuyencong.work.queries.contracts import told_this_month
from khuyencong.work.queries.days import calendar
from khuyencong.work.queries.listed import needs_of, projects_of
from khuyencong.work.queries.shared import Task
from khuyencong.work.queries.signing import to_sign
from khuyencong.work.queries.waiting import overdue, tasks, tasks_under, within_a_week
from khuyencong.work.queries.years import year_of

__all__ = [
    "Task",
    "calendar",
    "needs_of",
    "overdue",
    "projects_of",
    "tasks",
    "tasks_under",
    "to_sign",
    "told_this_month",
    "within_a_week",
    "year_of",
]
