"""Figures that others have published, kept apart from what is computed from records, and never repaired."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.text import fold
from khuyencong.places.models import Unit
from khuyencong.reporting.enums import Qualifier


class PublishedDocument(models.Model):
    """Where figures were published."""

    code = models.CharField(_("mã"), max_length=80, unique=True)
    title = models.CharField(_("tên tài liệu"), max_length=300)
    publisher = models.CharField(_("nơi công bố"), max_length=200, blank=True)
    published_on = models.DateField(_("ngày công bố"), null=True, blank=True)
    url = models.URLField(_("địa chỉ"), max_length=400, blank=True)
    note = models.CharField(_("ghi chú"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("tài liệu công bố")
        verbose_name_plural = _("tài liệu công bố")

    def __str__(self):
        return self.title


class ReportedFigure(models.Model):
    """One figure as a document states it: with its qualifier, its unit, and the place as it was called then.

    A stated total is a figure whose parts name it (``part_of``); what another source says of the same thing names the first
    one (``same_as``).  ``value`` is empty where the document names a part and
    gives no figure for it.
    """

    key = models.CharField(_("mã số liệu"), max_length=60, unique=True)
    document = models.ForeignKey(
        PublishedDocument, models.PROTECT, related_name="figures", verbose_name=_("tài liệu công bố")
    )
    position = models.CharField(_("đoạn, dòng"), max_length=80)
    province_then = models.CharField(_("tỉnh như đã ghi"), max_length=80, blank=True)
    province = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh hiện nay")
    )
    place = models.CharField(_("địa điểm như đã ghi"), max_length=200, blank=True)
    period = models.CharField(_("thời kỳ như đã ghi"), max_length=60, blank=True)
    year_from = models.PositiveSmallIntegerField(_("từ năm"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("đến năm"), null=True, blank=True)
    subject = models.CharField(_("nội dung"), max_length=250)
    indicator = models.CharField(_("chỉ tiêu"), max_length=120)
    unit = models.CharField(_("đơn vị tính"), max_length=40)
    value = models.DecimalField(_("số liệu"), max_digits=16, decimal_places=3, null=True, blank=True)
    value_to = models.DecimalField(_("đến"), max_digits=16, decimal_places=3, null=True, blank=True)
    qualifier = models.CharField(_("mức độ"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    planned = models.BooleanField(_("là kế hoạch, chỉ tiêu"), default=False)
    rounded_to = models.DecimalField(_("đã làm tròn đến"), max_digits=16, decimal_places=3, null=True, blank=True)
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("là thành phần của")
    )
    same_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cùng số liệu ở nguồn khác")
    )
    list_is_open = models.BooleanField(_("danh sách thành phần để ngỏ"), default=False)
    note = models.CharField(_("ghi chú"), max_length=400, blank=True)
    folded = models.CharField(_("không dấu"), max_length=700, editable=False)

    class Meta:
        verbose_name = _("số liệu đã công bố")
        verbose_name_plural = _("số liệu đã công bố")
        indexes = [models.Index(fields=["province", "year_from"], name="reporting_figure_place")]
        constraints = [
            models.CheckConstraint(
                condition=Q(value_to=None) | Q(value__isnull=False, value_to__gte=F("value")),
                name="reporting_figure_range_runs_up",
                violation_error_message=_("Số cuối của khoảng không được nhỏ hơn số đầu."),
            ),
            models.CheckConstraint(
                condition=Q(year_from=None) | Q(year_to__gte=F("year_from")),
                name="reporting_figure_years_run_forward",
                violation_error_message=_("Năm cuối không được trước năm đầu."),
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | ~Q(part_of=F("id")),
                name="reporting_figure_part_of_another",
                violation_error_message=_("Một số liệu không thể là thành phần của chính nó."),
            ),
            models.CheckConstraint(
                condition=Q(same_as=None) | ~Q(same_as=F("id")),
                name="reporting_figure_of_another_source",
                violation_error_message=_("Một số liệu không thể đối chiếu với chính nó."),
            ),
        ]

    def __str__(self):
        return f"{self.subject}: {self.indicator}"

    def derive(self) -> None:
        self.folded = fold(f"{self.province_then} {self.place} {self.subject} {self.indicator}")[:700]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    @property
    def low(self) -> Decimal:
        """The figure, or the beginning of its range; nothing said counts nothing."""
        return self.value or Decimal(0)

    @property
    def high(self) -> Decimal:
        return self.low if self.value_to is None else self.value_to
