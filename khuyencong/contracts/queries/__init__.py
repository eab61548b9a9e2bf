"""Reading contracts: where a project stands, how much may be advanced and why, what is due, what is out of order."""

from khuyencong.contracts.queries.advances import (
    STAGE_OF_ADVANCE,
    papers_by_stage,
    papers_for,
    papers_for_advance,
    papers_for_remainder,
    room,
)
from khuyencong.contracts.queries.appendices import assignment_differs, support_differs
from khuyencong.contracts.queries.authorities import authority_over
from khuyencong.contracts.queries.consistency import invariants
from khuyencong.contracts.queries.deadlines import liquidation_due, report_due, settlement_due
from khuyencong.contracts.queries.disorders import (
    Disorder,
    duplicate_invoices,
    impossible_orders,
    open_after_liquidation_day,
    orders_of,
    orders_of_contract,
)
from khuyencong.contracts.queries.files import (
    appendices,
    file_of,
    first_contract_day,
    helped,
    last_acceptance,
    latest_updates,
    not_yet_accepted,
    only_of,
    recoveries,
    support_contracts,
    task_in,
    without_contract,
)
from khuyencong.contracts.queries.lists import (
    AFTER_APPROVAL,
    UNDER_WAY,
    board,
    late_reports,
    reports_missing,
    search,
    with_figures,
)
from khuyencong.contracts.queries.settlements import (
    budget_years,
    invoices_taken,
    reckoning,
    same_invoice,
    volume_done,
    vouchers,
)
from khuyencong.contracts.queries.tenders import selection_of, selection_told

__all__ = [
    "AFTER_APPROVAL",
    "STAGE_OF_ADVANCE",
    "UNDER_WAY",
    "Disorder",
    "appendices",
    "assignment_differs",
    "authority_over",
    "board",
    "budget_years",
    "duplicate_invoices",
    "file_of",
    "first_contract_day",
    "helped",
    "impossible_orders",
    "invariants",
    "invoices_taken",
    "last_acceptance",
    "late_reports",
    "latest_updates",
    "liquidation_due",
    "not_yet_accepted",
    "only_of",
    "open_after_liquidation_day",
    "orders_of",
    "orders_of_contract",
    "papers_by_stage",
    "papers_for",
    "papers_for_advance",
    "papers_for_remainder",
    "reckoning",
    "recoveries",
    "report_due",
    "reports_missing",
    "room",
    "same_invoice",
    "search",
    "selection_of",
    "selection_told",
    "settlement_due",
    "support_contracts",
    "support_differs",
    "task_in",
    "volume_done",
    "vouchers",
    "with_figures",
    "without_contract",
]
