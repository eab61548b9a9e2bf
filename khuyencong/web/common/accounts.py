"""How people come in.  Accounts are made by an administrator; nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.conf import settings

from khuyencong.authority.roles import ROLES
from khuyencong.people import queries
from khuyencong.people.models import User


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Closed: whoever works here has a mandate, and a mandate comes from a paper."""
        return False


class Login(LoginView):
    """The first page of all; a demonstration shows whom one can be."""

    def get_context_data(self, **kwargs):
        accounts = demo_accounts() if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"demo_accounts": accounts, "demo_password": settings.DEMO_PASSWORD}


def demo_accounts() -> list[tuple[str, str, str]]:
    """(user name, role, name) of one invented person for each role, in the order of the roles page."""
    first: dict[str, User] = {}
    people = queries.demo_accounts().exclude(password__startswith="!").order_by("pk")
    for user in people.prefetch_related("mandates"):
        for mandate in user.mandates.all():
            first.setdefault(mandate.role, user)
    return [(first[r].username, str(ROLES[r].label), first[r].get_full_name()) for r in ROLES if r in first]
