"""What an establishment is year by year, and what stands there."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.money import DongField
from khuyencong.establishments.models.establishments import Establishment
from khuyencong.establishments.models.naming import code_key
from khuyencong.files.models import StoredFile


class YearlyFacts(models.Model):
    """What an establishment was in one year, in whole đồng and heads."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="years", verbose_name=_("cơ sở"))
    year = models.PositiveSmallIntegerField(_("năm"), validators=[MinValueValidator(1990), MaxValueValidator(2100)])
    workers = models.PositiveIntegerField(_("lao động"), null=True, blank=True)
    women = models.PositiveIntegerField(_("lao động nữ"), null=True, blank=True)
    minority = models.PositiveIntegerField(_("lao động dân tộc thiểu số"), null=True, blank=True)
    revenue = DongField(_("doanh thu (đồng)"), null=True, blank=True)
    export = DongField(_("xuất khẩu (đồng)"), null=True, blank=True)
    local_material_percent = models.DecimalField(
        _("nguyên liệu tại chỗ (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    source = models.CharField(_("nguồn số liệu"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("số liệu năm của cơ sở")
        verbose_name_plural = _("số liệu năm của cơ sở")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "year"],
                name="establishments_facts_once_a_year",
                violation_error_message=_("Đã có số liệu của năm này."),
            ),
            models.CheckConstraint(
                condition=Q(women=None) | Q(workers=None) | Q(women__lte=F("workers")),
                name="establishments_women_within_workers",
                violation_error_message=_("Số lao động nữ không thể nhiều hơn tổng số lao động."),
            ),
            models.CheckConstraint(
                condition=Q(minority=None) | Q(workers=None) | Q(minority__lte=F("workers")),
                name="establishments_minority_within_workers",
                violation_error_message=_("Số lao động dân tộc thiểu số không thể nhiều hơn tổng số lao động."),
            ),
            models.CheckConstraint(
                condition=(Q(revenue=None) | Q(revenue__gte=0)) & (Q(export=None) | Q(export__gte=0)),
                name="establishments_money_not_negative",
                violation_error_message=_("Doanh thu và xuất khẩu không được âm."),
            ),
            models.CheckConstraint(
                condition=Q(local_material_percent=None)
                | Q(local_material_percent__gte=0, local_material_percent__lte=100),
                name="establishments_material_within_hundred",
                violation_error_message=_("Tỷ lệ nguyên liệu tại chỗ phải từ 0 đến 100%%."),
            ),
        ]

    def __str__(self):
        return f"{self.establishment} {self.year}"


class Machine(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="machines", verbose_name=_("cơ sở"))
    name = models.CharField(_("máy, thiết bị"), max_length=200)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    serial_key = models.CharField(_("số máy để so"), max_length=80, blank=True, db_index=True, editable=False)
    capacity = models.CharField(_("công suất"), max_length=120, blank=True)
    made_in = models.CharField(_("xuất xứ"), max_length=80, blank=True)
    bought_year = models.PositiveSmallIntegerField(
        _("năm đưa vào dùng"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )

    class Meta:
        verbose_name = _("máy, thiết bị")
        verbose_name_plural = _("máy, thiết bị")

    def __str__(self):
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.serial_key = code_key(self.serial)
        super().save(*args, **kwargs)


class Photo(models.Model):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="photos", verbose_name=_("cơ sở"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("ảnh"))
    caption = models.CharField(_("chú thích"), max_length=200, blank=True)
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)
    actor_id = models.BigIntegerField(_("mã người gửi"), null=True)

    class Meta:
        verbose_name = _("ảnh của cơ sở")
        verbose_name_plural = _("ảnh của cơ sở")

    def __str__(self):
        return self.caption or str(self.file)
