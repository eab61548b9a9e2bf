"""The lists of the law: trades, priorities, lines of support, industries, texts."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from khuyencong.norms.enums import (
    Act,
    Level,
    LinkKind,
    Purpose,
    Verified,
)
from khuyencong.norms.models import (
    ApproverRow,
    HolderRow,
    Instrument,
    Line,
    Link,
    PriorityRow,
    SectorRow,
    SupportNorm,
)
from khuyencong.norms.queries.rows import row_of, rows_on
from khuyencong.places.models import Unit


def eligible_holders(*, on: date) -> list[HolderRow]:
    """The legal forms that may be helped on ``on`` (NĐ 45/2012 Đ1.2a; unions of cooperatives from 15/10/2025)."""
    return sorted(rows_on(HolderRow, on=on, province=None), key=lambda row: row.position)


def eligible_sectors(*, on: date, province: Unit | None = None) -> list[SectorRow]:
    """The trades of NĐ 45/2012 Đ5 on ``on``, in their order; the excluded ones last.  Local money names its province, whose
    own rows bind it alone."""
    return sorted(rows_on(SectorRow, on=on, province=province), key=lambda row: (row.excluded, row.position))


def priorities(*, on: date, province: Unit | None = None) -> list[PriorityRow]:
    """Priority areas, then trades, each in the order in which the law asks them (TT 46/2012 Đ6.3); local money as above."""
    return sorted(rows_on(PriorityRow, on=on, province=province), key=lambda row: (row.kind, row.rank, row.pk))


def support_lines(*, purpose: str = Purpose.SUPPORT) -> QuerySet[Line]:
    """The lines that a cost line or a need may name."""
    return Line.objects.filter(purpose=purpose)


def unread_amendments(instruments: Iterable[str], *, on: date) -> list[Link]:
    """Where a text that nobody here could read amends one of these (as an answer names them) on ``on``: what was read of it
    may hold no longer."""
    named = set(instruments)
    links = (
        Link.objects.filter(kind=LinkKind.AMENDS, instrument__valid_from__lte=on)
        .filter(Q(instrument__valid_to=None) | Q(instrument__valid_to__gt=on))
        .exclude(instrument__verified=Verified.YES)
        .select_related("instrument", "target")
        .order_by("instrument__valid_from", "pk")
    )
    return [link for link in links if str(link.target) in named]


def bases_of_plan(*, on: date, level: str = Level.NATIONAL, province: Unit | None = None) -> list[Instrument]:
    """The texts in force on ``on`` that a yearly plan of this money rests on, oldest first: the one that says who approves it,
    those that amend that one, and for local money the province's own texts on what is given.  Four queries."""
    approver = row_of(ApproverRow, on=on, level=level, province=province, act=Act.APPROVE_PLAN)
    if approver is None:
        return []
    main = approver.instrument
    amending = Link.objects.filter(kind=LinkKind.AMENDS, target=main).values("instrument")
    found = {main, *Instrument.objects.on(on).filter(pk__in=amending)}
    if level != Level.NATIONAL and province is not None:
        found |= {row.instrument for row in rows_on(SupportNorm, on=on, province=province) if row.province_id}
    return sorted(found, key=lambda text: (text.signed_on or text.valid_from or on, text.pk))


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
