"""What every page of one establishment asks: which it is, who sees and who changes what."""

from django.shortcuts import get_object_or_404
from django.utils.text import capfirst

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid
from khuyencong.establishments.models import (
    Establishment,
)
from khuyencong.organisations.enums import Family
from khuyencong.organisations.rules import family_of, tax_code
from khuyencong.places.models import Unit
from khuyencong.web.common import parts
from khuyencong.web.common.views import act

STEP = "desk/establishments/step.html"


def establishment_of(request, pk, *more) -> Establishment:
    rows = Establishment.objects.visible_to(request.user).select_related(
        "province", "commune__province", "organisation", *more
    )
    return get_object_or_404(rows, pk=pk)


def place_of(establishment) -> Unit:
    return establishment.commune or establishment.province


def sees_personal(user, establishment) -> bool:
    """Telephone, owner and a citizen's number are for those who may see them, and for the establishment's own people."""
    own = establishment.organisation_id in user.scope().bodies
    return own or user.may(Permission.VIEW_PERSONAL, place=place_of(establishment))


def edits(user, establishment) -> str:
    """ "all", "own" or "" : what this person may change here."""
    if establishment.merged_into_id:
        return ""
    if user.may(Permission.ESTABLISHMENT_EDIT, place=place_of(establishment)):
        return "all"
    own = user.may(Permission.ESTABLISHMENT_EDIT_OWN, place=place_of(establishment), body=establishment.organisation)
    return "own" if own else ""


def step_page(request, form, do, *, title, button, to, done, sub="", context=None):
    """A page with one form for one act on a record."""
    values = {
        "title": title,
        "sub": sub,
        "button": button,
        "back": to if isinstance(to, str) else "",
        **(context or {}),
    }
    return act(request, form, do, template=STEP, context=values, to=to, done=done)


def public_tax_code(row):
    return "" if family_of(row.tax_code) is Family.PERSON else row.tax_code


def events_of(establishment):
    return [
        parts.Event(what=capfirst(line.label), on=line.on or line.at, who=line.actor)
        for line in reversed(history_of(establishment, limit=12))
    ]


def whole_tax_code(typed) -> str:
    """A tax code as it is kept; nothing while it is not whole or wrong."""
    try:
        return tax_code(typed)
    except Invalid:
        return ""


def shown(user, candidates):
    """Each with its address where this person may open it; one outside his territory is told without."""
    mine = set(
        Establishment.objects.visible_to(user)
        .filter(pk__in=[c.establishment.pk for c in candidates])
        .values_list("pk", flat=True)
    )
    return [{"candidate": c, "visible": c.establishment.pk in mine} for c in candidates]
