"""Money that goes back by decision, and what of it has come."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.models import Envelope
from khuyencong.contracts.enums import RecoveryGround
from khuyencong.documents.models import Paper
from khuyencong.projects.models import Project


class Recovery(Identified):
    """Quyết định thu hồi: how much of one source goes back, why, by which day (TT 36/2013 Đ12.6)."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+", verbose_name=_("dự toán"))
    ground = models.CharField(_("căn cứ thu hồi"), max_length=12, choices=RecoveryGround)
    amount = DongField(_("số phải thu hồi (đồng)"))
    reason = models.CharField(_("lý do"), max_length=500)
    decided_on = models.DateField(_("ngày quyết định"))
    due_on = models.DateField(_("hạn nộp"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định thu hồi"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("thu hồi kinh phí")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_recovery_positive",
                violation_error_message=_("Số tiền thu hồi phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("decided_on")),
                name="contracts_recovery_due_after_decided",
                violation_error_message=_("Hạn nộp không được trước ngày quyết định."),
            ),
        ]

    def __str__(self):
        return f"{_('Thu hồi')} {self.paper}"


class RecoveryReceipt(models.Model):
    """One payment towards a recovery, with the treasury's number."""

    recovery = models.ForeignKey(Recovery, models.PROTECT, related_name="receipts", verbose_name=_("thu hồi"))
    amount = DongField(_("số đã nộp (đồng)"))
    on = models.DateField(_("ngày nộp"))
    treasury_number = models.CharField(_("số chứng từ kho bạc"), max_length=60)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("chứng từ nộp"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("tiền thu hồi đã nộp")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_recovery_receipt_positive",
                violation_error_message=_("Số tiền đã nộp phải lớn hơn 0."),
            )
        ]

    def __str__(self):
        return f"{self.recovery}: {self.treasury_number}"
