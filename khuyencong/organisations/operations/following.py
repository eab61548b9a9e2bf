"""What stands above and tells names of bodies in words of its own follows them inside the act that changed them."""

from collections.abc import Callable
from typing import TypeVar

from khuyencong.organisations.models import Organisation

_F = TypeVar("_F", bound=Callable[[Organisation], object])
_FOLLOWERS: list[Callable[[Organisation], object]] = []


def follow_names(follower: _F) -> _F:
    """From now on ``follower`` is called with every body that has got another name or another former name, within the act
    that gave it and before it remembers; lower floors join first.  A package joins when it is loaded (its ``apps.py``)."""
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)
    return follower


def tell_followers(body: Organisation) -> None:
    """The names of this body, or of what it was merged into, are others now; a part of each act that changes one."""
    for follower in _FOLLOWERS:
        follower(body)
