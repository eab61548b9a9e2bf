from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What a paper is, in the words of the law.  A workflow step names the kind it demands."""

    CALL_LETTER = "call_letter", _("Công văn hướng dẫn đăng ký")
    NEED_LETTER = "need_letter", _("Văn bản xác nhận nhu cầu của xã")
    SURVEY_RECORD = "survey_record", _("Biên bản khảo sát")
    ANSWER_LETTER = "answer_letter", _("Văn bản trả lời")
    REQUEST_LETTER = "request_letter", _("Công văn đề nghị")
    DOSSIER = "dossier", _("Đề án khuyến công")
    BENEFICIARY_LETTER = "beneficiary_letter", _("Văn bản đề nghị hỗ trợ của đơn vị thụ hưởng")
    COMMITMENT = "commitment", _("Cam kết (đối ứng, chưa hưởng hỗ trợ khác)")
    LICENCE = "licence", _("Giấy chứng nhận đăng ký kinh doanh")
    COUNCIL_DECISION = "council_decision", _("Quyết định thành lập hội đồng, đoàn")
    MINUTES = "minutes", _("Biên bản họp")
    APPRAISAL = "appraisal", _("Phiếu thẩm định (Mẫu 4a, 4b)")
    RETURN_LETTER = "return_letter", _("Văn bản yêu cầu bổ sung, trả lại")
    REGISTRATION = "registration", _("Báo cáo đăng ký kế hoạch gửi Cục")
    MINISTRY_APPRAISAL = "ministry_appraisal", _("Kết quả thẩm định cấp Bộ")
    OPINION = "opinion", _("Văn bản cho ý kiến")
    SUBMISSION = "submission", _("Tờ trình")
    PLAN_DECISION = "plan_decision", _("Quyết định phê duyệt kế hoạch")
    CHANGE_DECISION = "change_decision", _("Quyết định điều chỉnh, bổ sung, ngừng")
    PROGRAMME_DECISION = "programme_decision", _("Quyết định phê duyệt chương trình")
    BUDGET_DECISION = "budget_decision", _("Quyết định giao dự toán")
    CARRY_OVER = "carry_over", _("Văn bản chuyển nguồn")
    GROUP_PLAN = "group_plan", _("Phê duyệt kế hoạch đề án nhóm (Mẫu 11)")
    TENDER_RESULT = "tender_result", _("Quyết định phê duyệt kết quả lựa chọn nhà thầu")
    ASSIGNMENT = "assignment", _("Quyết định giao nhiệm vụ, hợp đồng thực hiện đề án")
    SUPPORT_CONTRACT = "support_contract", _("Hợp đồng hỗ trợ")
    CONTRACT_APPENDIX = "contract_appendix", _("Phụ lục hợp đồng")
    PURCHASE_CONTRACT = "purchase_contract", _("Hợp đồng mua sắm")
    INVOICE = "invoice", _("Hoá đơn")
    PROGRESS_REPORT = "progress_report", _("Báo cáo tiến độ (Mẫu 3a, 3b)")
    VOLUME_CONFIRMATION = "volume_confirmation", _("Xác nhận khối lượng của Sở")
    ADVANCE_REQUEST = "advance_request", _("Đề nghị tạm ứng")
    PAYMENT_ORDER = "payment_order", _("Ủy nhiệm chi, giấy rút dự toán")
    HANDOVER_RECORD = "handover_record", _("Biên bản bàn giao, nghiệm thu mua sắm")
    ACCEPTANCE = "acceptance", _("Biên bản nghiệm thu cơ sở (Mẫu 5a, 5b, 5c)")
    EXPLANATION = "explanation", _("Văn bản giải trình")
    VOUCHER_LIST = "voucher_list", _("Bảng kê chứng từ (Mẫu 8a, 8b)")
    SETTLEMENT = "settlement", _("Biểu quyết toán (Mẫu 7)")
    PAYMENT_REQUEST = "payment_request", _("Đề nghị thanh toán (Mẫu 9)")
    LIQUIDATION = "liquidation", _("Biên bản thanh lý hợp đồng (Mẫu 6)")
    RECONCILIATION = "reconciliation", _("Bảng đối chiếu kinh phí (Mẫu 10)")
    RETURN_MONEY = "return_money", _("Chứng từ nộp trả ngân sách")
    RECOVERY_DECISION = "recovery_decision", _("Quyết định thu hồi kinh phí")
    PERIOD_REPORT = "period_report", _("Báo cáo định kỳ của Sở")
    MANDATE = "mandate", _("Quyết định phân công, biên bản bàn giao công việc")
    OTHER = "other", _("Văn bản khác")


# Numbered by private parties or not at all: two of them may well bear the same number on the same day.
OWN_NUMBERS = frozenset(
    {
        PaperKind.BENEFICIARY_LETTER,
        PaperKind.COMMITMENT,
        PaperKind.LICENCE,
        PaperKind.SURVEY_RECORD,
        PaperKind.MINUTES,
        PaperKind.APPRAISAL,
        PaperKind.DOSSIER,
        PaperKind.SUPPORT_CONTRACT,
        PaperKind.CONTRACT_APPENDIX,
        PaperKind.PURCHASE_CONTRACT,
        PaperKind.INVOICE,
        PaperKind.PROGRESS_REPORT,
        PaperKind.HANDOVER_RECORD,
        PaperKind.ACCEPTANCE,
        PaperKind.VOUCHER_LIST,
        PaperKind.SETTLEMENT,
        PaperKind.PAYMENT_REQUEST,
        PaperKind.LIQUIDATION,
        PaperKind.RECONCILIATION,
        PaperKind.RETURN_MONEY,
        PaperKind.OTHER,
    }
)

# Decisions of public bodies: each has its number once a year (NĐ 30/2020/NĐ-CP Điều 15).
NUMBERED_BY_YEAR = frozenset(
    {
        PaperKind.COUNCIL_DECISION,
        PaperKind.PLAN_DECISION,
        PaperKind.CHANGE_DECISION,
        PaperKind.PROGRAMME_DECISION,
        PaperKind.BUDGET_DECISION,
        PaperKind.RECOVERY_DECISION,
    }
)


class Stage(models.TextChoices):
    """When a checklist is asked."""

    APPRAISAL = "appraisal", _("Thẩm định cấp cơ sở")
    REGISTRATION = "registration", _("Đăng ký với Cục")
    CONTRACT = "contract", _("Ký hợp đồng")
    FIRST_ADVANCE = "first_advance", _("Tạm ứng lần một")
    REMAINDER = "remainder", _("Tạm ứng phần còn lại")
    SETTLEMENT = "settlement", _("Quyết toán")


class LineState(models.TextChoices):
    """What a checklist says of one line."""

    MISSING = "missing", _("Thiếu")
    PRESENT = "present", _("Có")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


class Fact(models.TextChoices):
    """What a line of the checklist may depend on (``only_when``; ``!`` before it: only when not)."""

    SEPARATE_BENEFICIARY = "separate_beneficiary", _("đơn vị thực hiện không đồng thời là đơn vị thụ hưởng")
    GROUP = "group", _("đề án nhóm")
    ENTERPRISE = "enterprise", _("chủ đầu tư là doanh nghiệp")
    POLLUTION = "pollution", _("xây dựng hệ thống xử lý ô nhiễm")
    CONTRACTOR = "contractor", _("chủ đầu tư thuê nhà thầu")
    COLLECTIVE_MARK = "collective_mark", _("nhãn hiệu tập thể")
    MEALS_PAID = "meals_paid", _("có chi tiền ăn, ở, đi lại")
    WEBSITE = "website", _("trang thông tin điện tử")
    SAMPLE = "sample", _("có sản phẩm mẫu")
    INVOICES_AGENCY = "invoices_agency", _("đơn vị thực hiện xuất hoá đơn cho Cục")
    PERCENT = "percent", _("hỗ trợ theo tỷ lệ phần trăm")
    OVERDUE = "overdue", _("lập hồ sơ quyết toán quá hạn")
    LAST_OF_YEAR = "last_of_year", _("hợp đồng cuối cùng trong năm")
    TENDER = "tender", _("phải lựa chọn nhà thầu")
    FORCE_MAJEURE = "force_majeure", _("không hoàn thành vì bất khả kháng")


class ItemState(models.TextChoices):
    PRESENT = "present", _("Có")
    NOT_APPLICABLE = "not_applicable", _("Không áp dụng")


class NumberState(models.TextChoices):
    DRAWN = "drawn", _("Đã lấy số")
    CANCELLED = "cancelled", _("Huỷ")


class SignatureState(models.TextChoices):
    """What can be said of one digital signature of a PDF, the gravest first."""

    UNREADABLE = "unreadable", _("Không đọc được chữ ký")
    BROKEN = "broken", _("Chữ ký không khớp với nội dung tệp")
    CHANGED = "changed", _("Tệp đã bị thay đổi sau khi ký")
    EXPIRED = "expired", _("Chứng thư không có hiệu lực lúc ký")
    WEAK = "weak", _("Thuật toán ký đã lỗi thời")
    CHAIN = "chain", _("Chuỗi chứng thư không hợp lệ")
    SELF = "self", _("Chữ ký toàn vẹn, chứng thư tự cấp: chưa tổ chức nào xác nhận người ký")
    WHOLE = "whole", _("Chữ ký toàn vẹn, chưa kiểm được tổ chức cấp chứng thư")
    TRUSTED = "trusted", _("Chữ ký hợp lệ")


class Coverage(models.TextChoices):
    """How much of the file a signature covers."""

    FILE = "file", _("toàn bộ tệp")
    SIGNED_LATER = "signed_later", _("toàn bộ tệp lúc ký; sau đó chỉ thêm chữ ký hoặc ô điền được phép")
    CHANGED = "changed", _("tệp lúc ký; nội dung sau đó đã khác")
    PART = "part", _("chỉ một phần của tệp")
