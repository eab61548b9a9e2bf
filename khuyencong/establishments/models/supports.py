"""What the State has given."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField, dong
from khuyencong.base.text import fold
from khuyencong.establishments.models.establishments import Establishment
from khuyencong.establishments.models.naming import code_key


class SupportedItem(Identified):
    """Something the State paid for, once: the ground of the question whether the same was supported before."""

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="supported_items", verbose_name=_("cơ sở")
    )
    item = models.CharField(_("hạng mục"), max_length=300)
    folded = models.CharField(_("hạng mục không dấu"), max_length=320, db_index=True, editable=False)
    serial = models.CharField(_("số máy"), max_length=80, blank=True)
    serial_key = models.CharField(_("số máy để so"), max_length=80, blank=True, db_index=True, editable=False)
    invoice = models.CharField(_("hoá đơn"), max_length=80, blank=True)
    invoice_key = models.CharField(_("hoá đơn để so"), max_length=80, blank=True, db_index=True, editable=False)
    amount = DongField(
        _("số tiền hỗ trợ (đồng)"), null=True, blank=True
    )  # None: that it was given is all that is known
    source = models.CharField(_("nguồn"), max_length=200)
    on = models.DateField(_("ngày"))
    project_uid = models.UUIDField(_("đề án"), null=True, blank=True, db_index=True)
    project_label = models.CharField(_("tên đề án"), max_length=420, blank=True)
    withdrawn_on = models.DateField(_("ngày bỏ ghi nhận"), null=True, blank=True)
    withdrawn_why = models.CharField(_("lý do bỏ ghi nhận"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("hạng mục đã được hỗ trợ")
        verbose_name_plural = _("hạng mục đã được hỗ trợ")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="establishments_supported_amount_not_negative",
                violation_error_message=_("Số tiền hỗ trợ không được âm."),
            )
        ]

    def __str__(self):
        return self.item

    @property
    def amount_told(self) -> str:
        """How much, in words."""
        return (
            str(_("chưa rõ số tiền")) if self.amount is None else _("%(amount)s đồng") % {"amount": dong(self.amount)}
        )

    def derive(self) -> None:
        """Set what it is compared by; ``save`` does it, a bulk insert must ask."""
        self.folded = fold(self.item)[:320]
        self.serial_key, self.invoice_key = code_key(self.serial), code_key(self.invoice)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)
