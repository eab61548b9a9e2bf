"""What must hold and no constraint can say."""

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.budgets.enums import EntryKind
from khuyencong.budgets.models import Entry
from khuyencong.contracts.enums import AdvanceState
from khuyencong.contracts.models import (
    Advance,
    SupportContract,
)


def invariants() -> list[str]:
    """What must hold and no constraint can say."""
    found = []
    paid = (
        Advance.objects.filter(state=AdvanceState.PAID)
        .order_by()
        .values("project_id", "envelope_id")
        .annotate(amount=Sum("amount"))
    )
    for row in paid:
        ledger = (
            Entry.objects.filter(project_id=row["project_id"], envelope_id=row["envelope_id"], kind=EntryKind.ADVANCED)
            .filter(amount__gt=0)
            .aggregate(total=Sum("amount"))["total"]
            or 0
        )
        if ledger < row["amount"]:
            found.append(
                _("Đề án %(project)s: tạm ứng đã chuyển %(paid)s đồng nhưng sổ ghi %(ledger)s đồng.")
                % {"project": row["project_id"], "paid": dong(row["amount"]), "ledger": dong(ledger)}
            )
    wrong = SupportContract.objects.filter(
        Q(national__gt=0) | Q(local__gt=0), beneficiary__approved_on=None, assignment__project__historical=False
    )
    found += [
        _("%(contract)s ký với đơn vị thụ hưởng chưa được duyệt.") % {"contract": contract} for contract in wrong[:50]
    ]
    return found
