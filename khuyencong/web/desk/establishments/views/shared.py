"""What every page of one establishment asks: which it is, who sees and who changes what."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid
from khuyencong.base.text import fold
from khuyencong.establishments.models import Cluster, CraftVillage, Establishment
from khuyencong.organisations.rules import open_code, tax_code
from khuyencong.places.models import Unit
from khuyencong.web.common import parts, steps


def establishment_of(request, pk, *more) -> Establishment:
    rows = Establishment.objects.visible_to(request.user).select_related(
        "province", "commune__province", "organisation", *more
    )
    return get_object_or_404(rows, pk=pk)


def place_of(establishment) -> Unit:
    return establishment.commune or establishment.province


def site_of(establishment) -> str:
    """The place of production in one line: as it was written, then the units of today that are not written there already."""
    written, unit = establishment.place_text, establishment.commune
    ends = bool(unit) and fold(written).endswith(fold(unit.full_name))
    units = ", ".join(one.named_inside for one in (None if ends else unit, establishment.province) if one)
    return f"{written}{', ' if ends else '; '}{units}" if written else units[:1].upper() + units[1:]


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


def step_page(request, form, do, *, on=None, **shown):
    """A step on one establishment, village or cluster (``on``), or before there is one."""
    trail = [(_("Cơ sở công nghiệp nông thôn"), reverse("establishments:list"))]
    if on is not None:
        trail.append((on.name, page_of(on)))
        shown = {"to": page_of(on), "sub": on.name, **shown}
    return steps.step_page(request, form, do, trail=trail, **shown)


def on_record(request, establishment, form, do, **shown):
    """A step for whoever may change this establishment; for others it is not there."""
    if establishment.merged_into_id:
        return gone(request, establishment)
    if not edits(request.user, establishment):
        raise Http404
    return step_page(request, form, do, on=establishment, **shown)


def gone(request, establishment):
    """A page opened before the record was merged into another: where it stands now."""
    kept = establishment.merged_into
    messages.error(
        request,
        _("“%(old)s” đã gộp vào “%(kept)s”, không sửa được nữa.") % {"old": establishment.name, "kept": kept.name},
    )
    return HttpResponseRedirect(page_of(establishment))


def page_of(record) -> str:
    kind = {Establishment: "page", CraftVillage: "village", Cluster: "cluster"}[type(record)]
    return reverse(f"establishments:{kind}", args=[record.pk])


def public_tax_code(row):
    return open_code(row.tax_code)


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
