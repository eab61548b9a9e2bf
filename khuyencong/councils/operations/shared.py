"""What the acts of a council ask alike."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.councils import queries
from khuyencong.councils.models import Council
from khuyencong.councils.rules import Subject
from khuyencong.people.models import User


def told_ahead(on: date) -> str:
    """That a day has not come, in a sentence; empty where it has."""
    return _("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"} if on > clock.today() else ""


def not_in_future(on: date) -> None:
    if ahead := told_ahead(on):
        raise Invalid(on=ahead)


def not_bound(council: Council, *, subject: Subject, by: User) -> None:
    """Refuse whoever is bound to ``subject``: he gives no sheet on it, nor does he write down what others said of it."""
    if bound := queries.bound(by, council=council, subject=subject):
        raise NotAllowed(bound)


def running(council: Council) -> None:
    if council.dissolved_on is not None:
        raise NotPossible(_("Hội đồng đã kết thúc ngày %(day)s.") % {"day": f"{council.dissolved_on:%d/%m/%Y}"})


def forms(council: Council, *, by: User) -> None:
    """Refuse unless ``by`` may form councils where this one works."""
    authorise(by, Permission.COUNCIL_FORM, place=council.place, paper=council.paper)


def leads(council: Council, *, by: User) -> None:
    """Refuse unless ``by`` is its chair or secretary, or may form it."""
    if not any(member.user_id == by.pk for member in queries.offices(council)):
        forms(council, by=by)
