"""Everything that changes contracts and what follows from them.  One function, one act; the rooms follow the order of the work."""

from khuyencong.contracts.operations.acceptances import accept, accept_done
from khuyencong.contracts.operations.advances import confirm_advance, pay_advance, refuse_advance, request_advance
from khuyencong.contracts.operations.agreements import (
    assign,
    begin_work,
    record_tender,
    sign_support,
)
from khuyencong.contracts.operations.appendices import amend_assignment, amend_support
from khuyencong.contracts.operations.orders import clear_order
from khuyencong.contracts.operations.progress import confirm_volume, remove_report, report, tell_progress
from khuyencong.contracts.operations.purchases import deliver, record_purchase, remove_purchase
from khuyencong.contracts.operations.recoveries import order_recovery, receive_recovery
from khuyencong.contracts.operations.settlements import liquidate, return_surplus, settle
from khuyencong.contracts.operations.twins import clear_twin
from khuyencong.contracts.operations.vouchers import VoucherRow, add_vouchers, remove_voucher

__all__ = [
    "VoucherRow",
    "accept",
    "accept_done",
    "add_vouchers",
    "amend_assignment",
    "amend_support",
    "assign",
    "begin_work",
    "clear_order",
    "clear_twin",
    "confirm_advance",
    "confirm_volume",
    "deliver",
    "liquidate",
    "order_recovery",
    "pay_advance",
    "receive_recovery",
    "record_purchase",
    "record_tender",
    "refuse_advance",
    "remove_purchase",
    "remove_report",
    "remove_voucher",
    "report",
    "request_advance",
    "return_surplus",
    "settle",
    "sign_support",
    "tell_progress",
]
