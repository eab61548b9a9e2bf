"""How people come in.  Accounts are made by an administrator; nobody signs up."""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from khuyencong.authority.roles import ROLES
from khuyencong.people import queries
from khuyencong.people.models import User
from khuyencong.web.common import typed


class Adapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        """Closed: whoever works here has a mandate, and a mandate comes from a paper."""
        return False


class Login(LoginView):
    """The first page of all; a demonstration shows whom one can be.  Whoever is sent here is told why, and what he had typed
    comes to him again when he has signed in."""

    def form_valid(self, form):
        """Signed in, or on to the second step."""
        facts = typed.opened(self.request.POST.get(typed.FIELD, ""))
        if facts and typed.is_of(facts, form.user):
            typed.keep(self.request, facts)
        elif facts:  # another person sits here now: neither the words nor the page they were meant for
            self.success_url = reverse("home")
        return super().form_valid(form)

    def get_success_url(self):
        return self.success_url or super().get_success_url()

    def get_context_data(self, **kwargs):
        accounts = demo_accounts() if settings.DEMO else []
        sealed = kwargs.get("typed") or self.request.POST.get(typed.FIELD, "")
        facts = typed.opened(sealed)
        more = {"typed": sealed, "files_again": typed.files_again(facts)} if facts else {}
        told = super().get_context_data(**kwargs) | {"demo_accounts": accounts, "demo_password": settings.DEMO_PASSWORD}
        return told | more | {"sent_here": told["redirect_field_value"] not in (None, "", "/")}


def sign_in(request: HttpRequest, to: str, facts: dict[str, Any] | None, *, cookies: bool = False) -> HttpResponse:
    """The page of signing in as the answer to a form that came without a session; ``facts``, what was typed in it, are sealed
    in the page.  ``cookies``: it was this very page, so a browser that refuses cookies is told of."""
    asked = copy(request)
    asked.method, asked.POST = "GET", QueryDict()
    asked.GET = QueryDict(urlencode({"next": typed.where(facts) if facts else to}))
    page = Login()
    page.setup(asked)
    told = page.get_context_data(typed=typed.seal(facts) if facts else "", cookies=cookies)
    return page.render_to_response(told, status=401)


def demo_accounts() -> list[tuple[str, str, str]]:
    """(user name, role, name) of one invented person for each role, in the order of the roles page."""
    first: dict[str, User] = {}
    people = queries.demo_accounts().exclude(password__startswith="!").order_by("pk")
    for user in people.prefetch_related("mandates"):
        for mandate in user.mandates.all():
            first.setdefault(mandate.role, user)
    return [(first[r].username, str(ROLES[r].label), first[r].get_full_name()) for r in ROLES if r in first]
