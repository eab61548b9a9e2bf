"""The journal: one line an act, written in the act's own transaction, chained after it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, models, transaction

from khuyencong.audit.models import Event, Seal
from khuyencong.audit.queries import FIRST, digest_of
from khuyencong.base.text import fold

_LOCK = 4_207_745  # one number for "somebody is sealing", on PostgreSQL


def record(
    action: str, subject: models.Model, *, by: Any, on: date | None = None, paper: Any = None, **data: Any
) -> Event:
    """Remember one act.  ``on`` is the legal day; ``paper`` (number, day, signer) is kept apart from who recorded it.

    Call it last, inside the act's transaction: an act that is rolled back leaves no line.  ``data`` must not hold personal
    data beyond names that stand on official papers.
    """
    return Event.objects.create(**_line(action, subject, by=by, on=on, paper=paper, data=data))


def record_many(
    subjects: Iterable[models.Model], *, action: str, by: Any, on: date | None = None, paper: Any = None, **data: Any
) -> int:
    """Remember one act on many records by one statement (a decision that approves 24 projects); returns how many lines."""
    lines = [Event(**_line(action, subject, by=by, on=on, paper=paper, data=dict(data))) for subject in subjects]
    return len(Event.objects.bulk_create(lines, batch_size=1000))


def _line(action: str, subject: models.Model, *, by: Any, on: date | None, paper: Any, data: dict[str, Any]) -> dict:
    if paper is not None:
        data["paper"] = str(paper)
    actor, told = str(by)[:200], str(subject)[:300]
    return {
        "actor_id": by.pk,
        "actor": actor,
        "action": action,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
        "subject": told,
        "folded": fold(f"{actor} {told}")[:500],
        "on": on or getattr(paper, "signed_on", None),
        "signer": (getattr(paper, "signer", "") or "")[:200],
        "province_id": getattr(subject, "province_id", None),
        "data": data,
    }


@transaction.atomic
def seal(*, limit: int = 2_000) -> int:
    """Chain up to ``limit`` lines that are not yet sealed, oldest first; returns how many.

    Safe to call at any time and from several processes: one lock, and a line is sealed once.  A line whose act commits
    late gets a later position: the order of the chain is that of sealing.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Event.objects.exclude(position=None).order_by("-position").only("position", "digest").first()
    position, previous = (last.position or 0, last.digest or FIRST) if last else (0, FIRST)
    seals = []
    for event in Event.objects.filter(position=None).order_by("pk")[:limit]:
        position += 1
        event.position, event.previous = position, previous
        event.digest = previous = digest_of(event)
        seals.append((event.position, event.previous, event.digest, event.pk))
    if seals:
        with connection.cursor() as cursor:
            # the one change that the triggers allow: the seal, once; the model refuses every other way
            cursor.executemany(
                "UPDATE audit_event SET position = %s, previous = %s, digest = %s WHERE id = %s AND position IS NULL",
                seals,
            )
        Seal.objects.create(position=position, digest=previous)
    return len(seals)


def seal_all() -> int:
    """Chain everything that waits, in short transactions; returns how many lines.  Run by the worker every minute."""
    total = 0
    while count := seal():
        total += count
    return total
