from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.models import Identified


def _now():
    return clock.now()


class StoredFile(Identified):
    """Bytes that somebody gave us, kept once by content.  Only ``files.operations.store`` makes one."""

    digest = models.CharField(_("mã băm SHA-256"), max_length=64, db_index=True)  # of what is kept
    received_digest = models.CharField(_("mã băm khi nhận"), max_length=64)  # of what was sent: a picture is re-encoded
    name = models.CharField(_("tên tệp"), max_length=255)
    content_type = models.CharField(_("loại nội dung"), max_length=100)  # by content, never by name
    size = models.PositiveBigIntegerField(_("kích thước (byte)"))
    width = models.PositiveIntegerField(_("rộng"), null=True)
    height = models.PositiveIntegerField(_("cao"), null=True)
    at = models.DateTimeField(_("nhận lúc"), default=_now)
    actor_id = models.BigIntegerField(_("mã người gửi"), null=True)

    class Meta:
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")

    def __str__(self):
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes lie in the store: by digest, so that the same content lies there once."""
        return f"{self.digest[:2]}/{self.digest}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_pdf(self) -> bool:
        return self.content_type == "application/pdf"
