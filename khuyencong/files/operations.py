"""Taking bytes in.  The one way into the store."""

import hashlib
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.base.errors import Invalid
from khuyencong.files.enums import LARGEST, MB
from khuyencong.files.models import StoredFile
from khuyencong.files.rules import clean_name, content_of, picture_of


class Readable(Protocol):
    """An uploaded or opened file."""

    def read(self, size: int = -1, /) -> bytes: ...


@transaction.atomic
def store(file: bytes | Readable, *, name: str, by: Any) -> StoredFile:
    """Keep bytes and say what they are, by content and never by name.

    Pictures are turned upright, made at most 2,400 pixels wide and lose place, device and all other metadata.  The same
    content lies in the store once, however often it comes.  Raises Invalid(file=…) in one sentence for what is empty, too
    large, damaged, a program or of an unknown kind.  Authority is that of the act which takes the file.
    """
    data = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid(file=_too_large(LARGEST))
    kind = content_of(data)
    if len(data) > kind.limit:
        raise Invalid(file=_too_large(kind.limit))
    received = hashlib.sha256(data).hexdigest()
    width = height = None
    if kind.is_picture:
        picture = picture_of(data, kind=kind)
        data, width, height = picture.data, picture.width, picture.height
    stored = StoredFile(
        digest=hashlib.sha256(data).hexdigest(),
        received_digest=received,
        name=clean_name(name, kind=kind),
        content_type=kind.type,
        size=len(data),
        width=width,
        height=height,
        actor_id=getattr(by, "pk", None),
    )
    # bytes before the row: a row without bytes would be a lost paper, bytes without a row take only room
    if default_storage.exists(stored.path) and default_storage.size(stored.path) != len(data):
        default_storage.delete(stored.path)  # somebody was cut off while writing
    if not default_storage.exists(stored.path):
        default_storage.save(stored.path, ContentFile(data))
    stored.save()
    return stored


def _too_large(limit: int) -> str:
    return _("Tệp quá lớn: tối đa %(limit)s MB.") % {"limit": limit // MB}
