"""What follows in projects when a party of theirs takes another name."""

from django.db import transaction
from django.db.models import Prefetch, Q

from khuyencong.organisations import operations as organisations
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.operations.shared import index

_PIECE = 500


@organisations.follow_names
@transaction.atomic
def index_of_party(body: Organisation) -> int:
    """The projects that this body carries out or that help it are found by its names of today and before; how many those are.

    A part of each act that renamed it (``organisations.follow_names``), which authorises and remembers; nothing else of a project
    is changed.
    """
    helped = Beneficiary.objects.filter(establishment__organisation=body, removed_on=None).values("project")
    listed = Beneficiary.objects.filter(removed_on=None).select_related("establishment").order_by("pk")
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
