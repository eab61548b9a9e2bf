"""Figures as somebody has stated them, kept apart from what is computed from records, and never repaired: what others have
published, and what a department has reported."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.text import fold
from khuyencong.documents.models import Paper
from khuyencong.places.models import LocatedQuerySet, Unit
from khuyencong.reporting.enums import Period, Qualifier, Recipient, period_title


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


class SentReportQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Those of one's provinces; whoever looks after communes only does not see them."""
        scope = user.scope()
        return self if scope.whole_country else self.filter(province_id__in=scope.provinces)

    def last_editions(self):
        """The last edition of each period."""
        later = SentReport.objects.filter(
            province=models.OuterRef("province"),
            year=models.OuterRef("year"),
            period=models.OuterRef("period"),
            edition__gt=models.OuterRef("edition"),
        )
        return self.filter(~models.Exists(later))


class SentReport(Identified):
    """A report of a department as it was closed and sent (TT 36/2013 Đ21.5).  The figures stay as they were said."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    year = models.PositiveSmallIntegerField(_("năm kế hoạch"))
    period = models.PositiveSmallIntegerField(_("kỳ báo cáo"), choices=Period)
    edition = models.PositiveSmallIntegerField(_("lần gửi"), default=1)
    on = models.DateField(_("ngày báo cáo"))
    due_on = models.DateField(_("hạn gửi"), null=True, blank=True)
    due_basis = models.CharField(_("căn cứ của hạn"), max_length=400, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("văn bản báo cáo"))
    figures = models.JSONField(_("số liệu đã báo cáo"))
    digest = models.CharField(_("mã băm của số liệu"), max_length=64)
    reason = models.CharField(_("lý do gửi lại"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    objects = SentReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo đã gửi")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "year", "period", "edition"],
                name="reporting_sent_report_edition_once",
                violation_error_message=_("Báo cáo của kỳ này vừa được gửi. Hãy tải lại trang để xem."),
            ),
            models.CheckConstraint(
                condition=Q(edition=1) | ~Q(reason=""),
                name="reporting_sent_report_again_has_reason",
                violation_error_message=_("Gửi lại báo cáo phải ghi lý do."),
            ),
        ]

    def __str__(self):
        title = period_title(self.year, Period(self.period))
        if self.edition == 1:
            return _("Báo cáo %(period)s, %(province)s") % {"period": title, "province": self.province.named_inside}
        return _("Báo cáo %(period)s, %(province)s, gửi lần %(edition)s") % {
            "period": title,
            "province": self.province.named_inside,
            "edition": self.edition,
        }


class ReportAnswer(models.Model):
    """What one recipient says to one edition: accepted for itself, or returned with a reason.  Without a row it waits."""

    report = models.ForeignKey(SentReport, models.PROTECT, related_name="answers", verbose_name=_("báo cáo"))
    recipient = models.CharField(_("nơi nhận"), max_length=10, choices=Recipient)
    accepted = models.BooleanField(_("đã tiếp nhận"))
    reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)
    on = models.DateField(_("ngày"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("trả lời báo cáo")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "recipient"],
                name="reporting_answer_once",
                violation_error_message=_("Nơi nhận này đã trả lời báo cáo."),
            ),
            models.CheckConstraint(
                condition=Q(accepted=True, reason="") | Q(accepted=False) & ~Q(reason=""),
                name="reporting_answer_returned_with_reason",
                violation_error_message=_("Trả lại báo cáo phải ghi lý do."),
            ),
        ]

    def __str__(self):
        return f"{self.get_recipient_display()}: {self.report}"
