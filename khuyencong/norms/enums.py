"""Names of the law's kinds.  Values of the law itself (rates, caps, days) are rows, never constants."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstrumentKind(models.TextChoices):
    LAW = "law", _("Luật")
    DECREE = "decree", _("Nghị định")
    JOINT_CIRCULAR = "joint_circular", _("Thông tư liên tịch")
    CIRCULAR = "circular", _("Thông tư")
    RESOLUTION = "resolution", _("Nghị quyết")
    DECISION = "decision", _("Quyết định")
    DIRECTIVE = "directive", _("Chỉ thị")
    LETTER = "letter", _("Công văn")


class LinkKind(models.TextChoices):
    BASED_ON = "based_on", _("căn cứ")
    AMENDS = "amends", _("sửa đổi, bổ sung")
    REPLACES = "replaces", _("thay thế")
    GUIDES = "guides", _("quy định chi tiết, hướng dẫn")


class Level(models.TextChoices):
    """Whose money a row binds; the one level that manages a project (NĐ 45/2012 Đ12, Đ13)."""

    NATIONAL = "national", _("Khuyến công quốc gia")
    PROVINCIAL = "provincial", _("Khuyến công địa phương cấp tỉnh")
    COMMUNAL = "communal", _("Khuyến công địa phương cấp xã")


class Verified(models.TextChoices):
    """How far a person has seen the text that a row tells of.  Everything but YES is shown “chưa kiểm chứng”."""

    YES = "yes", _("Đã đối chiếu văn bản")
    EARLIER_PASS = "earlier_pass", _("Chưa kiểm chứng: ghi nhận trước, chưa đọc lại được văn bản")
    PRESS = "press", _("Chưa kiểm chứng: theo báo, cổng thông tin")
    NO = "no", _("Chưa kiểm chứng: chưa thấy văn bản")


class Purpose(models.TextChoices):
    """What a money row is for: only support and management answer “how much at most”."""

    SUPPORT = "support", _("Mức hỗ trợ, mức chi")
    MANAGEMENT = "management", _("Chi phí quản lý")
    MULTIPLIER = "multiplier", _("Hệ số ưu tiên")
    ADVANCE_CEILING = "advance_ceiling", _("Trần tạm ứng trước nghiệm thu")


class PlaceScope(models.TextChoices):
    """Whether the line asks where production is."""

    ESTABLISHMENT = "establishment", _("Cơ sở công nghiệp nông thôn, theo địa bàn")
    DIFFICULT_AREA = "difficult_area", _("Chỉ địa bàn khó khăn, đặc biệt khó khăn")
    CLEANER_PRODUCTION = "cleaner_production", _("Sản xuất sạch hơn, không giới hạn địa bàn")
    NONE = "none", _("Không xét địa bàn")


class ProjectKind(models.TextChoices):
    """Kinds of project as TT 36/2013 Đ3, Đ10, Đ13, Đ14 and Đ15 tell them apart."""

    VOCATIONAL_TRAINING = "vocational_training", _("Đào tạo nghề, truyền nghề")
    TRAINING_EVENT = "training_event", _("Đào tạo, tập huấn, hội nghị, hội thảo, diễn đàn")
    STUDY_VISIT = "study_visit", _("Tham quan, khảo sát")
    ENTERPRISE_SETUP = "enterprise_setup", _("Thành lập doanh nghiệp")
    DEMONSTRATION = "demonstration", _("Mô hình trình diễn kỹ thuật")
    TECHNOLOGY_TRANSFER = "technology_transfer", _("Chuyển giao công nghệ")
    MACHINERY = "machinery", _("Ứng dụng máy móc tiên tiến")
    CLEANER_ASSESSMENT = "cleaner_assessment", _("Đánh giá sản xuất sạch hơn")
    CLEANER_PILOT = "cleaner_pilot", _("Mô hình thí điểm sản xuất sạch hơn")
    VOTING = "voting", _("Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu")
    CONTEST = "contest", _("Cuộc thi, cuộc vận động")
    FAIR = "fair", _("Tổ chức hội chợ, triển lãm")
    FAIR_PARTICIPATION = "fair_participation", _("Tham gia hội chợ, triển lãm trong nước")
    FAIR_ABROAD = "fair_abroad", _("Tham gia hội chợ, triển lãm ngoài nước")
    BRAND = "brand", _("Xây dựng, đăng ký thương hiệu")
    SHOWROOM = "showroom", _("Phòng trưng bày")
    CONSULTING = "consulting", _("Tư vấn, trợ giúp cơ sở")
    MEDIA = "media", _("Truyền hình, truyền thanh, dữ liệu, trang tin, ấn phẩm")
    ASSOCIATION = "association", _("Thành lập hiệp hội, hội ngành nghề")
    ENTERPRISE_CLUSTER = "enterprise_cluster", _("Cụm liên kết doanh nghiệp")
    CLUSTER_PLANNING = "cluster_planning", _("Quy hoạch chi tiết cụm công nghiệp")
    CLUSTER_INFRASTRUCTURE = "cluster_infrastructure", _("Hạ tầng cụm công nghiệp")
    CLUSTER_POLLUTION = "cluster_pollution", _("Xử lý ô nhiễm tại cụm công nghiệp")
    ESTABLISHMENT_POLLUTION = "establishment_pollution", _("Xử lý ô nhiễm tại cơ sở")
    LOAN_INTEREST = "loan_interest", _("Lãi suất vốn vay di dời")
    COOPERATION = "cooperation", _("Hợp tác quốc tế về khuyến công")
    CAPACITY = "capacity", _("Nâng cao năng lực khuyến công")


class Proof(models.TextChoices):
    """What must lie in the file before the first advance."""

    CONTRACT = "contract", _("Hợp đồng thực hiện đề án")
    CONTRACT_AND_PLAN = "contract_and_plan", _("Hợp đồng thực hiện đề án; kế hoạch tổ chức thực hiện")
    CONTRACT_AND_INVESTOR = "contract_and_investor", _("Hợp đồng thực hiện đề án; hợp đồng hỗ trợ với chủ đầu tư")
    VOLUME = "volume", _("Hợp đồng thực hiện đề án; báo cáo tiến độ về khối lượng đã thực hiện")
    INVESTOR_AND_VOLUME = (
        "investor_and_volume",
        _(
            "Hợp đồng thực hiện đề án; hợp đồng hỗ trợ và hợp đồng với nhà thầu; báo cáo tiến độ về khối lượng đã thực hiện"
        ),
    )
    ACCEPTANCE = "acceptance", _("Hợp đồng thực hiện đề án; biên bản nghiệm thu cơ sở; báo cáo khối lượng hoàn thành")
    INTEREST_PAID = "interest_paid", _("Hợp đồng, biên bản nghiệm thu cơ sở, hợp đồng tín dụng và chứng từ đã trả lãi")


class PlaceBasis(models.TextChoices):
    UNIT = "unit", _("Theo đơn vị hành chính")
    CRAFT_VILLAGE = "craft_village", _("Làng nghề được công nhận")
    CLEANER_PRODUCTION = "cleaner_production", _("Áp dụng sản xuất sạch hơn")


class PriorityKind(models.TextChoices):
    AREA = "area", _("Địa bàn ưu tiên")
    SECTOR = "sector", _("Ngành nghề ưu tiên")


class DeadlineKind(models.TextChoices):
    YEARLY = "yearly", _("Ngày trong năm")
    MONTHLY = "monthly", _("Ngày hằng tháng")
    DAYS_AFTER = "days_after", _("Số ngày kể từ một sự kiện")
    WORKING_DAYS = "working_days", _("Số ngày làm việc kể từ một sự kiện")


class Deadline(models.TextChoices):
    REGISTRATION_TO_DEPARTMENT = "registration_to_department", _("Gửi hồ sơ đăng ký kế hoạch đến Sở")
    DOSSIER_TO_AGENCY = "dossier_to_agency", _("Sở gửi hồ sơ đăng ký kế hoạch đến Cục")
    LIST_TO_AGENCY = "list_to_agency", _("Sở gửi danh mục đăng ký đề án đến Cục")
    SETTLEMENT_DOSSIER = "settlement_dossier", _("Lập hồ sơ quyết toán sau nghiệm thu cuối cùng")
    LIQUIDATION = "liquidation", _("Thanh lý hợp đồng và quyết toán")
    MONTHLY_REPORT = "monthly_report", _("Báo cáo tiến độ hằng tháng")
    APPRAISAL_BASE = "appraisal_base", _("Thẩm định cấp cơ sở, kể từ ngày nhận hồ sơ")
    APPRAISAL_MINISTRY = "appraisal_ministry", _("Thẩm định cấp Bộ, kể từ ngày đăng ký với Cục")
    COMPLETION = "completion", _("Bổ sung, hoàn thiện hồ sơ theo yêu cầu thẩm định")
    OPINION = "opinion", _("Cơ quan được hỏi trả lời ý kiến về hồ sơ thẩm định")
    QUARTER_REPORT = "quarter_report", _("Sở gửi báo cáo quý, kể từ ngày cuối quý")
    HALF_REPORT = "half_report", _("Sở gửi báo cáo 6 tháng, kể từ ngày cuối kỳ")
    YEAR_REPORT = "year_report", _("Sở gửi báo cáo năm, kể từ ngày cuối năm")


class Ground(models.TextChoices):
    """What a step, a check or a refusal rests on; where it stands on a day is a row, never typed into a sentence."""

    BUDGET = "budget", _("Lập, phân bổ, giao dự toán kinh phí khuyến công")
    TREASURY = "treasury", _("Kho bạc kiểm soát, thanh toán")
    COUNTERPART_VOLUME = "counterpart_volume", _("Nghiệm thu cả khối lượng từ vốn đối ứng")
    SUBMISSION = "submission", _("Trình phê duyệt kế hoạch")
    BASE_APPRAISAL = "base_appraisal", _("Sở tổ chức thẩm định cấp cơ sở")
    APPRAISED = "appraised", _("Thẩm định cấp cơ sở, cấp Bộ trước khi phê duyệt")
    CHANGE = "change", _("Điều chỉnh, bổ sung, ngừng đề án bằng quyết định")
    CHANGE_REQUEST = "change_request", _("Đề nghị và xác nhận trước khi điều chỉnh")
    CHANGE_UNASKED = "change_unasked", _("Điều chỉnh không cần đề nghị")
    CHANGE_BENEFICIARY = "change_beneficiary", _("Thay đổi đơn vị thụ hưởng")
    CHANGE_APPENDIX = "change_appendix", _("Điều chỉnh thể hiện bằng phụ lục hợp đồng")
    TASK = "task", _("Giao nhiệm vụ, ký hợp đồng với đơn vị thực hiện")
    TASK_BINDS = "task_binds", _("Tạm ứng, thanh toán căn cứ hợp đồng thực hiện")
    PAY_BACK = "pay_back", _("Nộp trả phần tạm ứng không được quyết toán")
    GROUP_LIST = "group_list", _("Sở duyệt danh sách thụ hưởng của đề án nhóm")
    GROUP_SHARES = "group_shares", _("Kinh phí của từng đơn vị thụ hưởng trong đề án nhóm")
    OWN_START = "own_start", _("Đơn vị thực hiện tự tổ chức thực hiện")
    VOLUME = "volume", _("Sở xác nhận khối lượng trước khi đề nghị tạm ứng")
    FORCE_MAJEURE = "force_majeure", _("Quyết toán theo khối lượng đã làm vì bất khả kháng")
    SETTLEMENT = "settlement", _("Nghiệm thu xong mới quyết toán")
    SETTLEMENT_DOSSIER = "settlement_papers", _("Hồ sơ quyết toán")
    VOUCHERS = "vouchers", _("Bảng kê chứng từ gồm cả phần đối ứng")
    FILE_PARTS = "file_parts", _("Nội dung của đề án")
    PARTIES = "parties", _("Đơn vị thực hiện, đơn vị thụ hưởng của đề án")
    PERIOD = "period", _("Thời gian thực hiện của đề án")
    ESTIMATE = "estimate", _("Dự toán của đề án")
    DOSSIER_DEMANDED = "dossier_demanded", _("Hồ sơ phải đủ giấy tờ khi thẩm định")
    DOSSIER = "dossier", _("Hồ sơ đăng ký kế hoạch")
    FLAGSHIP = "flagship", _("Đề án điểm")
    GROUP_KINDS = "group_kinds", _("Dạng đề án được lập theo nhóm")
    FLAGSHIP_FIRST_YEAR = "flagship_first_year", _("Đề án điểm nêu cụ thể hoạt động năm đầu")
    SOURCES = "sources", _("Nguồn kinh phí theo cấp quản lý")
    OTHER_MONEY = "other_money", _("Kinh phí từ nguồn khác")
    BUDGET_YEAR = "budget_year", _("Kinh phí của năm ngân sách")
    PLAN_APPROVAL = "plan_approval", _("Phê duyệt kế hoạch khuyến công năm")
    PRIORITIES = "priorities", _("Thứ tự ưu tiên khi lập kế hoạch")
    ACCEPTANCE = "acceptance", _("Nghiệm thu cơ sở")
    LIQUIDATION = "liquidation", _("Thanh lý hợp đồng")
    PERIOD_REPORT = "period_report", _("Sở báo cáo quý, 6 tháng, năm gửi UBND tỉnh và Cục")


class Act(models.TextChoices):
    """Deciding acts whose holder the law or the province names."""

    APPROVE_PROGRAMME = "approve_programme", _("Phê duyệt chương trình khuyến công")
    APPROVE_PLAN = "approve_plan", _("Phê duyệt kế hoạch năm")
    APPRAISE_BASE = "appraise_base", _("Thẩm định cấp cơ sở")
    APPRAISE_MINISTRY = "appraise_ministry", _("Thẩm định cấp Bộ")
    APPROVE_BENEFICIARIES = "approve_beneficiaries", _("Phê duyệt danh sách thụ hưởng của đề án nhóm")
    CONFIRM_VOLUME = "confirm_volume", _("Xác nhận khối lượng trước khi đề nghị tạm ứng")
    CHAIR_ACCEPTANCE = "chair_acceptance", _("Chủ trì nghiệm thu cơ sở")
    SETTLE = "settle", _("Phê duyệt quyết toán")
    SET_SUPPORT = "set_support", _("Quy định mức hỗ trợ từ kinh phí địa phương")
    SET_VOTING_SUPPORT = "set_voting_support", _("Quy định mức hỗ trợ tổ chức bình chọn cấp xã, cấp tỉnh")
    SET_VOTING_PRIZE = "set_voting_prize", _("Quy định mức thưởng sản phẩm cấp xã, cấp tỉnh")


class ChangeKind(models.TextChoices):
    INCREASE_TOTAL = "increase_total", _("Tăng tổng mức kinh phí hỗ trợ")
    CONTENT = "content", _("Thay đổi nội dung hoạt động")
    EXTEND_NEXT_YEAR = "extend_next_year", _("Gia hạn sang năm sau")
    ADD = "add", _("Bổ sung đề án")
    STOP = "stop", _("Ngừng triển khai đề án")
    STOP_FOR_VIOLATION = "stop_for_violation", _("Ngừng do sai phạm, không đáp ứng yêu cầu")
    PLACE = "place", _("Thay đổi địa điểm")
    BENEFICIARY = "beneficiary", _("Thay đổi đơn vị thụ hưởng")
    PARTNER = "partner", _("Thay đổi đơn vị phối hợp")
    TIME_IN_YEAR = "time_in_year", _("Thay đổi thời gian trong năm tài chính")
    SAME_OR_LESS = "same_or_less", _("Giữ nguyên hoặc giảm tổng mức hỗ trợ")
    OTHER = "other", _("Điều chỉnh khác")


class ProjectForm(models.TextChoices):
    SINGLE = "single", _("Đề án đơn lẻ")
    GROUP = "group", _("Đề án nhóm")
    FLAGSHIP = "flagship", _("Đề án điểm")


class Judged(models.TextChoices):
    """What is scored by criteria that the law or a council's own statute sets."""

    APPRAISAL = "appraisal", _("Thẩm định đề án")


