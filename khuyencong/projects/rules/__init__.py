"""What the law asks of a project file: pure functions from facts to findings, each with its article."""

from khuyencong.projects.rules.beneficiaries import GroupTerms, beneficiaries_named, counterpart_committed, sector_of
from khuyencong.projects.rules.estimates import (
    estimate_sums,
    other_sources_named,
    parts_written,
    period_of,
    support_fits_level,
)
from khuyencong.projects.rules.findings import Finding, passed, refused, warned
from khuyencong.projects.rules.groups import flagship_terms_kept, group_terms_kept

__all__ = [
    "Finding",
    "GroupTerms",
    "beneficiaries_named",
    "counterpart_committed",
    "estimate_sums",
    "flagship_terms_kept",
    "group_terms_kept",
    "other_sources_named",
    "parts_written",
    "passed",
    "period_of",
    "refused",
    "sector_of",
    "support_fits_level",
    "warned",
]
