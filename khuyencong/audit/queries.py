import hashlib
import json
from dataclasses import dataclass

from khuyencong.audit.models import Event

FIRST = "0" * 64  # what the first line has before it


def digest_of(event: Event) -> str:
    """The hash of a journal line with its place in the chain: any change to any field changes it."""
    told = [
        event.position,
        event.previous,
        event.pk,
        event.at.isoformat(timespec="microseconds"),
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
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What ``verify`` found: how many lines hold, how many wait for their seal, and the first that does not hold."""

    sealed: int
    unsealed: int
    broken: int | None = None
    reason: str = ""

    @property
    def sound(self) -> bool:
        return self.broken is None


def verify() -> Verdict:
    """Walk the chain from its first line and name the first that was changed, removed or put in."""
    from django.utils.translation import gettext as _

    expected, previous = 0, FIRST
    unsealed = Event.objects.filter(position=None).count()
    for event in Event.objects.exclude(position=None).order_by("position").iterator(chunk_size=2000):
        expected += 1
        if event.position != expected:
            return Verdict(expected - 1, unsealed, expected, _("thiếu dòng nhật ký"))
        if event.previous != previous:
            return Verdict(expected - 1, unsealed, expected, _("mã băm trước không khớp"))
        if event.digest != digest_of(event):
            return Verdict(expected - 1, unsealed, expected, _("nội dung dòng đã bị sửa"))
        previous = event.digest
    return Verdict(expected, unsealed)


def history_of(subject) -> "list[Event]":
    """The journal of one record, oldest first."""
    return list(
        Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("pk")
    )
