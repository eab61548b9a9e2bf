from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.norms.models import Instrument
from khuyencong.web.common.search import Hit

LABEL = _("Văn bản, định mức")


def find(user, folded: str, limit: int) -> list[Hit]:
    """Legal texts by number, title or body; the law is open to everybody who is signed in."""
    found = Instrument.objects.filter(folded__contains=folded).order_by("-valid_from")[:limit]
    return [Hit(str(text), reverse("norms:page", args=[text.pk]), text.title) for text in found]
