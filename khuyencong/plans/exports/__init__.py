"""Mẫu 2 and the annex of a decision as workbooks that offices go on working in, and that ``plans.imports`` reads back.

Every cell of money holds the whole amount in triệu đồng, to the đồng; subtotals and sums are formulas that carry their
values, so that Excel, LibreOffice and whoever only reads see the same numbers.
"""

from khuyencong.plans.exports.tables import annex, decision_table, plan_table

__all__ = ["annex", "decision_table", "plan_table"]
