"""Who signs in, and what every page needs to know of him, read at once."""

from copy import copy
from datetime import date
from functools import lru_cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connections
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler

from khuyencong.base import clock
from khuyencong.notices.models import Message
from khuyencong.people.models import Mandate, User

_SOMEBODY = -7_140_129  # nobody's key: where it stands among the values of the SQL, his goes who is asked for


@lru_cache(maxsize=2)
def _written(day: date) -> tuple[QuerySet[Mandate], SQLCompiler, str, list]:
    """The question of a day, not yet asked of anybody, with what Django knows once it has written the SQL: writing it takes
    longer than asking it, and it is the same for everybody at every page."""
    of_him = Message.objects.inbox_of(OuterRef("user")).unread().order_by().values("recipient")
    unread = Subquery(of_him.annotate(count=Count("pk")).values("count"))
    question = Mandate.objects.for_authority(day).select_related("user").annotate(unread=unread).filter(user=_SOMEBODY)
    compiler = question.query.get_compiler(question.db)
    sql, values = compiler.as_sql()
    return question, compiler, sql, list(values)


def _mandates_of(user_id: int) -> list[Mandate]:
    question, compiler, sql, values = _written(clock.today())
    asked, own = question.all(), copy(compiler)
    own.connection = connections[question.db]  # each thread's own
    own.as_sql = lambda *_args, **_more: (sql, [user_id if value == _SOMEBODY else value for value in values])
    asked.query.get_compiler = lambda *_args, **_more: own
    return list(asked)


class Backend(AuthenticationBackend):
    """Signing in is allauth's; the person of a request comes with his mandates of today and the count of what he has not
    read (``unread``): one query where three would be asked for every page."""

    def get_user(self, user_id):
        """The person, as Django asks for him at each request; None for one who may not sign in."""
        mandates = _mandates_of(User._meta.pk.to_python(user_id))
        if not mandates:
            user = super().get_user(user_id)
        elif self.user_can_authenticate(user := mandates[0].user):
            user.unread = mandates[0].unread or 0
        else:
            return None
        if user is not None:
            user.know_mandates(mandates)
        return user
