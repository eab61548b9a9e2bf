from django.db import models
from django.utils.translation import gettext_lazy as _


class AssignmentForm(models.TextChoices):
    DECISION = "decision", _("Quyết định giao nhiệm vụ")
    CONTRACT = "contract", _("Hợp đồng thực hiện đề án")


class AdvanceKind(models.TextChoices):
    FIRST = "first", _("Tạm ứng lần một")
    FURTHER = "further", _("Tạm ứng lần tiếp theo")
    REMAINDER = "remainder", _("Tạm ứng phần còn lại")


class AdvanceState(models.TextChoices):
    REQUESTED = "requested", _("Đã đề nghị")
    CONFIRMED = "confirmed", _("Sở đã xác nhận khối lượng")
    PAID = "paid", _("Đã chuyển tiền")
    REFUSED = "refused", _("Trả lại")


class AcceptanceForm(models.TextChoices):
    A = "5a", _("Mẫu 5a: từng địa điểm")
    B = "5b", _("Mẫu 5b: đơn vị có hoá đơn tài chính")
    C = "5c", _("Mẫu 5c: Cục nghiệm thu")


class Verdict(models.TextChoices):
    PASSED = "passed", _("Đạt")
    PARTIAL = "partial", _("Đạt một phần")
    FAILED = "failed", _("Không đạt")


class RecoveryGround(models.TextChoices):
    """Why money goes back by decision."""

    STOPPED = "stopped", _("Đề án ngừng thực hiện")
    SURPLUS = "surplus", _("Tạm ứng thừa chưa nộp trả")
    VIOLATION = "violation", _("Sai phạm, chi sai mục đích")
    RECOVERABLE = "recoverable", _("Hỗ trợ có thu hồi đến hạn")


class SeatRole(models.TextChoices):
    CHAIR = "chair", _("Chủ trì")
    CENTRE = "centre", _("Trung tâm, đơn vị thực hiện")
    COMMUNE = "commune", _("Ủy ban nhân dân cấp xã")
    BENEFICIARY = "beneficiary", _("Đơn vị thụ hưởng")
    OTHER = "other", _("Thành phần khác")


class VoucherKind(models.TextChoices):
    INVOICE = "invoice", _("Hoá đơn")
    RECEIPT_LIST = "receipt_list", _("Danh sách ký nhận")
    CASH = "cash", _("Phiếu chi")
    TRANSFER = "transfer", _("Ủy nhiệm chi, giấy rút dự toán")
    OTHER = "other", _("Chứng từ khác")
