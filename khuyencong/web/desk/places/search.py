"""Units of today, found by name; everybody may know them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.places import queries
from khuyencong.web.common.forms import route_exists
from khuyencong.web.common.search import Hit

LABEL = _("Địa bàn")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Provinces and communes whose name holds ``folded``."""
    if not route_exists("places:page"):
        return []
    return [
        Hit(unit.full_name, reverse("places:page", args=[unit.pk]), unit.province.full_name if unit.province else "")
        for unit in queries.search(folded, limit=limit)
    ]
