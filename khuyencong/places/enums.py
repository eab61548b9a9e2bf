from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện (trước 01/7/2025)")
    COMMUNE = "commune", _("Cấp xã")


class Kind(models.TextChoices):
    """The word before the name, in law and in addresses."""

    PROVINCE = "province", _("Tỉnh")
    CITY = "city", _("Thành phố trực thuộc Trung ương")
    DISTRICT = "district", _("Huyện")
    URBAN_DISTRICT = "urban_district", _("Quận")
    TOWN = "town", _("Thị xã")
    PROVINCIAL_CITY = "provincial_city", _("Thành phố thuộc tỉnh, thành phố")
    ISLAND_DISTRICT = "island_district", _("Huyện đảo")
    COMMUNE = "commune", _("Xã")
    WARD = "ward", _("Phường")
    TOWNSHIP = "township", _("Thị trấn")
    SPECIAL_ZONE = "special_zone", _("Đặc khu")


class SuccessionKind(models.TextChoices):
    WHOLE = "whole", _("Nhập toàn bộ")
    PART = "part", _("Nhập một phần")
    UNCHANGED = "unchanged", _("Giữ nguyên")
    RENAMED = "renamed", _("Đổi tên")


class Certainty(models.TextChoices):
    EXACT = "exact", _("chắc chắn")
    LIKELY = "likely", _("gần chắc chắn")
    AMBIGUOUS = "ambiguous", _("nhiều nơi có thể")
    UNKNOWN = "unknown", _("không xác định")


class FactName(models.TextChoices):
    """Facts about a unit that no register carries and that rules ask for; each is entered with its source."""

    CITY_CLASS = "city_class", _("Loại đô thị (1, 2, 3, special)")
    CONVERTED = "converted_from_commune", _("Ngày từ xã thành phường (năm-tháng-ngày, hoặc no)")
    PRIORITY_AREA = "priority_area", _("Mã địa bàn ưu tiên")
