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


class VsicVersion(models.TextChoices):
    """The same code may name another trade in another version."""

    V2018 = "2018", _("VSIC 2018 (Quyết định 27/2018/QĐ-TTg)")
    V2025 = "2025", _("VSIC 2025 (Quyết định 36/2025/QĐ-TTg)")


class CraftVillageKind(models.TextChoices):
    CRAFT = "craft", _("Làng nghề")
    TRADITIONAL = "traditional", _("Làng nghề truyền thống")


class ProductGroup(models.IntegerChoices):
    """The four groups in which products are voted, TT 26/2014 Đ5."""

    CRAFT = 1, _("Thủ công mỹ nghệ")
    FOOD = 2, _("Chế biến nông, lâm, thuỷ sản và đồ uống")
    MACHINERY = 3, _("Thiết bị, máy móc, dụng cụ và phụ tùng cơ khí")
    OTHER = 4, _("Sản phẩm khác")


class RecognitionLevel(models.TextChoices):
    """TT 26/2014 Đ6.2; since 1 July 2025 the commune has taken the place of the district (TT 38/2025 Đ28.2)."""

    COMMUNE = "commune", _("Cấp xã")
    DISTRICT = "district", _("Cấp huyện (trước 01/7/2025)")
    PROVINCE = "province", _("Cấp tỉnh")
    REGION = "region", _("Cấp khu vực")
    NATIONAL = "national", _("Cấp quốc gia")


class Why(models.TextChoices):
    """Why two records may be one establishment."""

    TAX_CODE = "tax_code", _("cùng mã số thuế")
    NAME = "name", _("cùng tên (không kể dấu và chữ chỉ loại hình) trong một xã")
    SIMILAR = "similar", _("tên gần giống trong một xã")
    OWNER = "owner", _("cùng người đại diện trong một xã")
    PHONE = "phone", _("cùng số điện thoại trong một xã")


class Match(models.TextChoices):
    """Why something may have been supported before."""

    SERIAL = "serial", _("cùng số máy")
    INVOICE = "invoice", _("cùng hoá đơn")
