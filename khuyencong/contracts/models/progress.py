"""What is done, month by month."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.projects.models import Beneficiary, Project


class BeneficiaryUpdate(Identified):
    """What a beneficiary itself says of one month: value done so far, photos, invoices."""

    beneficiary = models.ForeignKey(Beneficiary, models.PROTECT, related_name="+", verbose_name=_("đơn vị thụ hưởng"))
    year = models.PositiveSmallIntegerField(_("năm"))
    month = models.PositiveSmallIntegerField(_("tháng"))
    done = DongField(_("giá trị đã làm, luỹ kế (đồng)"))
    note = models.CharField(_("tình hình"), max_length=500, blank=True)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name=_("ảnh, hoá đơn"))
    at = models.DateTimeField(_("gửi lúc"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người gửi"))

    class Meta:
        verbose_name = _("số liệu tháng của đơn vị thụ hưởng")

    def __str__(self):
        return f"{self.beneficiary} {self.month}/{self.year}"


class ProgressReport(Identified):
    """The implementer's monthly report (Mẫu 3a, 3b; TT 36/2013 Đ23), before the 25th."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    year = models.PositiveSmallIntegerField(_("năm"))
    month = models.PositiveSmallIntegerField(_("tháng"))
    sent_on = models.DateField(_("ngày gửi"))
    done = DongField(_("giá trị khối lượng đã thực hiện, luỹ kế (đồng)"))
    state_spent = DongField(_("kinh phí nhà nước đã chi, luỹ kế (đồng)"), default=0)
    counterpart_spent = DongField(_("đối ứng đã chi, luỹ kế (đồng)"), default=0)
    note = models.TextField(_("tình hình, khó khăn"), blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("báo cáo"))
    confirmed_on = models.DateField(_("Sở xác nhận ngày"), null=True, blank=True)
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản xác nhận khối lượng")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lập"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("báo cáo tiến độ tháng")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "year", "month"],
                name="contracts_report_once_a_month",
                violation_error_message=_("Đề án đã có báo cáo tháng này."),
            )
        ]

    def __str__(self):
        return f"{self.project} {self.month}/{self.year}"
