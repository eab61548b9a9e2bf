"""What a beneficiary buys under its support contract, and that it was delivered."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.contracts import queries
from khuyencong.contracts.models import Purchase, SupportContract
from khuyencong.contracts.operations.shared import (
    either,
    held,
    in_state,
    keep,
    not_accepted,
    not_before,
    not_future,
    still_helped,
    tax_code_of,
    with_paper,
)
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import ProjectKind
from khuyencong.people.models import User
from khuyencong.projects.enums import ProjectState

# lines of the checklists of Đ13 and Đ14 that a purchase contract or a record of delivery fulfils
_PURCHASE_LINES = (
    "purchase_contract",
    "consulting_contract",
    "transfer_contract",
    "contractor_contract",
    "stall_contract",
    "supplier_contract",
)
_HANDOVER_LINES = (
    "purchase_handover",
    "consulting_handover",
    "transfer_handover",
    "works_handover",
    "supplier_handover",
)


@transaction.atomic
def record_purchase(
    contract: SupportContract,
    *,
    item: str,
    seller: str,
    value: int,
    signed_on: date,
    by: User,
    serial: str = "",
    seller_tax_code: str = "",
    paper: Paper | None = None,
    is_new: bool = True,
) -> Purchase:
    """What the beneficiary buys for the support, ``value`` in đồng.  Machines must be new (TT 46/2012 Đ4.4b).

    A purchase signed before the support contract is written down as it was and stands among the impossible orders; its work
    is accepted when somebody has let it pass (``clear_order``).
    """
    contract, project = held(contract)
    either(by, project, contract.beneficiary)
    in_state(project, ProjectState.RUNNING, act=_("Ghi hợp đồng mua sắm"))
    still_helped(contract.beneficiary)
    not_accepted(contract.beneficiary)
    if signed_on > clock.today():
        raise Invalid(signed_on=_("Ngày %(day)s chưa tới.") % {"day": f"{signed_on:%d/%m/%Y}"})
    if paper is not None:
        with_paper(paper, PaperKind.PURCHASE_CONTRACT, project=project)
    if value <= 0:
        raise Invalid(value=_("Giá trị phải lớn hơn 0."))
    if not is_new and project.kind in (
        ProjectKind.MACHINERY,
        ProjectKind.DEMONSTRATION,
        ProjectKind.TECHNOLOGY_TRANSFER,
    ):
        raise NotPossible(queries.new_machines_told(project, on=signed_on))
    purchase = checked(
        Purchase(
            support_contract=contract,
            item=" ".join(item.split()),
            serial=serial.strip(),
            seller=" ".join(seller.split()),
            seller_tax_code=tax_code_of(seller_tax_code, field="seller_tax_code"),
            value=value,
            signed_on=signed_on,
            paper=paper,
            is_new=is_new,
        )
    )
    purchase.save()
    keep(
        project,
        *_PURCHASE_LINES,
        paper=paper,
        by=by,
        on=signed_on,
        party=contract.beneficiary.establishment.organisation,
    )
    record("contract.purchase", contract, by=by, on=signed_on, item=purchase.item, value=value)
    return purchase


@transaction.atomic
def deliver(purchase: Purchase, *, by: User, on: date, serial: str = "", paper: Paper | None = None) -> Purchase:
    """The machine stands at the beneficiary's; ``paper``: the record of delivery, where there is one."""
    contract, project = held(purchase.support_contract)
    either(by, project, contract.beneficiary)
    in_state(project, ProjectState.RUNNING, act=_("Ghi bàn giao"))
    purchase = _standing(purchase)
    if paper is not None:
        with_paper(paper, PaperKind.HANDOVER_RECORD, project=project, on=on)
    if purchase.delivered_on is not None:
        raise NotPossible(_("Đã ghi bàn giao ngày %(day)s.") % {"day": f"{purchase.delivered_on:%d/%m/%Y}"})
    not_future(on)
    not_before(on, earlier=purchase.signed_on, what=_("ngày ký hợp đồng mua"))
    purchase.delivered_on, purchase.serial = on, serial.strip() or purchase.serial
    checked(purchase).save()
    keep(project, *_HANDOVER_LINES, paper=paper, by=by, on=on, party=contract.beneficiary.establishment.organisation)
    record("contract.deliver", contract, by=by, on=on, item=purchase.item, serial=purchase.serial)
    return purchase


@transaction.atomic
def remove_purchase(purchase: Purchase, *, reason: str, by: User) -> None:
    """Take out a purchase that was written down by mistake or fell through, before its work is accepted; the journal keeps what
    it said and why it went.  Its papers stay in the dossier."""
    contract, project = held(purchase.support_contract)
    either(by, project, contract.beneficiary)
    in_state(project, ProjectState.RUNNING, act=_("Bỏ hợp đồng mua"))
    not_accepted(contract.beneficiary)
    purchase = _standing(purchase)
    if not reason.strip():
        raise Invalid(reason=_("Hãy ghi lý do."))
    record(
        "contract.remove_purchase",
        contract,
        by=by,
        item=purchase.item,
        seller=purchase.seller,
        value=purchase.value,
        serial=purchase.serial,
        signed_on=purchase.signed_on,
        delivered_on=purchase.delivered_on,
        reason=" ".join(reason.split()),
    )
    purchase.delete()


def _standing(purchase: Purchase) -> Purchase:
    """The purchase as it is now, its project locked."""
    found = Purchase.objects.filter(pk=purchase.pk).first()
    if found is None:
        raise NotPossible(_("Hợp đồng mua này đã được bỏ."))
    return found
