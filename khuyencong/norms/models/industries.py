"""The industrial classification (VSIC) in its versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Industry(models.Model):
    """A class of the industrial classification, with the version it belongs to."""

    version = models.CharField(_("phiên bản"), max_length=20)
    code = models.CharField(_("mã ngành"), max_length=8)
    level = models.PositiveSmallIntegerField(_("bậc"))
    parent = models.CharField(_("mã ngành cấp trên"), max_length=8, blank=True)
    name = models.CharField(_("tên ngành"), max_length=300)
    folded = models.CharField(_("tên không dấu"), max_length=300, editable=False)

    class Meta:
        verbose_name = _("ngành kinh tế")
        ordering = ("version", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="norms_industry_code_once",
                violation_error_message=_("Mã ngành này đã có trong phiên bản."),
            )
        ]

    def __str__(self):
        return f"{self.code} {self.name}"
