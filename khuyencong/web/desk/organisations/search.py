"""Bodies in the search over everything: also by a name that they bore before."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.organisations import queries
from khuyencong.web.common.names import former_told
from khuyencong.web.common.search import Hit

LABEL = _("Cơ quan, tổ chức")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Bodies of the catalogue, those that have ended too, for whoever has it in his menu; establishments are among theirs."""
    if not (user.holds(Permission.VIEW) or user.holds(Permission.CATALOGUE_MANAGE)):
        return []
    found = queries.search(folded, with_ended=True).filter(is_establishment=False)[:limit]
    return [
        Hit(body.name, reverse("organisations:page", args=[body.pk]), former_told(body) or str(body.place or ""))
        for body in found
    ]
