from django.db import models
from django.utils.translation import gettext_lazy as _

from khuyencong.base import clock
from khuyencong.base.models import Identified
from khuyencong.files.enums import ImportState


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


class ImportRun(Identified):
    """One workbook on its way in: read and checked by the worker, looked at by a person, then written as a whole or not.

    What a kind means (establishments, a plan) is known by the package that reads it; ``province_id`` and ``actor_id`` are
    numbers, for this package stands below places and people.
    """

    kind = models.CharField(_("loại dữ liệu"), max_length=40, db_index=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="imports", verbose_name=_("tệp"))
    province_id = models.BigIntegerField(_("mã tỉnh"), null=True, db_index=True)
    state = models.CharField(_("trạng thái"), max_length=12, choices=ImportState, default=ImportState.UPLOADED)
    options = models.JSONField(_("lựa chọn của người nhập"), default=dict)
    done = models.PositiveIntegerField(_("số dòng đã đọc"), default=0)
    counts = models.JSONField(_("số dòng theo loại"), default=dict)
    faults = models.JSONField(
        _("lỗi"), default=list
    )  # sheet, row, column, reason; capped, counts tell how many there are
    details = models.JSONField(_("chi tiết xem trước"), default=dict)
    marked = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("tệp đã đánh dấu lỗi")
    )
    digest = models.CharField(_("mã băm nội dung đã ghi"), max_length=64, blank=True)
    refusal = models.CharField(_("vì sao không đọc hoặc ghi được"), max_length=500, blank=True)
    at = models.DateTimeField(_("nhận lúc"), default=_now)
    changed_at = models.DateTimeField(_("đổi lúc"), default=_now)
    actor_id = models.BigIntegerField(_("mã người nhập"), null=True)

    class Meta:
        verbose_name = _("lần nhập dữ liệu")
        verbose_name_plural = _("các lần nhập dữ liệu")
        indexes = [models.Index(fields=["kind", "province_id", "-at"], name="files_import_kind")]

    def __str__(self):
        return self.file.name

    @property
    def waits(self) -> bool:
        """Whether the worker has something to do before a person can go on."""
        return self.state in (ImportState.UPLOADED, ImportState.CONFIRMED)
