from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.needs import queries
from khuyencong.web.common.search import Hit

LABEL = _("Nhu cầu")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Needs by name or wish."""
    found = queries.search(user, text=folded).select_related("commune")
    return [
        Hit(need.name, reverse("needs:page", args=[need.pk]), f"{need.what}, {need.commune or need.place_text}")
        for need in found[:limit]
    ]
