"""Days in an order that cannot be: let pass by the department (or the agency), with a reason."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.base.errors import NotPossible
from khuyencong.contracts import queries
from khuyencong.contracts.operations.shared import allow_exception, locked
from khuyencong.documents.models import Paper
from khuyencong.people.models import User
from khuyencong.projects import operations as projects
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Clearance, Project


@transaction.atomic
def clear_order(
    project: Project, *, key: str, reason: str, by: User, on: date, paper: Paper | None = None
) -> Clearance:
    """Let one impossible order of days pass, with a reason; the auditor reads both.

    For who appraises: the department, of national projects also the agency.  Raises NotPossible where there is no such order
    (any more).
    """
    project = locked(project)
    allow_exception(by, project)
    orders = queries.impossible_orders(Project.objects.filter(pk=project.pk))
    found = next((order for order in orders if order.key == key), None)
    if found is None:
        raise NotPossible(_("Không còn thứ tự ngày nào thuộc loại này cần cho qua."))
    clearance = projects.let_pass(
        project, rule=Rule.ORDER, subject=key, sentence=found.sentence, reason=reason, by=by, on=on, paper=paper
    )
    record("contract.clear_order", project, by=by, on=on, paper=paper, sentence=found.sentence, reason=clearance.reason)
    return clearance
