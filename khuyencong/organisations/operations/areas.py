"""The communes that one officer of a Centre looks after."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.base.models import checked
from khuyencong.organisations.models import Area, Organisation
from khuyencong.places.enums import Level
from khuyencong.places.models import Unit


@transaction.atomic
def set_area(
    organisation: Organisation, *, name: str, communes: Iterable[Unit], by: Any, on: date, area: Area | None = None
) -> Area:
    """Draw the communes that one officer of a Centre looks after, from the day ``on``.

    With ``area`` an area is drawn anew.  Raises Invalid for communes outside the Centre's province or of the past.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=organisation.place)
    units = list(communes)
    if not units:
        raise Invalid(communes=_("Hãy chọn ít nhất một xã, phường."))
    for unit in units:
        if unit.level != Level.COMMUNE or not unit.is_current or unit.province_id != organisation.province_id:
            raise Invalid(
                communes=_("“%(unit)s” không phải xã, phường hiện nay thuộc địa bàn của %(body)s.")
                % {"unit": unit, "body": organisation}
            )
    if area is None:
        area = Area(organisation=organisation, valid_from=on)
    elif area.organisation_id != organisation.pk:
        raise NotPossible(_("Cụm địa bàn này thuộc đơn vị khác."))
    area.name = " ".join(name.split()) or units[0].full_name
    checked(area).save()
    area.communes.set(units)
    record("organisation.set_area", organisation, by=by, on=on, area=area.name, communes=[u.code for u in units])
    return area


@transaction.atomic
def end_area(area: Area, *, by: Any, on: date) -> Area:
    """An area is no longer used from ``on``; mandates for it must have ended (``people.queries.invariants`` names them)."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=area.organisation.place)
    area.valid_to = on
    checked(area).save(update_fields=["valid_to"])
    record("organisation.end_area", area.organisation, by=by, on=on, area=area.name)
    return area
