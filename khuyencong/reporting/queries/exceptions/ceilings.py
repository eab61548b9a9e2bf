"""Money over the norm."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext as _

from khuyencong.base.money import at_most, dong
from khuyencong.norms.enums import Level, Purpose
from khuyencong.norms.models import SupportNorm
from khuyencong.projects.enums import APPROVED_ON
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.reporting.queries.exceptions.frame import Finding, Frame, one_year


@dataclass(frozen=True, slots=True)
class Over:
    beneficiary: Beneficiary
    source: str
    amount: int
    ceiling: int
    norm: SupportNorm


def over_norm(frame: Frame) -> list[Over]:
    """Support of one beneficiary beyond the most that the row of its line could give on the day whose rules the project
    follows, priority multiplier included whether it was proved or not: what stands here is over in any case.  Lines without
    a row of that day are not judged.  Two queries, one plan year."""
    frame = one_year(frame)
    helped = Beneficiary.objects.filter(
        _beyond((Level.NATIONAL,), "national") | _beyond((Level.PROVINCIAL, Level.COMMUNAL), "local"),
        project__in=frame.projects().filter(state__in=APPROVED_ON).exclude(norm_line=""),
        removed_on=None,
        total__gt=0,
    ).select_related("project__province", "establishment")
    rows = list(helped.order_by("-project__year", "-project__code", "pk"))
    if not rows:
        return []
    norms: dict[str, list[SupportNorm]] = {}
    bonus: list[SupportNorm] = []
    for norm in SupportNorm.objects.select_related("line", "province", "instrument", "derived_from"):
        norms.setdefault(norm.line.code, []).append(norm)
        if norm.line.purpose == Purpose.MULTIPLIER:
            bonus.append(norm)
    found = []
    for row in rows:
        project = row.project
        on = project.rules_on or row.approved_on or date(project.year, 1, 1)
        local = Level.COMMUNAL if project.level == Level.COMMUNAL else Level.PROVINCIAL
        for source, level, amount in (("national", Level.NATIONAL, row.national), ("local", local, row.local)):
            if amount <= 0 or row.total <= 0:
                continue
            line = _row(norms.get(project.norm_line, ()), level=level, project=project, on=on)
            ceiling = _ceiling(line, cost=row.total, norms=norms, project=project, on=on)
            if line is None or ceiling is None:
                continue
            factor = _row(bonus, level=level, project=project, on=on)
            if factor is not None and factor.multiplier is not None:
                ceiling = min(row.total, at_most(ceiling, factor.multiplier))
            if amount > ceiling:
                found.append(Over(row, source, amount, ceiling, line))
    return found


def _beyond(levels: Collection[str], field: str) -> Exists:
    """Whether any row of the line, of whatever day, gives less than this.  What none does is over on no day, and not fetched."""
    norms = SupportNorm.objects.filter(line__code=OuterRef("project__norm_line"), level__in=levels)
    if Level.NATIONAL not in levels:
        norms = norms.filter(province__code=OuterRef("project__province__code"))
    norms = norms.annotate(share=ExpressionWrapper(F("percent") * OuterRef("total"), output_field=DecimalField()))
    less = Q(cap__lt=OuterRef(field)) | Q(share__lt=OuterRef(field) * 100) | Q(derived_from__isnull=False)
    return Exists(norms.filter(less))


def _row(rows: Iterable[SupportNorm], *, level: str, project: Project, on: date) -> SupportNorm | None:
    """The row that binds money of this level; money of a commune without a row of its own is bound by the province's."""
    found: dict[str, SupportNorm] = {}
    for norm in rows:
        here = level == Level.NATIONAL or (norm.province is not None and norm.province.code == project.province.code)
        if here and norm.holds_on(on):
            found.setdefault(norm.level, norm)
    return found.get(level) or (found.get(Level.PROVINCIAL) if level == Level.COMMUNAL else None)


def _ceiling(
    norm: SupportNorm | None, *, cost: int, norms: dict[str, list[SupportNorm]], project: Project, on: date
) -> int | None:
    if norm is None:
        return None
    if norm.derived_from is not None and norm.multiplier is not None:
        base = _row(norms.get(norm.derived_from.code, ()), level=norm.level, project=project, on=on)
        least = _ceiling(base, cost=cost, norms=norms, project=project, on=on)
        return None if least is None else min(cost, at_most(least, norm.multiplier))
    limits = [] if norm.cap is None else [norm.cap]
    if norm.percent is not None:
        limits.append(at_most(cost, norm.percent / Decimal(100)))
    return min(limits) if limits else None


def told_over(row: Over) -> Finding:
    return Finding(
        _("%(name)s: %(source)s %(amount)s đồng, vượt mức cao nhất %(ceiling)s đồng (%(article)s).")
        % {
            "name": row.beneficiary.establishment,
            "source": _("KCQG") if row.source == "national" else _("KCĐP"),
            "amount": dong(row.amount),
            "ceiling": dong(row.ceiling),
            "article": row.norm.citation,
        },
        row.beneficiary.project,
        on=row.beneficiary.project.rules_on,
    )
