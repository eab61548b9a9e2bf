"""How much: lines of support, their norms, and advances."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.money import DongField
from khuyencong.norms.enums import (
    Act,
    Level,
    PlaceScope,
    ProjectKind,
    Proof,
    Purpose,
)
from khuyencong.norms.models.instruments import Row


class Line(models.Model):
    """One line of support as a person names it (máy móc thiết bị, mô hình trình diễn …).  Amounts stand in SupportNorm."""

    code = models.CharField(_("mã dòng hỗ trợ"), max_length=30, unique=True)
    name = models.CharField(_("tên"), max_length=250)
    activity = models.PositiveSmallIntegerField(
        _("nhóm hoạt động"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind, blank=True)  # blank: of no project
    purpose = models.CharField(_("mục đích"), max_length=20, choices=Purpose, default=Purpose.SUPPORT)
    place_scope = models.CharField(
        _("điều kiện địa bàn"), max_length=20, choices=PlaceScope, default=PlaceScope.ESTABLISHMENT
    )
    unit = models.CharField(_("đơn vị tính"), max_length=60)
    local_act = models.CharField(
        _("mức địa phương theo thẩm quyền"), max_length=30, choices=Act, default=Act.SET_SUPPORT
    )

    class Meta:
        verbose_name = _("dòng hỗ trợ")
        ordering = ("activity", "code")

    def __str__(self):
        return self.name


class SupportNorm(Row):
    """How much of the cost, up to how much, for one unit of a line."""

    KEY = ("line",)

    line = models.ForeignKey(Line, models.PROTECT, related_name="norms", verbose_name=_("dòng hỗ trợ"))
    activity = models.CharField(_("nội dung như văn bản"), max_length=300, blank=True)
    percent = models.DecimalField(_("tỷ lệ tối đa (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    cap = DongField(_("mức tối đa (đồng)"), null=True, blank=True)
    multiplier = models.DecimalField(_("hệ số tối đa"), max_digits=4, decimal_places=2, null=True, blank=True)
    # “không quá 1,5 lần mức hỗ trợ máy móc”: the answer of that line, times the multiplier
    derived_from = models.ForeignKey(
        Line, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tính theo dòng")
    )
    condition = models.CharField(_("điều kiện, cách tính"), max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("định mức hỗ trợ")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gt=0, percent__lte=100),
                name="norms_support_percent_is_a_share",
                violation_error_message=_("Tỷ lệ hỗ trợ phải lớn hơn 0 và không quá 100%%."),
            ),
            models.CheckConstraint(
                condition=Q(cap=None) | Q(cap__gt=0),
                name="norms_support_cap_is_positive",
                violation_error_message=_("Mức tối đa phải lớn hơn 0 đồng."),
            ),
            models.CheckConstraint(
                condition=Q(multiplier=None) | Q(multiplier__gte=1),
                name="norms_support_multiplier_raises",
                violation_error_message=_("Hệ số không được nhỏ hơn 1."),
            ),
            models.CheckConstraint(
                condition=Q(derived_from=None) | Q(multiplier__isnull=False),
                name="norms_support_derived_has_multiplier",
                violation_error_message=_("Dòng tính theo dòng khác phải có hệ số."),
            ),
            models.CheckConstraint(
                condition=Q(level=Level.NATIONAL) | Q(province__isnull=False),
                name="norms_support_local_names_province",
                violation_error_message=_("Định mức của kinh phí địa phương phải ghi tỉnh ban hành."),
            ),
        ]

    def __str__(self):
        return f"{self.line.name}: {self.citation}"


class AdvanceNorm(Row):
    """The first advance of one kind of project: rate and proof (TT 36/2013 Đ13, Đ15)."""

    KEY = ("kind",)

    kind = models.CharField(_("dạng đề án"), max_length=30, choices=ProjectKind)
    ratio = models.DecimalField(_("tỷ lệ tạm ứng lần một"), max_digits=5, decimal_places=4)
    proof = models.CharField(_("hồ sơ"), max_length=30, choices=Proof)
    volume = models.DecimalField(_("khối lượng phải vượt"), max_digits=5, decimal_places=4, null=True, blank=True)
    after_acceptance = models.BooleanField(_("chỉ sau nghiệm thu"), default=False)
    remainder_article = models.CharField(_("hồ sơ tạm ứng phần còn lại theo"), max_length=120, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("định mức tạm ứng")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ratio__gt=0, ratio__lte=1),
                name="norms_advance_ratio_is_a_share",
                violation_error_message=_("Tỷ lệ tạm ứng phải lớn hơn 0 và không quá 100%%."),
            ),
            models.CheckConstraint(
                condition=Q(volume=None) | Q(volume__gt=0, volume__lte=1),
                name="norms_advance_volume_is_a_share",
                violation_error_message=_("Khối lượng phải lớn hơn 0 và không quá 100%%."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.ratio} ({self.citation})"
