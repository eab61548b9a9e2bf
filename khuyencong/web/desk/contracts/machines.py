"""What stands between a support contract and its acceptance: the machines bought and handed over, and who writes them down."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.contracts.models import SupportContract
from khuyencong.norms.enums import ProjectKind
from khuyencong.projects.models import Project
from khuyencong.web.common.parts import Offer


def not_yet(project: Project, contract: SupportContract) -> str:
    """Why this contract cannot be accepted yet for want of its machines, and who writes them down; empty for no such reason."""
    bought = contract.purchases.all()
    if not bought and project.kind == ProjectKind.MACHINERY:
        return _("Chưa ghi máy đã mua và bàn giao; đơn vị thực hiện hoặc cơ sở ghi.")
    if lacking := [purchase.item for purchase in bought if purchase.delivered_on is None]:
        told = {"items": ", ".join(lacking)}
        return _("Chưa bàn giao: %(items)s. Đơn vị thực hiện hoặc cơ sở ghi khi máy về.") % told
    return ""


def to_write_down(project: Project, contracts: Iterable[SupportContract]) -> list[Offer]:
    """The same as steps of who writes them down, beneath the table too."""
    offers = []
    for contract in contracts:
        if not contract.purchases.all() and project.kind == ProjectKind.MACHINERY:
            label = _("Ghi máy đã mua: %(name)s") % {"name": contract.beneficiary}
            offers.append(Offer(label, url=reverse("contracts:purchase", args=[project.pk, contract.pk])))
        for purchase in contract.purchases.all():
            if purchase.delivered_on is None:
                label = _("Ghi bàn giao: %(item)s") % {"item": purchase.item}
                offers.append(Offer(label, url=reverse("contracts:deliver", args=[project.pk, purchase.pk])))
    return offers
