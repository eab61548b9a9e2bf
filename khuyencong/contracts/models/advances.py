"""Money on account."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.budgets.models import Envelope
from khuyencong.contracts.enums import (
    AdvanceKind,
    AdvanceState,
)
from khuyencong.contracts.models.progress import ProgressReport
from khuyencong.documents.models import Paper
from khuyencong.projects.models import Project


class Advance(Identified):
    """One numbered advance of one project."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    number = models.PositiveSmallIntegerField(_("lần"))
    kind = models.CharField(_("loại"), max_length=10, choices=AdvanceKind)
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+", verbose_name=_("dự toán"))
    amount = DongField(_("số tiền (đồng)"))
    state = models.CharField(_("trạng thái"), max_length=10, choices=AdvanceState, default=AdvanceState.REQUESTED)
    requested_on = models.DateField(_("ngày đề nghị"))
    request = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("đề nghị tạm ứng"))
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("báo cáo khối lượng")
    )
    confirmed_on = models.DateField(_("ngày xác nhận"), null=True, blank=True)
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản xác nhận khối lượng")
    )
    paid_on = models.DateField(_("ngày chuyển tiền"), null=True, blank=True)
    treasury_number = models.CharField(_("số chứng từ kho bạc"), max_length=60, blank=True)
    payment = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ủy nhiệm chi")
    )
    refusal = models.CharField(_("lý do trả lại"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("tạm ứng")
        indexes = [models.Index(fields=["state"], name="contracts_advance_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_advance_positive",
                violation_error_message=_("Số tiền tạm ứng phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=False) | ~Q(state__in=(AdvanceState.CONFIRMED, AdvanceState.PAID)),
                name="contracts_advance_confirmed_on_a_day",
                violation_error_message=_("Tạm ứng đã xác nhận phải có ngày xác nhận."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(confirmed_on__gte=F("requested_on")),
                name="contracts_advance_confirmed_after_request",
                violation_error_message=_("Ngày xác nhận không được trước ngày đề nghị tạm ứng."),
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(paid_on__gte=F("confirmed_on")),
                name="contracts_advance_paid_after_confirmed",
                violation_error_message=_("Ngày chuyển tiền không được trước ngày Sở xác nhận khối lượng."),
            ),
            models.UniqueConstraint(
                fields=["project", "envelope", "number"],
                name="contracts_advance_numbered",
                violation_error_message=_("Lần tạm ứng này đã có."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.number})"
