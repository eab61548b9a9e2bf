"""What was supported before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from khuyencong.establishments import rules
from khuyencong.establishments.enums import Match
from khuyencong.establishments.models import SupportedItem
from khuyencong.establishments.queries.records import owners


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that speaks for an earlier support: what, to whom, when, out of which source, and why it is shown."""

    item: SupportedItem
    why: Match


def supported_before(
    *, serials: Iterable[str] = (), invoices: Iterable[str] = (), except_project: UUID
) -> list[Evidence]:
    """The same machine or invoice that the State has paid for before, in the whole country, newest first; the project itself is
    left out.  What was withdrawn speaks for nothing.  One query."""
    serial_keys = {key for serial in serials if (key := rules.serial_key(serial))}
    invoice_keys = {key for invoice in invoices if (key := rules.invoice_key(invoice))}
    if not serial_keys and not invoice_keys:
        return []
    rows = SupportedItem.objects.filter(
        Q(serial_key__in=serial_keys) | Q(invoice_key__in=invoice_keys), withdrawn_on=None
    ).select_related("establishment__commune", "establishment__province")
    rows = rows.exclude(project_uid=except_project).order_by("-on", "-pk")
    return [Evidence(row, Match.SERIAL if row.serial_key in serial_keys else Match.INVOICE) for row in rows]


def given_by(project: UUID) -> list[SupportedItem]:
    """What this project gave and nobody has withdrawn, oldest first.  One query."""
    rows = SupportedItem.objects.filter(project_uid=project, withdrawn_on=None).order_by("on", "pk")
    return list(rows.select_related("establishment__commune", "establishment__province"))


def given_to(records: Mapping[int, Iterable[int]]) -> dict[int, list[SupportedItem]]:
    """Everything that the State gave to each establishment of ``records_of``, newest first.  One query."""
    whose = owners(records)
    found: dict[int, list[SupportedItem]] = {key: [] for key in records}
    rows = SupportedItem.objects.filter(withdrawn_on=None, establishment__in=whose).order_by("-on", "-pk")
    for item in rows.select_related("establishment__province"):
        for key in whose[item.establishment_id]:
            found[key].append(item)
    return found
