"""What a project under contract would be paid for a second time: machines and invoices that the State has paid for before, and a
project cut in several."""

from collections.abc import Iterable
from datetime import date

from khuyencong.contracts.models import Purchase, SupportContract, Voucher
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project
from khuyencong.projects.queries import Split, Twin


def invoice_text(voucher: Voucher) -> str:
    """An invoice as a supported item keeps it: tax code of the seller, symbol, number; empty where they name none."""
    return f"{voucher.seller_tax_code} {voucher.symbol} {voucher.number}"[:80] if voucher.key else ""


def twins_of(project: Project, *, contracts: Iterable[SupportContract] | None = None) -> list[Twin]:
    """What was bought for this project and paid for under another, anywhere and in any year, with who let it pass.

    ``contracts``: the support contracts with their purchases, where the caller has them.  At most five queries.
    """
    if contracts is None:
        bought = Purchase.objects.filter(support_contract__assignment__project=project).exclude(serial="")
        serials = list(bought.values_list("serial", flat=True))
    else:
        serials = [p.serial for contract in contracts for p in contract.purchases.all() if p.serial]
    invoices = {}
    for voucher in Voucher.objects.filter(project=project, removed_at=None).exclude(key=""):
        # history often writes an invoice without its seller
        if voucher.symbol:
            invoices[f"{voucher.symbol} {voucher.number}"] = str(voucher)
        invoices[invoice_text(voucher)] = str(voucher)
    return projects.with_who_cleared(projects.twins_by_codes(project, serials=serials, invoices=invoices))


def paid_twice(project: Project, *, on: date) -> list[Twin | Split]:
    """The twins of this project, and the projects with which it takes more than the norm allows for one, each with who let it
    pass: what stands in the way of money on account until somebody has."""
    return [*twins_of(project), *projects.splits_granted(project, on=on)]
