"""Who holds what, where, on which day."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import Mandate, User
from khuyencong.people.rules import apart_from, check_apart, relieves
from khuyencong.places.models import Unit


def with_running_mandates(found: QuerySet[User]) -> QuerySet[User]:
    """The same accounts, each with its mandates of today as ``running``: one more query, however many there are."""
    return found.prefetch_related(
        Prefetch("mandates", Mandate.objects.on(clock.today()).order_by("pk"), to_attr="running")
    )


def mandates(viewer: User, *, on: date | None = None) -> QuerySet[Mandate]:
    """The mandates of the accounts that ``viewer`` manages, newest first; with ``on`` those of that day."""
    found = (
        Mandate.objects.filter(user__in=User.objects.visible_to(viewer))
        .select_related("user", "place", "area", "organisation", "employer")
        .order_by("-valid_from", "-pk")
    )
    return found.on(on) if on else found


def mandates_of(user: User) -> list[Mandate]:
    """All mandates of a person, those that run first, then the newest."""
    rows = user.mandates.select_related(
        "place", "area__organisation__place", "organisation__place", "employer"
    ).order_by("-valid_from", "-pk")
    today = clock.today()
    return sorted(rows, key=lambda mandate: not mandate.holds_on(today))


def who_may(
    permission: Permission,
    *,
    place: Unit | None = None,
    body: Organisation | None = None,
    employer: Organisation | None = None,
    on: date | None = None,
) -> list[User]:
    """Everybody whose mandate opens this act at this place and for this body: whom a message or a waiting step concerns; of
    those who work for ``employer`` where it is given.  One query, however many people there are.
    """
    roles = [name for name, role in ROLES.items() if permission in role.permissions]
    scope = Q(whole_country=True)
    if place is not None:
        scope |= Q(place__in=[pk for pk in (place.pk, place.province_id) if pk])
        scope |= Q(area__communes__in=[place.pk]) | Q(area__organisation__province=place)
    if body is not None:
        scope |= Q(organisation=body)
    if employer is not None:
        scope &= Q(employer=employer)
    held = (
        Mandate.objects.on(on or clock.today())
        .filter(scope, role__in=roles, user__is_active=True)
        .select_related("user", "area")
        .prefetch_related("area__communes")
        .order_by("user__sort_key", "pk")
        .distinct()
    )
    return list({m.user_id: m.user for m in held if m.opens(permission, place=place, body=body)}.values())


def keeps(user: User, account: User) -> bool:
    """Whether this person keeps the account: it is of his territory, and so is every mandate it holds or is to hold.  Whoever
    gives an account a new password or address can sign in with all that its mandates open."""
    if not user.may(Permission.PEOPLE_MANAGE, place=account.province):
        return False
    today = clock.today()
    left = (mandate for mandate in mandates_of(account) if mandate.valid_to is None or mandate.valid_to > today)
    return user.pk == account.pk or all(user.may(Permission.PEOPLE_MANAGE, place=mandate.home) for mandate in left)


def may_end(user: User, mandate: Mandate) -> bool:
    """Whether this person may end a mandate and pass it on: who manages people there, or the head of who holds it."""
    if user.may(Permission.PEOPLE_MANAGE, place=mandate.home):
        return True
    return user.is_active and any(relieves(own, mandate) for own in user.mandates_today)


def heirs(viewer: User, mandate: Mandate, *, province: Unit | None) -> QuerySet[User]:
    """Who may be given this mandate: the accounts that its province keeps and those of the country, as this person sees them,
    without those whose other duties stand apart from it.  ``near``: works for the same body, or in the same commune; these
    stand first.  ``running``: what each holds today, two queries for all of them."""
    today = Mandate.objects.on(clock.today())
    found = (
        User.objects.visible_to(viewer).filter(is_active=True).exclude(pk=mandate.user_id).exclude(username="system")
    )
    if province is not None:
        found = found.filter(Q(province=province) | Q(province=None))
    found = found.exclude(pk__in=today.filter(role__in=apart_from(mandate.role)).values("user"))
    bodies = [mandate.employer_id, mandate.organisation_id, mandate.area and mandate.area.organisation_id]
    bodies = [key for key in bodies if key is not None]
    same = Q(employer__in=bodies) | Q(organisation__in=bodies)
    if mandate.place is not None and mandate.place.level != "province":
        same |= Q(place=mandate.place)
    near = Exists(today.filter(same, user=OuterRef("pk")))
    running = Prefetch(
        "mandates",
        today.select_related("place", "area", "organisation", "employer").order_by("pk"),
        to_attr="running",
    )
    found = found.select_related("province").prefetch_related(running)
    return found.annotate(near=near).order_by("-near", "sort_key", "pk")


def holders(role: str, *, place: Unit | None = None, on: date | None = None) -> list[User]:
    """Who holds a role today, at this place or above it; everywhere without ``place``."""
    held = Mandate.objects.on(on or clock.today()).filter(role=role, user__is_active=True).select_related("user")
    if place is not None:
        held = held.filter(
            Q(whole_country=True)
            | Q(place__in=[pk for pk in (place.pk, place.province_id) if pk])
            | Q(area__communes=place)
            | Q(area__organisation__province=place)
            | Q(organisation__place=place)
        )
    return list({m.user_id: m.user for m in held.order_by("user__sort_key", "pk").distinct()}.values())


def demo_accounts() -> QuerySet[User]:
    """Invented people who can sign in: none may exist outside a demonstration."""
    return User.objects.filter(invented=True, is_active=True)


def invariants() -> list[str]:
    """A sentence for each mandate that contradicts its role, its place or another one."""
    today = clock.today()
    sentences = []
    running = Mandate.objects.on(today).filter(user__is_active=True)
    for mandate in running.select_related("user", "place", "organisation", "employer", "area__organisation"):
        for body in (mandate.organisation, mandate.employer, mandate.area.organisation if mandate.area else None):
            if body is not None and not body.exists_on(today):
                sentences.append(_("%(mandate)s: “%(body)s” đã chấm dứt.") % {"mandate": mandate, "body": body})
        if mandate.place is not None and not mandate.place.is_current:
            sentences.append(
                _("%(mandate)s: “%(place)s” đã được sắp xếp lại.") % {"mandate": mandate, "place": mandate.place}
            )
        if mandate.area is not None and not mandate.area.holds_on(today):
            sentences.append(_("%(mandate)s: cụm địa bàn đã kết thúc.") % {"mandate": mandate})
    held: dict[User, set[str]] = {}
    for mandate in running.select_related("user"):
        held.setdefault(mandate.user, set()).add(mandate.role)
    for user, roles in held.items():
        try:
            for role in sorted(roles):
                check_apart(role, held=roles)
        except NotPossible as refusal:
            sentences.append(f"{user}: {refusal}")
    return sentences
