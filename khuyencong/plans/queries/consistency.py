"""What no constraint keeps; for ``check_data``."""

from collections.abc import Iterator

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from khuyencong.plans.enums import OPEN, DecisionState
from khuyencong.plans.models import Item
from khuyencong.plans.rules import (
    STOPS,
)


def invariants() -> Iterator[str]:
    """What no constraint keeps, as sentences of what is broken; for ``check_data``."""
    twice = Item.objects.filter(decision__state__in=OPEN).order_by().values("project__code").annotate(n=Count("pk"))
    for row in twice.filter(n__gt=1):
        yield _("Đề án %(project)s nằm trong %(count)s quyết định chưa ban hành.") % {
            "project": row["project__code"],
            "count": row["n"],
        }
    issued = Item.objects.filter(decision__state=DecisionState.APPROVED).exclude(action__in=STOPS)
    shared = issued.annotate(shared=Sum("shares__amount", default=0)).exclude(shared=F("national") + F("local"))
    for item in shared.select_related("project", "decision__plan__province", "decision__plan__commune"):
        yield _("%(decision)s, đề án %(project)s: các nguồn dự toán cộng lại khác số được duyệt.") % {
            "decision": item.decision,
            "project": item.project.code,
        }
