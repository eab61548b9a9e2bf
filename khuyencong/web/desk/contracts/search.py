from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.contracts import queries
from khuyencong.web.common.search import Hit

LABEL = _("Hợp đồng")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Contracts by the number of their paper; a project is found by its name among the projects."""
    return [
        Hit(
            title=f"{found.kind}: {found.paper}",
            subtitle=found.project,
            url=reverse("contracts:page", args=[found.project_id]),
        )
        for found in queries.search(user, folded=folded, limit=limit)
    ]
