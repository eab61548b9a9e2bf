from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import LOOKING, Permission
from khuyencong.authority.roles import ACTS_FOR, ROLES
from khuyencong.base import clock
from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.base.text import fold, sort_key
from khuyencong.organisations.models import Area, Organisation
from khuyencong.people.enums import ROLE_CHOICES
from khuyencong.places.models import Scope, Unit

SYSTEM = "system"  # the account that commands act as when nobody is named


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """The accounts that this person manages or may relieve: those kept by the provinces of his mandate."""
        managed, relieved = user.scope(Permission.PEOPLE_MANAGE), user.scope(Permission.HAND_OVER)
        if managed.whole_country or relieved.whole_country:
            return self
        return self.filter(province_id__in=managed.provinces | relieved.provinces)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Django's, with our queryset."""


class User(AbstractUser):
    """A person.  What he may do stands in his mandates alone; a superuser has no by-pass.

    ``province`` says which province's administrator keeps the account (none: the country's); it grants nothing.
    """

    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    province = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh quản lý tài khoản")
    )
    sort_key = models.BinaryField(_("khoá sắp xếp"), max_length=1000, editable=False, default=b"")
    folded = models.CharField(_("không dấu"), max_length=400, editable=False, default="")
    invented = models.BooleanField(_("người minh hoạ"), default=False)
    language = models.CharField(_("ngôn ngữ"), max_length=8, default=settings.LANGUAGE_CODE, choices=settings.LANGUAGES)
    last_seen_at = models.DateTimeField(_("lần xem trước"), null=True, blank=True)

    objects = UserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("người dùng")  # type: ignore[assignment]
        verbose_name_plural = _("người dùng")  # type: ignore[assignment]

    def __str__(self):
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Vietnamese order: family name first."""
        return f"{self.last_name} {self.first_name}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """In the order of a Vietnamese list: by the last word of the name, then by the others."""
        *others, last = (self.get_full_name() or self.username).split()
        self.sort_key = sort_key(" ".join([last, *others]))[:1000]
        self.folded = fold(f"{self.get_full_name()} {self.username} {self.title}")[:400]
        if (written := kwargs.get("update_fields")) is not None and {"first_name", "last_name", "title"} & set(written):
            kwargs["update_fields"] = {*written, "sort_key", "folded"}
        super().save(*args, **kwargs)

    @property
    def mandates_today(self) -> "list[Mandate]":
        """Oldest first, read once per object; authority is asked of today, whatever date stands on the paper."""
        if not hasattr(self, "_mandates_today"):
            self.know_mandates(self.mandates.for_authority(clock.today()))
        return self._mandates_today

    def know_mandates(self, mandates: "Iterable[Mandate]") -> None:
        """Those of today, where the caller has read them already."""
        self._mandates_today = sorted(mandates, key=lambda mandate: mandate.pk)

    def forget_mandates(self) -> None:
        self.__dict__.pop("_mandates_today", None)

    def may(
        self,
        permission: Permission,
        *,
        place: Unit | None = None,
        body: Organisation | None = None,
        local: bool = False,
    ) -> bool:
        """Whether a mandate of today opens this act at this place and for this body; ``local``: on money of province or commune."""
        opens = (m.opens(permission, place=place, body=body, local=local) for m in self.mandates_today)
        return self.is_active and any(opens)

    def may_as(
        self, role: str, permission: Permission, *, place: Unit | None = None, body: Organisation | None = None
    ) -> bool:
        """The same by a mandate of this role, or of one that acts for it."""
        roles = {role, *ACTS_FOR.get(role, ())}
        mandates = [m for m in self.mandates_today if m.role in roles]
        return self.is_active and any(m.opens(permission, place=place, body=body) for m in mandates)

    def holds(self, permission: Permission) -> bool:
        """Whether any mandate of today knows this act at all (for menus)."""
        return self.is_active and any(permission in ROLES[m.role].permissions for m in self.mandates_today)

    @property
    def roles_today(self) -> frozenset[str]:
        """The roles of which the permissions together are all that ``holds`` answers with yes."""
        return frozenset(m.role for m in self.mandates_today) if self.is_active else frozenset()

    @property
    def signs(self) -> bool:
        """Whether papers of his desk bear his own name: forms then begin with it."""
        return any(ROLES[m.role].signs for m in self.mandates_today)

    @property
    def only_looks(self) -> bool:
        """Whether no mandate of today opens any act beyond reading, as an auditor's."""
        return not any(ROLES[m.role].permissions - LOOKING for m in self.mandates_today)

    def scope(self, permission: Permission = Permission.VIEW) -> Scope:
        """The territory in which this person may do (by default: look); empty for a locked account.

        ``bodies`` are those of which he may see what they are party to.
        """
        today = self.mandates_today if self.is_active else []
        mandates = [m for m in today if permission in ROLES[m.role].permissions]
        own = [m for m in today if permission is Permission.VIEW and Permission.VIEW_OWN in ROLES[m.role].permissions]
        provinces: set[int] = set()
        communes: set[int] = set()
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


