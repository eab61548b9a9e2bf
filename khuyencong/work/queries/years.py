"""The money of a year, for home."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from khuyencong.base import clock
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.budgets.queries import totals
from khuyencong.budgets.rules import Balance
from khuyencong.people.models import User
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Project
from khuyencong.work.queries.shared import S


@dataclass(frozen=True, slots=True)
class Year:
    """The money of a year in one territory, in đồng: given, paid out, by national and local, month by month."""

    year: int
    national: Balance
    local: Balance
    paid_by_month: tuple[int, ...]  # cumulative, from January to now
    at_risk: int
    risky: int

    @property
    def all(self) -> Balance:
        return self.national + self.local


def year_of(user: User, *, year: int, province: int | None = None) -> Year:
    """The figures of home, from the ledger.  Three queries."""
    envelopes = Envelope.objects.visible_to(user).filter(year=year)
    if province is not None:
        envelopes = envelopes.filter(province_id=province)
    sums = totals(envelopes)
    months = dict(
        Entry.objects.filter(envelope__in=envelopes.order_by(), kind=EntryKind.ADVANCED, on__year=year)
        .order_by()
        .values_list("on__month")
        .annotate(amount=Sum("amount"))
    )
    last = clock.today().month if year == clock.today().year else 12
    running, line = 0, []
    for month in range(1, last + 1):
        running += months.get(month, 0)
        line.append(running)
    at_risk = Project.objects.visible_to(user).filter(
        year=year, state__in=(S.APPROVED, S.ASSIGNED, S.RUNNING), historical=False
    )
    if province is not None:
        at_risk = at_risk.filter(province_id=province)
    paid = (
        Entry.objects.filter(project=OuterRef("pk"), kind=EntryKind.ADVANCED)
        .order_by()
        .values("project")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    risk = at_risk.annotate(left=F("granted_national") + F("granted_local") - Coalesce(Subquery(paid), 0)).aggregate(
        amount=Sum("left"), number=Count("pk", filter=Q(left__gt=0))
    )
    return Year(year, sums[Source.NATIONAL], sums[Source.LOCAL], tuple(line), risk["amount"] or 0, risk["number"] or 0)
