"""What communes and establishments ask for, before any project is written."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.base.trigram import SearchedField
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.files.models import StoredFile
from khuyencong.needs.enums import EntryChannel, NeedKind, NeedState, Proposal
from khuyencong.places.models import Located, LocatedQuerySet, Unit


def _random_code() -> str:
    return secrets.token_urlsafe(12)


class CallQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        """Calls of a person's provinces, also of those in which his communes or his establishments lie."""
        scope = user.scope()
        if scope.whole_country:
            return self
        here = Q(province_id__in=scope.provinces)
        here |= Q(province_id__in=Unit.objects.filter(pk__in=scope.communes).values("province_id"))
        if scope.bodies:
            own = Establishment.objects.filter(organisation_id__in=scope.bodies)
            here |= Q(province_id__in=own.values("province_id"))
            here |= Q(pk__in=Need.objects.filter(establishment__in=own).values("call_id"))
        return self.filter(here)


class Call(Identified):
    """The yearly call for registration: its letter sets the dates; where it is silent the norms' defaults hold."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    year = models.PositiveSmallIntegerField(_("đăng ký cho năm"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("công văn hướng dẫn"))
    opens_on = models.DateField(_("nhận từ ngày"))
    commune_deadline = models.DateField(_("hạn của xã"))
    dossier_deadline = models.DateField(_("hạn nộp hồ sơ đề án"), null=True, blank=True)
    note = models.TextField(_("nội dung hướng dẫn"), blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt đăng ký nhu cầu")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "year"],
                name="needs_call_once_a_year",
                violation_error_message=_("Tỉnh đã mở đăng ký cho năm này."),
            ),
            models.CheckConstraint(
                condition=Q(commune_deadline__gte=F("opens_on")),
                name="needs_call_deadline_after_opening",
                violation_error_message=_("Hạn của xã không được trước ngày bắt đầu nhận."),
            ),
        ]

    def __str__(self):
        return f"{self.province} {self.year}"


class Link(Identified):
    """A personal link to the one page where a person of a commune answers without a password, until it expires.

    It opens one thing only: to answer this call for this commune.  The code is random and is no key of ours.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="links", verbose_name=_("đợt đăng ký"))
    commune = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("xã, phường"))
    holder = models.CharField(_("người nhận liên kết"), max_length=120)
    holder_title = models.CharField(_("chức danh"), max_length=120, blank=True)
    code = models.CharField(_("mã liên kết"), max_length=32, unique=True, default=_random_code, editable=False)
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    revoked_at = models.DateTimeField(_("thu hồi lúc"), null=True, blank=True)
    at = models.DateTimeField(_("tạo lúc"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người tạo"))

    class Meta:
        verbose_name = _("liên kết trả lời")

    def __str__(self):
        return f"{self.holder}, {self.commune.named_inside}"

    @property
    def last_day(self):
        """The day at whose end it closes."""
        return clock.day_of(self.expires_at - timedelta(seconds=1))

    def open_at(self, moment) -> bool:
        return self.revoked_at is None and moment < self.expires_at


class NoNeed(models.Model):
    """“Không có nhu cầu”: a commune's answer too."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="empty_answers", verbose_name=_("đợt đăng ký"))
    commune = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("xã, phường"))
    channel = models.CharField(_("cách nhận"), max_length=12, choices=EntryChannel)
    answered_on = models.DateField(_("ngày trả lời"))
    answered_by = models.CharField(_("người trả lời"), max_length=120)
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("trả lời không có nhu cầu")
        constraints = [
            models.UniqueConstraint(
                fields=["call", "commune"],
                name="needs_no_need_once",
                violation_error_message=_("Xã đã trả lời không có nhu cầu."),
            )
        ]

    def __str__(self):
        return f"{self.commune}: {self.answered_on:%d/%m/%Y}"


class NeedQuerySet(LocatedQuerySet):
    def visible_to(self, user):
        scope = user.scope()
        if not scope.bodies:
            return self.within(scope)
        return self.filter(
            Q(establishment__organisation_id__in=scope.bodies)
            | Q(province_id__in=scope.provinces)
            | Q(commune_id__in=scope.communes)
        )


class Need(Identified, Located):
    """One need of one establishment, or of a commune."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="needs", verbose_name=_("đợt đăng ký"))
    kind = models.CharField(_("loại nhu cầu"), max_length=12, choices=NeedKind, default=NeedKind.SUPPORT)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ sở")
    )
    name = models.CharField(_("tên cơ sở, người đề nghị"), max_length=200)
    folded = SearchedField(_("không dấu"), max_length=220, editable=False)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    hamlet = models.CharField(_("thôn, buôn, khu phố"), max_length=120, blank=True)
    what = models.CharField(_("cần gì"), max_length=400)
    about = DongField(_("khoảng bao nhiêu (đồng)"), null=True, blank=True)
    channel = models.CharField(_("cách nhận"), max_length=12, choices=EntryChannel)
    sent_on = models.DateField(_("ngày gửi"))
    state = models.CharField(_("trạng thái"), max_length=16, choices=NeedState, default=NeedState.SENT, db_index=True)
    proposal = models.CharField(_("Trung tâm đề xuất"), max_length=10, choices=Proposal, blank=True)
    proposal_reason = models.CharField(_("lý do, điều khoản"), max_length=500, blank=True)
    confirmation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản xác nhận của xã")
    )
    answer = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản trả lời")
    )
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhu cầu")
        constraints = [
            models.CheckConstraint(
                condition=Q(about=None) | Q(about__gt=0),
                name="needs_need_about_positive",
                violation_error_message=_("Số tiền phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["planned", "refused", "next_year"]) | Q(answer__isnull=False),
                name="needs_need_answered_in_writing",
                violation_error_message=_("Kết quả phải kèm văn bản trả lời."),
            ),
        ]
        indexes = [
            models.Index(fields=["province", "commune", "state"], name="needs_need_scope"),
            models.Index(fields=["folded", "id"], name="needs_need_name"),  # the order of names, from either end
        ]

    def __str__(self):
        return f"{self.name}: {self.what}"


class NeedPhoto(models.Model):
    need = models.ForeignKey(Need, models.PROTECT, related_name="photos", verbose_name=_("nhu cầu"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("ảnh"))

    class Meta:
        verbose_name = _("ảnh kèm nhu cầu")

    def __str__(self):
        return str(self.file)


class NeedStep(models.Model):
    """One step of a need's life.  ``by`` is empty where somebody answered by his personal link; ``who`` names him."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="steps", verbose_name=_("nhu cầu"))
    name = models.CharField(_("bước"), max_length=20)
    source = models.CharField(_("từ"), max_length=16, choices=NeedState, blank=True)
    target = models.CharField(_("đến"), max_length=16, choices=NeedState)
    on = models.DateField(_("ngày pháp lý"))
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    who = models.CharField(_("người thực hiện"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người ghi")
    )
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("bước của nhu cầu")

    def __str__(self):
        return f"{self.need}: {self.name}"


class SurveyPlan(Identified):
    """A tour of surveys: days, team, route."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="survey_plans", verbose_name=_("đợt đăng ký"))
    name = models.CharField(_("tên chuyến khảo sát"), max_length=200)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến ngày"))
    route = models.CharField(_("lộ trình"), max_length=500, blank=True)
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("thành phần đoàn"))
    partners = models.CharField(_("thành phần khác"), max_length=300, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    class Meta:
        verbose_name = _("kế hoạch khảo sát")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="needs_survey_plan_runs_forward",
                violation_error_message=_("Ngày kết thúc không được trước ngày bắt đầu."),
            )
        ]

    def __str__(self):
        return self.name


class Visit(Identified):
    """One stop of a tour, and what was found there."""

    plan = models.ForeignKey(SurveyPlan, models.PROTECT, related_name="visits", verbose_name=_("kế hoạch khảo sát"))
    need = models.ForeignKey(Need, models.PROTECT, related_name="visits", verbose_name=_("nhu cầu"))
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    planned_on = models.DateField(_("ngày dự kiến"))
    surveyed_on = models.DateField(_("ngày khảo sát"), null=True, blank=True)
    paper = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("biên bản khảo sát")
    )
    findings = models.TextField(_("kết quả khảo sát"), blank=True)
    investment = DongField(_("tổng đầu tư dự kiến (đồng)"), null=True, blank=True)
    photos = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name=_("ảnh hiện trường"))

    class Meta:
        verbose_name = _("điểm khảo sát")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "need"],
                name="needs_visit_once_a_plan",
                violation_error_message=_("Nhu cầu này đã có trong chuyến khảo sát."),
            )
        ]

    def __str__(self):
        return f"{self.plan}: {self.need}"
