from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    MINISTRY = "ministry", _("Bộ")
    AGENCY = "agency", _("Cục, cơ quan thuộc Bộ")
    PROVINCE_COMMITTEE = "province_committee", _("Ủy ban nhân dân cấp tỉnh")
    PROVINCE_COUNCIL = "province_council", _("Hội đồng nhân dân cấp tỉnh")
    COMMUNE_COMMITTEE = "commune_committee", _("Ủy ban nhân dân cấp xã")
    DEPARTMENT = "department", _("Sở Công Thương")
    FINANCE_DEPARTMENT = "finance_department", _("Sở Tài chính")
    OTHER_DEPARTMENT = "other_department", _("Sở, ban, ngành khác")
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


class ContactKind(models.TextChoices):
    COLLABORATOR = "collaborator", _("Cộng tác viên khuyến công")
    COMMUNE = "commune", _("Đầu mối cấp xã")
    OTHER = "other", _("Đầu mối khác")


class Family(models.TextChoices):
    """Which check a tax code must pass."""

    ENTERPRISE = "enterprise", _("mã số thuế 10 số")
    BRANCH = "branch", _("mã số đơn vị phụ thuộc 13 số")
    PERSON = "person", _("mã số thuế cá nhân 12 số (số căn cước)")


# Legal forms of a rural industrial establishment (NĐ 45/2012 Đ1.1): whoever keeps establishments registers these too.
ESTABLISHMENTS = frozenset(
    {Kind.ENTERPRISE, Kind.COOPERATIVE, Kind.COOPERATIVE_UNION, Kind.COOPERATIVE_GROUP, Kind.HOUSEHOLD}
)

# Bodies of the State of which one place has one at a time.
ONE_PER_PLACE = frozenset(
    {
        Kind.PROVINCE_COMMITTEE,
        Kind.PROVINCE_COUNCIL,
        Kind.COMMUNE_COMMITTEE,
        Kind.DEPARTMENT,
        Kind.FINANCE_DEPARTMENT,
        Kind.CENTRE,
    }
)
