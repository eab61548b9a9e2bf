"""Who judges, who must not, when they met and what they decided together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.councils.enums import Basis, Conclusion, ConflictOrigin, Kind, MemberRole, Outcome, Tier
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import LocatedQuerySet, Unit


class CouncilQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Councils of a person's territory, and those he sits in."""
        scope = user.scope()
        if scope.whole_country:
            return self
        return self.filter(
            Q(province_id__in=scope.provinces)
            | Q(commune_id__in=scope.communes)
            | Q(pk__in=Member.objects.filter(user=user).values("council_id"))
        )


class Council(Identified):
    """A council set up by a decision, or the staff that appraises by assignment (TT 36/2013 Đ8: the head of the department or
    of the agency chooses).  The ministry's has no province."""

    kind = models.CharField(_("hình thức"), max_length=12, choices=Kind, default=Kind.APPRAISAL)
    tier = models.CharField(_("cấp thẩm định"), max_length=10, choices=Tier, default=Tier.BASE)
    name = models.CharField(_("tên hội đồng"), max_length=250)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("quyết định thành lập"))
    province = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh"))
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường")
    )
    formed_on = models.DateField(_("ngày thành lập"))
    dissolved_on = models.DateField(_("ngày kết thúc"), null=True, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("hội đồng")
        constraints = [
            models.CheckConstraint(
                condition=Q(dissolved_on=None) | Q(dissolved_on__gte=F("formed_on")),
                name="councils_council_period_runs_forward",
                violation_error_message=_("Ngày kết thúc không được trước ngày thành lập."),
            ),
            models.CheckConstraint(
                condition=Q(tier=Tier.BASE, province__isnull=False)
                | Q(tier=Tier.MINISTRY, province=None, commune=None),
                name="councils_council_of_a_province_or_the_ministry",
                violation_error_message=_("Hội đồng cấp cơ sở thuộc một tỉnh; hội đồng cấp Bộ không thuộc tỉnh nào."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def place(self) -> Unit | None:
        """Where it works; None for the whole country."""
        return self.commune or self.province

    @property
    def meets(self) -> bool:
        """Whether it decides together, in meetings; staff that appraises by assignment does not."""
        return self.kind != Kind.OFFICER


class Member(models.Model):
    """One judge: an account where there is one, in any case a name.  Tax code and address only to find conflicts; the commune
    is what the address tells."""

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
    commune = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("xã, phường cư trú")
    )
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
    """A judge and a subject that he may be bound to: declared by him (then he judges not), or found and settled.

    What is found is looked up again and again; a row is written when somebody settles it, with what was seen that day.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="conflicts", verbose_name=_("thành viên"))
    subject_uid = models.UUIDField(_("định danh đối tượng"), db_index=True)
    subject_label = models.CharField(_("đối tượng"), max_length=420)
    basis = models.CharField(_("dấu hiệu"), max_length=10, choices=Basis, default=Basis.DECLARED)
    evidence = models.CharField(_("điều hệ thống thấy"), max_length=600, blank=True)
    outcome = models.CharField(_("kết quả xử lý"), max_length=10, choices=Outcome, default=Outcome.EXCUSED)
    reason = models.CharField(_("lý do"), max_length=400)
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))

    class Meta:
        verbose_name = _("xung đột lợi ích")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject_uid", "basis"],
                name="councils_conflict_once",
                violation_error_message=_("Dấu hiệu này của thành viên với đối tượng này đã được ghi."),
            ),
            models.CheckConstraint(
                condition=~Q(basis="declared") | Q(outcome="excused"),
                name="councils_conflict_declared_excuses",
                violation_error_message=_("Người đã tự khai xung đột lợi ích thì không chấm đề án đó."),
            ),
        ]

    def __str__(self):
        return f"{self.member}: {self.subject_label}"

    @property
    def origin(self) -> ConflictOrigin:
        return ConflictOrigin.DECLARED if self.basis == Basis.DECLARED else ConflictOrigin.FOUND


class Session(Identified):
    """One meeting of a council: day, place, who came, what was decided, and its minutes afterwards."""

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


class Attendance(models.Model):
    """Whether a member came to a meeting."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", verbose_name=_("phiên họp"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="attendances", verbose_name=_("thành viên"))
    present = models.BooleanField(_("có mặt"))

    class Meta:
        verbose_name = _("thành phần dự họp")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "member"],
                name="councils_attendance_once",
                violation_error_message=_("Thành viên này đã được ghi ở phiên họp."),
            )
        ]

    def __str__(self):
        return f"{self.session}: {self.member}"


class Vote(Identified):
    """What a council concluded of one subject in a meeting: votes by proposal, the result, what was said."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="votes", verbose_name=_("phiên họp"))
    subject_uid = models.UUIDField(_("định danh đối tượng"), db_index=True)
    subject_label = models.CharField(_("đối tượng"), max_length=420)
    passes = models.PositiveSmallIntegerField(_("số phiếu đạt"))
    completes = models.PositiveSmallIntegerField(_("số phiếu yêu cầu bổ sung"))
    fails = models.PositiveSmallIntegerField(_("số phiếu không đạt"))
    conclusion = models.CharField(_("kết luận"), max_length=10, choices=Conclusion)
    opinion = models.TextField(_("ý kiến tại phiên họp"), blank=True)
    at = models.DateTimeField(_("ghi lúc"), auto_now=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))

    class Meta:
        verbose_name = _("biểu quyết của hội đồng")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "subject_uid"],
                name="councils_vote_once",
                violation_error_message=_("Phiên họp đã biểu quyết về đối tượng này."),
            )
        ]

    def __str__(self):
        return f"{self.subject_label}: {self.get_conclusion_display()}"

    @property
    def total(self) -> int:
        return self.passes + self.completes + self.fails
