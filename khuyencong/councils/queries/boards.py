"""Councils and who sits in them."""

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.councils.enums import MemberRole, Outcome
from khuyencong.councils.models import Council, Member, Sheet, Vote
from khuyencong.people.models import User


def board(user: User) -> QuerySet[Council]:
    """Councils that this person may see, newest first, with counts of members and sheets."""
    return (
        Council.objects.visible_to(user)
        .select_related("paper", "province", "commune")
        .annotate(
            member_count=Count("members", filter=Q(members__left_on=None), distinct=True),
            sheet_count=Count("members__sheets", distinct=True),
        )
        .order_by("-formed_on", "-pk")
    )


def members_of(council: Council) -> list[Member]:
    """Everybody who sits or sat, the chair first."""
    order = {"chair": 0, "secretary": 1, "member": 2}
    members = council.members.select_related("user", "organisation").order_by("pk")
    return sorted(members, key=lambda m: (m.left_on is not None, order[m.role], m.pk))


def seat_of(user: User, council: Council) -> Member | None:
    """The seat on which this person judges today, if any."""
    return council.members.select_related("council", "organisation").filter(user=user, left_on=None).first()


def offices(council: Council) -> list[Member]:
    """The chair and the secretary of today, those with an account alone: who may settle conflicts and write down votes."""
    return [
        member
        for member in council.members.filter(left_on=None, role__in=(MemberRole.CHAIR, MemberRole.SECRETARY))
        if member.user_id is not None
    ]


def invariants() -> list[str]:
    """A sentence for each sheet of a judge who must not have given it, and each vote of more than were there."""
    found = []
    excused = (
        Sheet.objects.filter(
            member__conflicts__subject_uid=F("subject_uid"), member__conflicts__outcome=Outcome.EXCUSED
        )
        .select_related("member")
        .order_by("pk")
        .distinct()
    )
    found.extend(_("%(sheet)s: chấm dù có xung đột lợi ích.") % {"sheet": sheet} for sheet in excused)
    votes = (
        Vote.objects.annotate(there=Count("session__attendances", filter=Q(session__attendances__present=True)))
        .filter(there__lt=F("passes") + F("completes") + F("fails"))
        .order_by("pk")
    )
    found.extend(_("%(vote)s: số phiếu biểu quyết nhiều hơn số thành viên có mặt.") % {"vote": vote} for vote in votes)
    late = (
        Sheet.objects.annotate(sum=Sum("scores__score"), most=Sum("scores__most"))
        .filter(sum__gt=F("most"))
        .order_by("pk")
    )
    found.extend(_("Phiếu của %(sheet)s: điểm vượt thang.") % {"sheet": sheet} for sheet in late)
    return found
