"""What the State has given."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked, sent_before
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.establishments.operations.shared import authorise_any
from khuyencong.people.models import User


@transaction.atomic
def record_supported_item(
    establishment: Establishment,
    *,
    item: str,
    amount: int,
    source: str,
    on: date,
    by: User,
    serial: str = "",
    invoice: str = "",
    project_uid: UUID | None = None,
    project_label: str = "",
    uid: UUID | None = None,
) -> SupportedItem:
    """The State has paid for this, ``amount`` đồng on the legal day ``on``.  Called by settlement and by imports.

    May be called by whoever settles, accepts or imports at the place.  The same item of the same project for the same
    establishment with the same machine, invoice, day and amount is recorded once.  Raises Invalid for a negative amount.
    """
    authorise_any(
        by, (Permission.SETTLE, Permission.ACCEPT, Permission.LIQUIDATE, Permission.IMPORT), establishment.place
    )
    item = " ".join(item.split())[:300]
    if (sent := sent_before(SupportedItem, uid, establishment=establishment, item=item, amount=amount)) is not None:
        return sent
    row = SupportedItem(
        establishment=establishment,
        item=item,
        amount=amount,
        source=source.strip()[:200],
        on=on,
        serial=serial.strip(),
        invoice=invoice.strip(),
        project_uid=project_uid,
        project_label=project_label[:420],
    )
    if uid is not None:
        row.uid = uid
    row.derive()
    same = SupportedItem.objects.filter(
        establishment=establishment,
        folded=row.folded,
        serial_key=row.serial_key,
        invoice_key=row.invoice_key,
        amount=amount,
        on=on,
        project_uid=project_uid,
        withdrawn_on=None,
    ).first()
    if same is not None:
        return same
    checked(row, exclude=("folded",)).save()
    record(
        "establishment.record_supported_item",
        establishment,
        by=by,
        on=on,
        item=row.item,
        amount=amount,
        serial=row.serial,
        project=project_label,
    )
    return row


@transaction.atomic
def withdraw_supported_item(row: SupportedItem, *, by: User, on: date, reason: str) -> SupportedItem:
    """What was recorded as given was not, or was paid back whole.  The row stays and no longer counts."""
    authorise_any(by, (Permission.SETTLE, Permission.LIQUIDATE, Permission.IMPORT), row.establishment.place)
    if row.withdrawn_on is not None:
        raise NotPossible(_("Hạng mục này đã được bỏ ghi nhận."))
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    row.withdrawn_on, row.withdrawn_why = on, reason.strip()[:300]
    row.save()
    record("establishment.withdraw_supported_item", row.establishment, by=by, on=on, item=row.item, reason=reason)
    return row
