from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.projects import queries
from khuyencong.web.common.search import Hit

LABEL = _("Đề án")


def find(user, folded, limit):
    for project in queries.search(user, text=folded, limit=limit):
        yield Hit(
            title=project.title,
            subtitle=f"{project.code}, {project.get_state_display()}, {project.implementer}",
            url=reverse("projects:page", args=[project.pk]),
        )
