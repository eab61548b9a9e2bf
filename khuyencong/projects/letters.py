"""What people are told about files on the day itself: subject and words of each message."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.councils import letters as councils
from khuyencong.councils.enums import Tier
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.people.models import User
from khuyencong.people.queries import who_may
from khuyencong.projects.enums import MINISTRY_JUDGES, ProjectState
from khuyencong.projects.models import OpinionRequest, Project, StepTaken

JUDGING = {Tier.BASE: Permission.PROJECT_APPRAISE, Tier.MINISTRY: Permission.PROJECT_APPRAISE_MINISTRY}


def tell_returned(project: Project, step: StepTaken, *, by: User) -> None:
    """A request for completion: to those who write the file and those who sign it."""
    _tell_writers(project, step, subject=lambda: _("Yêu cầu bổ sung hồ sơ: %(project)s"), by=by)


def tell_more_time(project: Project, step: StepTaken, *, by: User) -> None:
    """The day of a completion was put off: to the same people."""
    _tell_writers(project, step, subject=lambda: _("Gia hạn bổ sung hồ sơ: %(project)s"), by=by)


def _tell_writers(project: Project, step: StepTaken, *, subject: Callable[[], str], by: User) -> None:
    send(
        writers_of(project, by=by),
        subject=lambda: subject() % {"project": _what(project)},
        body=lambda: (
            _("Nộp lại chậm nhất ngày %(day)s. %(note)s")
            % {"day": f"{step.due_on:%d/%m/%Y}" if step.due_on else "", "note": step.note}
        ),
        kind=Kind.RETURN,
        about=project,
        link=_page(project),
        by=by,
    )


def tell_asked(opinion: OpinionRequest, *, by: User) -> None:
    """The asked body, of the question."""
    councils.tell_asked(opinion, **_to_body(opinion), by=by)


def tell_extended(opinion: OpinionRequest, *, by: User) -> None:
    """The asked body, of more time."""
    councils.tell_extended(opinion, **_to_body(opinion), by=by)


def tell_answered(opinion: OpinionRequest, *, by: User) -> None:
    """Those who judge the file where it lies now, and who asked, where it has left him meanwhile: sent back, or gone on."""
    project = opinion.project
    now = Tier.MINISTRY if project.state in MINISTRY_JUDGES else Tier.BASE
    tiers = {Tier(opinion.tier)} if project.state == ProjectState.DRAFT else {now, Tier(opinion.tier)}
    to = dict.fromkeys(person for tier in sorted(tiers) for person in who_may(JUDGING[tier], place=project.place))
    councils.tell_answered(opinion, to=to, about=project, what=_what(project), link=f"{_page(project)}#y-kien", by=by)


def writers_of(project: Project, *, by: User) -> list[User]:
    """Who writes and signs a file, each once, without whoever acts himself."""
    found = [
        person
        for permission in (Permission.PROJECT_DRAFT, Permission.PROJECT_SUBMIT)
        for person in who_may(permission, place=project.place, body=project.implementer)
    ]
    return [person for person in dict.fromkeys(found) if person.pk != by.pk]


def _what(project: Project) -> str:
    return str(project)[:180]


def _page(project: Project) -> str:
    return f"/de-an/{project.pk}/"


def _to_body(opinion: OpinionRequest) -> dict[str, Any]:
    project = opinion.project
    answer_page = f"{_page(project)}y-kien/{opinion.pk}/"
    return {"about": project, "what": _what(project), "place": project.place, "link": answer_page}
