from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.norms.enums import ProjectKind


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


ACTIVITY_OF: dict[str, Activity] = {
    ProjectKind.VOCATIONAL_TRAINING: Activity.TRAINING,
    ProjectKind.TRAINING_EVENT: Activity.MANAGEMENT,
    ProjectKind.STUDY_VISIT: Activity.MANAGEMENT,
    ProjectKind.ENTERPRISE_SETUP: Activity.MANAGEMENT,
    ProjectKind.DEMONSTRATION: Activity.TECHNOLOGY,
    ProjectKind.TECHNOLOGY_TRANSFER: Activity.TECHNOLOGY,
    ProjectKind.MACHINERY: Activity.TECHNOLOGY,
    ProjectKind.CLEANER_ASSESSMENT: Activity.TECHNOLOGY,
    ProjectKind.CLEANER_PILOT: Activity.TECHNOLOGY,
    ProjectKind.VOTING: Activity.MARKET,
    ProjectKind.CONTEST: Activity.MARKET,
    ProjectKind.FAIR: Activity.MARKET,
    ProjectKind.FAIR_PARTICIPATION: Activity.MARKET,
    ProjectKind.FAIR_ABROAD: Activity.MANAGEMENT,
    ProjectKind.BRAND: Activity.MARKET,
    ProjectKind.SHOWROOM: Activity.MARKET,
    ProjectKind.CONSULTING: Activity.CONSULTING,
    ProjectKind.MEDIA: Activity.INFORMATION,
    ProjectKind.ASSOCIATION: Activity.LINKAGE,
    ProjectKind.ENTERPRISE_CLUSTER: Activity.LINKAGE,
    ProjectKind.CLUSTER_PLANNING: Activity.LINKAGE,
    ProjectKind.CLUSTER_INFRASTRUCTURE: Activity.LINKAGE,
    ProjectKind.CLUSTER_POLLUTION: Activity.LINKAGE,
    ProjectKind.ESTABLISHMENT_POLLUTION: Activity.LINKAGE,
    ProjectKind.LOAN_INTEREST: Activity.LINKAGE,
    ProjectKind.COOPERATION: Activity.COOPERATION,
    ProjectKind.CAPACITY: Activity.CAPACITY,
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


# Steps that send a file back for completion (TT 36/2013 Đ8).
RETURNS = frozenset({"return", "ministry_return"})
EXTENSION = "extend"  # of the day by which a file sent back must be complete; the file stays where it is

# While a file may still be decided, an opinion on it is of use; it is asked where the file is being judged.
OPINION_OPEN = ("draft", "submitted", "appraised", "registered", "ministry_appraised")

MINISTRY_JUDGES = ("registered", "ministry_appraised")  # a file that lies with the ministry's agency

BEFORE_APPROVAL = ("draft", "submitted", "appraised", "registered", "ministry_appraised", "failed", "withdrawn")
TO_BE_DONE = ("approved", "assigned", "running")
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


class Newness(models.TextChoices):
    """What a line of the estimate says of a machine (TT 46/2012 Đ4.4b); blank: not yet written."""

    NEW = "new", _("Máy mới 100%")
    USED = "used", _("Máy đã qua sử dụng")
    OTHER = "other", _("Không phải máy")


class OtherSupport(models.TextChoices):
    """What a beneficiary declares of other State money for the same item (TTLT 26/2014 Đ7.4); blank: not yet asked."""

    NONE = "none", _("Chưa nhận")
    RECEIVED = "received", _("Đã nhận")


class Result(models.TextChoices):
    """What a condition of support comes to."""

    PASSED = "passed", _("Đạt")
    FAILED = "failed", _("Không đạt")
    UNKNOWN = "unknown", _("Chưa xác định được")


class Where(models.TextChoices):
    """Where a missing fact is entered."""

    GENERAL = "general", _("Thông tin chung của đề án")
    BENEFICIARIES = "beneficiaries", _("Đơn vị thụ hưởng")
    BENEFICIARY = "beneficiary", _("Đơn vị thụ hưởng của đề án")
    ESTIMATE = "estimate", _("Dự toán")
    DOSSIER = "dossier", _("Hồ sơ, văn bản")
    ESTABLISHMENT = "establishment", _("Trang của cơ sở")
    YEAR = "year", _("Số liệu năm của cơ sở")
    PLACE = "place", _("Trang của xã, phường")


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
    HOLDER = "holder", _("Đối tượng được hỗ trợ")
    SECTOR = "sector", _("Ngành nghề được hỗ trợ")
    NEW_MACHINERY = "new_machinery", _("Máy móc, thiết bị mới")
    FOREIGN_FAIRS = "foreign_fairs", _("Số lần dự hội chợ nước ngoài")
    LOCAL_MATERIAL = "local_material", _("Nguyên liệu tại chỗ")
    LABOUR_INTENSIVE = "labour_intensive", _("Số lao động")
    SUPPORTED_BEFORE = "supported_before", _("Chưa được hỗ trợ cùng nội dung")
    SAME_SUPPORT = "same_support", _("Máy, hoá đơn chưa được hỗ trợ ở đề án khác")
    SPLIT = "split", _("Không chia nhỏ đề án")
    DOSSIER = "dossier", _("Giấy tờ kèm theo")
    ORDER = "order", _("Thứ tự ngày")


# Kinds that help named establishments; the others work for a territory, a trade, or the system itself.
HELPS_ESTABLISHMENTS = frozenset(
    {
        ProjectKind.DEMONSTRATION,
        ProjectKind.TECHNOLOGY_TRANSFER,
        ProjectKind.MACHINERY,
        ProjectKind.CLEANER_ASSESSMENT,
        ProjectKind.CLEANER_PILOT,
        ProjectKind.BRAND,
        ProjectKind.CONSULTING,
        ProjectKind.CLUSTER_PLANNING,
        ProjectKind.CLUSTER_INFRASTRUCTURE,
        ProjectKind.CLUSTER_POLLUTION,
        ProjectKind.ESTABLISHMENT_POLLUTION,
        ProjectKind.LOAN_INTEREST,
        ProjectKind.ENTERPRISE_SETUP,
        ProjectKind.SHOWROOM,
        ProjectKind.FAIR_PARTICIPATION,
        ProjectKind.FAIR_ABROAD,
    }
)
