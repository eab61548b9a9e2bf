"""Which bodies may sit at an acceptance."""

from django.db.models import Q

from khuyencong.base import clock
from khuyencong.contracts import queries
from khuyencong.contracts.enums import AcceptanceForm, SeatRole
from khuyencong.norms.enums import Level
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Beneficiary, Project


def bodies(project: Project, beneficiary: Beneficiary | None) -> dict:
    """Who may sit in which role: in the chair whom the law of today names, for national money also the agency (Mẫu 5c)."""
    here = Organisation.objects.filter(province_id=project.province_id, ended_on=None)
    commune = beneficiary.establishment.commune_id if beneficiary else project.commune_id
    committees = here.filter(kind=BodyKind.COMMUNE_COMMITTEE).order_by("name")
    own = Organisation.objects.filter(pk=beneficiary.establishment.organisation_id if beneficiary else None)
    named = queries.chair_of(project, form=AcceptanceForm.A, on=clock.today())
    chairs = queries.chairing_bodies(named, project).filter(ended_on=None).order_by("name")
    agency = Organisation.objects.filter(kind=BodyKind.AGENCY, ended_on=None)
    offices = (BodyKind.FINANCE_DEPARTMENT, BodyKind.OTHER_DEPARTMENT, BodyKind.CENTRE)
    local = committees.filter(place_id=commune) if committees.filter(place_id=commune) else committees
    others = Q(kind__in=(*offices, BodyKind.DEPARTMENT, BodyKind.INSTITUTE)) | Q(pk__in=local.values("pk"))
    return {
        SeatRole.CHAIR: chairs | agency if project.level == Level.NATIONAL else chairs,
        SeatRole.CENTRE: Organisation.objects.filter(pk=project.implementer_id) | here.filter(kind=BodyKind.CENTRE),
        SeatRole.COMMUNE: local,
        SeatRole.BENEFICIARY: own,
        "any": here.filter(others).order_by("kind", "name") | own,
    }
