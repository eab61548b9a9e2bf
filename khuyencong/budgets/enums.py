from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryKind(models.TextChoices):
    """What a line of the ledger says.  Amounts are signed: an opposite line puts a mistake right."""

    ALLOCATED = "allocated", _("Được giao")
    COMMITTED = "committed", _("Cam kết cho đề án")
    ADVANCED = "advanced", _("Tạm ứng")
    SETTLED = "settled", _("Quyết toán")
    RETURNED = "returned", _("Nộp trả ngân sách")
    CARRIED_OUT = "carried_out", _("Chuyển nguồn sang năm sau")
    CARRIED_IN = "carried_in", _("Nhận chuyển nguồn")
    RECOVERED = "recovered", _("Thu hồi")
    MANAGEMENT = "management", _("Chi phí quản lý")
