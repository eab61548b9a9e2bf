"""Mandates that end soon."""

from collections.abc import Iterator

from django.db.models import Q

from khuyencong.authority.permissions import Permission as P
from khuyencong.base import clock
from khuyencong.people.models import Mandate, User
from khuyencong.work.enums import TaskKind
from khuyencong.work.queries.shared import SOON, Task


def mandates(user: User) -> Iterator[Task]:
    if not user.holds(P.HAND_OVER):
        return
    scope = user.scope(P.HAND_OVER)
    today = clock.today()
    ending = (
        Mandate.objects.filter(valid_to__gt=today, valid_to__lte=today + SOON)
        .filter(
            Q() if scope.whole_country else Q(place_id__in=scope.provinces) | Q(place__province_id__in=scope.provinces)
        )
        .select_related("user", "place")
        .order_by("valid_to", "pk")
    )
    for mandate in ending[:10]:
        yield Task(TaskKind.HAND_OVER, str(mandate), due=mandate.valid_to, subject=mandate.pk)
