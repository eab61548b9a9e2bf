"""The lists of the law: trades, priorities, lines of support, industries, texts."""

from datetime import date

from django.db.models import Q, QuerySet

from khuyencong.norms.enums import (
    LinkKind,
    Purpose,
)
from khuyencong.norms.models import (
    Instrument,
    Line,
    Link,
    PriorityRow,
    SectorRow,
)


def eligible_sectors(*, on: date) -> list[SectorRow]:
    """The trades of NĐ 45/2012 Đ5 on ``on``, in their order; the excluded ones last."""
    return list(SectorRow.objects.on(on).select_related("instrument").order_by("excluded", "position"))


def priorities(*, on: date) -> list[PriorityRow]:
    """Priority areas, then trades, each in the order in which the law asks them (TT 46/2012 Đ6.3)."""
    return list(PriorityRow.objects.on(on).select_related("instrument").order_by("kind", "rank", "pk"))


def support_lines(*, purpose: str = Purpose.SUPPORT) -> QuerySet[Line]:
    """The lines that a cost line or a need may name."""
    return Line.objects.filter(purpose=purpose)


def instruments_resting_on_ended(*, on: date) -> list[Instrument]:
    """Texts in force on ``on`` that name as their base a text that has ended; ``ended_bases`` lists those."""
    links = (
        Link.objects.filter(kind=LinkKind.BASED_ON, target__valid_to__lte=on, instrument__valid_from__lte=on)
        .filter(Q(instrument__valid_to=None) | Q(instrument__valid_to__gt=on))
        .select_related("instrument", "instrument__province", "target")
        .order_by("instrument__valid_from", "instrument_id", "target_id")
    )
    found: dict[int, Instrument] = {}
    for link in links:
        instrument = found.setdefault(link.instrument_id, link.instrument)
        instrument.__dict__.setdefault("ended_bases", []).append(link.target)
    return list(found.values())
