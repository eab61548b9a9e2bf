"""What was supported before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from khuyencong.establishments import rules
from khuyencong.establishments.enums import Match
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.establishments.queries.records import owners, together


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row that speaks for an earlier support: what, to whom, when, out of which source, and why it is shown."""

    item: SupportedItem
    why: Match
    certain: bool  # the same machine or invoice; otherwise a person has to look

    @property
    def label(self) -> str:
        return str(self.why.label)


def supported_before(
    *,
    establishments: Iterable[Establishment] = (),
    tax_code: str = "",
    serials: Iterable[str] = (),
    invoices: Iterable[str] = (),
    items: Iterable[str] = (),
    since: date | None = None,
    before: date | None = None,
    except_project: UUID | None = None,
) -> list[Evidence]:
    """What the State has paid for before that may be the same: asked at registration, appraisal and advance.

    The same machine or invoice is looked for in the whole country; ``items`` among everything given to these
    establishments (under all their merged records and the same tax code).  Without ``items`` every support to them is
    told.  ``since`` is included, ``before`` excluded; the project itself is left out.  Surest and newest first.
    """
    rows = SupportedItem.objects.filter(withdrawn_on=None).select_related(
        "establishment__commune", "establishment__province"
    )
    if since is not None:
        rows = rows.filter(on__gte=since)
    if before is not None:
        rows = rows.filter(on__lt=before)
    if except_project is not None:
        rows = rows.exclude(project_uid=except_project)
    found: dict[int, Evidence] = {}
    serial_keys = {key for serial in serials if (key := rules.serial_key(serial))}
    invoice_keys = {key for invoice in invoices if (key := rules.invoice_key(invoice))}
    if serial_keys or invoice_keys:
        for row in rows.filter(Q(serial_key__in=serial_keys) | Q(invoice_key__in=invoice_keys)):
            found[row.pk] = Evidence(row, Match.SERIAL if row.serial_key in serial_keys else Match.INVOICE, True)
    keys = [establishment.pk for establishment in establishments]
    codes = {establishment.tax_code for establishment in establishments if establishment.tax_code} | ({tax_code} - {""})
    if codes:
        keys += Establishment.objects.filter(tax_code__in=codes).values_list("pk", flat=True)
    if keys:
        wanted = [item for item in items if item.strip()]
        for row in rows.filter(establishment__in=together(keys)):
            if not wanted:
                found.setdefault(row.pk, Evidence(row, Match.ESTABLISHMENT, False))
            elif any(rules.same_item(row.item, item) for item in wanted):
                found.setdefault(row.pk, Evidence(row, Match.ITEM, False))
    return sorted(found.values(), key=lambda e: (not e.certain, -e.item.on.toordinal(), -e.item.pk))


def given_to(records: Mapping[int, Iterable[int]]) -> dict[int, list[SupportedItem]]:
    """Everything that the State gave to each establishment of ``records_of``, newest first.  One query."""
    whose = owners(records)
    found: dict[int, list[SupportedItem]] = {key: [] for key in records}
    for item in SupportedItem.objects.filter(withdrawn_on=None, establishment__in=whose).order_by("-on", "-pk"):
        for key in whose[item.establishment_id]:
            found[key].append(item)
    return found
