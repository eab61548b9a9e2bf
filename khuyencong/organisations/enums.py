from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Bộ")
    AGENCY = "agency", _("Cục, cơ quan thuộc Bộ")
    PROVINCE_COMMITTEE = "province_committee", _("Ủy ban nhân dân cấp tỉnh")
    PROVINCE_COUNCIL = "province_council", _("Hội đồng nhân dân cấp tỉnh")
    COMMUNE_COMMITTEE = "commune_committee", _("Ủy ban nhân dân cấp xã")
    DEPARTMENT = "department", _("Sở")
    CENTRE = "centre", _("Trung tâm Khuyến công")
    TREASURY = "treasury", _("Kho bạc Nhà nước")
    SCHOOL = "school", _("Cơ sở đào tạo")
    UNION = "union", _("Đoàn thể, hiệp hội")
    PROVIDER = "provider", _("Đơn vị cung cấp dịch vụ")
    INSTITUTE = "institute", _("Viện, tổ chức khoa học")
    ENTERPRISE = "enterprise", _("Doanh nghiệp")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    COOPERATIVE_UNION = "cooperative_union", _("Liên hiệp hợp tác xã")
    COOPERATIVE_GROUP = "cooperative_group", _("Tổ hợp tác")
    HOUSEHOLD = "household", _("Hộ kinh doanh")
    OTHER = "other", _("Tổ chức khác")
