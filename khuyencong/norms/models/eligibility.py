"""Where and what: places, trades, and who goes first."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.norms.enums import (
    PlaceBasis,
    PriorityKind,
)
from khuyencong.norms.models.instruments import Row


class PlaceRule(Row):
    """One way for a place of production to be eligible.  Empty conditions are not asked; any row that fits is enough.

    Lists are written with commas: ``ward,commune``; ``2,3``.
    """

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    basis = models.CharField(_("căn cứ xét"), max_length=20, choices=PlaceBasis)
    province_kinds = models.CharField(_("loại đơn vị cấp tỉnh"), max_length=60, blank=True)
    district_kinds = models.CharField(_("loại đơn vị cấp huyện"), max_length=120, blank=True)
    unit_kinds = models.CharField(_("loại đơn vị cấp xã"), max_length=120, blank=True)
    city_classes = models.CharField(_("loại đô thị của thành phố"), max_length=40, blank=True)
    converted_within_years = models.PositiveSmallIntegerField(_("chuyển từ xã chưa quá (năm)"), null=True, blank=True)
    text = models.CharField(_("nội dung"), max_length=300)

    class Meta(Row.Meta):
        verbose_name = _("điều kiện địa bàn")

    def __str__(self):
        return f"{self.text} ({self.citation})"


class HolderRow(Row):
    """A legal form that may be helped (NĐ 45/2012 Đ1.2a, NĐ 235/2025 Đ1.1a)."""

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    text = models.CharField(_("đối tượng"), max_length=300)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(Row.Meta):
        verbose_name = _("đối tượng được hỗ trợ")

    def __str__(self):
        return self.text


class SectorRow(Row):
    """A trade that may be supported (NĐ 45/2012 Đ5), or one that the law leaves out."""

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    text = models.CharField(_("ngành, nghề"), max_length=400)
    excluded = models.BooleanField(_("không được hỗ trợ"), default=False)
    difficult_area_only = models.BooleanField(_("chỉ ở địa bàn khó khăn"), default=False)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(Row.Meta):
        verbose_name = _("ngành, nghề")

    def __str__(self):
        return self.text

    @property
    def letter(self) -> str:
        """The decree's own letter, as projects and establishments name it: the lists write đ as dd."""
        return "đ" if self.code == "dd" else self.code


class PriorityRow(Row):
    """A place or trade that goes first, in the order of the law (NĐ 45/2012 Đ6, TT 46/2012 Đ6).

    From how many workers, from how much material of the place on: the ``Condition`` of the same code.
    """

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    kind = models.CharField(_("loại ưu tiên"), max_length=10, choices=PriorityKind)
    rank = models.PositiveSmallIntegerField(_("thứ tự xét"))
    text = models.CharField(_("nội dung"), max_length=400)

    class Meta(Row.Meta):
        verbose_name = _("ưu tiên")

    def __str__(self):
        return self.text
