"""Getting bytes out, as they came in."""

import hashlib

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from khuyencong.base.errors import NotPossible
from khuyencong.files.models import StoredFile


def open_file(file: StoredFile) -> File:
    """The bytes for reading; raises NotPossible when they are no longer in the store."""
    try:
        return default_storage.open(file.path, "rb")
    except FileNotFoundError:
        raise NotPossible(_("Không tìm thấy nội dung tệp “%(name)s” trong kho.") % {"name": file.name}) from None


def is_whole(file: StoredFile) -> bool:
    """Whether the bytes in the store are still those that were taken in."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(file.path, "rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == file.digest


def invariants() -> list[str]:
    """A sentence for each file whose bytes are gone or changed."""
    return [
        _("Tệp “%(name)s” (số %(pk)s): nội dung trong kho bị mất hoặc đã thay đổi.")
        % {"name": file.name, "pk": file.pk}
        for file in StoredFile.objects.order_by("pk").iterator(chunk_size=500)
        if not is_whole(file)
    ]
