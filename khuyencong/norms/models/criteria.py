"""By what a council scores what it judges."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.norms.enums import Judged
from khuyencong.norms.models.instruments import Row


class CriterionRow(Row):
    """One criterion with its points, as the statute of a council sets it.

    ``level`` and province say whose council it binds, not whose money: a province's own council scores national projects by
    its own criteria too; rows of the national level bind the ministry's council.
    """

    KEY = ("judged", "number")

    judged = models.CharField(_("dùng cho"), max_length=12, choices=Judged, default=Judged.APPRAISAL)
    number = models.PositiveSmallIntegerField(
        _("tiêu chí số"), validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    text = models.CharField(_("tiêu chí"), max_length=300)
    points = models.PositiveSmallIntegerField(
        _("điểm tối đa"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    guide = models.CharField(_("cách chấm"), max_length=500, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("tiêu chí chấm điểm")
        ordering = ["number", "pk"]

    def __str__(self):
        return f"{self.number}. {self.text}"
