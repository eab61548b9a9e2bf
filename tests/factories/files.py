import hashlib
from itertools import count

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from khuyencong.files.models import ImportRun, StoredFile

_numbers = count(1)


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A small PDF in the store: the row and its bytes (``content=b"…"`` for others)."""

    class Meta:
        model = StoredFile

    name = factory.Sequence(lambda n: f"quyet-dinh-{n}.pdf")
    content_type = "application/pdf"

    @classmethod
    def _create(cls, model_class, *args, content: bytes | None = None, **kwargs):
        content = content if content is not None else b"%%PDF-1.4 %d" % next(_numbers)
        digest = hashlib.sha256(content).hexdigest()
        row = super()._create(
            model_class, *args, **{"digest": digest, "received_digest": digest, "size": len(content), **kwargs}
        )
        if not default_storage.exists(row.path):
            default_storage.save(row.path, ContentFile(content))
        return row


class ImportRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImportRun

    kind = "establishments"
    file = factory.SubFactory(StoredFileFactory)
