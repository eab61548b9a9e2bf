"""Reading projects: lists with their sums, the life of one, what stands in the way of a step."""

from khuyencong.projects.queries.ceilings import norm_answer, norm_findings
from khuyencong.projects.queries.consistency import invariants
from khuyencong.projects.queries.files import (
    SOURCES,
    beneficiaries_ready,
    checklist,
    conflict_of,
    helped,
    lines_of,
    parts_of,
    subject_of,
    sums_by_source,
)
from khuyencong.projects.queries.findings import (
    before_findings,
    checks,
    dossier_findings,
    place_findings,
    stage_of_file,
    with_clearances,
)
from khuyencong.projects.queries.lists import (
    Filter,
    board,
    clearances,
    folded_title,
    known_again,
    of_needs,
    record,
    rows,
    search,
    sums,
)
from khuyencong.projects.queries.orders import Disorder, steps_before_papers, with_who_cleared
from khuyencong.projects.queries.steps import (
    label_of_step,
    last_step,
    next_step,
    paper_kind_of,
    steps_open_to,
    timeline,
)

__all__ = [
    "SOURCES",
    "Disorder",
    "Filter",
    "before_findings",
    "beneficiaries_ready",
    "board",
    "checklist",
    "checks",
    "clearances",
    "conflict_of",
    "dossier_findings",
    "folded_title",
    "helped",
    "invariants",
    "known_again",
    "label_of_step",
    "last_step",
    "lines_of",
    "next_step",
    "norm_answer",
    "norm_findings",
    "of_needs",
    "paper_kind_of",
    "parts_of",
    "place_findings",
    "record",
    "rows",
    "search",
    "stage_of_file",
    "steps_before_papers",
    "steps_open_to",
    "subject_of",
    "sums",
    "sums_by_source",
    "timeline",
    "with_clearances",
    "with_who_cleared",
]
