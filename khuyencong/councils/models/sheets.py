"""What each judge says of one subject."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.councils.enums import Conclusion, Point, Result
from khuyencong.councils.models.councils import Member
from khuyencong.documents.models import Paper


class Sheet(Identified):
    """What one judge says of one subject: the five points of TT 36/2013 Đ9 by yes or no, and scores by the criteria of the day.
    Its total is the sum of its scores, asked and not stored."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="sheets", verbose_name=_("thành viên"))
    subject_uid = models.UUIDField(_("định danh đối tượng"), db_index=True)
    subject_label = models.CharField(_("đối tượng"), max_length=420)
    on = models.DateField(_("ngày chấm"))
    conclusion = models.CharField(_("kết luận"), max_length=10, choices=Conclusion)
    comment = models.TextField(_("ý kiến chung"), blank=True)
    criteria_basis = models.CharField(_("căn cứ của tiêu chí"), max_length=300, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("phiếu ký")
    )
    at = models.DateTimeField(_("ghi lúc"), auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))

    class Meta:
        verbose_name = _("phiếu thẩm định")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject_uid"],
                name="councils_sheet_once",
                violation_error_message=_("Thành viên đã có phiếu cho đối tượng này."),
            )
        ]

    def __str__(self):
        return f"{self.member}: {self.subject_label}"


class SheetPoint(models.Model):
    """One of the five points of a sheet."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="points", verbose_name=_("phiếu"))
    point = models.PositiveSmallIntegerField(_("nội dung thẩm định"), choices=Point)
    result = models.CharField(_("kết quả"), max_length=6, choices=Result)
    comment = models.CharField(_("nhận xét"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("nội dung của phiếu")
        ordering = ["point"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "point"],
                name="councils_sheet_point_once",
                violation_error_message=_("Nội dung này đã có trong phiếu."),
            )
        ]

    def __str__(self):
        return str(self.get_point_display())


class SheetScore(models.Model):
    """The score of one criterion, which is copied as it was on the day of the sheet: later rows do not touch it."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores", verbose_name=_("phiếu"))
    number = models.PositiveSmallIntegerField(_("tiêu chí số"))
    text = models.CharField(_("tiêu chí"), max_length=300)
    most = models.PositiveSmallIntegerField(_("điểm tối đa"))
    score = models.DecimalField(_("điểm"), max_digits=5, decimal_places=1)

    class Meta:
        verbose_name = _("điểm của phiếu")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "number"],
                name="councils_sheet_score_once",
                violation_error_message=_("Tiêu chí này đã có trong phiếu."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=F("most")),
                name="councils_sheet_score_within_scale",
                violation_error_message=_("Điểm phải từ 0 đến điểm tối đa của tiêu chí."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.text}: {self.score}"
