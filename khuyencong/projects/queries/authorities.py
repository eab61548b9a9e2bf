"""Who decides over a project, by the rows of law that bind its money."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.norms import queries as norms
from khuyencong.norms.enums import Level
from khuyencong.norms.queries import Authority
from khuyencong.people.models import User
from khuyencong.projects.models import Project


def authority_over(project: Project, act: str, *, on: date) -> Authority:
    """The body that the law of the day names for this act (``norms.enums.Act``): national rows for national projects, else
    the province's own row or the general default; an empty answer where there is none."""
    province = None if project.level == Level.NATIONAL else project.province
    return norms.approver(act, on=on, level=project.level, province=province) or Authority()


def not_named(user: User, project: Project, permission: Permission, act: str, *, on: date) -> str:
    """Why this person, who holds the permission here, may not take the act all the same: the law of the day names another
    role for it.  Empty where he may, and where he only records what somebody signed."""
    place, body = project.place, project.implementer
    if not user.may(permission, place=place, body=body):
        return ""
    named = authority_over(project, act, on=on)
    if not named.role or user.may_as(named.role, permission, place=place, body=body):
        return ""
    return _("Việc này thuộc thẩm quyền %(body)s (%(article)s).") % {"body": named.body, "article": named.citation}