class MandateQuerySet(DatedQuerySet):
    def for_authority(self, day: date) -> "MandateQuerySet":
        """The mandates of a day with all that authority asks of them, in no order: sorting by the database makes Django
        compare each of their ninety columns, at every request."""
        there = self.on(day).select_related("place", "organisation", "area", "employer")
        return there.prefetch_related("area__communes").order_by()


class Mandate(Dated):
    """A role that a person holds in a period, for exactly one scope: a place of today, an area, a body, or the country."""

    user = models.ForeignKey(User, models.PROTECT, related_name="mandates", verbose_name=_("người"))
    role = models.CharField(_("vai trò"), max_length=30, choices=ROLE_CHOICES)
    place = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("địa bàn"))
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cụm địa bàn")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("của đơn vị")
    )
    whole_country = models.BooleanField(_("cả nước"), default=False)
    employer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("nơi công tác")
    )

    objects = MandateQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="people_mandate_exactly_one_scope",
                condition=Q(place__isnull=False, area=None, organisation=None, whole_country=False)
                | Q(place=None, area__isnull=False, organisation=None, whole_country=False)
                | Q(place=None, area=None, organisation__isnull=False, whole_country=False)
                | Q(place=None, area=None, organisation=None, whole_country=True),
                violation_error_message=_(
                    "Phân công phải có đúng một phạm vi: địa bàn, cụm địa bàn, đơn vị hoặc cả nước."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"

    @property
    def scope_text(self) -> str:
        """The one scope, in words."""
        return str(self.place or self.area or self.organisation or _("cả nước"))

    @property
    def home(self) -> Unit | None:
        """The province or commune by which the right to give and end this mandate is judged; None for the country."""
        if self.place_id:
            return self.place
        body = self.area.organisation if self.area else self.organisation
        return body.place if body else None

    def opens(
        self, permission: Permission, *, place: Unit | None, body: Organisation | None, local: bool = False
    ) -> bool:
        """Whether this mandate, were it of today, opens the act at this place and for this body; on ``local`` money not for the
        ministry, which gives and keeps the nation's (NĐ 45/2012 Đ12, Đ13)."""
        role = ROLES[self.role]
        if permission not in role.permissions or (local and role.of_nation):
            return False
        if self.organisation_id:
            return body is not None and body.pk == self.organisation_id
        if body is not None and permission in role.own_body and body.pk != self.employer_id:
            return False
        return self.whole_country or (place is not None and self.covers(place))

    def covers(self, place: Unit) -> bool:
        """Whether ``place`` lies in the territory: a province covers its communes, never the other way round."""
        if self.area_id:
            # a Centre officer's area is a list of communes; what is kept for the whole province is his Centre's too
            communes = {unit.pk: unit for unit in self.area.communes.all()}
            return place.pk in communes or any(unit.province_id == place.pk for unit in communes.values())
        return self.place_id in (place.pk, place.province_id)


class SavedView(models.Model):
    """A list as one person likes to see it: conditions, order and columns, under a name of his own."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views", verbose_name=_("người"))
    page = models.CharField(_("danh sách"), max_length=60)
    name = models.CharField(_("tên"), max_length=60)
    query = models.CharField(_("điều kiện, thứ tự, cột"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("cách xem")
        verbose_name_plural = _("cách xem")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="people_saved_view_one_name",
                violation_error_message=_("Đã có cách xem tên này."),
            ),
        ]

    def __str__(self):
        return self.name
