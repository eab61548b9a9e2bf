"""Who may, where, and whether the record still stands: asked by every act."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.establishments import queries
from khuyencong.establishments.models import Establishment
from khuyencong.people.models import User
from khuyencong.places.enums import Level
from khuyencong.places.models import Unit


def editor(by: User, establishment: Establishment) -> bool:
    """Authorise; True when ``by`` acts only for his own establishment."""
    place = establishment.place
    if by.may(Permission.ESTABLISHMENT_EDIT, place=place):
        return False
    if by.may(Permission.ESTABLISHMENT_EDIT_OWN, place=place, body=establishment.organisation):
        return True
    authorise(by, Permission.ESTABLISHMENT_EDIT, place=place)
    return False


def of_today(unit: Unit, field: str) -> Unit:
    if not unit.is_current or unit.level != Level.COMMUNE:
        raise Invalid(
            **{field: _("“%(unit)s” không phải xã, phường hiện nay. Hãy chọn lại.") % {"unit": unit.full_name}}
        )
    return unit


def refuse_merged(establishment: Establishment) -> None:
    if establishment.merged_into_id is not None:
        raise NotPossible(
            _("Bản ghi này đã gộp vào “%(name)s”. Hãy làm việc trên bản ghi đó.")
            % {"name": queries.standing(establishment).name}
        )


def authorise_any(by: User, permissions: Iterable[Permission], place: Unit) -> None:
    wanted = tuple(permissions)
    if not any(by.may(permission, place=place) for permission in wanted):
        authorise(by, wanted[0], place=place)
