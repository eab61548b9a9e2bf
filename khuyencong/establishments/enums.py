from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalForm(models.TextChoices):
    """NĐ 45/2012 Đ1.2a as amended by NĐ 235/2025."""

    ENTERPRISE = "enterprise", _("Doanh nghiệp nhỏ và vừa")
    COOPERATIVE = "cooperative", _("Hợp tác xã")
    COOPERATIVE_UNION = "cooperative_union", _("Liên hiệp hợp tác xã")
    COOPERATIVE_GROUP = "cooperative_group", _("Tổ hợp tác")
    HOUSEHOLD = "household", _("Hộ kinh doanh")


class Sector(models.TextChoices):
    """The trades that may be helped, NĐ 45/2012 Đ5 (letters as in the decree)."""

    A = "a", _("Chế biến nông, lâm, thuỷ sản và thực phẩm")
    B = "b", _("Hàng tiêu dùng, xuất khẩu, thay thế nhập khẩu")
    C = "c", _("Hoá chất phục vụ nông nghiệp, nông thôn; vật liệu xây dựng")
    D = "d", _("Cơ khí, điện, điện tử, công nghiệp hỗ trợ")
    DD = "đ", _("Tiểu thủ công nghiệp")
    E = "e", _("Khai thác, chế biến khoáng sản ở địa bàn khó khăn")
    G = "g", _("Sản xuất sạch hơn, xử lý ô nhiễm")


class CraftVillageKind(models.TextChoices):
    CRAFT = "craft", _("Làng nghề")
    TRADITIONAL = "traditional", _("Làng nghề truyền thống")
