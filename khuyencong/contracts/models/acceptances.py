"""Base acceptance and who sat at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.models import Identified
from khuyencong.base.money import DongField
from khuyencong.contracts.enums import (
    AcceptanceForm,
    SeatRole,
    Verdict,
)
from khuyencong.documents.models import Paper
from khuyencong.organisations.models import Organisation
from khuyencong.projects.models import Beneficiary, Project


class Acceptance(Identified):
    """Base acceptance (Mẫu 5a, 5b, 5c), of one beneficiary or of the whole project; counterpart volume included."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", verbose_name=_("đề án"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("đơn vị thụ hưởng")
    )
    form = models.CharField(_("mẫu biên bản"), max_length=2, choices=AcceptanceForm, default=AcceptanceForm.A)
    on = models.DateField(_("ngày nghiệm thu"))
    place = models.CharField(_("nơi nghiệm thu"), max_length=300)
    state_volume = DongField(_("khối lượng từ kinh phí nhà nước (đồng)"))
    counterpart_volume = DongField(_("khối lượng từ vốn đối ứng (đồng)"), default=0)
    verdict = models.CharField(_("kết luận"), max_length=10, choices=Verdict)
    note = models.TextField(_("nhận xét, tồn tại"), blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+", verbose_name=_("biên bản"))
    force_majeure = models.BooleanField(_("vì bất khả kháng"), default=False)
    explanation = models.ForeignKey(
        Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản giải trình")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người ghi"))
    at = models.DateTimeField(_("ghi lúc"), auto_now_add=True)

    class Meta:
        verbose_name = _("nghiệm thu cơ sở")
        constraints = [
            models.CheckConstraint(
                condition=Q(force_majeure=False) | Q(explanation__isnull=False, beneficiary=None),
                name="contracts_force_majeure_explained",
                violation_error_message=_("Nghiệm thu vì bất khả kháng phải có văn bản giải trình, cho cả đề án."),
            )
        ]

    def __str__(self):
        return f"{self.project} {self.on:%d/%m/%Y}"


class AcceptanceSeat(models.Model):
    """Who sat at the acceptance, for which body, in which role."""

    acceptance = models.ForeignKey(Acceptance, models.CASCADE, related_name="seats", verbose_name=_("nghiệm thu"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("cơ quan, đơn vị"))
    name = models.CharField(_("họ tên"), max_length=120)
    title = models.CharField(_("chức danh"), max_length=120, blank=True)
    role = models.CharField(_("vai trò"), max_length=12, choices=SeatRole)

    class Meta:
        verbose_name = _("thành phần nghiệm thu")

    def __str__(self):
        return self.name
