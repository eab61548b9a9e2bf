from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedKind(models.TextChoices):
    SUPPORT = "support", _("Hỗ trợ máy móc, mô hình, thương hiệu")
    CONSULTING = "consulting", _("Tư vấn")
    TRAINING = "training", _("Đào tạo, tập huấn")
    MARKET = "market", _("Kết nối thị trường, hội chợ")
    AWARD = "award", _("Bình chọn sản phẩm, xét tặng danh hiệu")


class NeedState(models.TextChoices):
    SENT = "sent", _("Đã gửi")
    CONFIRMED = "confirmed", _("Xã đã xác nhận")
    SURVEY_PLANNED = "survey_planned", _("Đã xếp lịch khảo sát")
    SURVEYED = "surveyed", _("Đã khảo sát")
    PROPOSED = "proposed", _("Trung tâm đã đề xuất")
    PLANNED = "planned", _("Đưa vào kế hoạch")
    NEXT_YEAR = "next_year", _("Chuyển năm sau")
    REFUSED = "refused", _("Không đưa vào kế hoạch")
    WITHDRAWN = "withdrawn", _("Đã rút")


class EntryChannel(models.TextChoices):
    LINK = "link", _("Liên kết riêng")
    ACCOUNT = "account", _("Tài khoản")
    TELEPHONE = "telephone", _("Điện thoại")
    ZALO = "zalo", _("Zalo")
    PAPER = "paper", _("Văn bản giấy")


class Proposal(models.TextChoices):
    PLAN = "plan", _("Đưa vào kế hoạch")
    REFUSE = "refuse", _("Không đưa vào kế hoạch")
    NEXT_YEAR = "next_year", _("Chuyển năm sau")
