"""The page of an act is for who may do it, while it can be done: whoever would be refused is told so before he fills in a form.
The act asks again."""

from collections.abc import Callable
from typing import Any

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE
from khuyencong.base.errors import NotPossible
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit


def for_holders(user: User, *permissions: Permission) -> None:
    """Before there is a record: who holds one of these acts somewhere, or may record the paper by which it is done.

    Raises NotAllowed with the names of those who may.
    """
    wanted = {*permissions, *({Permission.PAPER_RECORD} if RECORDABLE & {*permissions} else ())}
    if not any(user.holds(permission) for permission in wanted):
        authorise(user, permissions[0])


def for_those_here(
    user: User,
    *permissions: Permission,
    place: Unit | None,
    body: Organisation | None = None,
    local: bool = False,
    by_paper: bool = True,
) -> None:
    """On a record: who may do one of these acts at this place and for this body, or record the paper by which it is done;
    ``by_paper``: whether it is done by one.  Raises NotAllowed, as the act would."""
    if any(user.may(permission, place=place, body=body, local=local) for permission in permissions):
        return
    if by_paper and RECORDABLE & {*permissions} and user.may(Permission.PAPER_RECORD, place=place):
        return
    authorise(user, permissions[0], place=place, body=body, local=local)


def said_no(check: Callable[..., Any], *args: Any, **facts: Any) -> str:
    """The sentence with which a check of an act says that nobody can do it now; nothing where it lets pass."""
    try:
        check(*args, **facts)
    except NotPossible as refusal:
        return str(refusal)
    return ""
