"""Units of today and of before, found by name; everybody may know them."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.places import queries
from khuyencong.places.models import Unit
from khuyencong.web.common.search import Hit

LABEL = _("Địa bàn")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Units whose name holds ``folded``, today's first; one of before says until when it was."""
    return [
        Hit(unit.full_name, reverse("places:page", args=[unit.pk]), _where(unit))
        for unit in queries.search(folded, limit=limit, former=True)
    ]


def _where(unit: Unit) -> str:
    above = [unit.parent, unit.province if unit.province_id != unit.parent_id else None]
    told = [str(one) for one in above if one is not None and one != unit]
    if unit.valid_to is not None:
        told.append(gettext("đến hết %(day)s") % {"day": f"{unit.valid_to - dt.timedelta(1):%d/%m/%Y}"})
    return ", ".join(told)
