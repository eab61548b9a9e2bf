"""Exceptions that a person let pass, and steps written down late."""

from typing import Any

from django.conf import settings
from django.db.models import F, FloatField, Func, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit import queries as journal
from khuyencong.audit.models import Event
from khuyencong.norms import queries as norms
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Clearance
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame

# Entered as past on purpose: counted by “hồ sơ lịch sử”, never as written down late.
ENTERED_AS_PAST = ("project.record_historical",)
LONGEST_TET = 12  # days without work in a row, weekends included


def clearances(frame: Frame) -> QuerySet[Clearance]:
    """Findings of the checks that a person let pass, newest first."""
    found = Clearance.objects.filter(project__in=frame.projects())
    return found.select_related("project", "by", "paper").order_by("-at", "-pk")


def told_clearance(row: Clearance) -> Finding:
    label = Rule(row.rule).label if row.rule in Rule.values else row.rule
    return Finding(
        _("%(rule)s: %(sentence)s Lý do: %(reason)s. Người chấp nhận: %(by)s.")
        % {"rule": label, "sentence": row.sentence, "reason": row.reason.rstrip("."), "by": row.by},
        row.project,
        on=row.on,
    )


def late_recordings(frame: Frame) -> QuerySet[Event]:
    """Steps written down too many working days after their legal day (``audit.queries.late``), newest first.

    The database takes those that are late on any calendar: so many working days end within twice as many days and the longest
    Tết, or later by each day that was given off besides.  Only what lies between is reckoned in working days.  Two queries,
    and the list's own.
    """
    allowed, exceptions = settings.LATE_RECORDING_DAYS, norms.exceptional_days()
    surely = 2 * allowed + LONGEST_TET + sum(not works for works in exceptions.values())
    found = frame.events().filter(on__isnull=False).exclude(action__in=ENTERED_AS_PAST)
    found = found.annotate(waited=_Days(F("at"), F("on")))
    between = found.filter(waited__gte=allowed, waited__lte=surely)
    doubtful = [event.pk for event, _days in journal.late(between.only("pk", "on", "at"), exceptions=exceptions)]
    return found.filter(Q(waited__gt=surely) | Q(pk__in=doubtful))


class _Days(Func):
    """Days from a day to a moment.  Each database by its own means: SQLite reads a year's journal ten times sooner than by
    the arithmetic of days that Django lends it."""

    arity = 2
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            function="JULIANDAY",
            arg_joiner=") - JULIANDAY(",
            template="(%(function)s(%(expressions)s))",
        )

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(
            compiler, connection, arg_joiner=" - ", template="(EXTRACT(EPOCH FROM (%(expressions)s)) / 86400)::float8"
        )


def told_late(event: Event) -> Finding:
    written = timezone.localtime(event.at)  # noqa: TID251 - the moment is the line's own, not the clock's
    return Finding(
        _("%(act)s: %(who)s ghi ngày %(written)s, sau ngày pháp lý %(on)s.")
        % {"act": event.label, "who": event.actor, "written": f"{written:%d/%m/%Y}", "on": f"{event.on:%d/%m/%Y}"},
        subject=event.subject,
        on=event.on,
    )
