"""What follows in projects when a party of theirs takes another name."""

from django.db import transaction
from django.db.models import Prefetch, Q

from khuyencong.establishments import queries as establishments
from khuyencong.establishments.models import Establishment
from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.operations.shared import index

_PIECE = 500


@organisations.follow_names
@transaction.atomic
def index_of_party(body: Organisation) -> int:
    """The projects that this body carries out or that help it, also under a record merged into it, are found by its names of
    today and before; how many those are.

    A part of each act that renamed or merged it (``organisations.follow_names``), which authorises and remembers; nothing else of a project
    is changed.
    """
    records = establishments.together(Establishment.objects.filter(organisation=body).values_list("pk", flat=True))
    helped = Beneficiary.objects.filter(establishment__in=records, removed_on=None).values("project")
    listed = Beneficiary.objects.filter(removed_on=None).select_related("establishment__merged_into").order_by("pk")
    found = (
        Project.objects.filter(Q(implementer=body) | Q(pk__in=helped))
        .select_related("implementer")
        .prefetch_related(Prefetch("beneficiaries", listed, to_attr="standing"))
        .order_by("pk")
    )
    projects = list(found)
    for project in projects:
        index(project, beneficiaries=project.standing)
    Project.objects.bulk_update(projects, ["words"], batch_size=_PIECE)
    return len(projects)
