"""Who chairs a base acceptance."""

from datetime import date

from django.db.models import QuerySet

from khuyencong.contracts.enums import AcceptanceForm
from khuyencong.norms.enums import Act
from khuyencong.norms.queries import Authority, approver
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Project
from khuyencong.projects.queries import authority_over

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
