"""Reading the journal: its proof, the history of a record, and the auditor's search."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from khuyencong.audit.models import Event, Seal
from khuyencong.base.calendar import add_working_days, working_days_between
from khuyencong.base.text import fold

FIRST = "0" * 64  # what the first line has before it


def digest_of(event: Event) -> str:
    """The hash of a journal line with its place in the chain: any change to any field changes it."""
    told = [
        event.position,
        event.previous,
        event.pk,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor,
        event.action,
        event.subject_type,
        event.subject_id,
        event.subject,
        event.on.isoformat() if event.on else None,
        event.signer,
        event.province_id,
        event.data,
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found: how many lines hold, how many wait for their seal, and the first that does not hold."""

    sealed: int
    unsealed: int
    head: str = FIRST  # the hash of the last line that holds: worth writing down outside the machine
    broken: int | None = None  # the position in the chain
    line: int | None = None  # the row's own number, where it is still there
    reason: str = ""

    @property
    def sound(self) -> bool:
        return self.broken is None

    @property
    def anchor(self) -> str:
        """The last line that holds, as a person writes it down outside the machine: place and hash."""
        return f"{self.sealed}:{self.head}"


def anchor_of(text: str) -> tuple[int, str] | None:
    """An anchor as it was written down; None where it is none."""
    position, _sep, digest = "".join(text.split()).partition(":")
    return (
        (int(position), digest.lower())
        if re.fullmatch(r"[0-9]{1,15}", position) and len(digest) == len(FIRST)
        else None
    )


def verify(*, anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the chain from its first line and name the first that was changed, removed or put in.

    ``anchor`` is a (position, hash) written down earlier outside the machine: it uncovers a chain that was made anew as a
    whole.  Reads the journal in blocks and keeps none of it.
    """
    sealed, previous = 0, FIRST
    unsealed = Event.objects.filter(position=None).count()
    stamps = dict(Seal.objects.values_list("position", "digest"))
    kept = dict([anchor]) if anchor else {}

    def broken(at: int, event: Event | None, reason: str) -> Verdict:
        return Verdict(sealed, unsealed, previous, at, event.pk if event else None, reason)

    for event in Event.objects.exclude(position=None).order_by("position").iterator(chunk_size=2000):
        position = sealed + 1
        if (event.position or 0) > position:
            return broken(position, None, _("thiếu dòng nhật ký này (đã bị xoá)"))
        if (event.position or 0) < position:
            return broken(event.position or 0, event, _("dòng lạ được chèn vào chuỗi"))
        if event.previous != previous:
            return broken(position, event, _("không nối với dòng trước (có dòng bị xoá, chèn hoặc đổi chỗ)"))
        if event.digest != digest_of(event):
            return broken(position, event, _("nội dung dòng đã bị sửa"))
        if stamps.pop(position, event.digest) != event.digest:
            return broken(position, event, _("không khớp dấu niêm phong"))
        if kept.pop(position, event.digest) != event.digest:
            return broken(position, event, _("không khớp mã băm đã lưu ngoài hệ thống"))
        sealed, previous = position, event.digest or ""
    last = Seal.objects.aggregate(models.Max("position"))["position__max"] or 0
    if last < sealed:
        return broken(last + 1, Event.objects.get(position=last + 1), _("dòng lạ được nối vào cuối chuỗi"))
    if stamps or kept:
        return broken(sealed + 1, None, _("thiếu dòng nhật ký này (đã bị xoá)"))
    return Verdict(sealed, unsealed, previous)


def history_of(subject: models.Model, *, limit: int | None = None) -> list[Event]:
    """The journal of one record, oldest first; with ``limit`` only its newest lines, still oldest first."""
    lines = Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return list(lines.order_by("-pk")[:limit])[::-1]


class Territory(Protocol):
    """What of ``places.Scope`` the journal understands."""

    whole_country: bool
    provinces: Iterable[int]


def search(
    scope: Territory,
    *,
    text: str = "",
    action: str = "",
    actor_id: int | None = None,
    subject_type: str = "",
    start: date | None = None,
    end: date | None = None,
) -> QuerySet[Event]:
    """Lines of the territory, newest first, for a page to cut: ``text`` in actor or subject (accents or not), days by
    when it was written down, both included."""
    lines = Event.objects.order_by("-pk")
    if not scope.whole_country:
        lines = lines.filter(province_id__in=list(scope.provinces))
    if text.strip():
        lines = lines.filter(folded__contains=fold(" ".join(text.split())))
    if action:
        lines = lines.filter(action=action)
    if actor_id:
        lines = lines.filter(actor_id=actor_id)
    if subject_type:
        lines = lines.filter(subject_type=subject_type)
    if start:
        lines = lines.filter(at__gte=_midnight(start))
    if end:
        lines = lines.filter(at__lt=_midnight(end + timedelta(days=1)))
    return lines


def late(events: Iterable[Event], *, exceptions: Mapping[date, bool] | None = None) -> list[tuple[Event, int]]:
    """Those recorded more working days after their legal day than the installation allows (``LATE_RECORDING_DAYS``), each with
    how many it took."""
    found = []
    for event in events:
        if event.on is None:
            continue
        written = timezone.localtime(event.at).date()  # noqa: TID251 - the moment is the line's own, not the clock's
        if written > add_working_days(event.on, settings.LATE_RECORDING_DAYS, exceptions=exceptions):
            found.append((event, working_days_between(event.on, written, exceptions=exceptions)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
