"""What a decision changes in an approved project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.people.models import User
from khuyencong.projects import rules
from khuyencong.projects.enums import (
    ProjectState,
)
from khuyencong.projects.models import (
    Beneficiary,
    Project,
    StepTaken,
)
from khuyencong.projects.operations.shared import (
    GRANTS,
    day_fits,
    index,
    locked,
    named,
    paper_fits,
    placed,
    refuse_other_total,
    standing,
    within_grant,
)
from khuyencong.projects.operations.steps import follow_grant, grants_fit

# What a decision may change of an approved project (TT 36/2013 Đ11).
_ADJUSTABLE = frozenset(
    {
        "title",
        "content",
        "machine_type",
        "starts_on",
        "ends_on",
        "commune",
        "place_text",
        "place_unit",
        "partners",
        "implementer",
    }
    | {"granted_national", "granted_local", "granted_counterpart", "granted_other"}
)


@dataclass(kw_only=True)
class Helped:
    """A beneficiary of a project that is entered as a whole; money in đồng."""

    establishment: Establishment
    content: str = ""
    total: int = 0
    national: int = 0
    local: int = 0
    counterpart: int = 0


@transaction.atomic
def adjust(
    project: Project,
    *,
    permission: Permission,
    by: User,
    on: date,
    paper: Paper,
    reason: str = "",
    add: Sequence[Helped] = (),
    remove: Sequence[Beneficiary] = (),
    **values: Any,
) -> Project:
    """Change an approved project by decision: any of granted_national, granted_local, granted_counterpart, granted_other
    (đồng), title, content, machine_type, starts_on, ends_on, commune, place_text, place_unit, partners, implementer; and its
    beneficiaries.

    ``plans`` knows which kind of change it is and gives the ``permission`` that decides it (TT 36/2013 Đ11).  ``add`` and
    ``remove`` beneficiaries are approved and ended by the decision itself.  Money of a ledger is moved by ``plans`` and
    ``budgets``, not here.  Raises NotPossible outside the running of the project, for another kind of paper, where one who
    leaves has been accepted, or where one who comes would bring the beneficiaries beyond what is granted.
    """
    project = locked(project)
    authorise(by, permission, place=project.place, body=project.implementer, paper=paper)
    _adjustable(project, values, on=on, paper=paper)
    granted = (project.granted_national or 0, project.granted_local or 0)
    before = _set(project, values)
    if {*GRANTS} & set(before):
        grants_fit(project, {name: getattr(project, name) or 0 for name in GRANTS}, asked=False, on=on)
        if not add and not remove:
            follow_grant(project, before=granted)
    for leaving in remove:
        _let_go(project, leaving, on=on)
    for coming in add:
        _take_in(project, coming, on=on, paper=paper)
    placed(project)
    named(project)
    index(project)
    checked(project)
    project.save()
    if "partners" in values:
        project.partners.set(values["partners"])
    StepTaken.objects.create(
        project=project,
        name="adjust",
        source=project.state,
        target=project.state,
        on=on,
        paper=paper,
        by=by,
        note=" ".join(reason.split())[:500],
    )
    record(
        "project.adjust",
        project,
        by=by,
        on=on,
        paper=paper,
        reason=reason,
        before=before,
        after={name: getattr(project, name) for name in before},
        added=[str(coming.establishment) for coming in add],
        removed=[str(leaving.establishment) for leaving in remove],
    )
    return project


def _adjustable(project: Project, values: Mapping[str, Any], *, on: date, paper: Paper) -> None:
    """The project is approved and not accepted, what changes may be changed, and paper and day are those of a decision."""
    if project.state not in (ProjectState.APPROVED, ProjectState.ASSIGNED, ProjectState.RUNNING) or project.historical:
        raise NotPossible(
            _("Chỉ điều chỉnh được đề án đã phê duyệt và chưa nghiệm thu; đề án này ở trạng thái “%(state)s”.")
            % {"state": project.get_state_display()}
        )
    unknown = set(values) - _ADJUSTABLE
    if unknown:
        raise TypeError(f"not to be adjusted: {sorted(unknown)}")
    paper_fits(
        project,
        paper=paper,
        kinds=(PaperKind.CHANGE_DECISION, PaperKind.PLAN_DECISION, PaperKind.ASSIGNMENT, PaperKind.GROUP_PLAN),
        label=_("Điều chỉnh"),
    )
    day_fits(project, on=on, paper=paper)


def _set(project: Project, values: Mapping[str, Any]) -> dict[str, Any]:
    """Set what differs on the project, partners excepted; returns what stood there before.  An amount of None is not said."""
    before: dict[str, Any] = {}
    for name, value in values.items():
        if name == "partners" or (name in GRANTS and value is None):
            continue
        if getattr(project, name) != value:
            before[name] = getattr(project, name)
            setattr(project, name, value)
    return before


def _let_go(project: Project, leaving: Beneficiary, *, on: date) -> None:
    if leaving.project_id != project.pk or leaving.removed_on is not None:
        raise NotPossible(
            _("%(name)s không phải đơn vị thụ hưởng hiện nay của đề án.") % {"name": leaving.establishment}
        )
    if told := rules.leaving_refused(leaving):
        raise NotPossible(told)
    leaving.removed_on = on
    leaving.save(update_fields=["removed_on"])


def _take_in(project: Project, coming: Helped, *, on: date, paper: Paper) -> None:
    """The decision itself approves who comes, within what is granted."""
    standing(coming.establishment, on=on)
    beneficiary = checked(
        Beneficiary(
            project=project,
            establishment=coming.establishment,
            content=coming.content.strip(),
            total=coming.total or coming.national + coming.local + coming.counterpart,
            national=coming.national,
            local=coming.local,
            counterpart=coming.counterpart,
            approved_on=on,
            paper=paper,
        )
    )
    refuse_other_total(beneficiary, project)
    within_grant(project, beneficiary)
    beneficiary.save()
