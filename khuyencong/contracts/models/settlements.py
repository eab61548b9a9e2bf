"""Vouchers, settlement, liquidation."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.contracts.enums import (
    VoucherKind,
)
from khuyencong.documents.models import Paper
from khuyencong.files.models import StoredFile
from khuyencong.projects.enums import Source
from khuyencong.projects.models import Beneficiary, Project


class Voucher(Identified):
    """One line of a voucher list (Mẫu 8a: state money; 8b: counterpart too), in đồng."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị thụ hưởng")
    )
    kind = models.CharField(_("loại chứng từ"), max_length=14, choices=VoucherKind)
    source = models.CharField(_("nguồn"), max_length=12, choices=Source)
    symbol = models.CharField(_("ký hiệu"), max_length=20, blank=True)
    number = models.CharField(_("số"), max_length=30, blank=True)
    on = models.DateField(_("ngày chứng từ"))
    seller = models.CharField(_("bên bán, bên nhận"), max_length=250, blank=True)
    seller_tax_code = models.CharField(_("mã số thuế"), max_length=14, blank=True)
    content = models.CharField(_("nội dung"), max_length=400)
    amount = DongField(_("số tiền (đồng)"))
    key = models.CharField(_("khoá hoá đơn"), max_length=80, blank=True, editable=False)  # rules.invoice_key
    treasury_number = models.CharField(_("số chứng từ kho bạc"), max_length=60, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bản chụp")
    )
    removed_at = models.DateTimeField(_("bỏ khỏi bảng kê lúc"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhập"))
    at = models.DateTimeField(_("nhập lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("chứng từ")
        indexes = [
            models.Index(fields=["key", "removed_at", "project"], name="contracts_voucher_invoice"),  # twice, or not
            models.Index(fields=["project", "on"], name="contracts_voucher_project"),
            models.Index(fields=["seller_tax_code"], name="contracts_voucher_seller"),  # of one without a symbol
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="contracts_voucher_positive",
                violation_error_message=_("Số tiền của chứng từ phải lớn hơn 0."),
            ),
            models.UniqueConstraint(
                fields=["key", "source"],
                condition=~Q(key="") & Q(removed_at=None),
                name="contracts_invoice_once",
                violation_error_message=_("Hoá đơn này đã có trong một bảng kê."),
            ),
        ]

    def __str__(self):
        return f"{self.symbol} {self.number}".strip() or self.content


class Settlement(Identified):
    """What the project really cost, by source; the state's part, what is given back (TT 36/2013 Đ18, Đ19)."""

    project = models.OneToOneField(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    with_invoice = models.BooleanField(_("đơn vị xuất hoá đơn tài chính"), default=False)
    on = models.DateField(_("ngày quyết toán"))
    due_on = models.DateField(_("hạn lập hồ sơ"))
    national = DongField(_("KCQG quyết toán (đồng)"))
    local = DongField(_("KCĐP quyết toán (đồng)"))
    counterpart = DongField(_("đối ứng quyết toán (đồng)"))
    other = DongField(_("nguồn khác quyết toán (đồng)"), default=0)
    returned = DongField(_("phải nộp trả (đồng)"), default=0)
    explanation = models.TextField(_("cách tính"), blank=True)
    late_reason = models.CharField(_("lý do quá hạn"), max_length=400, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biểu quyết toán (Mẫu 7)"))

    class Meta:
        verbose_name = _("quyết toán")

    def __str__(self):
        return f"{_('Quyết toán')} {self.project}"


class Liquidation(Identified):
    project = models.OneToOneField(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    on = models.DateField(_("ngày thanh lý"))
    due_on = models.DateField(_("hạn thanh lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biên bản thanh lý (Mẫu 6)"))
    reconciliation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bảng đối chiếu (Mẫu 10)")
    )
    late_reason = models.CharField(_("lý do quá hạn"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("thanh lý")

    def __str__(self):
        return f"{_('Thanh lý')} {self.project}"
