"""The plan of a year."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.text import uncapitalised
from khuyencong.norms.enums import Level
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.plans.models.programmes import Programme


class PlanQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        return self.within(user.scope())


class Plan(Identified):
    """The plan of one province, one level, one year: what its decisions, one after another, have made of it."""

    level = models.CharField(_("cấp kinh phí"), max_length=12, choices=Level)
    year = models.PositiveSmallIntegerField(_("năm"))
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name=_("chương trình")
    )
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("kế hoạch khuyến công")
        indexes = [models.Index(fields=["province", "year", "level"], name="plans_plan_scope")]
        constraints = [
            models.UniqueConstraint(
                fields=["province", "level", "year"],
                condition=Q(commune=None),
                name="plans_plan_once_a_year",
                violation_error_message=_("Kế hoạch cấp này của năm đã được mở."),
            ),
            models.UniqueConstraint(
                fields=["commune", "year"],
                condition=Q(commune__isnull=False),
                name="plans_communal_plan_once_a_year",
                violation_error_message=_("Kế hoạch của xã, phường trong năm đã được mở."),
            ),
            models.CheckConstraint(
                condition=Q(level="communal", commune__isnull=False) | (~Q(level="communal") & Q(commune=None)),
                name="plans_plan_place_of_its_level",
                violation_error_message=_("Chỉ kế hoạch cấp xã, và mọi kế hoạch cấp xã, có tên xã, phường."),
            ),
        ]

    def __str__(self):
        level = self.get_level_display()
        names = {"level": uncapitalised(level), "year": self.year, "place": self.place.named_inside}
        return _now("Kế hoạch %(level)s năm %(year)s, %(place)s") % names

    @property
    def place(self) -> Unit:
        """Where its acts are authorised."""
        return self.commune or self.province
