from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The one level that manages a project (NĐ 45/2012 Đ12, Đ13)."""

    NATIONAL = "national", _("Khuyến công quốc gia")
    PROVINCIAL = "provincial", _("Khuyến công địa phương cấp tỉnh")
    COMMUNAL = "communal", _("Khuyến công địa phương cấp xã")


class Form(models.TextChoices):
    SINGLE = "single", _("Đề án đơn lẻ")
    GROUP = "group", _("Đề án nhóm")
    FLAGSHIP = "flagship", _("Đề án điểm")


class Source(models.TextChoices):
    NATIONAL = "national", _("Khuyến công quốc gia")
    LOCAL = "local", _("Khuyến công địa phương")
    COUNTERPART = "counterpart", _("Đối ứng")
    OTHER = "other", _("Nguồn khác")


class Activity(models.IntegerChoices):
    """The nine groups of activities, NĐ 45/2012 Đ4 (as amended by NĐ 235/2025)."""

    TRAINING = 1, _("Đào tạo nghề, truyền nghề")
    MANAGEMENT = 2, _("Nâng cao năng lực quản lý, khởi sự, mở rộng thị trường")
    TECHNOLOGY = 3, _("Mô hình trình diễn, chuyển giao công nghệ, máy móc tiên tiến")
    MARKET = 4, _("Sản phẩm tiêu biểu, hội chợ, thương hiệu")
    CONSULTING = 5, _("Tư vấn, trợ giúp cơ sở")
    INFORMATION = 6, _("Thông tin, tuyên truyền")
    LINKAGE = 7, _("Liên doanh, liên kết, cụm công nghiệp, môi trường")
    COOPERATION = 8, _("Hợp tác quốc tế")
    CAPACITY = 9, _("Nâng cao năng lực quản lý và tổ chức khuyến công")


class Kind(models.TextChoices):
    """Kinds of project as the advance and settlement rules tell them apart (TT 36/2013 Đ13, Đ14, Đ15)."""

    VOCATIONAL = "vocational", _("Đào tạo nghề, truyền nghề")
    MANAGEMENT_COURSE = "management_course", _("Đào tạo, tập huấn, hội nghị, hội thảo, diễn đàn")
    STUDY_TOUR = "study_tour", _("Tham quan, khảo sát")
    ENTERPRISE_SETUP = "enterprise_setup", _("Thành lập doanh nghiệp")
    DEMONSTRATION = "demonstration", _("Mô hình trình diễn kỹ thuật")
    TECHNOLOGY_TRANSFER = "technology_transfer", _("Chuyển giao công nghệ")
    MACHINERY = "machinery", _("Ứng dụng máy móc tiên tiến")
    CLEANER_PRODUCTION = "cleaner_production", _("Đánh giá sản xuất sạch hơn")
    CLEANER_MODEL = "cleaner_model", _("Mô hình thí điểm sản xuất sạch hơn")
    AWARD_ROUND = "award_round", _("Bình chọn sản phẩm, cuộc thi")
    FAIR_HELD = "fair_held", _("Tổ chức hội chợ, triển lãm")
    FAIR_JOINED = "fair_joined", _("Tham gia hội chợ, triển lãm trong nước")
    FAIR_ABROAD = "fair_abroad", _("Tham gia hội chợ, triển lãm ngoài nước")
    TRADEMARK = "trademark", _("Xây dựng, đăng ký thương hiệu")
    SHOWROOM = "showroom", _("Phòng trưng bày")
    CONSULTING = "consulting", _("Tư vấn, trợ giúp cơ sở")
    MEDIA = "media", _("Truyền hình, truyền thanh, dữ liệu, trang tin, ấn phẩm")
    ASSOCIATION = "association", _("Thành lập hiệp hội, hội ngành nghề")
    LINKAGE_CLUSTER = "linkage_cluster", _("Cụm liên kết doanh nghiệp")
    CLUSTER_PLANNING = "cluster_planning", _("Quy hoạch chi tiết cụm công nghiệp")
    CLUSTER_INFRASTRUCTURE = "cluster_infrastructure", _("Hạ tầng cụm công nghiệp")
    POLLUTION_CLUSTER = "pollution_cluster", _("Xử lý ô nhiễm tại cụm công nghiệp")
    POLLUTION_ESTABLISHMENT = "pollution_establishment", _("Xử lý ô nhiễm tại cơ sở")
    RELOCATION_INTEREST = "relocation_interest", _("Lãi suất vốn vay di dời")
    COOPERATION = "cooperation", _("Hợp tác quốc tế về khuyến công")
    CAPACITY = "capacity", _("Nâng cao năng lực khuyến công")


ACTIVITY_OF: dict[str, Activity] = {
    Kind.VOCATIONAL: Activity.TRAINING,
    Kind.MANAGEMENT_COURSE: Activity.MANAGEMENT,
    Kind.STUDY_TOUR: Activity.MANAGEMENT,
    Kind.ENTERPRISE_SETUP: Activity.MANAGEMENT,
    Kind.DEMONSTRATION: Activity.TECHNOLOGY,
    Kind.TECHNOLOGY_TRANSFER: Activity.TECHNOLOGY,
    Kind.MACHINERY: Activity.TECHNOLOGY,
    Kind.CLEANER_PRODUCTION: Activity.TECHNOLOGY,
    Kind.CLEANER_MODEL: Activity.TECHNOLOGY,
    Kind.AWARD_ROUND: Activity.MARKET,
    Kind.FAIR_HELD: Activity.MARKET,
    Kind.FAIR_JOINED: Activity.MARKET,
    Kind.FAIR_ABROAD: Activity.MARKET,
    Kind.TRADEMARK: Activity.MARKET,
    Kind.SHOWROOM: Activity.MARKET,
    Kind.CONSULTING: Activity.CONSULTING,
    Kind.MEDIA: Activity.INFORMATION,
    Kind.ASSOCIATION: Activity.LINKAGE,
    Kind.LINKAGE_CLUSTER: Activity.LINKAGE,
    Kind.CLUSTER_PLANNING: Activity.LINKAGE,
    Kind.CLUSTER_INFRASTRUCTURE: Activity.LINKAGE,
    Kind.POLLUTION_CLUSTER: Activity.LINKAGE,
    Kind.POLLUTION_ESTABLISHMENT: Activity.LINKAGE,
    Kind.RELOCATION_INTEREST: Activity.LINKAGE,
    Kind.COOPERATION: Activity.COOPERATION,
    Kind.CAPACITY: Activity.CAPACITY,
}


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("Đang lập hồ sơ")
    SUBMITTED = "submitted", _("Chờ thẩm định cấp cơ sở")
    APPRAISED = "appraised", _("Đạt thẩm định cấp cơ sở")
    REGISTERED = "registered", _("Đã đăng ký với Cục")
    MINISTRY_APPRAISED = "ministry_appraised", _("Đạt thẩm định cấp Bộ")
    APPROVED = "approved", _("Đã phê duyệt")
    ASSIGNED = "assigned", _("Đã giao thực hiện")
    RUNNING = "running", _("Đang thực hiện")
    ACCEPTED = "accepted", _("Đã nghiệm thu")
    SETTLED = "settled", _("Đã quyết toán")
    LIQUIDATED = "liquidated", _("Đã thanh lý")
    FAILED = "failed", _("Không đạt thẩm định")
    WITHDRAWN = "withdrawn", _("Đã rút")
    STOPPED = "stopped", _("Ngừng thực hiện")


BEFORE_APPROVAL = ("draft", "submitted", "appraised", "registered", "ministry_appraised", "failed", "withdrawn")
APPROVED_ON = ("approved", "assigned", "running", "accepted", "settled", "liquidated", "stopped")


class PartNumber(models.IntegerChoices):
    """The eight parts of a project file (TT 36/2013 Đ5)."""

    PARTIES = 1, _("Đơn vị thực hiện, thụ hưởng, phối hợp; địa điểm")
    NEED = 2, _("Sự cần thiết và căn cứ")
    AIMS = 3, _("Mục tiêu")
    SCALE = 4, _("Quy mô, những điểm nổi bật")
    CONTENT = 5, _("Nội dung và tiến độ")
    ESTIMATE = 6, _("Dự toán kinh phí")
    ORGANISATION = 7, _("Tổ chức thực hiện")
    EFFECTS = 8, _("Hiệu quả")


class Severity(models.TextChoices):
    """How a finding of the checks stands in the way."""

    REFUSAL = "refusal", _("Không đạt")
    CLEARED = "cleared", _("Được chấp nhận ngoại lệ")
    WARNING = "warning", _("Cần xem")
    PASSED = "passed", _("Đạt")


class Rule(models.TextChoices):
    """What is looked at before a file is sent and before it is appraised; ``ORDER`` of what follows its approval."""

    PARTS = "parts", _("Tám phần của đề án")
    ESTIMATE = "estimate", _("Dự toán theo dòng và nguồn")
    SUPPORT = "support", _("Kinh phí đề nghị đúng cấp quản lý")
    OTHER_SOURCES = "other_sources", _("Nguồn khác có tên bên cấp")
    COUNTERPART = "counterpart", _("Đối ứng của đơn vị thụ hưởng")
    PERIOD = "period", _("Thời gian thực hiện")
    BENEFICIARIES = "beneficiaries", _("Đơn vị thụ hưởng")
    GROUP = "group", _("Điều kiện đề án nhóm")
    FLAGSHIP = "flagship", _("Điều kiện đề án điểm")
    NORM = "norm", _("Định mức hỗ trợ")
    PLACE = "place", _("Địa bàn được hỗ trợ")
    SECTOR = "sector", _("Ngành nghề được hỗ trợ")
    SUPPORTED_BEFORE = "supported_before", _("Chưa được hỗ trợ cùng nội dung")
    DOSSIER = "dossier", _("Giấy tờ kèm theo")
    ORDER = "order", _("Thứ tự ngày")


# Kinds in which the beneficiary pays the rest of an investment or service: without his money there is nothing to support.
NEEDS_COUNTERPART = frozenset(
    {
        Kind.DEMONSTRATION,
        Kind.TECHNOLOGY_TRANSFER,
        Kind.MACHINERY,
        Kind.CLEANER_PRODUCTION,
        Kind.CLEANER_MODEL,
        Kind.TRADEMARK,
        Kind.CONSULTING,
        Kind.CLUSTER_PLANNING,
        Kind.CLUSTER_INFRASTRUCTURE,
        Kind.POLLUTION_CLUSTER,
        Kind.POLLUTION_ESTABLISHMENT,
        Kind.RELOCATION_INTEREST,
    }
)

# Kinds that help named establishments; the others work for a territory, a trade, or the system itself.
HELPS_ESTABLISHMENTS = NEEDS_COUNTERPART | {Kind.ENTERPRISE_SETUP, Kind.SHOWROOM, Kind.FAIR_JOINED, Kind.FAIR_ABROAD}
