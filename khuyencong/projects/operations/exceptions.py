"""Exceptions: what a person let pass, with his reason."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.people.models import User
from khuyencong.projects import queries, rules
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Clearance, Project
from khuyencong.projects.operations.shared import locked, refuse_in_conflict


@transaction.atomic
def clear_warning(
    project: Project, *, rule: str, reason: str, by: User, on: date, subject: str = "", paper: Paper | None = None
) -> Clearance:
    """Let one finding of the checks pass, with a reason; whoever may sign for the implementer or appraise may do so, of local
    money not the ministry, and the auditor reads it.

    Raises NotAllowed for a judge with a conflict of interest, NotPossible where the checks (of the day whose rules the project
    keeps) find nothing of the kind or where the law leaves no choice (a verified norm, an incomplete file), Invalid(reason=…)
    without a reason.
    """
    project = locked(project)
    local = project.level != Level.NATIONAL
    if any(by.may(permission, place=project.place, local=local) for permission in queries.JUDGING):
        refuse_in_conflict(project, by=by)
    else:
        authorise(by, Permission.PROJECT_SUBMIT, place=project.place, body=project.implementer)
    told = queries.checks(project, on=rules.judged(project, on=on).day)
    found = next((f for f in told if f.rule == rule and f.subject == subject and f.refuses), None)
    if found is None:
        raise NotPossible(_("Không còn điều nào thuộc loại này cần chấp nhận."))
    if not found.clearable:
        raise NotPossible(
            _("Điều này phải sửa trong hồ sơ, không chấp nhận ngoại lệ được: %(sentence)s") % {"sentence": found.told}
        )
    clearance = let_pass(
        project, rule=rule, subject=subject, sentence=found.told, reason=reason, by=by, on=on, paper=paper
    )
    record(
        "project.clear_warning",
        project,
        by=by,
        on=on,
        paper=paper,
        rule=str(Rule(rule).label),
        sentence=found.told,
        reason=clearance.reason,
    )
    return clearance


@transaction.atomic
def let_pass(
    project: Project,
    *,
    rule: str,
    subject: str,
    sentence: str,
    reason: str,
    by: User,
    on: date,
    paper: Paper | None = None,
) -> Clearance:
    """Write down that a person let a finding pass, with his reason; internal to the acts that found it, asked for authority, and
    tell the journal what it was.

    Raises Invalid without a reason, in the future, or where it was let pass before.
    """
    reason = " ".join(reason.split())
    if len(reason) < 10:
        raise Invalid(reason=_("Hãy ghi rõ lý do chấp nhận ngoại lệ (ít nhất 10 chữ cái)."))
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})
    clearance = Clearance(
        project=project,
        rule=rule,
        subject=subject,
        sentence=sentence[:600],
        reason=reason[:500],
        on=on,
        paper=paper,
        by=by,
    )
    checked(clearance).save()
    return clearance
