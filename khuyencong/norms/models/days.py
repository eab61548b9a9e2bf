"""Days that the calendar cannot know: Tết as the government sets it, days off and days worked in exchange."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base.text import fold


class ExceptionalDay(models.Model):
    """A day that is worked or free although the reckoned calendar says otherwise, for the whole country."""

    day = models.DateField(_("ngày"), unique=True, error_messages={"unique": _("Ngày này đã được ghi.")})
    works = models.BooleanField(_("làm việc"))
    reason = models.CharField(_("dịp, lý do"), max_length=200)
    source = models.CharField(_("văn bản, nguồn"), max_length=300)
    folded = models.CharField(_("không dấu"), max_length=520, editable=False)

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        ordering = ("day",)

    def save(self, *args, **kwargs):
        self.folded = fold(f"{self.reason} {self.source}")[:520]
        super().save(*args, **kwargs)

    def __str__(self):
        return f"{self.day:%d/%m/%Y}: {self.reason}"
