"""Programmes of several years with their targets."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.documents.models import Paper
from khuyencong.norms.enums import Level
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.plans.enums import (
    Measure,
)


class ProgrammeQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Those of one's province, and the national ones, which are published."""
        scope = user.scope()
        if scope.whole_country or not scope:
            return self if scope else self.none()
        return self.filter(Q(province=None) | Q(province_id__in=scope.provinces))


class Programme(Identified):
    """Chương trình khuyến công: five years, with targets (NĐ 45/2012 Đ2; NĐ 235/2025)."""

    level = models.CharField(_("cấp"), max_length=12, choices=Level)
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    title = models.CharField(_("tên chương trình"), max_length=300)
    first_year = models.PositiveSmallIntegerField(_("từ năm"))
    last_year = models.PositiveSmallIntegerField(_("đến năm"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định phê duyệt"))
    national = DongField(_("KCQG dự kiến (đồng)"), null=True, blank=True)
    local = DongField(_("KCĐP dự kiến (đồng)"), null=True, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("chương trình khuyến công")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")),
                name="plans_programme_period_runs_forward",
                violation_error_message=_("Năm cuối không được trước năm đầu."),
            ),
            models.CheckConstraint(
                condition=Q(level="national", province=None) | Q(province__isnull=False),
                name="plans_programme_place_of_its_level",
                violation_error_message=_("Chương trình của địa phương phải có tỉnh."),
            ),
            models.UniqueConstraint(
                fields=["level", "province", "first_year"],
                name="plans_programme_once",
                violation_error_message=_("Chương trình của tỉnh từ năm này đã có."),
            ),
        ]

    def __str__(self):
        return self.title


class Target(models.Model):
    """One aim of a programme.  ``measure`` names what is counted from the records; without it the result is not kept here."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="targets", verbose_name=_("chương trình"))
    indicator = models.CharField(_("chỉ tiêu"), max_length=300)
    measure = models.CharField(_("tính từ hồ sơ"), max_length=20, choices=Measure, blank=True)
    unit = models.CharField(_("đơn vị tính"), max_length=40)
    value = models.DecimalField(_("giá trị"), max_digits=18, decimal_places=2)
    source = models.CharField(_("nguồn"), max_length=200, blank=True)
    verified = models.BooleanField(_("đã kiểm chứng"), default=True)
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("chỉ tiêu của chương trình")
        ordering = ["order", "pk"]

    def __str__(self):
        return self.indicator

    @property
    def plain(self) -> int | Decimal:
        """The value without decimals that say nothing."""
        return int(self.value) if self.value == int(self.value) else self.value.normalize()
