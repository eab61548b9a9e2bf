"""What every page of a council begins with."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import NotPossible
from khuyencong.councils import queries
from khuyencong.councils.enums import MemberRole
from khuyencong.councils.models import Council, Session
from khuyencong.projects import queries as projects
from khuyencong.projects.models import Project


def council_of(request, pk) -> Council:
    here = Council.objects.visible_to(request.user).select_related("paper", "province", "commune")
    return get_object_or_404(here, pk=pk)


def session_of(request, pk, session) -> Session:
    council = council_of(request, pk)
    meeting = get_object_or_404(Session.objects.select_related("minutes"), council=council, pk=session)
    meeting.council = council
    return meeting


def project_of(request, pk) -> Project:
    seen = Project.objects.visible_to(request.user).select_related("implementer", "province", "commune")
    return get_object_or_404(seen, pk=pk)


def may_form(user, council) -> bool:
    """Who forms councils there; the registry clerk for who signed the decision."""
    if user.may(Permission.COUNCIL_FORM, place=council.place):
        return True
    return bool(council.paper.signer) and user.may(Permission.PAPER_RECORD, place=council.place)


def may_lead(user, council) -> bool:
    """Whether this person may write down who came and what was voted."""
    return may_form(user, council) or any(member.user_id == user.pk for member in queries.offices(council))


def may_type(user, council) -> bool:
    """Whether this person may type the signed sheets of others."""
    return may_form(user, council) or any(
        member.user_id == user.pk and member.role == MemberRole.SECRETARY for member in queries.offices(council)
    )


def for_who_forms(user, council) -> None:
    """The page of an act is for who forms this council."""
    if not may_form(user, council):
        authorise(user, Permission.COUNCIL_FORM, place=council.place)


def for_who_leads(user, council) -> None:
    """The page of an act is for the chair and the secretary, and for who forms this council."""
    if not may_lead(user, council):
        authorise(user, Permission.COUNCIL_FORM, place=council.place)


def ended(council) -> str:
    if council.dissolved_on is None:
        return ""
    return _("Hội đồng đã kết thúc ngày %(day)s.") % {"day": f"{council.dissolved_on:%d/%m/%Y}"}


def page_of(council) -> str:
    return reverse("councils:page", args=[council.pk])


def session_url(meeting) -> str:
    return reverse("councils:session", args=[meeting.council_id, meeting.pk])


def subject_url(council, project) -> str:
    return reverse("councils:subject", args=[council.pk, project.pk])


def trail_to(council=None, meeting=None):
    trail = [(_("Hội đồng"), reverse("councils:list"))]
    if council is not None:
        trail.append((council.name, page_of(council)))
    if meeting is not None:
        trail.append((_("Phiên họp %(day)s") % {"day": f"{meeting.on:%d/%m/%Y}"}, session_url(meeting)))
    return trail


def waiting(council, project, subject):
    """``subject`` as a council may know it, while the project waits before this council; NotPossible afterwards."""
    if not projects.waits_before(council, project):
        raise NotPossible(
            _("Đề án %(code)s đang ở trạng thái “%(state)s”, không còn chờ hội đồng này thẩm định.")
            % {"code": project.code, "state": project.get_state_display()}
        )
    return subject
