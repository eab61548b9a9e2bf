"""Who signs in, and what every page needs to know of him, read at once."""

from datetime import date
from functools import lru_cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Count, OuterRef, QuerySet, Subquery

from khuyencong.base import clock
from khuyencong.notices.models import Message
from khuyencong.people.models import Mandate


@lru_cache(maxsize=2)
def _known(day: date) -> QuerySet[Mandate]:
    """The question of a day, not yet asked of anybody: putting it together takes as long as asking it, and it is the same for
    everybody at every page."""
    of_him = Message.objects.inbox_of(OuterRef("user")).unread().order_by().values("recipient")
    unread = Subquery(of_him.annotate(count=Count("pk")).values("count"))
    return Mandate.objects.for_authority(day).select_related("user").annotate(unread=unread)


class Backend(AuthenticationBackend):
    """Signing in is allauth's; the person of a request comes with his mandates of today and the count of what he has not
    read (``unread``): one query where three would be asked for every page."""

    def get_user(self, user_id):
        """The person, as Django asks for him at each request; None for one who may not sign in."""
        mandates = list(_known(clock.today()).filter(user=user_id))
        if not mandates:
            user = super().get_user(user_id)
        elif self.user_can_authenticate(user := mandates[0].user):
            user.unread = mandates[0].unread or 0
        else:
            return None
        if user is not None:
            user.know_mandates(mandates)
        return user
