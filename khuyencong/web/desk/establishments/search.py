"""Establishments in the search over everything."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.establishments import queries
from khuyencong.web.common.names import former_told
from khuyencong.web.common.search import Hit

LABEL = _("Cơ sở công nghiệp nông thôn")


def find(user, folded, limit):
    """At most ``limit`` establishments; what was recorded last stands first."""
    rows = queries.search(user, text=folded).select_related("commune", "province").order_by("-pk")[:limit]
    return [
        Hit(
            row.name,
            reverse("establishments:page", args=[row.pk]),
            "; ".join(filter(None, (str(row.commune or row.province), former_told(row)))),
        )
        for row in rows
    ]
