"""Reading councils: who sits, what they said of a subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from khuyencong.councils.enums import Conclusion
from khuyencong.councils.models import Conflict, Council, Member, Sheet
from khuyencong.people.models import User


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sheets say together: how many, how many propose what, the mean of their totals."""

    sheets: int = 0
    passes: int = 0
    completes: int = 0
    fails: int = 0
    average: Decimal | None = None


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


def sheets_on(subject_uid: UUID) -> list[Sheet]:
    """The sheets on one subject, with their points."""
    return list(
        Sheet.objects.filter(subject_uid=subject_uid)
        .select_related("member__council", "member__organisation", "paper")
        .prefetch_related("points")
        .order_by("member__council_id", "pk")
    )


def conflicts_on(subject_uid: UUID) -> list[Conflict]:
    """Who must not judge this subject, and why."""
    return list(Conflict.objects.filter(subject_uid=subject_uid).select_related("member").order_by("pk"))


def verdict_on(subject_uid: UUID) -> Verdict:
    """What all sheets on one subject say together."""
    return verdicts([subject_uid]).get(subject_uid, Verdict())


def verdicts(subject_uids: Iterable[UUID]) -> dict[UUID, Verdict]:
    """The same for many subjects in one query (ranking); subjects without a sheet are not in it."""
    rows = (
        Sheet.objects.filter(subject_uid__in=list(subject_uids))
        .values("subject_uid")
        .annotate(
            sheets=Count("pk"),
            passes=Count("pk", filter=Q(conclusion=Conclusion.PASS)),
            completes=Count("pk", filter=Q(conclusion=Conclusion.COMPLETE)),
            fails=Count("pk", filter=Q(conclusion=Conclusion.FAIL)),
            sum_of_totals=Sum("total"),
        )
    )
    return {
        row["subject_uid"]: Verdict(
            row["sheets"],
            row["passes"],
            row["completes"],
            row["fails"],
            (Decimal(row["sum_of_totals"]) / row["sheets"]).quantize(Decimal("0.1")),
        )
        for row in rows
    }


def invariants() -> list[str]:
    """A sentence for each sheet of a judge who must not have given it, and each total that its points do not give."""
    found = []
    for sheet in (
        Sheet.objects.select_related("member")
        .annotate(points_sum=Sum("points__score"))
        .order_by("pk")
        .iterator(chunk_size=500)
    ):
        if sheet.points_sum != sheet.total:
            found.append(_("Phiếu của %(sheet)s: tổng điểm không bằng tổng các tiêu chí.") % {"sheet": sheet})
    conflicted = (
        Sheet.objects.filter(member__conflicts__subject_uid=F("subject_uid")).select_related("member").order_by("pk")
    )
    found.extend(_("%(sheet)s: chấm dù có xung đột lợi ích.") % {"sheet": sheet} for sheet in conflicted)
    return found
