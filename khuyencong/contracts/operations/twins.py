"""The same machine or invoice under two projects, one project cut in several: let pass by the department (or the agency), with
a reason."""

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
    """Let one machine or invoice that was supported before, or one project that was cut in several, pass with a reason; the
    auditor reads both.

    For who appraises: the department, of national projects also the agency.  Only this evidence passes.  Raises NotPossible
    where there is nothing of the kind (any more).
    """
    project = locked(project)
    allow_exception(by, project)
    found = next((one for one in queries.paid_twice(project, on=on) if one.key == key and one.cleared is None), None)
    if found is None:
        raise NotPossible(_("Không còn máy, hoá đơn hay đề án nào thuộc loại này cần cho qua."))
    clearance = projects.let_pass(
        project, rule=found.rule, subject=key, sentence=found.sentence, reason=reason, by=by, on=on, paper=paper
    )
    act = "contract.clear_split" if found.rule == Rule.SPLIT else "contract.clear_twin"
    record(act, project, by=by, on=on, paper=paper, sentence=found.sentence, reason=clearance.reason)
    return clearance


def refuse_paid_twice(project: Project, *, on: date) -> None:
    """No money on account while a machine or an invoice was supported before, or the project is one of several that together
    pass the norm, and nobody has let it pass."""
    standing = next((one for one in queries.paid_twice(project, on=on) if one.cleared is None), None)
    if standing is not None:
        raise NotPossible(
            _("%(twin)s Phải có người của Sở cho qua, kèm lý do, rồi mới tạm ứng được.") % {"twin": standing.sentence}
        )
