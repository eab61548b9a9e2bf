"""Two layers of contract, and what follows from them: money advanced, work accepted, money settled, contracts ended."""

from khuyencong.contracts.models.acceptances import Acceptance, AcceptanceSeat
from khuyencong.contracts.models.advances import Advance
from khuyencong.contracts.models.agreements import Assignment, ContractAppendix, Purchase, SupportContract, Tender
from khuyencong.contracts.models.progress import BeneficiaryUpdate, ProgressReport
from khuyencong.contracts.models.recoveries import Recovery, RecoveryReceipt
from khuyencong.contracts.models.settlements import Liquidation, Settlement, Voucher

__all__ = [
    "Acceptance",
    "AcceptanceSeat",
    "Advance",
    "Assignment",
    "BeneficiaryUpdate",
    "ContractAppendix",
    "Liquidation",
    "ProgressReport",
    "Purchase",
    "Recovery",
    "RecoveryReceipt",
    "Settlement",
    "SupportContract",
    "Tender",
    "Voucher",
]
