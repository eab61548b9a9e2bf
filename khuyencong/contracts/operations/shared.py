"""Questions that every act of this package asks."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.documents.enums import PaperKind
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level as NormLevel
from khuyencong.projects.enums import Level
from khuyencong.projects.models import Project


def locked(project: Project) -> Project:
    """The project's row, locked until the act ends: acts on one project wait for each other."""
    return (
        Project.objects.select_for_update(of=("self",))
        .select_related("province", "commune__province", "implementer")
        .get(pk=project.pk)
    )


def allow(by: Any, permission: Permission, project: Project, *, paper: Paper | None = None, body: Any = None) -> None:
    authorise(by, permission, place=project.commune or project.province, body=body or project.implementer, paper=paper)


def not_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


def not_before(on: date, *, earlier: date, what: str) -> None:
    if on < earlier:
        raise Invalid(
            on=_("Ngày %(day)s trước %(what)s (%(earlier)s).")
            % {"day": f"{on:%d/%m/%Y}", "what": what, "earlier": f"{earlier:%d/%m/%Y}"}
        )


def with_paper(paper: Paper | None, kind: str) -> None:
    if paper is None or paper.kind != kind:
        raise NotPossible(_("Bước này phải kèm văn bản loại “%(kind)s”.") % {"kind": PaperKind(kind).label})


def in_state(project: Project, *states: str, act: str) -> None:
    if project.state not in states:
        raise NotPossible(
            _("Không thể “%(act)s”: đề án đang ở trạng thái “%(state)s”.")
            % {"act": act, "state": project.get_state_display()}
        )


def norm_scope(level: str, project: Project) -> dict[str, Any]:
    """Which rows of law bind this money: national rows or the province's."""
    if level == Level.NATIONAL:
        return {"level": NormLevel.NATIONAL, "province": None}
    return {"level": NormLevel.PROVINCIAL, "province": project.province}
