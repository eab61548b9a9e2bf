"""What it makes, and what was recognised of it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.establishments.enums import ProductGroup, RecognitionLevel
from khuyencong.establishments.models.establishments import Establishment
from khuyencong.establishments.models.naming import Named


class Product(Named, Identified):
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="products", verbose_name=_("cơ sở"))
    name = models.CharField(_("sản phẩm"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    group = models.PositiveSmallIntegerField(_("nhóm sản phẩm"), choices=ProductGroup, null=True, blank=True)
    is_set = models.BooleanField(_("bộ sản phẩm"), default=False)
    description = models.TextField(_("mô tả"), blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    class Meta:
        verbose_name = _("sản phẩm")
        verbose_name_plural = _("sản phẩm")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "folded"],
                name="establishments_product_once",
                violation_error_message=_("Cơ sở này đã có sản phẩm cùng tên."),
            )
        ]

    def __str__(self):
        return self.name


class Recognition(models.Model):
    """A product recognised as typical at a level, valid to a day (TT 26/2014 Đ17)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="recognitions", verbose_name=_("sản phẩm"))
    level = models.CharField(_("cấp"), max_length=12, choices=RecognitionLevel)
    year = models.PositiveSmallIntegerField(_("năm"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    valid_to = models.DateField(_("có giá trị đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("công nhận sản phẩm tiêu biểu")
        verbose_name_plural = _("công nhận sản phẩm tiêu biểu")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "level", "year"],
                name="establishments_recognition_once",
                violation_error_message=_("Sản phẩm này đã được công nhận ở cấp và năm đó."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(decided_on=None) | Q(valid_to__gte=F("decided_on")),
                name="establishments_recognition_runs_forward",
                violation_error_message=_("Ngày hết giá trị không được trước ngày quyết định."),
            ),
        ]

    def __str__(self):
        return f"{self.product} {self.year}"
