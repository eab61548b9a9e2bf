"""Craft villages and industrial clusters, with their dated recognition."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khuyencong.base.periods import Dated, DatedQuerySet
from khuyencong.documents.models import Paper
from khuyencong.establishments.enums import CraftVillageKind
from khuyencong.establishments.models.naming import Named
from khuyencong.places.models import Located, LocatedQuerySet


class CraftVillage(Named, Located):
    name = models.CharField(_("tên làng nghề"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    craft = models.CharField(_("nghề"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("làng nghề")
        verbose_name_plural = _("làng nghề")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "commune", "folded"],
                name="establishments_village_once",
                violation_error_message=_("Xã, phường này đã có làng nghề cùng tên."),
            )
        ]

    def __str__(self):
        return self.name


class CraftVillageRecognition(Dated):
    """Recognised by the provincial committee from a day, until withdrawn (NĐ 52/2018 Đ5)."""

    village = models.ForeignKey(CraftVillage, models.PROTECT, related_name="recognitions", verbose_name=_("làng nghề"))
    kind = models.CharField(_("loại công nhận"), max_length=12, choices=CraftVillageKind)
    decision = models.CharField(_("quyết định"), max_length=200)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("văn bản"))
    withdrawal = models.CharField(_("quyết định thu hồi"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("công nhận làng nghề")
        verbose_name_plural = _("công nhận làng nghề")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["village", "kind"],
                condition=Q(valid_to=None),
                name="establishments_village_recognised_once",
                violation_error_message=_("Làng nghề này đang được công nhận; hãy thu hồi trước khi công nhận lại."),
            ),
        ]

    def __str__(self):
        return f"{self.village}: {self.decision}"


class Cluster(Named, Located):
    """Cụm công nghiệp, with its dated founding and end."""

    name = models.CharField(_("tên cụm công nghiệp"), max_length=200)
    folded = models.CharField(_("tên không dấu"), max_length=220, db_index=True, editable=False)
    area_ha = models.DecimalField(
        _("diện tích (ha)"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    founded_on = models.DateField(_("ngày thành lập"), null=True, blank=True)
    ended_on = models.DateField(_("ngày rút, bãi bỏ"), null=True, blank=True)
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    ending = models.CharField(_("quyết định rút, bãi bỏ"), max_length=200, blank=True)
    invented = models.BooleanField(_("dữ liệu minh hoạ"), default=False)

    objects = LocatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("cụm công nghiệp")
        verbose_name_plural = _("cụm công nghiệp")
        constraints = [
            models.UniqueConstraint(
                fields=["province", "commune", "folded"],
                name="establishments_cluster_once",
                violation_error_message=_("Xã, phường này đã có cụm công nghiệp cùng tên."),
            ),
            models.CheckConstraint(
                condition=Q(founded_on=None) | Q(ended_on=None) | Q(ended_on__gt=F("founded_on")),
                name="establishments_cluster_ends_after_founding",
                violation_error_message=_("Ngày rút, bãi bỏ phải sau ngày thành lập."),
            ),
        ]

    def __str__(self):
        return self.name

    def exists_on(self, day) -> bool:
        return (self.founded_on is None or self.founded_on <= day) and (self.ended_on is None or day < self.ended_on)
