"""The kinds of content that the house keeps, and how much of each."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

MB = 2**20


@dataclass(frozen=True, slots=True)
class Content:
    """One kind: its MIME type, the ending a name gets, and the largest size in bytes."""

    type: str
    ending: str
    limit: int

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")


PDF = Content("application/pdf", "pdf", 50 * MB)
JPEG = Content("image/jpeg", "jpg", 20 * MB)
PNG = Content("image/png", "png", 20 * MB)
WEBP = Content("image/webp", "webp", 20 * MB)
DOCX = Content("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", 25 * MB)
XLSX = Content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", 50 * MB)
DOC = Content("application/msword", "doc", 25 * MB)
XLS = Content("application/vnd.ms-excel", "xls", 50 * MB)
TXT = Content("text/plain", "txt", 5 * MB)
CSV = Content("text/csv", "csv", 50 * MB)

LARGEST = max(kind.limit for kind in (PDF, JPEG, PNG, WEBP, DOCX, XLSX, DOC, XLS, TXT, CSV))
WIDEST = 2_400  # pixels of the longer side that are kept of a picture
MOST_PIXELS = 60_000_000  # a phone makes 12 to 50 million; more is a bomb


class ImportState(models.TextChoices):
    """How far a workbook has come on its way in."""

    UPLOADED = "uploaded", _("đang đọc tệp")
    CHECKED = "checked", _("đã kiểm tra, chờ xác nhận")
    CONFIRMED = "confirmed", _("đang ghi")
    WRITTEN = "written", _("đã ghi")
    FAILED = "failed", _("không nhập được")


SHOWN_FAULTS = 1_000  # of a run that are kept to be looked at; the marked workbook holds all
