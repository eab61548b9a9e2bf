"""The targets of a programme of several years against what was approved."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from khuyencong.base.text import fold
from khuyencong.norms.enums import ProjectKind
from khuyencong.plans.enums import Measure
from khuyencong.plans.models import Programme, Target
from khuyencong.projects.enums import APPROVED_ON, ProjectState
from khuyencong.projects.models import Beneficiary, Project

# How many đồng a unit of money counts, however it is spelled.
_SIZES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Result:
    """A target with what the records give; ``value`` None where it is not counted here."""

    target: Target
    value: Decimal | None

    @property
    def plain(self) -> int | Decimal | None:
        """The result without decimals that say nothing."""
        if self.value is None:
            return None
        return int(self.value) if self.value == int(self.value) else self.value.normalize()

    @property
    def percent(self) -> Decimal | None:
        if self.value is None or not self.target.value:
            return None
        return (self.value * 100 / self.target.value).quantize(Decimal("0.1"))


def results(programme: Programme) -> list[Result]:
    """Each target of a programme against what was approved in its years and place.  Three queries."""
    projects = Project.objects.filter(
        year__gte=programme.first_year, year__lte=programme.last_year, state__in=APPROVED_ON
    ).exclude(state=ProjectState.STOPPED)
    if programme.province_id:
        projects = projects.filter(province=programme.province)
    sums = projects.order_by().aggregate(
        projects=Count("pk"),
        national=Sum("granted_national"),
        local=Sum("granted_local"),
        counterpart=Sum("granted_counterpart"),
        machinery=Count("pk", filter=Q(kind=ProjectKind.MACHINERY)),
        demonstration=Count("pk", filter=Q(kind=ProjectKind.DEMONSTRATION)),
        vocational=Count("pk", filter=Q(kind=ProjectKind.VOCATIONAL_TRAINING)),
    )
    helped = Beneficiary.objects.filter(project__in=projects.order_by(), removed_on=None)
    sums["beneficiaries"] = helped.order_by().aggregate(n=Count("establishment_id", distinct=True))["n"]
    money = {Measure.NATIONAL, Measure.LOCAL, Measure.COUNTERPART}
    found = []
    for target in programme.targets.all():
        value = None
        if target.measure:
            value = Decimal(sums[target.measure] or 0)
            if target.measure in money:
                words = fold(target.unit).split()
                value /= next((size for word, size in _SIZES.items() if word in words), 1)
        found.append(Result(target, value))
    return found
