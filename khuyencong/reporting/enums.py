from django.db import models
from django.utils.translation import gettext
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


class Period(models.IntegerChoices):
    """For what time the department reports (TT 36/2013 Đ21.5): quarter, half a year, year.  The number stands in addresses."""

    Q1 = 1, _("quý I")
    Q2 = 2, _("quý II")
    Q3 = 3, _("quý III")
    Q4 = 4, _("quý IV")
    HALF = 6, _("6 tháng đầu năm")
    YEAR = 12, _("năm")


class Recipient(models.TextChoices):
    """To whom the department reports (TT 36/2013 Đ21.5); each accepts for itself."""

    COMMITTEE = "committee", _("Ủy ban nhân dân cấp tỉnh")
    AGENCY = "agency", _("Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công")


class Map(models.TextChoices):
    """By which day's map a report counts places."""

    TODAY = "hien-nay", _("Theo đơn vị hành chính hiện nay (sau sắp xếp)")
    THEN = "tai-thoi-diem", _("Theo đơn vị hành chính tại thời điểm")


def period_title(year: int, period: Period | None) -> str:
    """“quý III năm 2026”, “6 tháng đầu năm 2026”, “năm 2026”."""
    if period is None or period == Period.YEAR:
        return gettext("năm %(year)s") % {"year": year}
    if period == Period.HALF:
        return gettext("6 tháng đầu năm %(year)s") % {"year": year}
    return gettext("%(quarter)s năm %(year)s") % {"quarter": period.label, "year": year}
