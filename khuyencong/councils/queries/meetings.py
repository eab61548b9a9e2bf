"""Meetings: who was there, what was concluded."""

from dataclasses import dataclass
from uuid import UUID

from khuyencong.councils.models import Member, Session, Vote


@dataclass(frozen=True, slots=True)
class Attended:
    """Who was there and who was not; ``recorded`` once somebody has written it down."""

    present: tuple[Member, ...] = ()
    absent: tuple[Member, ...] = ()

    @property
    def recorded(self) -> bool:
        return bool(self.present or self.absent)


def attended(session: Session) -> Attended:
    """Who came to a meeting, in the order of the seats."""
    rows = session.attendances.select_related("member__organisation", "member__user").order_by("member__pk")
    order = {"chair": 0, "secretary": 1, "member": 2}
    told = sorted(rows, key=lambda row: (order[row.member.role], row.member_id))
    return Attended(
        tuple(row.member for row in told if row.present), tuple(row.member for row in told if not row.present)
    )


def votes_on(subject_uid: UUID, *, tier: str = "") -> list[Vote]:
    """What councils (of one tier) concluded of one subject, the last first."""
    rows = Vote.objects.filter(subject_uid=subject_uid)
    if tier:
        rows = rows.filter(session__council__tier=tier)
    return list(rows.select_related("session__council", "session__minutes").order_by("-session__on", "-pk"))