class SelectionMethod(models.TextChoices):
    TENDER = "tender", _("Đấu thầu")
    CHOICE = "choice", _("Xét chọn")


class ConditionKind(models.TextChoices):
    """What a condition of support asks; each kind is one rule of ``projects.rules.conditions``."""

    PLACE = "place", _("Địa bàn sản xuất")
    HOLDER = "holder", _("Đối tượng được hỗ trợ")
    SECTOR = "sector", _("Ngành nghề")
    NEW_MACHINERY = "new_machinery", _("Máy móc, thiết bị mới")
    FOREIGN_FAIRS = "foreign_fairs", _("Số lần dự hội chợ nước ngoài trong năm")
    NO_OTHER_SUPPORT = "no_other_support", _("Chưa được Nhà nước hỗ trợ cùng nội dung")
    COUNTERPART = "counterpart", _("Bảo đảm kinh phí đối ứng")
    LOCAL_MATERIAL = "local_material", _("Nguyên liệu tại chỗ")
    LABOUR_INTENSIVE = "labour_intensive", _("Số lao động")


class ConditionEffect(models.TextChoices):
    """What follows where a condition is not met: no support, or no priority."""

    REQUIRED = "required", _("Bắt buộc")
    PRIORITY = "priority", _("Xét ưu tiên")
