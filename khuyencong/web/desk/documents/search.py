from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.documents import queries
from khuyencong.web.common.search import Hit
from khuyencong.web.common.tags.values import day

LABEL = _("Văn bản")


def find(user, folded, limit):
    for paper in queries.search(user, text=folded, limit=limit):
        yield Hit(
            title=paper.number or paper.get_kind_display(),
            subtitle=", ".join(filter(None, [paper.get_kind_display(), day(paper.signed_on), paper.abstract])),
            url=reverse("documents:page", args=[paper.pk]),
        )
