"""What people are told about drafts of decisions on the day itself: subject and words of each message."""

from typing import Any

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.councils import letters as councils
from khuyencong.notices.enums import Kind
from khuyencong.notices.operations import send
from khuyencong.people.models import User
from khuyencong.people.queries import who_may
from khuyencong.plans.models import Decision, OpinionRequest
from khuyencong.plans.queries import may_for


def tell_handed_back(decision: Decision, *, reason: str, by: User) -> None:
    """A draft that was not signed: to those who draft it and those who submit it."""
    send(
        _people(decision, Permission.PLAN_DRAFT, Permission.PLAN_SUBMIT, by=by),
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
        to=_people(decision, Permission.OPINION_ASK, by=by),
        about=decision,
        what=_what(decision),
        link=_page(decision),
        by=by,
    )


def _to_body(opinion: OpinionRequest) -> dict[str, Any]:
    decision = opinion.decision
    answer_page = f"{_page(decision)}y-kien/{opinion.pk}/"
    return {"about": decision, "what": _what(decision), "place": decision.plan.place, "link": answer_page}


def _people(decision: Decision, *permissions: Permission, by: User) -> list[User]:
    found = [
        person
        for permission in permissions
        for person in who_may(permission, place=decision.plan.place)
        if may_for(person, permission, decision.plan)
    ]
    return [person for person in dict.fromkeys(found) if person.pk != by.pk]


def _what(decision: Decision) -> str:
    return f"{decision.title}, {decision.plan}"[:180]


def _page(decision: Decision) -> str:
    return f"/ke-hoach/quyet-dinh/{decision.pk}/"
