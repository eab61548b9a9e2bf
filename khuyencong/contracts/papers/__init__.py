"""Official papers of a project under contract: the two contracts, progress, acceptance, settlement, lists that are signed."""

from collections.abc import Callable
from typing import Any

from khuyencong.contracts.papers import acceptances, agreements, lists, progress, settlements
from khuyencong.documents.papers import Form

FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (agreements.ASSIGNMENT, agreements.assignment_decision),
    (agreements.IMPLEMENTATION, agreements.implementation_contract),
    (agreements.SUPPORT, agreements.support_contract),
    (agreements.TASK_APPENDIX, agreements.task_appendix),
    (agreements.SUPPORT_APPENDIX, agreements.support_appendix),
    (progress.PROGRESS, progress.report),
    (progress.VOLUME, progress.report),
    (progress.ADVANCE, progress.advance),
    (acceptances.FORM_A, acceptances.at_place),
    (acceptances.FORM_B, acceptances.with_invoice),
    (acceptances.FORM_C, acceptances.by_agency),
    (progress.RESULT, progress.result),
    (lists.REMAINDER, lists.remainder),
    (lists.LEARNERS, lists.learners),
    (lists.RECEIPTS, lists.receipts),
    (lists.WORKERS, lists.workers),
    (lists.DELEGATES, lists.delegates),
    (lists.DELEGATE_RECEIPTS, lists.delegate_receipts),
    (lists.FAIR, lists.fair),
    (settlements.LIQUIDATION, settlements.liquidation),
    (settlements.SETTLEMENT, settlements.settlement),
    (settlements.LIST_A, settlements.list_a),
    (settlements.LIST_B, settlements.list_b),
    (settlements.PAYMENT, settlements.payment),
    (settlements.RECONCILIATION, settlements.reconciliation),
    (lists.WITHOUT_INVOICE, lists.without_invoice),
    (lists.WITH_INVOICE, lists.with_invoice),
)
