from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskKind(models.TextChoices):
    """What may wait for somebody; the label is the act, as the button says it."""

    ANSWER_CALL = "answer_call", _("Trả lời đăng ký nhu cầu")
    CONFIRM_NEEDS = "confirm_needs", _("Xác nhận")
    PLAN_SURVEY = "plan_survey", _("Xếp lịch khảo sát")
    SURVEY = "survey", _("Khảo sát")
    PROPOSE_NEEDS = "propose_needs", _("Đề xuất")
    ANSWER_NEEDS = "answer_needs", _("Trả lời")
    WRITE_FILE = "write_file", _("Lập đề án")
    FINISH_FILE = "finish_file", _("Hoàn thiện hồ sơ")
    COMPLETE_FILE = "complete_file", _("Bổ sung, hoàn thiện hồ sơ")
    CHASE_COMPLETION = "chase_completion", _("Đôn đốc bổ sung hồ sơ")
    SUBMIT = "submit", _("Ký, gửi thẩm định")
    APPRAISE = "appraise", _("Thẩm định")
    REGISTER = "register", _("Đăng ký với Cục")
    APPRAISE_MINISTRY = "appraise_ministry", _("Thẩm định cấp Bộ")
    PLAN = "plan", _("Xếp vào kế hoạch")
    DECIDE = "decide", _("Quyết định")
    CHASE_OPINION = "chase_opinion", _("Đôn đốc cho ý kiến")
    GIVE_FILE_OPINION = "give_file_opinion", _("Cho ý kiến")
    GIVE_OPINION = "give_opinion", _("Cho ý kiến")
    CONFIRM_CHANGE = "confirm_change", _("Xác nhận")
    APPROVE_BENEFICIARIES = "approve_beneficiaries", _("Duyệt danh sách thụ hưởng")
    ASSIGN = "assign", _("Giao nhiệm vụ, ký hợp đồng thực hiện")
    SIGN_SUPPORT = "sign_support", _("Ký hợp đồng hỗ trợ")
    REPORT = "report", _("Nhập tiến độ")
    TELL_PROGRESS = "tell_progress", _("Gửi số liệu")
    CONFIRM_ADVANCE = "confirm_advance", _("Xác nhận khối lượng")
    PAY_ADVANCE = "pay_advance", _("Chuyển tạm ứng")
    ACCEPT = "accept", _("Nghiệm thu cơ sở")
    SETTLE = "settle", _("Quyết toán")
    RECEIVE_RECOVERY = "receive_recovery", _("Thu hồi kinh phí")
    LIQUIDATE = "liquidate", _("Thanh lý hợp đồng")
    HAND_OVER = "hand_over", _("Bàn giao phân công")
