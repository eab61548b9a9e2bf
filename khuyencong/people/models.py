from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.base.periods import Dated
from khuyencong.organisations.models import Area, Organisation
from khuyencong.people.enums import ROLE_CHOICES
from khuyencong.places.models import Scope, Unit


class User(AbstractUser):
    """A person.  What he may do stands in his mandates alone; a superuser has no by-pass."""

    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    invented = models.BooleanField(_("người minh hoạ"), default=False)
    last_seen_at = models.DateTimeField(_("lần xem trước"), null=True, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("người dùng")

    def __str__(self):
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip()

    @property
    def mandates_today(self) -> "list[Mandate]":
        """Read once per object; authority is asked of today, whatever date stands on the paper."""
        if not hasattr(self, "_mandates_today"):
            self._mandates_today = list(
                self.mandates.on(clock.today())
                .select_related("place", "organisation", "area", "employer")
                .prefetch_related("area__communes")
                .order_by("pk")
            )
        return self._mandates_today

    def forget_mandates(self) -> None:
        self.__dict__.pop("_mandates_today", None)

    def may(self, permission: Permission, *, place: Unit | None = None, body: Organisation | None = None) -> bool:
        """Whether a mandate of today opens this act at this place and for this body."""
        return self.is_active and any(m.opens(permission, place=place, body=body) for m in self.mandates_today)

    def holds(self, permission: Permission) -> bool:
        """Whether any mandate of today knows this act at all (for menus)."""
        return any(permission in ROLES[m.role].permissions for m in self.mandates_today)

    def scope(self, permission: Permission = Permission.VIEW) -> Scope:
        """The territory in which this person may do (by default: look)."""
        mandates = [m for m in self.mandates_today if permission in ROLES[m.role].permissions]
        own = [m for m in self.mandates_today if Permission.VIEW_OWN in ROLES[m.role].permissions]
        provinces, communes = set(), set()
        for m in mandates:
            if m.place_id:
                (provinces if m.place.level == "province" else communes).add(m.place_id)
            elif m.area_id and permission is Permission.VIEW:
                # officers of one Centre stand in for each other: they look at the province, they act in their area
                provinces.update(unit.province_id for unit in m.area.communes.all())
            elif m.area_id:
                communes.update(unit.pk for unit in m.area.communes.all())
        return Scope(
            whole_country=any(m.whole_country for m in mandates),
            provinces=provinces,
            communes=communes,
            bodies={m.organisation_id for m in (*mandates, *own) if m.organisation_id},
        )


class Mandate(Dated):
    """A role that a person holds in a period, for exactly one scope: a place of today, an area, a body, or the country."""

    user = models.ForeignKey(User, models.PROTECT, related_name="mandates", verbose_name=_("người"))
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES)
    place = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cụm địa bàn"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("của đơn vị")
    )
    whole_country = models.BooleanField(_("cả nước"), default=False)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nơi công tác")
    )

    class Meta(Dated.Meta):
        verbose_name = _("phân công")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="people_mandate_exactly_one_scope",
                condition=Q(place__isnull=False, area=None, organisation=None, whole_country=False)
                | Q(place=None, area__isnull=False, organisation=None, whole_country=False)
                | Q(place=None, area=None, organisation__isnull=False, whole_country=False)
                | Q(place=None, area=None, organisation=None, whole_country=True),
                violation_error_message=_("Phân công phải có đúng một phạm vi: địa bàn, cụm địa bàn, đơn vị hoặc cả nước."),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"

    def opens(self, permission: Permission, *, place: Unit | None, body: Organisation | None) -> bool:
        role = ROLES[self.role]
        if permission not in role.permissions:
            return False
        if self.organisation_id:
            return body is not None and body.pk == self.organisation_id
        if body is not None and permission in role.own_body and body.pk != self.employer_id:
            return False
        return self.whole_country or (place is not None and self.covers(place))

    def covers(self, place: Unit) -> bool:
        if self.area_id:
            # a Centre officer's area is a list of communes; what is kept for the whole province is his Centre's too
            communes = {unit.pk: unit for unit in self.area.communes.all()}
            return place.pk in communes or any(unit.province_id == place.pk for unit in communes.values())
        return self.place_id in (place.pk, place.province_id)
