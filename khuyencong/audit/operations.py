"""The journal: one line an act, written in the act's own transaction, chained after it."""

import hashlib
import json
from datetime import date

from django.db import connection, models, transaction

from khuyencong.audit.models import Event
from khuyencong.audit.queries import FIRST, digest_of

_LOCK = 4_207_745  # one number for "somebody is sealing", on PostgreSQL


def record(action: str, subject: models.Model, *, by, on: date | None = None, paper=None, **data) -> Event:
    """Remember one act.  ``on`` is the legal day; ``paper`` (number, day, signer) is kept apart from who recorded it.

    ``data`` must not hold personal data beyond names that stand on official papers.
    """
    if paper is not None:
        data["paper"] = str(paper)
    return Event.objects.create(
        actor_id=by.pk,
        actor=str(by)[:200],
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject=str(subject)[:300],
        on=on or getattr(paper, "signed_on", None),
        signer=(getattr(paper, "signer", "") or "")[:200],
        province_id=getattr(subject, "province_id", None),
        data=json.loads(json.dumps(data, default=str)),
    )


@transaction.atomic
def seal(*, limit: int = 10_000) -> int:
    """Chain up to ``limit`` lines that are not yet sealed, oldest first; returns how many.

    Safe to call at any time and from several processes: one lock, and a line is sealed once.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Event.objects.exclude(position=None).order_by("-position").first()
    position, previous = (last.position, last.digest) if last else (0, FIRST)
    sealed = 0
    for event in Event.objects.filter(position=None).order_by("pk")[:limit]:
        position, sealed = position + 1, sealed + 1
        event.position, event.previous = position, previous
        event.digest = previous = digest_of(event)
        # the one change that model and triggers allow: the seal, once
        models.QuerySet(Event).filter(pk=event.pk, position=None).update(
            position=event.position, previous=event.previous, digest=event.digest
        )
    return sealed
