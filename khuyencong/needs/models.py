"""What communes and establishments ask for, before any project is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.documents.models import Paper
from khuyencong.establishments.models import Establishment
from khuyencong.needs.enums import EntryChannel, NeedKind, NeedState, Proposal
from khuyencong.organisations.models import Organisation
from khuyencong.places.models import Located, LocatedQuerySet, Unit


class Call(Identified):
    """The yearly call for registration: its letter sets the dates; where it is silent the norms' defaults hold."""

    province = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("tỉnh"))
    year = models.PositiveSmallIntegerField(_("đăng ký cho năm"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("công văn hướng dẫn"))
    opens_on = models.DateField(_("nhận từ ngày"))
    commune_deadline = models.DateField(_("hạn của xã"))
    dossier_deadline = models.DateField(_("hạn nộp hồ sơ đề án"), null=True, blank=True)
    note = models.TextField(_("nội dung hướng dẫn"), blank=True)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("đợt đăng ký nhu cầu")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "year"],
                name="needs_call_once_a_year",
                violation_error_message=_("Tỉnh đã mở đăng ký cho năm này."),
            )
        ]

    def __str__(self):
        return f"{self.province} {self.year}"


class Need(Identified, Located):
    """One need of one establishment, or of a commune."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="needs", verbose_name=_("đợt đăng ký"))
    kind = models.CharField(_("loại nhu cầu"), max_length=12, choices=NeedKind, default=NeedKind.SUPPORT)
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ sở")
    )
    name = models.CharField(_("tên cơ sở, người đề nghị"), max_length=200)
    folded = models.CharField(_("không dấu"), max_length=220, db_index=True, editable=False)
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
    answer = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản trả lời"))
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)
    at = models.DateTimeField(_("nhận lúc"), auto_now_add=True)

    class NeedQuerySet(LocatedQuerySet):
        def visible_to(self, user):
            scope = user.scope()
            if not scope.bodies:
                return self.within(scope)
            return self.filter(
                models.Q(establishment__organisation_id__in=scope.bodies)
                | models.Q(province_id__in=scope.provinces)
                | models.Q(commune_id__in=scope.communes)
            )

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhu cầu")
        indexes = [models.Index(fields=["province", "commune", "state"], name="needs_need_scope")]

    def __str__(self):
        return f"{self.name}: {self.what}"
