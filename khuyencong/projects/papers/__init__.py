"""Official papers of a project before its approval, and of those whom it helps."""

from collections.abc import Callable
from typing import Any

from khuyencong.documents.papers import Form
from khuyencong.projects.papers import appraisals, clusters, files, groups, requests, returns

FORMS: tuple[tuple[Form, Callable[..., dict[str, Any]]], ...] = (
    (requests.REQUEST, requests.request),
    (requests.BENEFICIARY_LETTER, requests.beneficiary_letter),
    (requests.COMMITMENT, requests.beneficiary_letter),
    (files.FILE, files.file),
    (files.ESTIMATE_FORM, files.estimate),
    (returns.RETURN, returns.completion),
    (appraisals.SHEET_A, appraisals.appraisal),
    (appraisals.SHEET_B, appraisals.appraisal),
    (groups.GROUP_PLAN, groups.group_plan),
    (groups.GROUP_DECISION, groups.group_decision),
    (groups.TRAINING, groups.training),
    (clusters.INFRASTRUCTURE, clusters.infrastructure),
)
