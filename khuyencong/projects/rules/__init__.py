"""What the law asks of a project file: pure functions from facts to findings, each with its article."""

from khuyencong.projects.rules.beneficiaries import (
    GroupTerms,
    beneficiaries_named,
    counterpart_sums,
    leaving_refused,
    shares_over,
    shares_under,
    total_differs,
)
from khuyencong.projects.rules.conditions import counterpart_covered, counterpart_short, is_asked, judge, reaches
from khuyencong.projects.rules.estimates import (
    estimate_sums,
    other_sources_named,
    parts_written,
    period_of,
    support_fits_level,
)
from khuyencong.projects.rules.findings import Finding, covers, mark_of, passed, refused, warned
from khuyencong.projects.rules.groups import flagship_terms_kept, group_terms_kept
from khuyencong.projects.rules.judgements import Facts, Helped, Judgement, Missing, Outcome, citation
from khuyencong.projects.rules.transition import UNJUDGED, Judged, is_unjudged, judged, law_day

__all__ = [
    "UNJUDGED",
    "Facts",
    "Finding",
    "GroupTerms",
    "Helped",
    "Judged",
    "Judgement",
    "Missing",
    "Outcome",
    "beneficiaries_named",
    "citation",
    "counterpart_covered",
    "counterpart_short",
    "counterpart_sums",
    "covers",
    "estimate_sums",
    "flagship_terms_kept",
    "group_terms_kept",
    "is_asked",
    "is_unjudged",
    "judge",
    "judged",
    "law_day",
    "leaving_refused",
    "mark_of",
    "other_sources_named",
    "parts_written",
    "passed",
    "period_of",
    "reaches",
    "refused",
    "shares_over",
    "shares_under",
    "support_fits_level",
    "total_differs",
    "warned",
]
