"""The same machine or invoice under two projects: let pass by the department (or the agency), with a reason."""

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
def clear_twin(project: Project, *, key: str, reason: str, by: User, on: date, paper: Paper | None = None) -> Clearance:
    """Let one machine or invoice that was supported before pass, with a reason; the auditor reads both.

    For who appraises: the department, of national projects also the agency.  Only this evidence passes.  Raises NotPossible
    where there is nothing of the kind (any more).
    """
    project = locked(project)
    allow_exception(by, project)
    found = next((twin for twin in queries.twins_of(project) if twin.key == key and twin.cleared is None), None)
    if found is None:
        raise NotPossible(_("Không còn máy hoặc hoá đơn nào thuộc loại này cần cho qua."))
    clearance = projects.let_pass(
        project, rule=Rule.SAME_SUPPORT, subject=key, sentence=found.sentence, reason=reason, by=by, on=on, paper=paper
    )
    record("contract.clear_twin", project, by=by, on=on, paper=paper, sentence=found.sentence, reason=clearance.reason)
    return clearance


def refuse_twins(project: Project) -> None:
    """No money on account while a machine or an invoice was supported before and nobody has let it pass."""
    standing = next((twin for twin in queries.twins_of(project) if twin.cleared is None), None)
    if standing is not None:
        raise NotPossible(
            _("%(twin)s Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được.") % {"twin": standing.sentence}
        )
