"""What the acts of a council ask alike."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.councils import queries
from khuyencong.councils.models import Council
from khuyencong.people.models import User


def not_in_future(on: date) -> None:
    if on > clock.today():
        raise Invalid(on=_("Ngày %(day)s chưa tới.") % {"day": f"{on:%d/%m/%Y}"})


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
