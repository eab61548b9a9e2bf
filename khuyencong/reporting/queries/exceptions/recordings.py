"""Exceptions that a person let pass, and steps written down late."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit import queries as journal
from khuyencong.audit.models import Event
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Clearance
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame

# Entered as past on purpose: counted by “hồ sơ lịch sử”, never as written down late.
ENTERED_AS_PAST = ("project.record_historical",)


SURELY_LATE = timedelta(days=22)  # five working days end within three weeks, the longest Tết included


NEVER_LATE = timedelta(days=4)


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
    """Steps written down more than five working days after their legal day (``audit.queries.late``), newest first.

    The database takes those that are late on any calendar; only what lies between four days and three weeks is reckoned in
    working days.  One query, and the list's own.
    """
    found = frame.events().filter(on__isnull=False).exclude(action__in=ENTERED_AS_PAST)
    between = found.filter(at__gt=_days_after(NEVER_LATE), at__lte=_days_after(SURELY_LATE))
    doubtful = [event.pk for event, _days in journal.late(between.only("pk", "on", "at"))]
    return found.filter(Q(at__gt=_days_after(SURELY_LATE)) | Q(pk__in=doubtful))


def _days_after(gap: timedelta) -> ExpressionWrapper:
    return ExpressionWrapper(F("on") + Value(gap), output_field=DateTimeField())


def told_late(event: Event) -> Finding:
    written = timezone.localtime(event.at)  # noqa: TID251 - the moment is the line's own, not the clock's
    return Finding(
        _("%(act)s: %(who)s ghi ngày %(written)s, sau ngày pháp lý %(on)s.")
        % {"act": event.label, "who": event.actor, "written": f"{written:%d/%m/%Y}", "on": f"{event.on:%d/%m/%Y}"},
        subject=event.subject,
        on=event.on,
    )
