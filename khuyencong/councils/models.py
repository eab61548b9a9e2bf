"""Councils: who judges, who must not, what each said.

What is judged (a project, later a product) stands on a higher floor: a sheet keeps its identifier and its name as read.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.councils.enums import Conclusion, ConflictOrigin, Kind, MemberRole, Point, Result
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import LocatedQuerySet, Unit


class CouncilQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Councils of a person's territory, and those he sits in."""
        scope = user.scope()
        if scope.whole_country:
            return self
        provinces = set(scope.provinces)
        return self.filter(
            Q(province_id__in=provinces)
            | Q(commune_id__in=scope.communes)
            | Q(pk__in=Member.objects.filter(user=user).values("council_id"))
        )


class Council(Identified):
    """A council set up by a decision (TT 36/2013 Đ8: the department's director chooses its members)."""

    kind = models.CharField(_("loại hội đồng"), max_length=12, choices=Kind, default=Kind.APPRAISAL)
    name = models.CharField(_("tên hội đồng"), max_length=250)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định thành lập"))
    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    formed_on = models.DateField(_("ngày thành lập"))
    dissolved_on = models.DateField(_("ngày kết thúc"), null=True, blank=True)
    points_each = models.PositiveSmallIntegerField(
        _("điểm tối đa mỗi tiêu chí"), default=20, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("hội đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=models.F("formed_on")),
                name="councils_council_period_runs_forward",
                violation_error_message=_("Ngày kết thúc không được trước ngày thành lập."),
            )
        ]

    def __str__(self):
        return self.name


class Member(models.Model):
    """One judge: an account where there is one, in any case a name.  Tax code and address only to find conflicts."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="members", verbose_name=_("hội đồng"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tài khoản")
    )
    name = models.CharField(_("họ tên"), max_length=120)
    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị công tác")
    )
    role = models.CharField(_("vai trò"), max_length=12, choices=MemberRole, default=MemberRole.MEMBER)
    tax_code = models.CharField(_("mã số thuế liên quan"), max_length=14, blank=True)
    address = models.CharField(_("địa chỉ cư trú"), max_length=300, blank=True)
    left_on = models.DateField(_("ngày thôi tham gia"), null=True, blank=True)

    class Meta:
        verbose_name = _("thành viên hội đồng")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "user"],
                condition=Q(user__isnull=False, left_on=None),
                name="councils_member_once",
                violation_error_message=_("Người này đã là thành viên của hội đồng."),
            ),
            models.UniqueConstraint(
                fields=["council"],
                condition=Q(role="chair", left_on=None),
                name="councils_one_chair",
                violation_error_message=_("Hội đồng đã có Chủ tịch."),
            ),
        ]

    def __str__(self):
        return self.name


class Conflict(models.Model):
    """A judge and a subject that he must not judge, with the reason; declared by him or found."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="conflicts", verbose_name=_("thành viên"))
    subject_uid = models.UUIDField(_("định danh đối tượng"), db_index=True)
    subject_label = models.CharField(_("đối tượng"), max_length=420)
    reason = models.CharField(_("lý do"), max_length=400)
    origin = models.CharField(_("nguồn"), max_length=10, choices=ConflictOrigin)
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))

    class Meta:
        verbose_name = _("xung đột lợi ích")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject_uid"],
                name="councils_conflict_once",
                violation_error_message=_("Thành viên đã được ghi xung đột lợi ích với đối tượng này."),
            )
        ]

    def __str__(self):
        return f"{self.member}: {self.subject_label}"


class Session(Identified):
    """One meeting of a council: day, place, and its minutes afterwards."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="sessions", verbose_name=_("hội đồng"))
    on = models.DateField(_("ngày họp"))
    place = models.CharField(_("nơi họp"), max_length=200, blank=True)
    agenda = models.TextField(_("nội dung"), blank=True)
    minutes = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("biên bản họp")
    )
    summary = models.TextField(_("kết luận"), blank=True)

    class Meta:
        verbose_name = _("phiên họp")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "on"],
                name="councils_session_once_a_day",
                violation_error_message=_("Hội đồng đã có phiên họp ngày này."),
            )
        ]

    def __str__(self):
        return f"{self.council} {self.on:%d/%m/%Y}"


class Sheet(Identified):
    """What one judge says of one subject, point by point (TT 36/2013 Đ9)."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="sheets", verbose_name=_("thành viên"))
    subject_uid = models.UUIDField(_("định danh đối tượng"), db_index=True)
    subject_label = models.CharField(_("đối tượng"), max_length=420)
    on = models.DateField(_("ngày chấm"))
    conclusion = models.CharField(_("kết luận"), max_length=10, choices=Conclusion)
    comment = models.TextField(_("ý kiến chung"), blank=True)
    total = models.PositiveSmallIntegerField(_("tổng điểm"))
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
    """One point of a sheet."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="points", verbose_name=_("phiếu"))
    point = models.PositiveSmallIntegerField(_("tiêu chí"), choices=Point)
    result = models.CharField(_("kết quả"), max_length=6, choices=Result)
    score = models.PositiveSmallIntegerField(_("điểm"))
    comment = models.CharField(_("nhận xét"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("tiêu chí của phiếu")
        ordering = ["point"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "point"],
                name="councils_sheet_point_once",
                violation_error_message=_("Tiêu chí này đã có trong phiếu."),
            )
        ]

    def __str__(self):
        return str(self.get_point_display())
