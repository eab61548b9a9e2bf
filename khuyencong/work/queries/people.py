"""Mandates that end soon."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.people.models import Mandate, User
from khuyencong.people.queries import may_end
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, Task


def mandates(user: User) -> Iterator[Task]:
    """Those that this person may pass on, the next to end first."""
    if not (user.holds(P.PEOPLE_MANAGE) or user.holds(P.HAND_OVER)):
        return
    managed, led = user.scope(P.PEOPLE_MANAGE), user.scope(P.HAND_OVER)
    here = managed.provinces | led.provinces
    today = clock.today()
    ending = (
        Mandate.objects.filter(valid_to__gt=today, valid_to__lte=today + SOON, user__is_active=True)
        .filter(
            Q()
            if managed.whole_country
            else Q(place_id__in=here)
            | Q(place__province_id__in=here)
            | Q(area__organisation__province_id__in=here)
            | Q(organisation__province_id__in=here)
        )
        .select_related("user", "place__province", "area__organisation__place", "organisation__place", "employer")
        .order_by("valid_to", "pk")
    )
    for mandate in islice((mandate for mandate in ending if may_end(user, mandate)), 10):
        yield Task(
            TaskKind.HAND_OVER, _("của %(mandate)s") % {"mandate": mandate}, due=mandate.valid_to, subject=mandate.pk
        )
