"""Every read of reports: published figures, the yearly report, the auditor's board."""

from khuyencong.reporting.queries.sent import invariants

__all__ = ["invariants"]
