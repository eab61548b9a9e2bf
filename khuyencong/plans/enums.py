from django.db import models
from django.utils.translation import gettext_lazy as _


class DecisionKind(models.TextChoices):
    """What one link of a plan's chain does (TT 36/2013 Đ8, Đ11)."""

    APPROVE = "approve", _("Phê duyệt")
    ADJUST = "adjust", _("Điều chỉnh")
    ADD = "add", _("Bổ sung")
    STOP = "stop", _("Ngừng")


class DecisionState(models.TextChoices):
    DRAFT = "draft", _("Dự thảo")
    OPINION = "opinion", _("Đang lấy ý kiến")
    SUBMITTED = "submitted", _("Đã trình")
    APPROVED = "approved", _("Đã ban hành")
    REFUSED = "refused", _("Không phê duyệt")


OPEN = (DecisionState.DRAFT, DecisionState.OPINION, DecisionState.SUBMITTED)
INCLUDING = (DecisionKind.APPROVE, DecisionKind.ADD)  # bring projects into the plan
CHANGING = (DecisionKind.ADJUST, DecisionKind.STOP)  # change projects that stand in it


class TermKind(models.TextChoices):
    """What a person demands of every list under the money: of a group of projects, of one project, or a list by hand."""

    CEILING = "ceiling", _("Nhiều nhất")
    FLOOR = "floor", _("Ít nhất")
    FUND = "fund", _("Phải chọn")
    REFUSE = "refuse", _("Không chọn")
    HAND = "hand", _("Tự chọn")


OF_GROUP = (TermKind.CEILING, TermKind.FLOOR)
OF_PROJECT = (TermKind.FUND, TermKind.REFUSE, TermKind.HAND)


class RequestState(models.TextChoices):
    REQUESTED = "requested", _("Chờ Sở xác nhận")
    CONFIRMED = "confirmed", _("Sở đã xác nhận")
    DECIDED = "decided", _("Đã được quyết định")
    REFUSED = "refused", _("Không chấp thuận")


class Measure(models.TextChoices):
    """Results of a programme that are counted from the records."""

    PROJECTS = "projects", _("Số đề án được phê duyệt")
    NATIONAL = "national", _("Kinh phí khuyến công quốc gia được duyệt")
    LOCAL = "local", _("Kinh phí khuyến công địa phương được duyệt")
    COUNTERPART = "counterpart", _("Vốn đối ứng theo các quyết định")
    BENEFICIARIES = "beneficiaries", _("Số cơ sở được hỗ trợ")
    MACHINERY = "machinery", _("Số đề án ứng dụng máy móc tiên tiến")
    DEMONSTRATION = "demonstration", _("Số mô hình trình diễn")
    VOCATIONAL = "vocational", _("Số đề án đào tạo nghề, truyền nghề")
