"""What people are told about decisions and changes on the day itself: subject and words of each message."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.councils import letters as councils
from khuyencong.documents.models import Paper
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.people.models import User
from khuyencong.plans.models import ChangeRequest, Decision, OpinionRequest
from khuyencong.plans.queries import people_of
from khuyencong.projects.letters import writers_of


def tell_handed_back(decision: Decision, *, reason: str, by: User) -> None:
    """A draft that was not signed: to those who draft it and those who submit it."""
    send(
        people_of(decision.plan, Permission.PLAN_DRAFT, Permission.PLAN_SUBMIT, but=by),
        subject=lambda: _("Trả lại để hoàn chỉnh: %(what)s") % {"what": _what(decision)},
        body=reason,
        kind=Kind.RETURN,
        about=decision,
        link=_page(decision),
        by=by,
    )


def tell_asked(opinion: OpinionRequest, *, by: User) -> None:
    """The asked body, of the question."""
    councils.tell_asked(opinion, **_to_body(opinion), by=by)


def tell_extended(opinion: OpinionRequest, *, by: User) -> None:
    """The asked body, of more time."""
    councils.tell_extended(opinion, **_to_body(opinion), by=by)


def tell_answered(opinion: OpinionRequest, *, by: User) -> None:
    """Those who may ask about this draft."""
    decision = opinion.decision
    councils.tell_answered(
        opinion,
        to=people_of(decision.plan, Permission.OPINION_ASK, but=by),
        about=decision,
        what=_what(decision),
        link=_page(decision),
        by=by,
    )


def tell_refused_request(request: ChangeRequest, *, by: User) -> None:
    """Who asked for a change, that it will not be, and why."""
    _tell_asking(request, lambda: _("Không chấp thuận đề nghị: %(what)s"), request.answer, kind=Kind.ANSWER, by=by)


def tell_decided_request(request: ChangeRequest, *, paper: Paper, by: User) -> None:
    """Who asked for a change, that it is decided, and by which paper."""
    _tell_asking(request, lambda: _("Đã quyết định theo đề nghị: %(what)s"), str(paper), kind=Kind.DECISION, by=by)


def _tell_asking(request: ChangeRequest, subject: Callable[[], str], body: str, *, kind: Kind, by: User) -> None:
    send(
        writers_of(request.project, by=by),
        subject=lambda: subject() % {"what": f"{request.get_kind_display()}, {request.project}"[:150]},
        body=body,
        kind=kind,
        about=request.project,
        link=f"/ke-hoach/de-nghi/{request.pk}/",
        by=by,
    )


def _to_body(opinion: OpinionRequest) -> dict[str, Any]:
    decision = opinion.decision
    answer_page = f"{_page(decision)}y-kien/{opinion.pk}/"
    return {"about": decision, "what": _what(decision), "place": decision.plan.place, "link": answer_page}


def _what(decision: Decision) -> str:
    return f"{decision.title}, {decision.plan}"[:180]


def _page(decision: Decision) -> str:
    return f"/ke-hoach/quyet-dinh/{decision.pk}/"
