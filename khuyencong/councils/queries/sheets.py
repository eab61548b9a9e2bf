"""What the judges said: each sheet, and all together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Max, Q, QuerySet, Sum

from khuyencong.authority.permissions import Permission
from khuyencong.councils.enums import Conclusion
from khuyencong.councils.models import Council, Member, Sheet, SheetScore
from khuyencong.norms import queries as norms
from khuyencong.norms.models import CriterionRow
from khuyencong.people.models import User

TENTH = Decimal("0.1")
# who forms the council, who decides on its projects, who audits them
READERS = (
    Permission.COUNCIL_FORM,
    Permission.PLAN_APPROVE_PROVINCIAL,
    Permission.PLAN_APPROVE_NATIONAL,
    Permission.AUDIT,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sheets say together: how many, how many propose what; the mean of the totals of those that were scored, out of
    ``most`` points."""

    sheets: int = 0
    passes: int = 0
    completes: int = 0
    fails: int = 0
    scored: int = 0
    average: Decimal | None = None
    most: Decimal | None = None

    @property
    def of_hundred(self) -> Decimal | None:
        """The mean on a scale of a hundred: councils with other scales can be compared."""
        if self.average is None or not self.most:
            return None
        return (self.average * 100 / self.most).quantize(TENTH)


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """One criterion over all sheets on a subject."""

    number: int
    text: str
    most: int
    sheets: int
    average: Decimal


def open_to(user: User) -> QuerySet[Council]:
    """The councils of which this person may read what each judge wrote: those he sits or sat in, and those of the places where
    he forms councils, decides on their projects or audits.  The others who see a council see what all said together."""
    found = Q(pk__in=Member.objects.filter(user=user).values("council_id"))
    for scope in (user.scope(permission) for permission in READERS):
        if scope.whole_country:
            return Council.objects.all()
        found |= Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes)
    return Council.objects.filter(found)


def criteria_of(council: Council, *, on: date) -> list[CriterionRow]:
    """By what this council scores on ``on``; empty where no row says so: then its sheets have no scores."""
    return norms.criteria(on=on, province=council.province)


def with_totals(sheets: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """Adds ``total`` and ``most``, the sum of the scores and of their scales; None for a sheet that was not scored."""
    return sheets.annotate(total=Sum("scores__score"), most=Sum("scores__most"))


def sheets_on(subject_uid: UUID, *, tier: str = "", council: Council | None = None) -> list[Sheet]:
    """The sheets on one subject (of one tier or council), with their points, scores and ``total``."""
    rows = with_totals(Sheet.objects.filter(subject_uid=subject_uid))
    if tier:
        rows = rows.filter(member__council__tier=tier)
    if council is not None:
        rows = rows.filter(member__council=council)
    return list(
        rows.select_related("member__council", "member__organisation", "paper")
        .prefetch_related("points", "scores")
        .order_by("member__council_id", "pk")
    )


def verdict_on(subject_uid: UUID, *, tier: str = "") -> Verdict:
    """What all sheets on one subject say together."""
    return verdicts([subject_uid], tier=tier).get(subject_uid, Verdict())


def verdicts(subject_uids: Iterable[UUID], *, tier: str = "", council: Council | None = None) -> dict[UUID, Verdict]:
    """The same for many subjects (ranking), of one tier or council where it is given; subjects without a sheet are not in it.
    Two queries, however many subjects."""
    rows = Sheet.objects.filter(subject_uid__in=list(subject_uids))
    if tier:
        rows = rows.filter(member__council__tier=tier)
    if council is not None:
        rows = rows.filter(member__council=council)
    counted = (
        rows.order_by()
        .values("subject_uid")
        .annotate(
            sheets=Count("pk"),
            passes=Count("pk", filter=Q(conclusion=Conclusion.PASS)),
            completes=Count("pk", filter=Q(conclusion=Conclusion.COMPLETE)),
            fails=Count("pk", filter=Q(conclusion=Conclusion.FAIL)),
        )
    )
    scores = {
        row["sheet__subject_uid"]: row
        for row in SheetScore.objects.filter(sheet__in=rows.order_by().values("pk"))
        .order_by()
        .values("sheet__subject_uid")
        .annotate(scored=Count("sheet", distinct=True), sum=Sum("score"), scale=Sum("most"))
    }
    return {row["subject_uid"]: _verdict(row, scores.get(row["subject_uid"])) for row in counted}


def _verdict(row: Mapping[str, Any], scores: Mapping[str, Any] | None) -> Verdict:
    said = (row["sheets"], row["passes"], row["completes"], row["fails"])
    if scores is None:
        return Verdict(*said)
    number = scores["scored"]
    average, most = (Decimal(scores[name]) / number for name in ("sum", "scale"))
    return Verdict(*said, number, average.quantize(TENTH), most.quantize(TENTH).normalize() + 0)


def criterion_means(subject_uid: UUID, *, council: Council) -> list[CriterionMean]:
    """The mean of each criterion over the sheets of one council on a subject, in the order of the criteria."""
    rows = (
        SheetScore.objects.filter(sheet__subject_uid=subject_uid, sheet__member__council=council)
        .order_by("number")
        .values("number", "text")
        .annotate(sheets=Count("pk"), average=Avg("score"), most=Max("most"))
    )
    return [
        CriterionMean(
            row["number"], row["text"], row["most"], row["sheets"], Decimal(str(row["average"])).quantize(TENTH)
        )
        for row in rows
    ]
