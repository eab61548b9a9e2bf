"""Whom the law of the day names: who chairs a base acceptance, who pays out, settles and ends a contract."""

from datetime import date

from django.db.models import QuerySet

from khuyencong.authority.permissions import Permission
from khuyencong.contracts.enums import AcceptanceForm
from khuyencong.norms.enums import Act, Level
from khuyencong.norms.queries import Authority, approver
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.projects.models import Project
from khuyencong.projects.queries import authority_over, not_named

_KINDS = {
    "department_director": (BodyKind.DEPARTMENT,),
    "appraiser": (BodyKind.DEPARTMENT,),
    "centre_director": (BodyKind.CENTRE,),
    "commune_officer": (BodyKind.COMMUNE_COMMITTEE,),
    "provincial_approver": (BodyKind.PROVINCE_COMMITTEE,),
    "ministry_agency": (BodyKind.AGENCY, BodyKind.MINISTRY),
}


def chair_of(project: Project, *, form: str, on: date) -> Authority:
    """Whom the law of the day names to chair: by level and province; the ministry's agency where it accepts itself (Mẫu 5c)."""
    if form == AcceptanceForm.C:
        return approver(Act.APPRAISE_MINISTRY, on=on) or Authority(role="ministry_agency")
    return authority_over(project, Act.CHAIR_ACCEPTANCE, on=on)


def chairing_bodies(chair: Authority, project: Project) -> QuerySet[Organisation]:
    """The bodies that this is, for this project; the department where no row says who."""
    bodies = Organisation.objects.filter(kind__in=_KINDS.get(chair.role, (BodyKind.DEPARTMENT,)))
    if chair.role == "commune_officer":
        return bodies.filter(place_id=project.commune_id)
    return bodies if chair.role == "ministry_agency" else bodies.filter(province_id=project.province_id)


def not_the_named(user: User, project: Project, permission: Permission, *, on: date) -> str:
    """Why making, paying out, settling or ending this contract is not this person's, who holds the permission here: on its own
    money the agency does all four with the implementer (TT 36/2013 Đ12.1, Đ12.5, Đ18.2), on a province's the law names who
    settles.  Empty where it is his."""
    if permission != Permission.SETTLE and project.level != Level.NATIONAL:
        return ""
    return not_named(user, project, permission, Act.SETTLE, on=on)
