"""Figures that others have published, and what their parts give."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from khuyencong.base.text import fold
from khuyencong.reporting import rules
from khuyencong.reporting.enums import Discrepancy, Qualifier
from khuyencong.reporting.models import ReportedFigure


def figures(*, text: str = "", province_id: int | None = None, with_country: bool = True) -> QuerySet[ReportedFigure]:
    """The published figures, by document and place in it; public facts, open to whoever may see the desk.

    ``province_id`` keeps those of a province of today (all its former provinces), and with ``with_country`` those of
    regions and of the country.
    """
    found = ReportedFigure.objects.select_related("document", "province", "part_of")
    if province_id is not None:
        found = found.filter(province_id=province_id)
    elif not with_country:
        found = found.exclude(province=None)
    for word in fold(text).split():
        found = found.filter(folded__contains=word)
    return found.order_by("document__title", "pk")


@dataclass(frozen=True, slots=True)
class Finding:
    """A stated total that its parts do not give, or what another source says differently.

    Amounts in the figure's own unit; difference: stated less computed (or less what the other source says).
    """

    figure: ReportedFigure
    parts: int
    computed: Decimal
    difference: Decimal
    kind: Discrepancy
    other: ReportedFigure | None = None  # what another source says

    @property
    def subject(self) -> str:
        return (
            f"{self.figure.province_then}: {self.figure.subject}" if self.figure.province_then else self.figure.subject
        )

    @property
    def indicator(self) -> str:
        return f"{self.figure.indicator} ({self.figure.unit})"

    @property
    def source(self) -> str:
        return "; ".join(f"{one.document.title}, {one.position}" for one in (self.figure, self.other) if one)

    @property
    def sentence(self) -> str:
        """What a person reads: both numbers and what follows from their difference."""
        if self.other is not None:
            return _(
                "%(source)s ghi %(stated)s %(unit)s; %(other)s ghi %(said)s; hai nguồn lệch %(difference)s %(unit)s."
            ) % {
                "source": self.figure.document.title,
                "stated": said(self.figure),
                "other": self.other.document.title,
                "said": said(self.other),
                "difference": plain(abs(self.difference)),
                "unit": self.figure.unit,
            }
        told = {
            "stated": said(self.figure),
            "computed": plain(self.computed),
            "difference": plain(abs(self.difference)),
            "unit": self.figure.unit,
            "parts": self.parts,
        }
        if self.kind == Discrepancy.OPEN_LIST:
            return (
                _(
                    "Ghi %(stated)s %(unit)s; %(parts)s thành phần kể tên cộng %(computed)s; danh sách để ngỏ, "
                    "còn %(difference)s %(unit)s chưa kể tên."
                )
                % told
            )
        if self.kind == Discrepancy.PART_MISSING:
            return (
                _(
                    "Ghi %(stated)s %(unit)s; các thành phần có số cộng %(computed)s; còn thành phần không ghi số, "
                    "thiếu %(difference)s %(unit)s."
                )
                % told
            )
        if self.kind == Discrepancy.ROUNDING:
            return (
                _(
                    "Ghi %(stated)s %(unit)s; %(parts)s thành phần cộng %(computed)s; chênh %(difference)s %(unit)s do làm tròn."
                )
                % told
            )
        return (
            _("Ghi %(stated)s %(unit)s; %(parts)s thành phần cộng %(computed)s; lệch %(difference)s %(unit)s.") % told
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "subject": self.subject,
            "period": self.figure.period,
            "indicator": self.indicator,
            "stated": _number(self.computed + self.difference),
            "computed": _number(self.computed),
            "difference": _number(self.difference),
            "kind": self.kind.value,
        }


def reconcile(*, province_id: int | None = None) -> list[Finding]:
    """Every stated total whose named parts do not give it and every figure of which two sources say different things, the
    largest share first; a total of whose parts none has a figure says nothing.  One query."""
    parts: dict[int, list[ReportedFigure]] = {}
    totals: dict[int, ReportedFigure] = {}
    findings = []
    linked = figures(province_id=province_id).exclude(part_of=None, same_as=None)
    for figure in linked.select_related("part_of__document", "part_of__province", "same_as__document"):
        if figure.part_of is not None:
            totals[figure.part_of.pk] = figure.part_of
            parts.setdefault(figure.part_of.pk, []).append(figure)
        if figure.same_as is not None and (conflict := _conflict(figure.same_as, figure)):
            findings.append(conflict)
    for key, total in totals.items():
        if total.value is None or all(part.value is None for part in parts[key]):
            continue
        compared = rules.compare(_said(total), [_said(p) for p in parts[key]], list_is_open=total.list_is_open)
        if compared.kind is not None:
            findings.append(Finding(total, len(parts[key]), compared.computed, compared.difference, compared.kind))
    order = list(Discrepancy)
    return sorted(
        findings,
        key=lambda f: (
            order.index(f.kind),
            f.other is not None,
            -abs(f.difference) / (f.figure.low or 1),
            f.figure.key,
        ),
    )


def _conflict(first: ReportedFigure, other: ReportedFigure) -> Finding | None:
    """What two sources say of the same thing, where it is not the same."""
    if first.value is None or other.value is None:
        return None
    compared = rules.compare(_said(first), [_said(other)], list_is_open=False)
    if compared.kind is None:
        return None
    return Finding(first, 1, compared.computed, compared.difference, compared.kind, other)


def said(figure: ReportedFigure) -> str:
    """The figure with its qualifier: “trên 48.000”, “10–15”."""
    number = plain(figure.value) if figure.value_to is None else f"{plain(figure.value)}–{plain(figure.value_to)}"
    exact = figure.value is None or figure.qualifier == Qualifier.EXACT
    return number if exact else f"{figure.get_qualifier_display()} {number}"


def _said(figure: ReportedFigure) -> rules.Said:
    return rules.Said(figure.low, figure.high, figure.rounded_to or Decimal(0), figure.value is not None)


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal | None) -> str:
    """As people write it: 99.216 and 425,06."""
    if value is None:
        return "–"
    written = f"{value:,.3f}".rstrip("0").rstrip(".")
    return written.translate(str.maketrans(",.", ".,"))
