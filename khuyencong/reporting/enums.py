from django.db import models
from django.utils.translation import gettext_lazy as _


class Qualifier(models.TextChoices):
    """How the document says its figure: a word that belongs to the figure and is never dropped."""

    EXACT = "exact", _("đúng")
    MORE = "more", _("hơn")
    ABOVE = "above", _("trên")
    NEAR = "near", _("gần")
    ABOUT = "about", _("khoảng")
    EXPECTED = "expected", _("dự kiến")


class Discrepancy(models.TextChoices):
    """Why a stated total and its parts do not give the same."""

    GAP = "lệch", _("lệch")
    PART_MISSING = "thiếu thành phần", _("thiếu thành phần")
    ROUNDING = "làm tròn", _("làm tròn")
    OPEN_LIST = "danh sách để ngỏ", _("danh sách để ngỏ")


class Map(models.TextChoices):
    """By which day's map a report counts places."""

    TODAY = "hien-nay", _("Theo đơn vị hành chính hiện nay (sau sắp xếp)")
    THEN = "tai-thoi-diem", _("Theo đơn vị hành chính tại thời điểm")
